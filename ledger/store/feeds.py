"""One party's feed as whoever it is reads it: what has not been confirmed, and that they confirm it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, text

from ledger.store.append import Statement

_ITEMS: Final = "i.seq, i.item_id, i.type, i.record_id, i.number, i.subject, i.tier, i.at"
# Of the agency that acts: how many wait, and the first few of them.
_WAITING: Final = f"""
    SELECT f.last_seq - f.read_seq, {_ITEMS} FROM ledger.feeds f
    CROSS JOIN LATERAL (
        SELECT * FROM ledger.feed_items n WHERE n.party = f.party AND n.seq > f.read_seq ORDER BY n.seq LIMIT %s) i
    WHERE f.party = 'agency:' || ledger.party() ORDER BY i.seq"""  # noqa: S608 - made of constants alone
_PAGE: Final = text(f"""
    SELECT {_ITEMS} FROM ledger.feed_items i WHERE i.party = :party AND i.seq > :after
    ORDER BY i.seq LIMIT :limit""")  # noqa: S608 - made of constants alone
_READ: Final = text("SELECT read_seq, last_seq FROM ledger.feeds WHERE party = :party")
# Never beyond what there is, and never back.
_CONFIRM: Final = text("""
    UPDATE ledger.feeds SET read_seq = least(:after, last_seq) WHERE party = :party AND read_seq < :after""")


@dataclass(frozen=True, slots=True)
class FeedItem:
    """One item of a feed, by its number there."""

    seq: int
    item_id: str
    type: str
    record_id: UUID | None
    number: int | None
    subject: str | None
    tier: str | None
    at: datetime


def waiting(limit: int) -> Statement:
    """The look-up of what waits for the agency that acts: (how many, an item), up to so many items."""
    return _WAITING, (limit,)


def read_waiting(rows: Iterable[Sequence[Any]]) -> tuple[int, list[FeedItem]]:
    """What that look-up answered."""
    found = list(rows)
    return (found[0][0], [FeedItem(*row[1:]) for row in found]) if found else (0, [])


def confirmed(connection: Connection, party: str) -> tuple[int, int]:
    """Up to where a party has confirmed its feed, and its last number; both 0 of a feed that has not begun."""
    row = connection.execute(_READ, {"party": party}).one_or_none()
    return (0, 0) if row is None else (row.read_seq, row.last_seq)


def confirm(connection: Connection, party: str, after: int) -> None:
    """That a party has taken all up to a number."""
    connection.execute(_CONFIRM, {"party": party, "after": after})


def items_after(connection: Connection, party: str, after: int, limit: int) -> list[FeedItem]:
    """The items that follow a number, in order."""
    rows = connection.execute(_PAGE, {"party": party, "after": after, "limit": limit})
    return [FeedItem(*row) for row in rows]
