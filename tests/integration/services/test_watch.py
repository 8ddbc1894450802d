"""The watch over the machinery on a real database: signs of life, lateness by the real clock, and telling once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, text

from ledger.domain.machinery import Limits
from ledger.domain.retry import MAIL, Schedule
from ledger.services.channel import Delivery, Outcome, Retry, Sent
from ledger.services.detect_due import Setbacks, sweep
from ledger.services.keep_watch import sign_of_life
from ledger.services.watch import Watching, be_heard, leave, watch
from ledger.services.word_mail import Letter
from ledger.services.write_to_operators import Post, letter_to_operators, write_to_operators
from ledger.stack.child import wait_until
from ledger.store.database import connect_engine
from ledger.store.party import LIVE
from tests.chance import chance
from tests.integration.services.detecting import BEGAN, History, packs, told
from tests.partnership import Partnership

#: Nothing but what a test makes wrong is wrong.
#: What the template of the tests' databases left to be sealed is as old as their run.
QUIET = Limits(late_s=5.0, silent_s=30.0, unsealed_s=1e9)


def now() -> datetime:
    """The real clock."""
    return datetime.now(UTC)


@dataclass
class Mail:
    """Takes letters, or refuses them so many times first."""

    refuses: int = 0
    letters: list[tuple[str, Letter]] = field(default_factory=list)
    schedule: Schedule = MAIL
    at_once: int = 1

    def send(self, delivery: Delivery) -> Outcome:
        """Take one."""
        if self.refuses:
            self.refuses -= 1
            return Retry("unreachable")
        self.letters.append((delivery.message, letter_to_operators(delivery, "https://ledger.example")))
        return Sent()


@pytest.fixture
def worker(partnership: Partnership) -> Iterator[Engine]:
    """An engine as workers have it."""
    engine = connect_engine(partnership.database_url, "ledger_worker", pool_size=4)
    yield engine
    engine.dispose()


@pytest.fixture
def live(partnership: Partnership) -> Iterator[Engine]:
    """An engine as processes that serve have it."""
    engine = connect_engine(partnership.database_url, "ledger_web", pool_size=4)
    yield engine
    engine.dispose()


def watching(part: str = "worker", *expected: str, limits: Limits = QUIET, seconds: float = 200.0) -> Watching:
    """A watch that has been looking for so long already."""
    made = Watching(part, now, limits, frozenset(expected), LIVE if part in {"web", "live"} else "ledger")
    made._began -= seconds
    return made


def age(engine: Engine, table: str, column: str, seconds: float) -> None:
    """Have rows be so much older."""
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE ledger.{table} SET {column} = {column} - {seconds} * interval '1 second'"))


def told_of(partnership: Partnership) -> list[tuple[str, str, int]]:
    """What is in the operators' feed: type, name of the trouble, and its number there."""
    with partnership.acting("ledger_web", "csc") as connection:
        rows = connection.execute(
            text("SELECT type, subject, seq FROM ledger.feed_items WHERE party = 'operator' ORDER BY seq")
        ).all()
    return [(row.type, row.subject, row.seq) for row in rows]


def contradict(history: History) -> None:
    """Something for detection to find."""
    history.post(told("csc", "absent", observed="2022-10-01"))
    history.post(told("hv", "stays_overnight", observed="2022-10-20"))


def late(partnership: Partnership, seconds: float) -> None:
    """What was first seen to be due was so much longer ago."""
    age(partnership.engine("ledger_owner"), "lags", "since", seconds)


def test_detection_that_is_late_is_told_once_and_over_once(
    partnership: Partnership, worker: Engine, live: Engine
) -> None:
    """Whoever looks, and however often and at once: one item when it begins and one when it is over."""
    history = History(partnership)
    contradict(history)
    looks = [(worker, watching()), (live, watching("live")), (live, watching("web")), (worker, watching("beat"))]
    for engine, one in looks:
        watch(engine, one)
    assert told_of(partnership) == []
    late(partnership, 6.0)
    with ThreadPoolExecutor(len(looks)) as pool:
        list(pool.map(lambda look: watch(*look), looks * 2))
    assert told_of(partnership) == [("operation.began", "detection_late", 1)]
    history.detect()
    with ThreadPoolExecutor(len(looks)) as pool:
        list(pool.map(lambda look: watch(*look), looks * 2))
    assert told_of(partnership)[1:] == [("operation.over", "detection_late", 2)]


def test_a_demonstrations_clock_makes_nothing_late(database_url: str) -> None:
    """A clock that is moved by years makes moments due now, not years ago; and one that stands still hides no lag."""
    made = Partnership(database_url, clock_at=BEGAN)
    engine = connect_engine(made.database_url, "ledger_worker", pool_size=2)
    history = History(made)
    contradict(history)
    history.detect()
    history.move(BEGAN + timedelta(days=900))
    assert history.is_due()
    watch(engine, watching())
    assert told_of(made) == []
    late(made, 6.0)
    watch(engine, watching())
    assert [one[:2] for one in told_of(made)] == [("operation.began", "detection_late")]
    engine.dispose()
    made.close()


