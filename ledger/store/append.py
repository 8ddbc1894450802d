"""The one append: every entry of the ledger, from whichever caller, is written here.

Two round trips (docs/decisions/0002-append-in-two-trips.md). The first authenticates, finds what is already known and
locks the heads, in id order, by one statement; the second writes entries, contents and projections, moves the heads
and commits. What can be computed before the lock (content, salt, commitment) is; under it only numbers, times and
hashes are. Each is one Trip: through SQLAlchemy, and the driver's own pipeline too, a post costs half as much again.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar, cast
from uuid import UUID

import psycopg
from sqlalchemy import Engine

from ledger.domain.entry import Envelope, entry_id, leaf_hash, meets
from ledger.domain.feed import TELLS
from ledger.domain.role import Role
from ledger.store.party import ACT, AUTHENTICATE_KEY, AUTHENTICATE_TOKEN, SEEK, found_caller, written
from ledger.store.rows import add_rows, add_rows_also, add_values
from ledger.store.trip import Trip

Driver = psycopg.Connection[tuple[Any, ...]]
#: A statement of a projection, to run in the second trip: SQL and its parameters.
Statement = tuple[str, Sequence[Any]]

#: In what part every agency's system calls.
SYSTEM_ROLES = frozenset({Role.AGENCY_SYSTEM})

#: The state of the error by which the database refuses whoever would write while the ledger is closed.
CLOSED = "LG001"

_TICK = timedelta(microseconds=1)
_TRIES = 3
Answer = TypeVar("Answer")


class ContendedError(Exception):
    """Another writer held the record longer than the lock time-out; nothing was written; try again."""


class ClosedError(Exception):
    """The ledger is closed to every append until its operator has put it right; nothing was written."""


class TakenError(ContendedError):
    """A concurrent writer stored the same event or identifier first; nothing was written; look again."""


@dataclass(frozen=True, slots=True)
class Credential:
    """What a bearer key or token proves: which it is, of which agency, and the SHA-256 of its secret."""

    agency: str
    #: The key's id, or the token's.
    name: str
    secret_sha256: bytes
    is_token: bool = False
    #: SHA-256 of the certificate that the request came with; None where it came with none or nobody reads them.
    certificate_sha256: bytes | None = None

    @property
    def check(self) -> Statement:
        """What asks the database whether it holds; where it does, the rest of the transaction acts for its agency."""
        statement = AUTHENTICATE_TOKEN if self.is_token else AUTHENTICATE_KEY
        return statement, (self.certificate_sha256, self.name, self.secret_sha256)


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever was found to be who they say: an agency's system, or a person who acts as their agency."""

    agency: str
    partnership: str
    #: What a system's key carries; a person's roles say what they may do.
    scopes: frozenset[str] = frozenset()
    #: What sort of agency it is; None where nobody asked.
    kind: str | None = None
    person_id: UUID | None = None
    #: By which their agency knows the person.
    person_ref: str | None = None
    roles: frozenset[Role] = frozenset()

    @property
    def home(self) -> str:
        """The agency that they belong to."""
        return self.agency


