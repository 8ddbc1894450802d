"""Detection beside posts, reads, other workers and failures."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import text

from ledger.domain.pack import Pack
from ledger.services.authenticate import read_bearer
from ledger.services.detect import Detected, detect
from ledger.services.detect_due import Setbacks, Swept, sweep
from ledger.services.observe import submission_of
from ledger.services.record import record_one
from ledger.store.database import connect_engine
from tests.chance import chance
from tests.integration.services.detecting import BEGAN, History, packs, told
from tests.partnership import Partnership, stored

SOON = 10.0
WORKERS = 6


class Gate:
    """Rule packs that are given out only once the gate is opened."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self.opened = threading.Event()

    def __call__(self, digest: str) -> Pack:
        self.reached.set()
        assert self.opened.wait(SOON)
        return packs(digest)


@contextmanager
def held_open(history: History, gate: Gate) -> Iterator[Callable[[], Detected]]:
    """A detection of this record that has read and computes until the gate opens; gives what it comes to."""
    engine = history.partnership.engine("ledger_worker")
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(detect, engine, UUID(history.record_id), gate, chance)
        assert gate.reached.wait(SOON)
        try:
            yield lambda: running.result(SOON)
        finally:
            gate.opened.set()


def contradict(history: History) -> None:
    """Two words of the mother about the father that cannot both be so."""
    history.post(told("csc", "absent", observed="2026-10-01"))
    history.post(told("hv", "stays_overnight", observed="2026-10-20"))


@pytest.fixture
def history(partnership: Partnership) -> History:
    """A child with whom every agency is involved."""
    return History(partnership)


@pytest.fixture
def clocked(database_url: str) -> Iterator[Partnership]:
    """A partnership whose clock is the test's."""
    made = Partnership(database_url, clock_at=BEGAN)
    yield made
    made.close()


def swept(partnership: Partnership, setbacks: Setbacks | None = None, **options: Any) -> Swept:
    """One sweep by a worker."""
    engine = partnership.engine("ledger_worker")
    return sweep(engine, packs, chance, setbacks=setbacks or Setbacks(), **options)


def test_posts_and_reads_go_on_while_a_record_is_detected(partnership: Partnership, history: History) -> None:
    """A detection held open between reading and writing stops neither; what came meanwhile is found next."""
    history.post(told("csc", "absent", observed="2026-10-01"))
    gate = Gate()
    with held_open(history, gate) as result:
        history.post(told("hv", "stays_overnight", observed="2026-10-20"))
        stored(partnership.get(f"/children/{history.record_id}/timeline", "csc"))
        assert not gate.opened.is_set()
        gate.opened.set()
        assert result().steps == 6
    assert history.is_due()
    history.detect()
    assert "same_informant" in {one["kind"] for one in history.found()}


def test_a_second_worker_leaves_a_record_that_is_being_detected(partnership: Partnership, history: History) -> None:
    """It is told that the record is busy at once, does nothing to it, and goes on with others."""
    contradict(history)
    other = History(partnership)
    contradict(other)
    gate = Gate()
    with held_open(history, gate) as result:
        assert swept(partnership) == Swept(detected=1, busy=1, failed=0)
        assert not other.is_due()
        gate.opened.set()
        assert result().outcomes >= 1
    assert len(history.bodies("alert_raised")) == 1


def test_an_entry_that_belongs_before_a_stepped_moment_is_stepped_before_it(clocked: Partnership) -> None:
    """One that got its time before a moment, and is committed while that is stepped, makes it all computed again."""
    history = History(clocked)
    history.post(told("csc", "absent", observed="2022-12-31"))
    history.detect()
    ((due,),) = history.rows(
        "SELECT due_at FROM ledger.due_moments WHERE record_id = :record AND cause = 'stale_belief'"
    )
    before = due - timedelta(days=1)
    history.move(before)
    history.detect()
    who = read_bearer(f"Bearer {clocked.keys['csc']}")
    again = told("csc", "absent", observed=(due - timedelta(days=2)).date().isoformat())["body"]
    again |= {"event_id": "again", "child": {"id": history.record_id}}
    placed, commit = threading.Event(), threading.Event()

    def slowly(*_: object) -> tuple[()]:
        placed.set()
        assert commit.wait(SOON)
        return ()

    gate = Gate()
    with ThreadPoolExecutor(1) as pool:
        posting = pool.submit(record_one, clocked.context, who, submission_of(again, who), "observe", effect=slowly)
        assert placed.wait(SOON)
        history.move(due)
        with held_open(history, gate) as result:
            commit.set()
            recorded_at = posting.result(SOON).entry.recorded_at
            gate.opened.set()
            assert result().steps == 2
    assert before <= recorded_at < due
    # Stepped first, the moment would have found the older word stale; said again by then, it is not.
    assert "stale_belief" not in {one["rule"] for one in history.found()}


