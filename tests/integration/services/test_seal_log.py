"""Sealing on a real database: order, tiles, and a stop or a failure at every step."""

import threading
from collections.abc import Callable
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from ledger.services.hold_head import NotAdoptedError
from ledger.services.kept_head import Disk, journal, read_head
from ledger.services.seal_log import LogSealer, extended, place_waiting, publish_head
from ledger.services.sign_log import origin_of_log
from ledger.store import sealing
from ledger.store.log import LOGS, newest, position_of, tree_size, waiting
from tests import sizes
from tests.integration.services.sealing import SIGNER, check_log, now, seal_all, sealer
from tests.partnership import ORIGIN, Partnership, stored


def post(partnership: Partnership, child: str, count: int = 1) -> None:
    """Some observations."""
    for _ in range(count):
        stored(partnership.post("/observations", partnership.observation(child)))


def look(partnership: Partnership, child: str) -> None:
    """A look at a record, which is recorded."""
    stored(partnership.get(f"/children/{child}/timeline"))


def check(sealing_log: LogSealer, folder: Path) -> dict[str, int]:
    """Both logs are what a brute force makes of them, and the kept head is the newest checkpoint; their sizes."""
    found: dict[str, int] = {}
    with sealing_log.connection.begin():
        for log in LOGS:
            found[log] = check_log(sealing_log.connection, log)
            head, shown = read_head(folder, log), newest(sealing_log.connection, log)
            assert (head and (head.size, head.root)) == (shown and (shown.size, shown.root))
    return found


def test_all_that_waits_is_sealed(partnership: Partnership, tmp_path: Path) -> None:
    """Entries and recorded reads get positions, tiles and a checkpoint each; then nothing waits, or is done."""
    child = partnership.child(involve=["hv"])
    post(partnership, child, 3)
    look(partnership, child)
    with sealer(partnership, tmp_path) as sealing_log:
        seal_all(sealing_log)
        found = check(sealing_log, tmp_path)
        assert sealing_log.round().is_idle
    with partnership.acting("ledger_worker") as connection:
        assert found["entries"] == connection.scalar(text("SELECT count(*) FROM ledger.entries"))
    with partnership.acting("ledger_auditor", "auditor") as connection:
        assert found["access"] == connection.scalar(text("SELECT count(*) FROM ledger.access_records")) == 1
    with partnership.acting("ledger_web", "hv") as connection:
        assert position_of(connection, UUID(child), 1) is not None
        assert [waiting(connection, log).count for log in LOGS] == [0, 0]
    with partnership.acting("ledger_web", "csc") as connection:
        assert position_of(connection, UUID(child), 1) is None, "another agency's place"


