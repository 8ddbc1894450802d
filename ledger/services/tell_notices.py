"""Whom notices are told to: the systems of the agency that each is for; and what agencies tell one another of."""

from collections.abc import Iterable
from typing import Final

from ledger.domain.feed import Item, of_agency
from ledger.services.tell_disagreements import DISAGREEING
from ledger.services.tell_offers import OFFERS
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


#: By kind of entry; what findings tell of stands in `tell_gaps`.
NOTICES: Final = {"notice": _notice, **OFFERS, **DISAGREEING}
