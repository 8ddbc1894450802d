"""Whom a notice is told to: the systems of the agency that it is for."""

from collections.abc import Iterable
from typing import Final

from ledger.domain.feed import Item, of_agency
from ledger.services.told import Told
from ledger.store.append import Driver


def _notice(_driver: Driver, told: Told) -> Iterable[Item]:
    agency = str(told.body["agency"])
    yield Item(
        party=of_agency(agency),
        agency=agency,
        type=f"notice.{told.body['notice']}",
        item_id=f"{told.pseudonym}.{told.number}",
        at=told.recorded_at,
        record_id=told.record_id,
        number=told.number,
        subject=f"{told.pseudonym}.{told.number}",
    )


NOTICES: Final = {"notice": _notice}
