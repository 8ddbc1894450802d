"""What detection reads of one record, and the projections it moves on. All of it as the worker's role.

The advisory lock keeps two workers from one record without standing in anybody else's way: the head row is not locked
while anything is computed. It is let go when the transaction ends, however it ends.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from ledger.domain.record_state import Surroundings
from ledger.domain.rule import ANYBODY
from ledger.store.append import Driver, Statement
from ledger.store.database import SYSTEM
from ledger.store.moves import around_next, packs_of
from ledger.store.trip import Trip, ask

#: Sets these locks apart from others of the same database.
_LOCK_SPACE = 7_205_914


@dataclass(frozen=True, slots=True)
class ReadEntry:
    """An entry with its content; of one whose content was erased only the place is left."""

    number: int
    recorded_at: datetime
    agency: str
    kind: str | None
    body: dict[str, Any] | None


@dataclass(frozen=True, slots=True, order=True)
class DueMoment:
    """A moment at which the record must be looked at again, in the order in which moments are stepped."""

    at: datetime
    number: int
    index: int
    cause: str


@dataclass(frozen=True, slots=True)
class LinkRow:
    """Keys that an entry joins or takes apart."""

    number: int
    kind: str
    members: tuple[str, ...]
    is_unlink: bool


@dataclass(frozen=True, slots=True)
class FailedCheck:
    """A rule that could not be run on a question, at which claim, and how often it was tried again."""

    rule: str
    question: str
    number: int
    index: int
    tries: int


@dataclass(frozen=True, slots=True)
class OpenFinding:
    """A finding as projected. `key` is what no two open findings of a record share."""

    finding_id: str
    key: str
    kind: str
    rule: str
    pack_version: str
    sides: list[list[list[int]]]
    evidence: list[list[int]]
    certain: bool
    change_since: date | None
    is_stale: bool
    marks: dict[str, Any]
    raised_at: datetime
    #: What a person concluded, where that closed it.
    outcome: str | None = None


@dataclass(slots=True)
class Reading:
    """A record as detection finds it: its place, what it has not read yet, and what it always needs."""

    record_id: UUID
    is_child: bool
    clock: datetime
    detected_seq: int
    #: The last number read, whoever wrote that entry.
    read_to: int
    entries: list[ReadEntry] = field(default_factory=list)
    due: list[DueMoment] = field(default_factory=list)
    links: list[LinkRow] = field(default_factory=list)
    withdrawn: dict[int, int] = field(default_factory=dict)
    #: (from when, digest) of the packs put in force, in order.
    packs: list[tuple[datetime, str]] = field(default_factory=list)
    failed: list[FailedCheck] = field(default_factory=list)
    #: Under which findings are open, or were settled by a person.
    keys: frozenset[str] = frozenset()
    is_whole: bool = True
    around: Surroundings = field(default_factory=Surroundings)


_TRY = "SELECT pg_try_advisory_xact_lock(hashtextextended(%s::text, %s))"
_READ = """
    SELECT h.kind, ledger.clock_now(), h.detected_seq, h.head_seq,
        e.number, e.recorded_at, e.agency_id, c.kind, c.content
    FROM ledger.heads h
    LEFT JOIN LATERAL (
        SELECT number, recorded_at, agency_id FROM ledger.entries
        WHERE record_id = h.record_id AND number > h.detected_seq AND number <= h.head_seq AND agency_id <> %s
        ORDER BY number LIMIT %s) e ON true
    LEFT JOIN ledger.contents c ON c.record_id = h.record_id AND c.number = e.number
    WHERE h.record_id = %s ORDER BY e.number"""
_DUE = """
    SELECT due_at, number, index, cause FROM ledger.due_moments
    WHERE record_id = %s AND due_at <= greatest((SELECT ledger.clock_now()),
        (SELECT last_recorded_at FROM ledger.heads WHERE record_id = %s))
    ORDER BY due_at, number, index, cause LIMIT %s"""
_LINKS = """
    SELECT number, kind, members, is_unlink FROM ledger.links WHERE record_id = %s ORDER BY number, index"""
_WITHDRAWN = "SELECT number, by_number FROM ledger.withdrawals WHERE record_id = %s"
_FAILED = "SELECT rule, question, number, index, tries FROM ledger.check_failures WHERE record_id = %s"
_ENTRIES = """
    SELECT e.number, e.recorded_at, e.agency_id, c.kind, c.content FROM ledger.entries e
    JOIN ledger.contents c USING (record_id, number)
    WHERE e.record_id = %s AND e.number = ANY (%s) ORDER BY e.number"""
# One look into the index for each topic (what OFFSET 0 is for): a record that has just grown long is taken to be short,
# and would be gone through from end to end.
_CLAIMS = """
    SELECT e.number, e.recorded_at, e.agency_id, c.kind, c.content
    FROM (WITH q AS (
              SELECT q.* FROM unnest(%s::text[], %s::text[]) AS t (attribute, about) CROSS JOIN LATERAL (
                  SELECT * FROM ledger.claims
                  WHERE record_id = %s AND attribute = t.attribute AND about = t.about AND number <= %s OFFSET 0) q
              UNION
              SELECT q.* FROM ledger.claims q WHERE q.record_id = %s AND q.number <= %s AND q.attribute = ANY (%s))
          SELECT number FROM q WHERE gist IS NULL
          UNION
          SELECT min(number) FROM q WHERE gist IS NOT NULL AND NOT EXISTS (
              SELECT FROM ledger.withdrawals w
              WHERE w.record_id = q.record_id AND w.number = q.number AND w.by_number <= %s)
          GROUP BY attribute, about, agency_id, gist) n
    JOIN ledger.entries e ON e.record_id = %s AND e.number = n.number
    JOIN ledger.contents c ON c.record_id = e.record_id AND c.number = e.number
    ORDER BY e.number"""
_ALL_CLAIMS = """
    SELECT e.number, e.recorded_at, e.agency_id, c.kind, c.content
    FROM (SELECT DISTINCT number FROM ledger.claims WHERE record_id = %s AND number <= %s) n
    JOIN ledger.entries e ON e.record_id = %s AND e.number = n.number
    JOIN ledger.contents c ON c.record_id = e.record_id AND c.number = e.number
    ORDER BY e.number"""
_FINDING = """
    SELECT finding_id, question, kind, rule, pack_version, sides, evidence, certain, change_since, is_stale, marks,
        raised_at, outcome
    FROM ledger.findings WHERE record_id = %s"""
_KEYS = "SELECT question FROM ledger.findings WHERE record_id = %s AND (closed_number IS NULL OR outcome IS NOT NULL)"
_FINDINGS = f"{_FINDING} AND (closed_number IS NULL OR outcome IS NOT NULL) AND question = ANY (%s)"
_FINDINGS_BY_ID = f"{_FINDING} AND closed_number IS NULL AND finding_id = ANY (%s)"

_AUTHORS = "SELECT number, agency_id FROM ledger.entries WHERE record_id = %s AND number = ANY (%s::bigint[])"
_LEAD = "SELECT agency_id, person FROM ledger.leads WHERE record_id = %s ORDER BY number DESC LIMIT 1"
_DUTY_DESK = """
    SELECT p.duty_desk, EXISTS (
        SELECT FROM ledger.involvements i WHERE i.record_id = h.record_id AND i.agency_id = p.duty_desk
        AND (i.until IS NULL OR i.until > ledger.clock_now()))
    FROM ledger.heads h JOIN ledger.partnerships p USING (partnership_id) WHERE h.record_id = %s"""
_NEXT = "SELECT recorded_at FROM ledger.entries WHERE record_id = %s AND number = %s"


def read_record(driver: Driver, record_id: UUID, limit: int) -> Reading | None:
    """Take the record for this transaction and read what detection has not: None when another worker has it.

    At most `limit` entries and as many moments; `is_whole` says whether there are more entries.
    """
    trip = Trip(driver)
    trip.add(_TRY, (str(record_id), _LOCK_SPACE))
    trip.add(_READ, (SYSTEM, limit, record_id))
    trip.add(_DUE, (record_id, record_id, limit))
    trip.add(_LINKS, (record_id,))
    trip.add(_WITHDRAWN, (record_id,))
    trip.add(*packs_of(record_id))
    trip.add(_FAILED, (record_id,))
    trip.add(*around_next(record_id))
    trip.add(_KEYS, (record_id,))
    trying, rows, due, links, withdrawn, packs, failed, around, keys = trip.go()
    if trying != [(True,)]:
        return None
    if not rows:
        return None  # no such record: there is nothing to do for it
    kind, clock, detected_seq, head_seq = rows[0][:4]
    entries = [_entry(row[4:]) for row in rows if row[4] is not None]
    is_whole = len(entries) < limit
    return Reading(
        record_id,
        is_child=kind == "child",
        clock=clock,
        detected_seq=detected_seq,
        read_to=head_seq if is_whole else entries[-1].number,
        entries=entries,
        due=[DueMoment(*row) for row in due],
        links=[
            LinkRow(number, sort, tuple(members), is_unlink)
            for number, sort, members, is_unlink in links
            if number <= detected_seq
        ],
        withdrawn={number: by for number, by in withdrawn if by <= detected_seq},
        packs=[(begins_at, digest) for begins_at, digest in packs],
        failed=[FailedCheck(*row) for row in failed],
        keys=frozenset(key for (key,) in keys),
        is_whole=is_whole,
        around=Surroundings.read(around),
    )


def read_entries(driver: Driver, record_id: UUID, numbers: Collection[int]) -> list[ReadEntry]:
    """These entries of the record, but for those whose content was erased."""
    return [_entry(row) for row in ask(driver, _ENTRIES, (record_id, list(numbers)))]


def read_claiming(
    driver: Driver, record_id: UUID, pairs: Collection[tuple[str, str]] | None, up_to: int
) -> list[ReadEntry]:
    """The entries up to a number that claim something on any of these (attribute, about); on anything when None.

    With `*` for whom it is about, all claims of the attribute. Of what an agency says of a person in the same words
    again and again, the first that stands.
    """
    if pairs is None:
        rows = ask(driver, _ALL_CLAIMS, (record_id, up_to, record_id))
    else:
        attributes, abouts = [attribute for attribute, _ in pairs], [about for _, about in pairs]
        whole = [attribute for attribute, about in pairs if about == ANYBODY]
        rows = ask(driver, _CLAIMS, (attributes, abouts, record_id, up_to, record_id, up_to, whole, up_to, record_id))
    return [_entry(row) for row in rows]


def read_open_findings(driver: Driver, record_id: UUID, keys: Collection[str]) -> list[OpenFinding]:
    """The open findings under these keys, and those that a person settled."""
    return [OpenFinding(*row) for row in ask(driver, _FINDINGS, (record_id, list(keys)))]


def read_findings_by_id(driver: Driver, record_id: UUID, names: Collection[str]) -> list[OpenFinding]:
    """The open findings of these ids."""
    return [OpenFinding(*row) for row in ask(driver, _FINDINGS_BY_ID, (record_id, list(names)))]


def _entry(row: Sequence[Any]) -> ReadEntry:
    number, recorded_at, agency, kind, content = row
    return ReadEntry(number, recorded_at, agency, kind, None if content is None else json.loads(content)["body"])


def authors_of(record_id: UUID, numbers: Collection[int]) -> Statement:
    """The look-up of (number, agency) of these entries."""
    return _AUTHORS, (record_id, list(numbers))


def lead_of(record_id: UUID) -> Statement:
    """(agency, person) of the record's lead now."""
    return _LEAD, (record_id,)


def duty_desk_of(record_id: UUID) -> Statement:
    """(agency, whether it is involved) of the duty desk of the record's partnership."""
    return _DUTY_DESK, (record_id,)


def next_entry_after(record_id: UUID, number: int) -> Statement:
    """(recorded_at,) of the entry that follows one, if it is there by now."""
    return _NEXT, (record_id, number + 1)
