"""What a self-audit reads: entries and reads by their places in the log, heads, tiles, checkpoints. As the worker."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Row, text

PAGE: Final = 2_000

_ENTRY: Final = """
    h.pseudonym, h.kind AS record_kind, e.recorded_at, e.is_copy, e.agency_id, e.event_id, e.envelope,
    b.envelope AS before, c.kind, c.agency_id AS content_agency, c.salt, c.content,
    t.agency_id AS file_agency, t.media_type, t.sha256, t.size, sha256(t.bytes) AS file_sha256,
    octet_length(t.bytes) AS file_size,
    c.number IS NULL AND EXISTS (
        SELECT FROM ledger.erasure_orders o WHERE o.record_id = p.record_id AND o.answer = 'approve'
        AND (p.number = ANY (o.numbers) OR (o.is_whole AND p.number < o.number))) AS is_erased,
    (SELECT count(*) FILTER (WHERE NOT s.is_copy) FROM ledger.entries s
        WHERE s.agency_id = e.agency_id AND s.event_id = e.event_id) AS originals"""
_JOINED: Final = """
    LEFT JOIN ledger.entries e ON e.record_id = p.record_id AND e.number = p.number
    LEFT JOIN ledger.heads h ON h.record_id = p.record_id
    LEFT JOIN ledger.entries b ON b.record_id = p.record_id AND b.number = p.number - 1
    LEFT JOIN ledger.contents c ON c.record_id = p.record_id AND c.number = p.number
    LEFT JOIN ledger.attachment_bytes t ON t.record_id = p.record_id AND t.number = p.number"""
_PLACED: Final = text(f"""
    SELECT p.index AS place, p.record_id, p.number, {_ENTRY} FROM ledger.entry_positions p {_JOINED}
    WHERE p.index >= :start AND p.index < :end ORDER BY p.index LIMIT :page""")  # noqa: S608 - constants alone
_WAITING: Final = text(f"""
    SELECT p.id, p.record_id, p.number, p.since, {_ENTRY} FROM ledger.unsealed p {_JOINED}
    WHERE p.id > :start ORDER BY p.id LIMIT :page""")  # noqa: S608 - constants alone
_OF_RECORD: Final = text(f"""
    SELECT q.index AS place, u.record_id IS NOT NULL AS waits, p.record_id, p.number, {_ENTRY}
    FROM (SELECT record_id, number FROM ledger.entries WHERE record_id = :record) p
    LEFT JOIN ledger.entry_positions q ON q.record_id = p.record_id AND q.number = p.number
    LEFT JOIN ledger.unsealed u ON u.record_id = p.record_id AND u.number = p.number {_JOINED}
    WHERE p.number > :after ORDER BY p.number LIMIT :page""")  # noqa: S608 - constants alone
_READ: Final = """
    r.access_id, r.at, r.agency_id, r.person_id, r.record_id, r.what, r.purpose, r.up_to_number, r.request_id,
    r.real_at, r.outcome, r.refused_for, r.by_glass, r.salt, r.leaf"""
_PLACED_READS: Final = text(f"""
    SELECT p.index AS place, p.access_id AS placed, {_READ} FROM ledger.access_positions p
    LEFT JOIN ledger.access_records r USING (access_id)
    WHERE p.index >= :start AND p.index < :end ORDER BY p.index LIMIT :page""")  # noqa: S608 - constants alone
_ENDS: Final = {
    "entries": text("SELECT coalesce(max(index) + 1, 0) FROM ledger.entry_positions"),
    "access": text("SELECT coalesce(max(index) + 1, 0) FROM ledger.access_positions"),
}
# Neither in the log nor on its way there: within a record whatever follows the last that is placed.
_UNPLACED_LATELY: Final = text("""
    SELECT h.pseudonym, e.record_id, e.number FROM unnest(CAST(:records AS uuid[])) AS r (record_id)
    CROSS JOIN LATERAL (SELECT e.record_id, e.number FROM ledger.entries e
        WHERE e.record_id = r.record_id AND e.number > coalesce(
            (SELECT max(p.number) FROM ledger.entry_positions p WHERE p.record_id = r.record_id), 0)) e
    LEFT JOIN ledger.heads h ON h.record_id = e.record_id
    WHERE NOT EXISTS (SELECT FROM ledger.unsealed u WHERE u.record_id = e.record_id AND u.number = e.number)
    ORDER BY 2, 3 LIMIT :most""")
_UNPLACED_ANY: Final = text("""
    SELECT h.pseudonym, e.record_id, e.number FROM ledger.entries e LEFT JOIN ledger.heads h USING (record_id)
    WHERE NOT EXISTS (SELECT FROM ledger.entry_positions p WHERE p.record_id = e.record_id AND p.number = e.number)
    AND NOT EXISTS (SELECT FROM ledger.unsealed u WHERE u.record_id = e.record_id AND u.number = e.number)
    ORDER BY 2, 3 LIMIT :most""")
_UNPLACED_READS: Final = """
    SELECT r.access_id FROM ledger.access_records r
    WHERE {lately} NOT EXISTS (SELECT FROM ledger.access_positions p WHERE p.access_id = r.access_id)
    AND NOT EXISTS (SELECT FROM ledger.unsealed_access u WHERE u.access_id = r.access_id) LIMIT :most"""
_UNPLACED_READS_ANY: Final = text(_UNPLACED_READS.format(lately=""))
_UNPLACED_READS_LATELY: Final = text(
    _UNPLACED_READS.format(lately="r.real_at > clock_timestamp() - interval '1 hour' AND")
)
_LOST: Final = text("""
    SELECT 'entries' AS log, u.record_id::text AS name, u.number FROM ledger.unsealed u
    WHERE NOT EXISTS (SELECT FROM ledger.entries e WHERE e.record_id = u.record_id AND e.number = u.number)
    UNION ALL SELECT 'access', u.access_id::text, 0 FROM ledger.unsealed_access u
    WHERE NOT EXISTS (SELECT FROM ledger.access_records r WHERE r.access_id = u.access_id) LIMIT :most""")
_STUCK: Final = text("""
    SELECT 'entries', count(*) FROM ledger.unsealed WHERE since < clock_timestamp() - interval '60 seconds'
    UNION ALL
    SELECT 'access', count(*) FROM ledger.unsealed_access WHERE since < clock_timestamp() - interval '60 seconds'""")
_HEADS: Final = """
    SELECT h.record_id, h.pseudonym, h.kind, h.partnership_id, h.head_seq, h.head_hash, h.last_recorded_at,
        n.most, n.stand, l.envelope, l.recorded_at, f.agency_id, c.kind AS first_kind, c.content AS first,
        coalesce(m.to_partnership, a.partnership_id) AS of_partnership, m.kind AS moved_kind, m.content AS moved,
        ledger.clock_now() AS now
    FROM ledger.heads h
    CROSS JOIN LATERAL (SELECT max(number) AS most, count(*) AS stand FROM ledger.entries e
        WHERE e.record_id = h.record_id AND {counted}) n
    LEFT JOIN ledger.entries l ON l.record_id = h.record_id AND l.number = h.head_seq
    LEFT JOIN ledger.entries f ON f.record_id = h.record_id AND f.number = 1
    LEFT JOIN ledger.contents c ON c.record_id = h.record_id AND c.number = 1
    LEFT JOIN ledger.agencies a ON a.agency_id = f.agency_id
    LEFT JOIN LATERAL (SELECT r.to_partnership, k.kind, k.content FROM ledger.record_moves r
        LEFT JOIN ledger.contents k ON k.record_id = r.record_id AND k.number = r.number
        WHERE r.record_id = h.record_id ORDER BY r.number DESC LIMIT 1) m ON true
    WHERE {which} ORDER BY h.record_id LIMIT :page"""
_HEADS_ANY: Final = text(_HEADS.format(counted="true", which="h.record_id > :after"))
# Lately, what lies before the head is held by the chain: only what comes after it is looked for.
_HEADS_LATELY: Final = text(
    _HEADS.format(counted="e.number >= h.head_seq", which="h.record_id > :after AND h.record_id = ANY (:records)")
)
_HEADLESS: Final = text("""
    SELECT e.record_id, min(e.number) FROM ledger.entries e
    WHERE NOT EXISTS (SELECT FROM ledger.heads h WHERE h.record_id = e.record_id) GROUP BY 1 LIMIT :most""")
_TILE_COUNTS: Final = text("""
    SELECT level, count(*), sum(octet_length(hashes))::bigint / 32, min(index), max(index) FROM ledger.log_tiles
    WHERE log = :log GROUP BY level ORDER BY level""")
_CHECKPOINTS: Final = text("""
    SELECT size, root, note FROM ledger.checkpoints WHERE log = :log AND size >= :start ORDER BY size LIMIT :page""")
_NEWEST: Final = text("""
    SELECT size, root, note FROM ledger.checkpoints WHERE log = :log ORDER BY size DESC LIMIT 1""")
_COSIGNED: Final = text("""
    SELECT s.size, s.name, s.line, s.cosigned_at, c.note FROM ledger.cosignatures s
    LEFT JOIN ledger.checkpoints c USING (log, size) WHERE s.log = :log AND s.size >= :start
    ORDER BY s.size LIMIT 100000""")
_STRANGE: Final = text("""
    SELECT 'checkpoints' FROM ledger.checkpoints WHERE log NOT IN ('entries', 'access')
    UNION SELECT 'log_tiles' FROM ledger.log_tiles WHERE log NOT IN ('entries', 'access')
    UNION SELECT 'cosignatures' FROM ledger.cosignatures WHERE log NOT IN ('entries', 'access')""")
_ANNOUNCED: Final = text("""
    SELECT c.content FROM ledger.entries e JOIN ledger.contents c USING (record_id, number)
    WHERE e.agency_id = 'ledger' AND e.event_id = ANY (:names)""")
_LAST: Final = text("""
    SELECT scope, ended_at, to_index, problems FROM ledger.self_audits WHERE is_said
    ORDER BY id DESC LIMIT 1""")
_RECORDS_WITH_NEWS: Final = text("""
    SELECT DISTINCT p.record_id FROM ledger.partnerships p JOIN ledger.heads h USING (partnership_id)
    WHERE h.record_id IN (
        SELECT e.record_id FROM ledger.entry_positions e LEFT JOIN ledger.contents c USING (record_id, number)
        WHERE e.index >= :start AND e.index < :end AND c.kind IS DISTINCT FROM 'self_audit') ORDER BY 1""")
_KEEP: Final = text("""
    INSERT INTO ledger.self_audits
        (scope, began_at, ended_at, entries, reads, from_index, to_index, root, problems, is_said)
    VALUES (:scope, :began_at, :ended_at, :entries, :reads, :from_index, :to_index, :root, CAST(:problems AS jsonb),
        :is_said)""")
_DUTY: Final = text("""
    SELECT name FROM ledger.duties WHERE name = :name
    AND (done_at IS NULL OR done_at <= clock_timestamp() - make_interval(secs => :seconds))
    FOR UPDATE SKIP LOCKED""")
_DONE: Final = text("UPDATE ledger.duties SET done_at = clock_timestamp() WHERE name = :name")
_HISTORY: Final = text("""
    SELECT scope, began_at, ended_at, entries, reads, from_index, to_index, root, problems FROM ledger.self_audits
    ORDER BY id DESC LIMIT :limit""")
_ANYWHERE: Final = UUID(int=0)


@dataclass(frozen=True, slots=True)
class LastAudit:
    """The audit that was said last: when it ended, up to which index it looked, and what it found wrong."""

    scope: str
    ended_at: datetime
    to_index: int
    problems: Sequence[dict[str, Any]]


def take_duty(connection: Connection, name: str, seconds: float) -> bool:
    """Take what is to be done this often, for this transaction: False where it was done lately or somebody does it."""
    connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
    return connection.execute(_DUTY, {"name": name, "seconds": seconds}).one_or_none() is not None


def end_duty(connection: Connection, name: str) -> None:
    """It is done, now."""
    connection.execute(_DONE, {"name": name})


def end_of(connection: Connection, log: str) -> int:
    """One more than the last position that was given out in a log."""
    end: int = connection.execute(_ENDS[log]).scalar_one()
    return end


def placed_entries(connection: Connection, start: int, end: int) -> Iterator[Row[Any]]:
    """The entries at these positions, with what each is held to; nothing where no position was given out."""
    while rows := connection.execute(_PLACED, {"start": start, "end": end, "page": PAGE}).all():
        yield from rows
        start = rows[-1].place + 1


def entries_of(connection: Connection, record_id: UUID) -> Iterator[Row[Any]]:
    """The entries of one record by their numbers: each with its place in the log, or whether it waits for one."""
    after = 0
    while rows := connection.execute(_OF_RECORD, {"record": record_id, "after": after, "page": PAGE}).all():
        yield from rows
        after = rows[-1].number


def waiting_entries(connection: Connection, most: int) -> Iterator[Row[Any]]:
    """The same of entries that wait to be placed, without a position: so many at most, the longest waiting first."""
    start = 0
    while most > 0 and (rows := connection.execute(_WAITING, {"start": start, "page": min(PAGE, most)}).all()):
        yield from rows
        start, most = rows[-1].id, most - len(rows)


def placed_reads(connection: Connection, start: int, end: int) -> Iterator[Row[Any]]:
    """The records of reads at these positions."""
    while rows := connection.execute(_PLACED_READS, {"start": start, "end": end, "page": PAGE}).all():
        yield from rows
        start = rows[-1].place + 1


def unplaced_entries(connection: Connection, records: Sequence[UUID] | None, most: int) -> list[Row[Any]]:
    """Entries that are neither placed nor wait for it: of these records those that come last, or (None) of all any."""
    if records is None:
        return list(connection.execute(_UNPLACED_ANY, {"most": most}))
    return list(connection.execute(_UNPLACED_LATELY, {"records": list(records), "most": most}))


def unplaced_reads(connection: Connection, *, lately: bool, most: int) -> list[UUID]:
    """Records of reads that are neither placed nor wait for it: of the last hour, or any."""
    return list(connection.scalars(_UNPLACED_READS_LATELY if lately else _UNPLACED_READS_ANY, {"most": most}))


def lost(connection: Connection, most: int) -> list[Row[Any]]:
    """What waits to be placed and is not in the ledger."""
    return list(connection.execute(_LOST, {"most": most}))


def stuck(connection: Connection) -> list[tuple[str, int]]:
    """How many have waited for more than a minute, by log."""
    return [(log, count) for log, count in connection.execute(_STUCK) if count]


def heads_of(connection: Connection, records: Sequence[UUID] | None) -> Iterator[Row[Any]]:
    """Heads with what they are held to: of these records, or (None) all."""
    after = _ANYWHERE
    query = _HEADS_ANY if records is None else _HEADS_LATELY
    given: dict[str, Any] = {"page": PAGE} | ({} if records is None else {"records": list(records)})
    while rows := connection.execute(query, given | {"after": after}).all():
        yield from rows
        after = rows[-1].record_id


def headless(connection: Connection, most: int) -> list[tuple[UUID, int]]:
    """Records that have entries and no head."""
    return [(row[0], row[1]) for row in connection.execute(_HEADLESS, {"most": most})]


def tile_counts(connection: Connection, log: str) -> list[tuple[int, ...]]:
    """(level, tiles, hashes, first index, last index) of each level of a log's tiles."""
    return [tuple(row) for row in connection.execute(_TILE_COUNTS, {"log": log})]


