"""What people are told of the lead, beside what their agencies' systems are: it is offered to them, or is theirs now.

Whoever led is told who leads from now on, whoever leads that they do; one who offered the lead is told what was
answered. A name that nobody signs in under is the desk's.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from ledger.domain.feed import Item, of_agency
from ledger.services.tell_offers import OFFERS
from ledger.services.told import Told
from ledger.store.append import Driver
from ledger.store.telling import parties_of
from ledger.store.trip import ask

_BEFORE: Final = """
    SELECT agency_id, person, deputy, ended_number FROM ledger.leads WHERE record_id = %s AND number < %s
    ORDER BY number DESC LIMIT 1"""
_OFFER: Final = """
    SELECT e.agency_id, c.kind FROM ledger.entries e JOIN ledger.contents c USING (record_id, number)
    WHERE e.record_id = %s AND e.number = %s"""
_DESK: Final = """
    SELECT p.duty_desk FROM ledger.partnerships p JOIN ledger.heads h USING (partnership_id) WHERE h.record_id = %s"""

_Whom = tuple[str, str | None]


def _items(driver: Driver, told: Told, whom: Iterable[_Whom], kind: str, *, systems: bool = False) -> Iterator[Item]:
    """That this entry is there, for people by agency and reference; and, where asked, for their agencies' systems."""
    named = list(dict.fromkeys(whom))
    found = parties_of(driver, named)
    parties = [(found[one], one[0]) for one in named]
    if systems:
        parties = [*((of_agency(agency), agency) for agency in dict.fromkeys(one[0] for one in named)), *parties]
    name = f"{told.pseudonym}.{told.number}"
    for party, agency in dict.fromkeys(parties):
        yield Item(party, agency, kind, name, told.recorded_at, told.record_id, told.number, name)


def _lead(driver: Driver, told: Told) -> Iterable[Item]:
    """Whoever leads from now on, and whoever did before them."""
    whom: list[_Whom] = [(str(told.body["agency"]), str(told.body["person"]))]
    for agency, person, _deputy, ended in ask(driver, _BEFORE, told.place):
        # Whoever has left is told nothing: their agency is.
        whom.append((str(agency), str(person) if ended is None else None))
    return _items(driver, told, whom, "lead.changed", systems=True)


def _lead_ended(driver: Driver, told: Told) -> Iterable[Item]:
    """Whoever stands in: the deputy, else the duty desk."""
    deputy = told.body.get("deputy")
    agency = str(told.body["agency"]) if deputy is not None else str(ask(driver, _DESK, (told.record_id,))[0][0])
    return _items(driver, told, [(agency, deputy)], "lead.ended", systems=True)


def _offered(driver: Driver, told: Told) -> Iterable[Item]:
    """Within one agency, too: there nothing leaves it, and the person is still to be told."""
    yield from OFFERS["handover"](driver, told)
    to = told.body["to"]
    if isinstance(to, Mapping) and to.get("agency") == told.agency and to.get("person") is not None:
        yield from _items(driver, told, [(told.agency, str(to["person"]))], "handover.offered")


def _answered(driver: Driver, told: Told) -> Iterable[Item]:
    """Whoever led when the lead was turned down leads still, and is told so; accepting tells them by `lead.changed`."""
    yield from OFFERS["reply"](driver, told)
    number = told.named("of")
    if number is None or told.body.get("answer") == "accepted":
        return
    offers: list[tuple[Any, ...]] = ask(driver, _OFFER, (told.record_id, number))
    leads = ask(driver, _BEFORE, told.place)
    if offers and leads and offers[0] == (leads[0][0], "handover") and leads[0][3] is None:
        yield from _items(driver, told, [(str(leads[0][0]), str(leads[0][1]))], "handover.answered")


PEOPLE: Final = {"lead": _lead, "lead_ended": _lead_ended, "handover": _offered, "reply": _answered}
