"""Whom it is told that checks on a child run again: whoever was told that they did not."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from ledger.domain.feed import Item
from ledger.services.say_findings import CHECK_RAN
from ledger.services.tell_alerts import tell_holder
from ledger.services.told import Told
from ledger.store.append import Driver
from ledger.store.trip import ask

_ALERT: Final = "SELECT alert_id, to_agency, to_person FROM ledger.alerts WHERE record_id = %s AND finding_id = %s"


def _closed(driver: Driver, told: Told) -> Iterable[Item]:
    if told.body["why"] != CHECK_RAN:
        return
    for alert, agency, person in ask(driver, _ALERT, (told.record_id, told.body["finding"])):
        named = replace(told, body={**told.body, "alert": alert})
        yield from tell_holder(driver, named, {"agency": agency, "person": person}, "alert.ended")


MACHINERY: Final = {"finding_closed": _closed}