@dataclass(slots=True)
class Head:
    """A record's end, as locked. Mutable: an append moves it on."""

    record_id: UUID
    pseudonym: str
    kind: str
    partnership: str
    number: int
    hash: bytes
    last_recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Stored:
    """One entry as it stands in the ledger. `salt` is None once its content has been erased."""

    record_id: UUID
    pseudonym: str
    number: int
    recorded_at: datetime
    envelope: bytes
    is_copy: bool = False
    salt: bytes | None = None

    @property
    def entry_id(self) -> str:
        """The name by which others point at this entry."""
        return entry_id(self.pseudonym, self.number)

    @property
    def hash(self) -> bytes:
        """Its leaf hash."""
        return leaf_hash(self.envelope)

    def holds(self, content: bytes) -> bool:
        """Whether this is the content that was committed to; only asked while the salt is there."""
        commitment = bytes.fromhex(json.loads(self.envelope)["commitment"])
        return self.salt is not None and meets(commitment, self.salt, content)


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry before it has its place: everything that needs no lock is done."""

    record_id: UUID
    agency: str
    event_id: str
    kind: str
    content: bytes
    salt: bytes
    commitment: bytes
    is_copy: bool = False
    is_due: bool = True
    #: (attribute, about, index, gist) of each of its claims.
    claims: Sequence[tuple[str, str, int, str | None]] = ()


@dataclass(slots=True)
class Locked:
    """What the first trip found; the heads stay locked until the transaction ends."""

    caller: Caller | None
    clock: datetime
    heads: dict[UUID, Head] = field(default_factory=dict)
    known: dict[str, list[Stored]] = field(default_factory=dict)
    found: dict[str, UUID] = field(default_factory=dict)
    #: The rows of each of the caller's own `reads`, in their order.
    answers: list[list[tuple[Any, ...]]] = field(default_factory=list)


_FIND = "SELECT sought, record_id FROM ledger.identifiers WHERE sought = ANY (%s)"
# Of one and of many apart: given a list, the server plans anew each time, which takes longer than the search.
_KNOWN_ONE = """
    SELECT e.event_id, e.record_id, h.pseudonym, e.number, e.recorded_at, e.envelope, e.is_copy, c.salt
    FROM ledger.entries e JOIN ledger.heads h USING (record_id)
    LEFT JOIN ledger.contents c ON c.record_id = e.record_id AND c.number = e.number
    WHERE e.agency_id = %s AND e.event_id = %s ORDER BY e.is_copy, e.record_id"""
_KNOWN = _KNOWN_ONE.replace("e.event_id = %s", "e.event_id = ANY (%s)")
# Only an authenticated party takes a lock: a caller with a bad key must not be able to hold up a record.
_LOCK_ONE = """
    SELECT record_id, pseudonym, kind, partnership_id, head_seq, head_hash, last_recorded_at FROM ledger.heads
    WHERE ledger.party() IS NOT NULL AND record_id = %s
    ORDER BY record_id FOR NO KEY UPDATE"""
_LOCK = _LOCK_ONE.replace("record_id = %s", "record_id = ANY (%s)")
_LOCK_NAMED = """
    SELECT record_id, pseudonym, kind, partnership_id, head_seq, head_hash, last_recorded_at FROM ledger.heads
    WHERE ledger.party() IS NOT NULL
      AND record_id = ANY (%s::uuid[] || ARRAY(SELECT record_id FROM ledger.identifiers WHERE sought = ANY (%s)))
    ORDER BY record_id FOR NO KEY UPDATE"""
# A statement of its own: within the locking one it would be read before the lock was waited for.
# Refused, with an error of its own, while the ledger is closed.
_CLOCK = "SELECT ledger.clock_to_write()"
_MOVE = """
    UPDATE ledger.heads h SET head_seq = v.head_seq, head_hash = v.head_hash, last_recorded_at = v.last_recorded_at,
        due_seq = greatest(h.due_seq, v.due_seq)
    FROM (VALUES {rows}) AS v (record_id, head_seq, head_hash, last_recorded_at, due_seq)
    WHERE h.record_id = v.record_id"""
_MOVED = "(%s::uuid, %s::bigint, %b::bytea, %s::timestamptz, %s::bigint)"

_ENTRIES = ("entries", ("record_id", "number", "recorded_at", "is_copy", "agency_id", "event_id", "envelope"))
#: What the sealer takes into the log: record and number. Put here under the lock, a record's wait in their order.
_UNSEALED = ("unsealed", 2)
#: What is told to somebody waits for the worker that puts it into their feeds.
_OUTBOX = ("outbox", ("record_id", "number"))
_CONTENTS = ("contents", ("record_id", "number", "agency_id", "kind", "salt", "content"))
_CLAIMS = ("claims", ("record_id", "attribute", "about", "number", "index", "agency_id", "gist"))


def append_with(engine: Engine, act: Callable[[Driver], Answer]) -> Answer:
    """Run one append on a pooled connection; again when a concurrent writer stored the same first (TakenError)."""
    connection = engine.raw_connection()
    driver = cast("Driver", connection.driver_connection)
    try:
        for _ in range(_TRIES - 1):
            try:
                with appending(driver):
                    return act(driver)
            except TakenError:
                continue  # what was stored meanwhile will be found by the next look
        with appending(driver):
            return act(driver)
    finally:
        if driver.closed:
            connection.invalidate()  # broken: the pool must not hand it on
        connection.close()


@contextmanager
def appending(driver: Driver) -> Iterator[None]:
    """Turn the driver's errors into this module's and leave no transaction open behind a failure."""
    try:
        yield
    except psycopg.errors.UniqueViolation as error:
        driver.rollback()
        raise TakenError from error
    except (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected) as error:
        driver.rollback()
        raise ContendedError from error
    except psycopg.Error as error:
        if not driver.closed:
            driver.rollback()
        if error.sqlstate == CLOSED:
            raise ClosedError from error
        raise
    except BaseException:
        if not driver.closed:
            driver.rollback()
        raise


def lock(
    driver: Driver,
    who: Credential | Caller | str,
    *,
    records: Sequence[UUID] = (),
    sought: Sequence[str] = (),
    events: Sequence[str] = (),
    reads: Sequence[Statement] = (),
) -> Locked:
    """The first trip: who acts, what `sought` names, the heads, locked, and what of `events` is already stored.

    `reads` are the caller's own look-ups, made once the heads are locked, in the same trip.
    `who` is a credential to check, a caller that has been checked already, or the party itself where the ledger acts.
    With a credential that is not known, `caller` is None and nothing is locked; NotHeldError where one has ended.
    """
    agency = who if isinstance(who, str) else who.agency
    trip = Trip(driver)
    if isinstance(who, Credential):
        acting = trip.add(*who.check)
    else:
        acting = trip.add(ACT, (agency, written(who.person_id if isinstance(who, Caller) else None)))
    finding = None
    if sought:
        trip.add(SEEK, ("\n".join(sought),))
        finding = trip.add(_FIND, (list(sought),))
    locking = _add_locking(trip, records, sought)
    # Looked for once the heads are held: what another writer of them stored while we waited is found.
    knowing = _add_knowing(trip, agency, events) if events else None
    reading = [trip.add(statement, parameters) for statement, parameters in reads]
    clock = trip.add(_CLOCK)
    answers = trip.go()
    caller = who if isinstance(who, Caller) else None
    if isinstance(who, Credential) and (found := found_caller(answers[acting])):
        of, partnership, scopes, kind = found
        caller = Caller(of, partnership, frozenset(scopes), kind, roles=SYSTEM_ROLES)
    locked = Locked(caller, answers[clock][0][0])
    locked.heads = {row[0]: Head(*row) for row in answers[locking]}
    locked.found = {} if finding is None else dict(answers[finding])
    for event_id, *stored in () if knowing is None else answers[knowing]:
        locked.known.setdefault(event_id, []).append(Stored(*stored))
    locked.answers = [answers[read] for read in reading]
    return locked


def _add_locking(trip: Trip, records: Sequence[UUID], sought: Sequence[str]) -> int:
    if sought:
        return trip.add(_LOCK_NAMED, (list(records), list(sought)))
    return trip.add(_LOCK_ONE, records) if len(records) == 1 else trip.add(_LOCK, (list(records),))


def _add_knowing(trip: Trip, agency: str, events: Sequence[str]) -> int:
    one = len(events) == 1
    return trip.add(_KNOWN_ONE, (agency, events[0])) if one else trip.add(_KNOWN, (agency, list(events)))


def release(driver: Driver, reads: Sequence[Statement] = ()) -> list[list[tuple[Any, ...]]]:
    """End a transaction that writes nothing; unlike a rollback it keeps what is prepared. Answers the last `reads`."""
    trip = Trip(driver)
    for statement, parameters in reads:
        trip.add(statement, parameters)
    return trip.go(commit=True)


def place(head: Head, draft: Draft, clock: datetime) -> Stored:
    """Give a draft the next place in its record: number, time (never backwards), previous hash. Moves the head."""
    recorded_at = max(clock, head.last_recorded_at + _TICK)
    envelope = Envelope(head.pseudonym, head.number + 1, head.hash, recorded_at, draft.commitment).to_bytes()
    head.number += 1
    head.hash = leaf_hash(envelope)
    head.last_recorded_at = recorded_at
    return Stored(
        head.record_id, head.pseudonym, head.number, recorded_at, envelope, is_copy=draft.is_copy, salt=draft.salt
    )


def write(
    driver: Driver,
    heads: Mapping[UUID, Head],
    placed: Sequence[tuple[Draft, Stored]],
    *,
    statements: Iterable[Statement] = (),
    reads: Sequence[Statement] = (),
    commit: bool = True,
) -> list[list[tuple[Any, ...]]]:
    """The second trip: entries, what sealer and tellers wait for, contents, claims, projections, heads, the commit.

    Answers the caller's own `reads`, which are made last.
    """
    due = {stored.record_id: stored.number for draft, stored in placed if draft.is_due}
    touched = {stored.record_id for _, stored in placed}
    trip = Trip(driver)
    add_rows_also(
        trip,
        *_ENTRIES,
        _UNSEALED,
        [(s.record_id, s.number, s.recorded_at, s.is_copy, d.agency, d.event_id, s.envelope) for d, s in placed],
    )
    add_rows(
        trip,
        *_CONTENTS,
        [(s.record_id, s.number, d.agency, d.kind, d.salt, d.content) for d, s in placed],
    )
    add_rows(
        trip,
        *_CLAIMS,
        [
            (s.record_id, attribute, about, s.number, index, d.agency, gist)
            for d, s in placed
            for attribute, about, index, gist in d.claims
        ],
    )
    add_rows(trip, *_OUTBOX, [(s.record_id, s.number) for d, s in placed if d.kind in TELLS])
    for statement, parameters in statements:
        trip.add(statement, parameters)
    moved = [heads[record_id] for record_id in sorted(touched)]
    add_values(
        trip, _MOVE, _MOVED,
        [(head.record_id, head.number, head.hash, head.last_recorded_at, due.get(head.record_id, 0)) for head in moved],
    )  # fmt: skip
    reading = [trip.add(statement, parameters) for statement, parameters in reads]
    answers = trip.go(commit=commit)
    return [answers[read] for read in reading]