def checkpoints_from(connection: Connection, log: str, size: int) -> Iterator[Row[Any]]:
    """The checkpoints of this size or more, the smallest first."""
    while rows := connection.execute(_CHECKPOINTS, {"log": log, "start": size, "page": PAGE}).all():
        yield from rows
        size = rows[-1].size + 1


def newest_checkpoint(connection: Connection, log: str) -> Row[Any] | None:
    """The largest checkpoint."""
    return connection.execute(_NEWEST, {"log": log}).one_or_none()


def cosigned_from(connection: Connection, log: str, size: int) -> list[Row[Any]]:
    """The cosignatures of checkpoints of this size or more, with the notes that they sign."""
    return list(connection.execute(_COSIGNED, {"log": log, "start": size}))


def of_no_log(connection: Connection) -> list[str]:
    """The tables that hold anything of a log that there is not."""
    return list(connection.scalars(_STRANGE))


def announced(connection: Connection, names: Sequence[str]) -> list[bytes]:
    """The contents of the ledger's own entries of these event ids."""
    return [bytes(content) for content in connection.scalars(_ANNOUNCED, {"names": list(names)})]


def partnership_refs(connection: Connection) -> list[str]:
    """The partnerships of this ledger."""
    return list(connection.scalars(text("SELECT partnership_id FROM ledger.partnerships ORDER BY 1")))


def partnership_records(connection: Connection, between: tuple[int, int] | None) -> list[UUID]:
    """The partnerships' own records: of those with an entry, that is none of an audit, at these positions; or all."""
    if between is None:
        return list(connection.scalars(text("SELECT record_id FROM ledger.partnerships ORDER BY 1")))
    return list(connection.scalars(_RECORDS_WITH_NEWS, {"start": between[0], "end": between[1]}))


def last_audit(connection: Connection) -> LastAudit | None:
    """The audit of which an entry says last what it found."""
    row = connection.execute(_LAST).one_or_none()
    return None if row is None else LastAudit(*row)


def keep_audit(connection: Connection, **columns: Any) -> None:
    """Keep what an audit found."""
    connection.execute(_KEEP, columns)


def audits(connection: Connection, limit: int) -> list[Row[Any]]:
    """The last audits, the newest first."""
    return list(connection.execute(_HISTORY, {"limit": limit}))
