"""What feeds hold for those who follow them, and which of them still may: each asked once for all who follow."""

from collections.abc import Collection, Mapping
from typing import Final, NamedTuple

from sqlalchemy import Connection

_LAST: Final = "SELECT party, last_seq FROM ledger.feeds WHERE party = ANY (%s)"
# A feed that holds much keeps none of the others waiting: of each come so many, and the rest with the next look.
_AFTER: Final = """
    SELECT w.party, i.seq, i.item_id, i.type, i.tier, i.subject
    FROM unnest(%s::text[], %s::bigint[]) AS w (party, seq)
    CROSS JOIN LATERAL (
        SELECT f.seq, f.item_id, f.type, f.tier, f.subject FROM ledger.feed_items f
        WHERE f.party = w.party AND f.seq > w.seq ORDER BY f.seq LIMIT %s) i
    ORDER BY w.party, i.seq"""
_KEYS_HELD: Final = """
    SELECT k.key_id FROM ledger.agency_keys k
    WHERE k.key_id = ANY (%s) AND k.revoked_at IS NULL AND k.expires_at > clock_timestamp()
    UNION ALL
    SELECT t.token_id FROM ledger.access_tokens t JOIN ledger.agency_keys k USING (key_id)
    WHERE t.token_id = ANY (%s) AND t.revoked_at IS NULL AND t.expires_at > clock_timestamp()
        AND k.revoked_at IS NULL AND k.expires_at > clock_timestamp()"""


class FeedRow(NamedTuple):
    """One item of one party's feed, as it goes out: names, and nothing of what they stand for."""

    party: str
    seq: int
    item_id: str
    type: str
    tier: str | None
    subject: str | None


def last_seqs(connection: Connection, parties: Collection[str]) -> dict[str, int]:
    """How far each of these feeds has got; 0 where nothing was ever put into it."""
    rows = connection.exec_driver_sql(_LAST, (list(parties),))
    return dict.fromkeys(parties, 0) | {row.party: row.last_seq for row in rows}


def items_after(connection: Connection, read: Mapping[str, int], each: int) -> list[FeedRow]:
    """Of each feed what follows a number, in order, so many at most; one query, however many feeds."""
    rows = connection.exec_driver_sql(_AFTER, (list(read), list(read.values()), each))
    return [FeedRow(*row) for row in rows]


def credentials_held(connection: Connection, names: Collection[str]) -> set[str]:
    """Which of these keys and tokens, by their ids, still hold."""
    asked = list(names)
    return {row[0] for row in connection.exec_driver_sql(_KEYS_HELD, (asked, asked))}
