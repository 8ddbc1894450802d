import json
import os
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine, text

from ledger.domain.entry import Envelope, commitment_of, content_bytes, verify_chain
from ledger.services.authenticate import read_bearer
from ledger.store import clock
from ledger.store.append import (
    ContendedError,
    Draft,
    Driver,
    Locked,
    Stored,
    TakenError,
    append_with,
    lock,
    place,
    write,
)
from ledger.store.database import connect_engine, transaction
from tests.integration.store.wire import CountingWire
from tests.partnership import Partnership

STILL = datetime(2023, 10, 5, 9, tzinfo=UTC)


def draft(record_id: UUID, event_id: str, agency: str = "hv") -> Draft:
    content, salt = content_bytes("observation", agency, event_id, {"observed": "2023-10-05"}), os.urandom(32)
    return Draft(record_id, agency, event_id, "observation", content, salt, commitment_of(salt, content))


def append(engine: Engine, record_id: UUID, event_id: str, agency: str = "hv") -> Stored:
    """Append one entry as an agency, as every service does."""

    def act(driver: Driver) -> Stored:
        locked = lock(driver, agency, records=[record_id], events=[event_id])
        made = draft(record_id, event_id, agency)
        stored = place(locked.heads[record_id], made, locked.clock)
        write(driver, locked.heads, [(made, stored)])
        return stored

    return append_with(engine, act)


def read_chain(partnership: Partnership, record_id: UUID) -> list[tuple[bytes, Envelope]]:
    stored = partnership.envelopes(str(record_id))
    return [(envelope, Envelope.from_members(json.loads(envelope))) for envelope in stored]


@pytest.fixture
def record_id(partnership: Partnership) -> UUID:
    """A child's record with its registration alone."""
    return UUID(partnership.child())


@pytest.fixture
def wire(partnership: Partnership) -> Iterator[CountingWire]:
    """A counted way to the same database."""
    with CountingWire(partnership.database_url) as counting:
        yield counting


def test_an_append_is_found_by_its_head(partnership: Partnership, record_id: UUID) -> None:
    """The head holds number, hash and time of the last entry, and says that detection has something to read."""
    stored = append(partnership.context.engine, record_id, "e1")
    with partnership.acting("ledger_worker") as connection:
        head = connection.execute(text("SELECT * FROM ledger.heads WHERE record_id = :r"), {"r": record_id}).one()
    assert (head.head_seq, head.head_hash, head.last_recorded_at) == (2, stored.hash, stored.recorded_at)
    assert head.due_seq == 2
    assert head.detected_seq == 0
    assert verify_chain(read_chain(partnership, record_id)) == head.head_hash


def test_columns_repeat_the_envelope(partnership: Partnership, record_id: UUID) -> None:
    """Number and time beside the envelope are those inside it, to the microsecond."""
    append(partnership.context.engine, record_id, "e1")
    with partnership.acting("ledger_worker") as connection:
        rows = connection.execute(text("SELECT number, recorded_at, envelope FROM ledger.entries")).all()
    for row in rows:
        envelope = Envelope.from_members(json.loads(row.envelope))
        assert (envelope.number, envelope.recorded_at) == (row.number, row.recorded_at)


@pytest.mark.parametrize("size", [1, 100, 1_000])
def test_an_append_takes_two_round_trips(
    partnership: Partnership, record_id: UUID, wire: CountingWire, size: int
) -> None:
    """One entry or a thousand: one trip checks the key, finds and locks, one writes and commits; no other is made."""
    engine = connect_engine(wire.url, "ledger_web", pool_size=1)
    credential = read_bearer(f"Bearer {partnership.keys['hv']}")

    def act(driver: Driver) -> Locked:
        events = [f"{turn}-{place_in}" for place_in in range(size)]
        locked = lock(driver, credential, records=[record_id], sought=["nhs:9990000018"], events=events)
        drafts = [draft(record_id, event) for event in events]
        write(driver, locked.heads, [(one, place(locked.heads[record_id], one, locked.clock)) for one in drafts])
        return locked

    trips = []
    # Statements are prepared after some uses; that must not cost a trip either.
    for turn in range(8 if size == 1 else 2):  # noqa: B007 - the closure names its events by it
        wire.taken()
        assert append_with(engine, act).caller is not None
        trips.append(wire.taken())
    engine.dispose()
    assert trips[1:] == [2] * (len(trips) - 1)