def test_no_number_is_placed_before_the_one_before_it(partnership: Partnership, tmp_path: Path) -> None:
    """With many writers at once, in the same records and in others, and the sealer at work all the while."""
    children = [partnership.child() for _ in range(3)]

    def write(number: int) -> None:
        for turn in range(sizes.posts() // 2):
            post(partnership, children[(number + turn) % len(children)])

    writers = [threading.Thread(target=write, args=(number,)) for number in range(sizes.posters())]
    with sealer(partnership, tmp_path) as sealing_log:
        sealing_log.begin()
        for writer in writers:
            writer.start()
        while any(writer.is_alive() for writer in writers):
            sealing_log.round()
        seal_all(sealing_log)
        assert check(sealing_log, tmp_path)["entries"] >= sizes.posters() * (sizes.posts() // 2)
        assert len(list(journal(tmp_path, "entries"))) > 2, "it sealed while they wrote"


def test_what_lacks_the_one_before_it_waits(partnership: Partnership, tmp_path: Path) -> None:
    """A number that came to wait before its predecessor, or with none, is left waiting; the rest is sealed."""
    child = UUID(partnership.child())
    post(partnership, str(child), 3)
    with sealer(partnership, tmp_path) as sealing_log, partnership.engine("ledger_sealer").begin() as hidden:
        hidden.execute(text("DELETE FROM ledger.unsealed WHERE record_id = :record AND number = 2"), {"record": child})
        hidden.commit()
        seal_all(sealing_log)
        assert sealing_log.round().stuck == 2
        with sealing_log.connection.begin():
            assert (
                sealing_log.connection.scalar(
                    text("SELECT max(number) FROM ledger.entry_positions WHERE record_id = :record"), {"record": child}
                )
                == 1
            )
        with partnership.engine("ledger_web").begin() as web:
            web.execute(
                text("INSERT INTO ledger.unsealed (record_id, number) VALUES (:record, 2), (:record, 1), (:none, 1)"),
                {"record": child, "none": uuid4()},
            )
        seal_all(sealing_log)
        check(sealing_log, tmp_path)
        with sealing_log.connection.begin():
            left = sealing_log.connection.execute(text("SELECT record_id, number FROM ledger.unsealed")).all()
        assert [(str(record) == str(child), number) for record, number in left] == [(False, 1)], "what is no entry"


def test_many_are_placed_in_bounded_batches(partnership: Partnership, tmp_path: Path) -> None:
    """A batch is cut at its bound, wherever within a record that is, and the next goes on from there."""
    child = partnership.child()
    post(partnership, child, 5)
    with sealer(partnership, tmp_path) as sealing_log:
        while place_waiting(sealing_log.connection, "entries", 2)[0]:
            sealing_log.sign("entries")
        check(sealing_log, tmp_path)


def place_only(sealing_log: LogSealer) -> None:
    """Stopped after positions and tiles were committed."""
    place_waiting(sealing_log.connection, "entries")


def extend_only(sealing_log: LogSealer) -> None:
    """Stopped after the head was signed, and before it was kept."""
    place_only(sealing_log)
    last = sealing_log.store.read("entries")
    assert extended(sealing_log.connection, "entries", last, origin_of_log(ORIGIN, "entries"), SIGNER, now) is not None


def keep_only(sealing_log: LogSealer) -> None:
    """Stopped after the head was kept, and before it was published."""
    place_only(sealing_log)
    last = sealing_log.store.read("entries")
    head = extended(sealing_log.connection, "entries", last, origin_of_log(ORIGIN, "entries"), SIGNER, now)
    assert head is not None
    sealing_log.store.keep("entries", head)


def publish_twice(sealing_log: LogSealer) -> None:
    """Published, and told that it was not."""
    keep_only(sealing_log)
    head = sealing_log.store.read("entries")
    assert head is not None
    publish_head(sealing_log.connection, "entries", head)


@pytest.mark.parametrize("stop", [place_only, extend_only, keep_only, publish_twice])
def test_a_stop_at_any_step_leaves_one_head_of_a_size(
    partnership: Partnership, tmp_path: Path, stop: Callable[[LogSealer], None]
) -> None:
    """Whoever starts again has the same head or a larger one that continues it, and there is one root of each size."""
    child = partnership.child()
    with sealer(partnership, tmp_path) as sealing_log:
        seal_all(sealing_log)
        post(partnership, child, 2)
        stop(sealing_log)
        before = read_head(tmp_path, "entries")
    post(partnership, child)
    with sealer(partnership, tmp_path) as sealing_log:
        seal_all(sealing_log)
        check(sealing_log, tmp_path)
        after = read_head(tmp_path, "entries")
        assert before is not None
        assert after is not None
        assert after.size > before.size
        with sealing_log.connection.begin():
            published = {one.size: one.root for one in sealing.checkpoints(sealing_log.connection, "entries")}
        for signed in journal(tmp_path, "entries"):
            assert published[signed.size] == signed.root


class Flaky(Disk):
    """Fails at every other call of one step, before or after it took effect."""

    def __init__(self, step: str, *, is_done: bool) -> None:
        self._step, self._is_done, self._calls = step, is_done, 0

    def _fail(self, step: str, *, is_done: bool) -> None:
        if step == self._step and is_done == self._is_done:
            self._calls += 1
            if self._calls % 2:
                raise OSError(5, "Input/output error")

    def write(self, path: Path, data: bytes) -> None:
        self._fail("write", is_done=False)
        super().write(path, data)
        self._fail("write", is_done=True)

    def add(self, path: Path, data: bytes) -> None:
        self._fail("add", is_done=False)
        super().add(path, data)
        self._fail("add", is_done=True)

    def sync(self, path: Path) -> None:
        self._fail("sync", is_done=False)
        super().sync(path)
        self._fail("sync", is_done=True)

    def rename(self, path: Path, to: Path) -> None:
        self._fail("rename", is_done=False)
        super().rename(path, to)
        self._fail("rename", is_done=True)


def test_a_disk_that_fails_now_and_then_is_lived_through(partnership: Partnership, tmp_path: Path) -> None:
    """At each step, either way: nothing is published that was not kept; the next round goes on from what is there."""
    child = partnership.child()
    failures = 0
    for step in ("write", "sync", "rename", "add"):
        for is_done in (False, True):
            with sealer(partnership, tmp_path, disk=Flaky(step, is_done=is_done)) as sealing_log:
                post(partnership, child)
                for _ in range(4):
                    try:
                        sealing_log.round()
                    except OSError:
                        failures += 1
                        with sealing_log.connection.begin():
                            shown = newest(sealing_log.connection, "entries")
                        kept = read_head(tmp_path, "entries")
                        assert (shown.size if shown else 0) <= (kept.size if kept else 0)
                sealing_log.begin()
                check(sealing_log, tmp_path)
    assert failures >= 8


def test_a_store_that_is_not_this_logs_is_not_gone_on_from(partnership: Partnership, tmp_path: Path) -> None:
    """Missing, older than the last checkpoint, or of another ledger: nothing is signed until it is adopted."""
    child = partnership.child()
    with sealer(partnership, tmp_path / "first") as sealing_log:
        seal_all(sealing_log)
    older = (tmp_path / "first" / "entries.head").read_bytes()
    post(partnership, child)
    with sealer(partnership, tmp_path / "first") as sealing_log:
        seal_all(sealing_log)
        with sealing_log.connection.begin():
            size = tree_size(sealing_log.connection, "entries")
    (tmp_path / "second").mkdir()
    (tmp_path / "second" / "entries.head").write_bytes(older)
    for folder in ("second", "none"):
        with sealer(partnership, tmp_path / folder) as sealing_log, pytest.raises(NotAdoptedError):
            sealing_log.begin()
    with sealer(partnership, tmp_path / "first") as sealing_log:
        other = LogSealer(sealing_log.connection, sealing_log.store, SIGNER, "elsewhere.example", now)
        with pytest.raises(NotAdoptedError):
            other.begin()
        sealing_log.begin()
        with sealing_log.connection.begin():
            assert tree_size(sealing_log.connection, "entries") == size
