"""What one agency offers to another or asks of it, and what is answered: told to the agency that it is for.

Referrals, hand-overs and requests for information. Whom an entry names that is no agency of the record's
partnership, and has no part in the record, is told nothing: nobody there could read it.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from ledger.domain.feed import Item, of_agency
from ledger.services.told import Told
from ledger.store.append import Driver
from ledger.store.telling import parties_of
from ledger.store.trip import ask

_IS_HERE: Final = """
    SELECT 1 FROM ledger.agencies a JOIN ledger.heads h ON h.record_id = %s
    WHERE a.agency_id = %s AND (a.partnership_id = h.partnership_id OR EXISTS (
        SELECT FROM ledger.involvements i WHERE i.record_id = h.record_id AND i.agency_id = a.agency_id
        AND i.person_id IS NULL AND (i.until IS NULL OR i.until > ledger.clock_now())))"""
# A record may be offered to an agency of any partnership of this ledger.
_IS_ANYWHERE: Final = "SELECT 1 FROM ledger.agencies WHERE %s::uuid IS NOT NULL AND agency_id = %s"
_NAMED: Final = """
    SELECT e.agency_id, c.kind FROM ledger.entries e
    LEFT JOIN ledger.contents c ON c.record_id = e.record_id AND c.number = e.number
    WHERE e.record_id = %s AND e.number = %s"""


def item_for(told: Told, party: str, agency: str, kind: str) -> Item:
    """That this entry is there, for one party."""
    name = f"{told.pseudonym}.{told.number}"
    return Item(party, agency, kind, name, told.recorded_at, told.record_id, told.number, name)


def to_agency(told: Told, agency: str, kind: str) -> Item:
    """The same for an agency's systems."""
    return item_for(told, of_agency(agency), agency, kind)


def to_people(driver: Driver, told: Told, whom: tuple[str, str | None], kind: str) -> Iterator[Item]:
    """The same for a professional by their agency and reference, or a desk; and for their agency's systems."""
    yield to_agency(told, whom[0], kind)
    yield item_for(told, parties_of(driver, [whom])[whom], whom[0], kind)


def _offered(driver: Driver, told: Told) -> Iterable[Item]:
    to = told.body["to"]
    agency = str(to["agency"]) if isinstance(to, Mapping) else str(to)
    where = _IS_ANYWHERE if told.kind == "handover" and told.body["of"] == "record" else _IS_HERE
    if agency == told.agency or not ask(driver, where, (told.record_id, agency)):
        return
    if told.kind == "information_request":
        yield to_agency(told, agency, "request.opened")
        return
    person = to.get("person") if isinstance(to, Mapping) else None
    yield from to_people(driver, told, (agency, person), f"{told.kind}.offered")


def _answered(driver: Driver, told: Told) -> Iterable[Item]:
    number = told.named("of")
    for agency, kind in ask(driver, _NAMED, (told.record_id, number)) if number is not None else ():
        if kind in _ANSWERED and agency != told.agency:
            yield to_agency(told, str(agency), _ANSWERED[kind])


#: As what an answer to an entry of each kind is told.
_ANSWERED: Final[Mapping[Any, str]] = {
    "referral": "referral.answered",
    "handover": "handover.answered",
    "information_request": "request.answered",
}
OFFERS: Final = {
    "referral": _offered,
    "handover": _offered,
    "information_request": _offered,
    "reply": _answered,
    "information_answer": _answered,
}
