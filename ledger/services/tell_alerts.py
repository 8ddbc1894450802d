"""Whom what happens to an alert is told to: whoever it is brought to, and the system of their agency."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from ledger.domain.alert import LAPSED, MOVED, RAISED, RERAISED, WOKEN
from ledger.domain.feed import OPERATOR, Item, of_agency
from ledger.services.told import Told
from ledger.store.append import Driver
from ledger.store.database import SYSTEM
from ledger.store.telling import parties_of


def _brought(driver: Driver, told: Told) -> Iterable[Item]:
    return tell_holder(driver, told, told.body["to"], told.kind.replace("_", "."))


def _went_on(driver: Driver, told: Told) -> Iterable[Item]:
    """Whoever has it now, and whoever had it: that it went on is for them to know, and for nobody else.

    Where nobody is above the last, it stays there, and whoever runs the ledger is told that nobody acts.
    """
    items = [*_brought(driver, told)]
    yield from items
    gone = tell_holder(driver, told, told.body["from"], told.kind.replace("_", "."))
    yield from (item for item in gone if item.party not in {one.party for one in items})
    if told.kind == LAPSED and told.body["act_by"] is None:
        at_all = replace(items[0], party=OPERATOR, agency=SYSTEM, type="alert.unanswered")
        yield replace(at_all, record_id=None, number=None, subject=None)


def tell_holder(driver: Driver, told: Told, to: Mapping[str, Any], kind: str) -> Iterable[Item]:
    """One item for whoever holds the alert and one for their agency's systems."""
    agency, ref = str(to["agency"]), to.get("person")
    for party in (parties_of(driver, [(agency, ref)])[agency, ref], of_agency(agency)):
        yield Item(
            party=party,
            agency=agency,
            type=kind,
            item_id=f"{told.pseudonym}.{told.number}",
            at=told.recorded_at,
            record_id=told.record_id,
            number=told.number,
            subject=str(told.body["alert"]),
            tier=told.body.get("tier"),
        )


ALERTS: Final = {RAISED: _brought, RERAISED: _brought, WOKEN: _brought, LAPSED: _went_on, MOVED: _went_on}
