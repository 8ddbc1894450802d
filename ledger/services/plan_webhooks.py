"""What of new items leaves by webhook: to each endpoint of the agency whose feed it is in, that asked for its type."""

import base64
import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from ledger.domain.feed import Item, of_agency
from ledger.domain.webhook import TRIAL
from ledger.store.append import Driver, Statement
from ledger.store.deliveries import plan
from ledger.store.reaching import clock_of
from ledger.store.webhooks import listening

CHANNEL: Final = "webhook"


def plan_webhooks(driver: Driver, items: Sequence[Item]) -> list[Statement]:
    """The statements that keep the deliveries of new items, for the transaction that put them into feeds."""
    told = [item for item in items if item.party == of_agency(item.agency)]
    if not told:
        return []
    endpoints = listening(driver, sorted({item.agency for item in told}))
    if not endpoints:
        return []
    now = clock_of(driver)
    return [
        _planned(item, webhook, now)
        for item in told
        for webhook, agency, types in endpoints
        if agency == item.agency and _is_for(item, webhook, types)
    ]


def message_id(webhook: str, item_id: str) -> str:
    """The message's name wherever it goes and however often: it follows from the endpoint and the item."""
    digest = hashlib.sha256(f"{webhook}\n{item_id}".encode()).digest()
    return "msg_" + base64.b32encode(digest[:16]).decode().rstrip("=").lower()


def _is_for(item: Item, webhook: str, types: frozenset[str] | None) -> bool:
    """A trial is for the one endpoint that is tried, whatever that asked for."""
    if item.type == TRIAL:
        return item.subject == webhook
    return types is None or item.type in types


def _planned(item: Item, webhook: str, now: datetime) -> Statement:
    # A webhook waits for nobody's working hours: it is due at once, also where the clock of a demonstration stands.
    due = min(item.at, now)
    name = message_id(webhook, item.item_id)
    of_item = (item.record_id, item.number, item.subject, item.type, item.tier, due)
    return plan((name, item.party, item.agency, item.item_id, CHANNEL, webhook, *of_item))