def test_a_record_that_is_posted_to_all_the_time_is_not_late(partnership: Partnership, worker: Engine) -> None:
    """Late is what was due when it was first seen: once that has been read, newer posts begin anew."""
    history = History(partnership)
    for day in (1, 2, 3):
        history.post(told("csc", "absent", observed=f"2022-10-{day:02}"))
        watch(worker, watching())
        late(partnership, 4.0)
        if day < 3:
            sweep(worker, packs, chance, setbacks=Setbacks())
    assert told_of(partnership) == []
    history.post(told("csc", "absent", observed="2022-10-04"))
    watch(worker, watching())
    late(partnership, 4.0)
    watch(worker, watching())
    assert [one[:2] for one in told_of(partnership)] == [("operation.began", "detection_late")]


def test_a_worker_that_is_heard_no_more_is_told_by_whoever_lives(
    partnership: Partnership, worker: Engine, live: Engine
) -> None:
    """All of a part, or one of several; heard again, it is over. One that ended in good order while others go on is not
    missed.
    """
    mine = watching("worker")
    be_heard(worker, mine)
    looking = watching("live", "worker", "live")
    watch(live, looking)
    assert told_of(partnership) == []
    age(worker, "heartbeats", "heard_at", 31)
    watch(live, looking)
    assert told_of(partnership) == [("operation.began", "part_silent", 1)]
    be_heard(worker, mine)
    watch(live, looking)
    assert told_of(partnership)[1:] == [("operation.over", "part_silent", 2)]
    with worker.begin() as connection:
        connection.execute(
            text("INSERT INTO ledger.heartbeats (part, host, pid, release) VALUES ('worker', 'there', 7, 'one')")
        )
        connection.execute(
            text("UPDATE ledger.heartbeats SET heard_at = heard_at - interval '40 seconds' WHERE host = 'there'")
        )
    watch(live, looking)
    assert told_of(partnership)[2:] == [("operation.began", "process_silent", 3)]
    with worker.begin() as connection:
        connection.execute(text("UPDATE ledger.heartbeats SET left_at = heard_at WHERE host = 'there'"))
    watch(live, looking)
    assert told_of(partnership)[3:] == [("operation.over", "process_silent", 4)]


def test_who_takes_a_dead_processs_place_says_that_it_is_gone(partnership: Partnership, worker: Engine) -> None:
    """A supervisor that starts a killed worker again leaves no trouble behind; one that hangs is still there."""
    beside = 2**22 + 1  # no process has this number
    mine = watching("worker", "worker")
    host = mine.process.host
    with worker.begin() as connection:
        for pid in (beside, 1):
            connection.execute(
                text("INSERT INTO ledger.heartbeats (part, host, pid, release) VALUES ('worker', :host, :pid, 'one')"),
                {"host": host, "pid": pid},
            )
    age(worker, "heartbeats", "heard_at", 100)
    watch(worker, mine)
    assert [one[:2] for one in told_of(partnership)] == [("operation.began", "process_silent")]
    with partnership.acting("ledger_worker") as connection:
        pids = set(connection.scalars(text("SELECT pid FROM ledger.heartbeats")))
    assert beside not in pids
    assert 1 in pids


def test_a_process_says_that_it_lives_and_that_it_ends(partnership: Partnership) -> None:
    """By a thread of its own, soon after it has begun; and once, however often it is told to end."""

    def connect() -> Engine:
        return connect_engine(partnership.database_url, "ledger_sealer", pool_size=1)

    def stands() -> list[tuple[str, bool]]:
        with partnership.acting("ledger_worker") as connection:
            return [
                (row.part, row.lives)
                for row in connection.execute(text("SELECT part, left_at IS NULL AS lives FROM ledger.heartbeats"))
            ]

    life = sign_of_life("sealer", connect, 2.0, now)
    life.begin()
    life.begin()
    assert wait_until(lambda: stands() == [("sealer", True)], 10.0)
    life.end()
    life.end()
    assert stands() == [("sealer", False)]


def test_operators_are_written_to_once_when_it_begins_and_once_when_it_is_over(
    partnership: Partnership, worker: Engine, live: Engine
) -> None:
    """Whichever process can; mail that is not taken is tried again, under the same name; it names nobody."""
    mail = Mail(refuses=1)
    post = Post(mail, "operator@ledger.example")
    watch(live, watching("live", "worker"))
    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(lambda engine: write_to_operators(engine, post, now), [live, worker] * 2)) == 0
    age(worker, "troubles", "mail_after", 90)
    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(lambda engine: write_to_operators(engine, post, now), [live, worker] * 2)) == 1
    mine = watching("worker")
    be_heard(worker, mine)
    watch(live, watching("live", "worker"))
    assert write_to_operators(worker, post, now) == 1
    assert write_to_operators(worker, post, now) == 0
    (began, first), (over, second) = mail.letters
    assert (began.split(".")[-1], over.split(".")[-1]) == ("began", "over")
    assert first.subject == "Ledger: No worker is heard"
    assert "https://ledger.example/operation" in first.body
    assert "This is over: No worker is heard." in second.body
    assert first.to == second.to == "operator@ledger.example"
    leave(worker, mine)
