"""What leaves by another channel than the feed, for new items.

By mail: what interrupts at once, whenever that is; what is of the queue within the hours of the receiver's
partnership, else when they begin; and the digest. What waits for one person goes in one mail
(`ledger.store.deliveries`). Everything else stays in the feed: each further mail costs attention. Operators are written
to by `ledger.services.write_to_operators`, since that workers have stopped is one of the things to tell.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from ledger.domain.feed import DIGEST, Item
from ledger.domain.hours import Hours
from ledger.services.plan_webhooks import plan_webhooks
from ledger.store.append import Driver, Statement
from ledger.store.deliveries import plan
from ledger.store.reaching import addresses_of, clock_of, hours_of

#: The statements that keep the deliveries of new items; run in the transaction that put them into feeds.
Plan = Callable[[Driver, Sequence[Item]], Sequence[Statement]]


def nothing(_driver: Driver, _items: Sequence[Item]) -> Sequence[Statement]:
    """Of a ledger that has no other channel."""
    return ()


@dataclass(frozen=True, slots=True)
class Planner:
    """A plan. ``mail``: the channel by which mail leaves (`mail` or `notify`), None where the ledger sends none."""

    mail: str | None = None
    webhooks: Plan = plan_webhooks

    def __call__(self, driver: Driver, items: Sequence[Item]) -> Sequence[Statement]:
        """The deliveries of these items."""
        mailed = [] if self.mail is None else list(self._mailed(driver, self.mail, items))
        return [*mailed, *self.webhooks(driver, items)]

    def _mailed(self, driver: Driver, channel: str, items: Sequence[Item]) -> Sequence[Statement]:
        told = [item for item in items if _is_mailed(item)]
        if not told:
            return ()
        reached = addresses_of(driver, {item.party for item in told})
        told = [item for item in told if item.party in reached]
        if not told:
            return ()
        hours, now = hours_of(driver, {item.agency for item in told}), clock_of(driver)
        return [_planned(item, channel, _not_before(item, hours.get(item.agency), now)) for item in told]


def _is_mailed(item: Item) -> bool:
    is_person = item.party.startswith(("person:", "desk:"))
    return is_person and (item.tier in ("interrupt", "queue") or item.type == DIGEST)


def delivery_id(channel: str, party: str, item_id: str) -> str:
    """The name of one delivery: it follows from whom it is for and what it tells."""
    return hashlib.sha256(f"{channel}/{party}/{item_id}".encode()).hexdigest()[:32]


def _not_before(item: Item, hours: Hours | None, now: datetime) -> datetime:
    return hours.begin(now) if item.tier == "queue" and hours is not None else now


def _planned(item: Item, channel: str, not_before: datetime) -> Statement:
    # Each person is an endpoint of their own: one whose mail is refused holds up nobody else's. What interrupts is
    # another one: it waits for no mail of the queue that is under way, or was when a worker died.
    endpoint = f"{item.party} {item.tier}" if item.tier == "interrupt" else item.party
    where = (channel, endpoint, item.record_id, item.number)
    name = delivery_id(channel, item.party, item.item_id)
    return plan((name, item.party, item.agency, item.item_id, *where, item.subject, item.type, item.tier, not_before))
