"""Whom it is told to that a decision does not stand, that something came up against it, or that it was overridden.

The first two to the systems of the agency that decided, once for each finding; the last to them too, where another
agency overrode it, and to whoever leads. Nobody is told of what they may not know of.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, Final
from uuid import UUID

from ledger.domain.feed import Item, of_agency
from ledger.services.tell_disagreements import LEADS
from ledger.services.tell_offers import to_agency, to_people
from ledger.services.told import Told
from ledger.services.weigh_decision import BASIS, OVERRIDE
from ledger.store.append import Driver
from ledger.store.trip import ask

#: Whether an agency may know of claims of a record, as (number, place in its entry).
Knows = Callable[[str, UUID, Collection[tuple[int, int]]], bool]
# The decision that the finding speaks of: the latest among what it sets out.
_DECISION: Final = """
    SELECT e.number, e.agency_id FROM ledger.entries e
    JOIN ledger.contents c ON c.record_id = e.record_id AND c.number = e.number
    WHERE e.record_id = %s AND e.number = ANY (%s::bigint[]) AND c.kind = 'decision' ORDER BY e.number DESC LIMIT 1"""
_AGENCY: Final = """
    SELECT e.agency_id FROM ledger.entries e
    JOIN ledger.contents c ON c.record_id = e.record_id AND c.number = e.number
    WHERE e.record_id = %s AND e.number = %s AND c.kind = 'decision'"""


def tell_basis(driver: Driver, told: Told, *, knows: Knows) -> Iterator[Item]:
    """That a finding was raised against a decision, or moved on: what only needs asking is told to nobody."""
    body = told.body
    if body.get("kind") != BASIS or _marks(body).get("tier", "queue") == "prompt":
        return
    sides = [(int(ref[0]), int(ref[1])) for side in body.get("sides", ()) for ref in side]
    numbers = sorted({number for number, _ in sides})
    for number, agency in ask(driver, _DECISION, (told.record_id, numbers)):
        if not knows(str(agency), told.record_id, sides):
            continue
        is_own = told.kind == "finding_raised" and body.get("step") == f"entry:{number}"
        kind = "decision.not_standing" if is_own else "decision.questioned"
        finding = str(body["finding"])
        name = f"{finding}.{kind.rpartition('.')[2]}"
        yield Item(
            of_agency(str(agency)), str(agency), kind, name, told.recorded_at, told.record_id, told.number, finding
        )


def _overridden(driver: Driver, told: Told) -> Iterator[Item]:
    number = told.named("of")
    deciding = [str(row[0]) for row in ask(driver, _AGENCY, (told.record_id, number))] if number is not None else []
    yield from _told(driver, told, deciding)


def _decided(driver: Driver, told: Told) -> Iterator[Item]:
    """A decision that says itself that it is taken all the same."""
    if told.body.get("override"):
        yield from _told(driver, told, [])


def _told(driver: Driver, told: Told, deciding: Iterable[str]) -> Iterator[Item]:
    leads = [(str(agency), person) for agency, person in ask(driver, LEADS, (told.record_id,))]
    for agency in deciding:
        if agency != told.agency:
            yield to_agency(told, agency, "decision.overridden")
    for whom in leads:
        yield from to_people(driver, told, whom, "decision.overridden")


def _marks(body: Mapping[str, Any]) -> Mapping[str, Any]:
    marks = body.get("marks")
    return marks if isinstance(marks, Mapping) else {}


#: By kind of entry; what findings tell of stands in `tell_basis`.
DECIDING: Final = {"decision": _decided, OVERRIDE: _overridden}
