"""Whom what happens to an alert is told to: whoever it is brought to, and the system of their agency."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from ledger.domain.feed import Item, of_agency
from ledger.services.told import Told
from ledger.store.append import Driver
from ledger.store.telling import parties_of


def _told(driver: Driver, told: Told) -> Iterable[Item]:
    return tell_holder(driver, told, told.body["to"], told.kind.replace("_", "."))


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


ALERTS: Final = dict.fromkeys(("alert_raised", "alert_reraised", "alert_lapsed", "alert_moved", "alert_woken"), _told)
