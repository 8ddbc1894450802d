"""Whom notices are told to: the systems of the agency that each is for; and what agencies tell one another of."""

from collections.abc import Callable, Collection, Iterable
from typing import Final
from uuid import UUID

from ledger.domain.feed import Item, of_agency
from ledger.services.tell_assessments import ASSESSING
from ledger.services.tell_disagreements import DISAGREEING
from ledger.services.tell_offers import OFFERS
from ledger.services.tell_summaries import SUMMING_UP
from ledger.services.told import Told
from ledger.store.append import Driver

#: Whether an agency may know of claims of a record, as (number, place in its entry).
Knows = Callable[[str, UUID, Collection[tuple[int, int]]], bool]


def tell_notice(_driver: Driver, told: Told, *, knows: Knows) -> Iterable[Item]:
    """The item of a notice; none where its agency may not know of what it is about, for that it came tells of it."""
    refs = [(int(ref[0]), int(ref[1])) for name in ("held", "newer") if (ref := told.body.get(name)) is not None]
    return _notice(told) if knows(str(told.body["agency"]), told.record_id, refs) else ()


def _notice(told: Told) -> Iterable[Item]:
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


#: By kind of entry; what findings tell of stands in `tell_gaps`, and notices above.
NOTICES: Final = {**OFFERS, **ASSESSING, **DISAGREEING, **SUMMING_UP}
