"""What a witness remembers, and that it cannot be made to forget in silence."""

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from ledger.witness import store as module
from ledger.witness.key import WitnessKey, parse_key
from ledger.witness.store import Seen, Store, StoreError
from ledger.witness.witness import Witness
from tests.signing_log import SigningLog, seed_of


def test_a_store_is_of_one_key(tmp_path: Path) -> None:
    """It is made once and never again, serves no other key, and is never made by the way."""
    path = tmp_path / "store.db"
    with pytest.raises(StoreError, match="missing"):
        Store(path, "a")
    Store.make(path, "a")
    with pytest.raises(StoreError, match="already"):
        Store.make(path, "a")
    with pytest.raises(StoreError, match="another key"):
        Store(path, "b")
    path.unlink()
    with pytest.raises(StoreError, match="missing"):
        Store(path, "a")
    path.write_text("no database at all, but a text that is long enough to be none" * 10)
    with pytest.raises(StoreError, match="cannot be read"):
        Store(path, "a")


def test_a_store_that_vanishes_is_not_made_again(witness: Witness, log: SigningLog) -> None:
    """A running witness whose file is taken away answers nothing, and makes no new one."""
    assert witness.add_checkpoint(log.body(0, 5)).status == 200
    witness.store.path.unlink()
    with pytest.raises(sqlite3.OperationalError):
        witness.add_checkpoint(log.body(0))
    assert not witness.store.path.exists()


def test_what_was_decided_survives(witness: Witness, log: SigningLog, make_witness: Callable[..., Witness]) -> None:
    """A witness that is started anew goes on where it was; nobody but its account may read the file."""
    witness.add_checkpoint(log.body(0, 5))
    assert make_witness(log).add_checkpoint(log.body(0)).body == "5\n"
    assert witness.store.path.stat().st_mode & 0o077 == 0


def test_it_is_durable(tmp_path: Path) -> None:
    """Each transaction is on the disk when it returns: the write-ahead log, synced at every commit."""
    Store.make(tmp_path / "s.db", "a")
    connection = module._connect(tmp_path / "s.db")
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
    connection.close()


def test_what_fails_half_way_is_undone(tmp_path: Path) -> None:
    """A decision that is not finished leaves nothing."""
    store = Store.make(tmp_path / "s.db", "a")

    def fail() -> None:
        with store.deciding() as deciding:
            deciding.keep("log", Seen(3, b"1" * 32, "note", 5))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert store.latest("log") is None


def test_a_root_is_never_replaced(tmp_path: Path) -> None:
    """Even a decision that were wrong could not put a second root at a size."""
    store = Store.make(tmp_path / "s.db", "a")
    with store.deciding() as deciding:
        deciding.keep("log", Seen(3, b"1" * 32, "note", 5))
    with pytest.raises(StoreError), store.deciding() as deciding:
        deciding.keep("log", Seen(3, b"2" * 32, "note", 5))
    latest = store.latest("log")
    assert latest is not None
    assert latest.root == b"1" * 32


def test_the_past_is_kept_for_a_while(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The newest so many are kept of each log, and the newest of all always."""
    monkeypatch.setattr(module, "SEEN_MOST", 3)
    store = Store.make(tmp_path / "s.db", "a")
    for size in range(10):
        with store.deciding() as deciding:
            deciding.keep("log", Seen(size, b"1" * 32, "note", 5))
            deciding.keep("other", Seen(1, b"1" * 32, "note", 5))
    with store.deciding() as deciding:
        assert [size for size in range(10) if deciding.seen("log", size)] == [7, 8, 9]
        assert deciding.seen("other", 1)


def test_requests_at_once(witness: Witness, log: SigningLog) -> None:
    """Many at once, of growing sizes and of forks: sizes only grow, and each size has one root."""
    witness.add_checkpoint(log.body(0, 5))
    bodies = [(log.note(size), log.body(5, size)) for size in range(5, 12)]
    bodies += [(fork.note(), fork.body(5)) for fork in (log.forked(5, more, "fork") for more in range(1, 7))]
    answers: dict[str, int] = {}
    start = threading.Barrier(len(bodies))

    def send(note: str, body: bytes) -> None:
        start.wait()
        answers[note] = witness.add_checkpoint(body).status

    threads = [threading.Thread(target=send, args=one) for one in bodies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    grown = [note for note, status in answers.items() if status == 200 and note != log.note(5)]
    # All began at 5: one of them won, and every other was told where the log is now.
    assert len(grown) == 1
    assert {status for note, status in answers.items() if note not in grown} <= {200, 409}
    latest = witness.store.latest(log.origin)
    assert latest is not None
    assert latest.note == grown[0]


def test_a_key_is_read_back(tmp_path: Path) -> None:
    """A key file holds one line, from which the same key comes; whatever else is refused and not repeated."""
    key = WitnessKey("witness.example/w1", seed_of("w1"))
    assert parse_key(key.to_text()) == key
    assert repr(key.seed) not in repr(key)
    text = key.to_text()
    for broken in ("", "PRIVATE+KEY", text.replace("w1", "w2"), text[:-4] + "\n", text + text, key.vkey, "x" + text):
        with pytest.raises(ValueError, match="no witness's key") as caught:
            parse_key(broken)
        assert text.rsplit("+", 1)[1].strip() not in str(caught.value)


@pytest.mark.parametrize("name", ["", "two words", "a+b", "line\nbreak"])
def test_names_that_no_note_can_carry(name: str) -> None:
    """A key's name stands in signature lines."""
    with pytest.raises(ValueError, match="name"):
        WitnessKey(name, seed_of("w1"))
