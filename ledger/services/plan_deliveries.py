"""What leaves by another channel than the feed, for new items: nothing yet but what a plan says."""

from collections.abc import Callable, Sequence

from ledger.domain.feed import Item
from ledger.store.append import Driver, Statement

#: The statements that keep the deliveries of new items; run in the transaction that put them into feeds.
Plan = Callable[[Driver, Sequence[Item]], Sequence[Statement]]


def nothing(_driver: Driver, _items: Sequence[Item]) -> Sequence[Statement]:
    """Of a ledger that has no other channel."""
    return ()