def test_many_workers_find_everything_once(partnership: Partnership) -> None:
    """Workers that sweep the same records all the time, while they are posted to, double nothing and miss nothing."""
    histories = [History(partnership) for _ in range(6)]
    engine = connect_engine(partnership.database_url, "ledger_worker", pool_size=WORKERS)
    done = threading.Event()

    def work() -> int:
        failed, setbacks = 0, Setbacks()
        while not done.is_set():
            failed += sweep(engine, packs, chance, setbacks=setbacks).failed
        return failed + sweep(engine, packs, chance, setbacks=setbacks).failed

    with ThreadPoolExecutor(WORKERS) as pool:
        working = [pool.submit(work) for _ in range(WORKERS)]
        for day in range(1, 9):
            for history in histories:
                value = "absent" if day % 2 else "stays_overnight"
                history.post(told("csc" if day % 2 else "hv", value, observed=f"2026-10-{day:02}"))
        done.set()
        assert [one.result(60) for one in working] == [0] * WORKERS
    swept(partnership)
    for history in histories:
        assert not history.is_due()
        alerted = [finding for kind, finding in history.said() if kind == "alert_raised"]
        assert len(alerted) == len(set(alerted)) == 1
    engine.dispose()


def test_a_worker_that_is_cut_off_leaves_nothing_half(
    partnership: Partnership, history: History, superuser_url: str
) -> None:
    """One whose connection dies between reading and writing has written nothing; the next finds it all."""
    contradict(history)
    before = partnership.rows()
    gate = Gate()
    with held_open(history, gate) as result:
        with psycopg.connect(superuser_url, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND application_name = 'ledger_worker' AND state <> 'idle'"
            )
        gate.opened.set()
        with pytest.raises(psycopg.OperationalError):
            result()
    assert partnership.rows() == before
    assert history.is_due()
    assert swept(partnership).failed == 0
    assert len(history.bodies("alert_raised")) == 1


def test_a_sweep_takes_more_than_it_asks_for_at_once(partnership: Partnership) -> None:
    """However many are due, one sweep goes on until none is."""
    histories = [History(partnership) for _ in range(7)]
    for history in histories:
        contradict(history)
    assert swept(partnership, limit=2) == Swept(detected=7, busy=0, failed=0)
    assert swept(partnership) == Swept(detected=0, busy=0, failed=0)


def test_a_sweep_finds_moments_that_have_come(clocked: Partnership) -> None:
    """A record with nothing new is due by its moment alone, however long ago that was."""
    history = History(clocked)
    history.post(told("csc", "absent", observed="2022-12-31"))
    swept(clocked)
    history.move(BEGAN + timedelta(days=3_000))
    assert swept(clocked) == Swept(detected=1, busy=0, failed=0)
    assert {"uncorroborated", "gap"} <= {one["kind"] for one in history.found()}


def test_a_sweep_ends_when_asked(partnership: Partnership, history: History) -> None:
    """A worker that stops takes no further record."""
    contradict(history)
    assert swept(partnership, stop=lambda: True) == Swept(detected=0, busy=0, failed=0)
    assert history.is_due()


def test_a_head_that_stays_locked_is_left_for_later(partnership: Partnership, history: History) -> None:
    """A writer that sits on the record's head makes detection give up on it for now, and nothing is lost."""
    contradict(history)
    with partnership.engine("ledger_admin").begin() as connection:
        connection.execute(
            text("SELECT 1 FROM ledger.heads WHERE record_id = :record FOR NO KEY UPDATE"),
            {"record": history.record_id},
        )
        assert swept(partnership) == Swept(detected=0, busy=1, failed=0)
    assert swept(partnership) == Swept(detected=1, busy=0, failed=0)