def test_time_never_runs_backwards_when_the_clock_stands_still(database_url: str) -> None:
    """With a clock that does not move, each entry is a microsecond after the one before, and the chain verifies."""
    partnership = Partnership(database_url, clock_at=STILL)
    record_id = UUID(partnership.child())
    times = [append(partnership.context.engine, record_id, f"e{number}").recorded_at for number in range(5)]
    assert times == [STILL + timedelta(microseconds=number) for number in range(1, 6)]
    with transaction(partnership.engine("ledger_admin"), party="ledger") as connection:
        clock.move(connection, STILL + timedelta(days=1))
    assert append(partnership.context.engine, record_id, "later").recorded_at == STILL + timedelta(days=1)
    verify_chain(read_chain(partnership, record_id))
    partnership.close()


def test_time_never_runs_backwards_when_the_clock_is_put_back(partnership: Partnership, record_id: UUID) -> None:
    """A server clock that was set back gives the next entry the least later time, not an earlier one."""
    before = append(partnership.context.engine, record_id, "e1")

    def act(driver: Driver) -> Stored:
        locked = lock(driver, "hv", records=[record_id])
        made = draft(record_id, "e2")
        stored = place(locked.heads[record_id], made, locked.clock - timedelta(days=30))
        write(driver, locked.heads, [(made, stored)])
        return stored

    after = append_with(partnership.context.engine, act)
    assert after.recorded_at == before.recorded_at + timedelta(microseconds=1)
    verify_chain(read_chain(partnership, record_id))


def test_a_record_held_by_another_session_is_given_up(partnership: Partnership, record_id: UUID) -> None:
    """After two seconds the append says that the record is contended, and has left nothing: no lock, no row."""
    rows = partnership.rows()
    with partnership.acting("ledger_worker") as holding:
        holding.execute(text("SELECT 1 FROM ledger.heads WHERE record_id = :r FOR NO KEY UPDATE"), {"r": record_id})
        began = datetime.now(UTC)
        with pytest.raises(ContendedError):
            append(partnership.context.engine, record_id, "e1")
        assert timedelta(seconds=1.5) < datetime.now(UTC) - began < timedelta(seconds=4)
    assert partnership.rows() == rows
    assert append(partnership.context.engine, record_id, "e1").number == 2


def test_a_bad_key_locks_nothing(partnership: Partnership, record_id: UUID) -> None:
    """A caller whose key does not hold cannot hold up a record, nor learn what is stored under whose name."""
    append(partnership.context.engine, record_id, "e1")
    stranger = read_bearer("Bearer ledger.hv.aaaaaaaa." + "A" * 43)

    def act(driver: Driver) -> Locked:
        locked = lock(driver, stranger, records=[record_id], events=["e1"])
        assert append(partnership.context.engine, record_id, "e2").number == 3, "while the stranger's is open"
        return locked

    locked = append_with(partnership.context.engine, act)
    assert locked.caller is None
    assert locked.heads == {}
    assert locked.known == {}


def test_one_event_cannot_be_stored_twice(partnership: Partnership, record_id: UUID) -> None:
    """Whatever a caller overlooks, (agency, event id) is unique: in one record, and across records."""
    append(partnership.context.engine, record_id, "e1")
    elsewhere = UUID(partnership.child())
    for record in (record_id, elsewhere):
        with pytest.raises(TakenError):
            append(partnership.context.engine, record, "e1")
    assert append(partnership.context.engine, record_id, "e1", "gp").number == 3, "another agency's ids are its own"


def test_a_failure_in_the_middle_leaves_no_trace(partnership: Partnership, record_id: UUID) -> None:
    """An append that breaks off after writing leaves neither entry nor number behind, and its connection is fit."""
    rows = partnership.rows()

    def act(driver: Driver) -> None:
        locked = lock(driver, "hv", records=[record_id])
        made = draft(record_id, "e1")
        write(driver, locked.heads, [(made, place(locked.heads[record_id], made, locked.clock))], commit=False)
        raise RuntimeError("broken off")

    for _ in range(3):
        with pytest.raises(RuntimeError):
            append_with(partnership.context.engine, act)
    assert partnership.rows() == rows
    assert append(partnership.context.engine, record_id, "e1").number == 2


def test_detection_held_open_stops_no_append(partnership: Partnership, record_id: UUID) -> None:
    """A worker that reads and holds the record's advisory lock for long keeps no writer waiting."""
    with partnership.acting("ledger_worker") as detecting:
        detecting.execute(text("SELECT pg_try_advisory_xact_lock(hashtext(:r))"), {"r": str(record_id)})
        detecting.execute(text("SELECT * FROM ledger.entries JOIN ledger.heads USING (record_id)")).all()
        done = threading.Event()

        def post() -> None:
            append(partnership.context.engine, record_id, "e1")
            done.set()

        thread = threading.Thread(target=post)
        thread.start()
        assert done.wait(1.0)
        thread.join()
