"""The sealer's own store: what is there after a failure at each step, before and after it took effect."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.domain.log.checkpoint import Checkpoint
from ledger.domain.log.merkle import Frontier, Tree, leaf_hash
from ledger.services import kept_head
from ledger.services.kept_head import (
    Disk,
    Head,
    KeptHeads,
    StoreBrokenError,
    StoreInUseError,
    journal,
    read_head,
    signed_between,
)
from ledger.services.sign_log import LogSigner
from tests import sizes

BEGAN = datetime(2026, 11, 22, 9, tzinfo=UTC)
ORIGIN = "tests.example/log"
SIGNER = LogSigner(bytes(32))
STEPS = ("write", "sync", "rename", "sync folder", "add")


def head_of(size: int, *, origin: str = ORIGIN, at: datetime = BEGAN, kind: str = "leaf") -> Head:
    """A head over so many leaves, signed."""
    edge = Frontier()
    edge.extend(leaf_hash(f"{kind} {number}".encode()) for number in range(size))
    note = SIGNER.sign(Checkpoint(origin, size, edge.root()))
    return Head(origin, size, edge.root(), edge.hashes, note, at)


class FailingDisk(Disk):
    """Fails at one step, with the step done or not; `torn` writes half of what it should."""

    def __init__(self, step: str, *, is_done: bool, torn: bool = False) -> None:
        self._step, self._is_done, self._torn = step, is_done, torn

    def _do(self, step: str, act: Callable[[], None]) -> None:
        if step != self._step:
            act()
            return
        if self._is_done:
            act()
        raise OSError(28, "No space left on device")

    def write(self, path: Path, data: bytes) -> None:
        if self._torn and self._step == "write":
            super().write(path, data[: len(data) // 2])
        self._do("write", lambda: Disk.write(self, path, data))

    def add(self, path: Path, data: bytes) -> None:
        if self._torn and self._step == "add":
            super().add(path, data[: len(data) // 2])
        self._do("add", lambda: Disk.add(self, path, data))

    def sync(self, path: Path) -> None:
        self._do("sync folder" if path.is_dir() else "sync", lambda: Disk.sync(self, path))

    def rename(self, path: Path, to: Path) -> None:
        self._do("rename", lambda: Disk.rename(self, path, to))


def test_a_head_is_kept_whole(tmp_path: Path) -> None:
    """What is read is what was kept, in this process and in the next; each log has its own."""
    with KeptHeads(tmp_path / "store") as store:
        assert store.read("entries") is None
        store.keep("entries", head_of(3))
        store.keep("entries", head_of(700))
        store.keep("access", head_of(1, origin=f"{ORIGIN}/access"))
        assert store.read("entries") == head_of(700)
    with KeptHeads(tmp_path / "store") as store:
        assert store.read("entries") == head_of(700)
        assert store.read("access") == head_of(1, origin=f"{ORIGIN}/access")
    assert [signed.size for signed in journal(tmp_path / "store", "entries")] == [3, 700]
    assert (tmp_path / "store").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "store" / "entries.head").stat().st_mode & 0o777 == 0o600


def test_it_opens_once(tmp_path: Path) -> None:
    """A second process, or the same one again, is refused until the first lets go; reading needs no lock."""
    with KeptHeads(tmp_path) as store:
        store.keep("entries", head_of(2))
        with pytest.raises(StoreInUseError):
            KeptHeads(tmp_path)
        assert read_head(tmp_path, "entries") == head_of(2)
    KeptHeads(tmp_path).close()


@pytest.mark.parametrize("is_done", [False, True])
@pytest.mark.parametrize("step", STEPS)
def test_each_step_may_fail_either_way(tmp_path: Path, step: str, is_done: bool) -> None:
    """Failed and not persisted, or failed and persisted all the same: the last head or the new one is there, whole,
    and the next one is kept on top of whichever it is.
    """
    with KeptHeads(tmp_path) as store:
        store.keep("entries", head_of(5))
    with KeptHeads(tmp_path, FailingDisk(step, is_done=is_done)) as store, pytest.raises(OSError, match="No space"):
        store.keep("entries", head_of(9))
    is_there = step in ("sync folder", "add") or (step == "rename" and is_done)
    with KeptHeads(tmp_path) as store:
        assert store.read("entries") == (head_of(9) if is_there else head_of(5))
        store.keep("entries", head_of(12))
        assert store.read("entries") == head_of(12)
    sizes_signed = [signed.size for signed in journal(tmp_path, "entries")]
    assert sizes_signed in ([5, 12], [5, 9, 12])


@pytest.mark.parametrize("step", ["write", "add"])
def test_a_torn_write_harms_nothing(tmp_path: Path, step: str) -> None:
    """Half of a head, or of a line of the journal: the last whole one counts, and what follows is whole."""
    with KeptHeads(tmp_path) as store:
        store.keep("entries", head_of(5))
    with KeptHeads(tmp_path, FailingDisk(step, is_done=False, torn=True)) as store, pytest.raises(OSError, match="No"):
        store.keep("entries", head_of(9))
    with KeptHeads(tmp_path) as store:
        kept = store.read("entries")
        assert kept == (head_of(9) if step == "add" else head_of(5))
        store.keep("entries", head_of(12))
    assert [signed.size for signed in journal(tmp_path, "entries")] == [5, 12]


def test_nothing_signed_is_taken_back(tmp_path: Path) -> None:
    """Neither a smaller head, nor another of the same size, nor another log's takes the place of the one kept."""
    with KeptHeads(tmp_path) as store:
        store.keep("entries", head_of(5))
        for other in (head_of(4), head_of(5), head_of(5, kind="other"), head_of(9, origin="elsewhere.example/log")):
            with pytest.raises(StoreBrokenError):
                store.keep("entries", other)
        assert store.read("entries") == head_of(5)


@given(at=st.integers(0, 10_000), byte=st.integers(0, 255), cut=st.booleans())
@settings(max_examples=sizes.examples())
def test_a_changed_file_is_noticed_or_the_same(at: int, byte: int, cut: bool) -> None:
    """Whatever one byte of a kept head becomes, and wherever it is cut, it reads as the same root or not at all."""
    whole = head_of(77)
    data = bytearray(whole.to_bytes())
    at %= len(data)
    changed = bytes(data[:at]) if cut else bytes([*data[:at], byte, *data[at + 1 :]])
    try:
        found = Head.from_bytes(changed)
    except (ValueError, KeyError, TypeError, AttributeError):
        return
    assert (found.size, found.root, found.edge) == (whole.size, whole.root, whole.edge)


def test_what_holds_no_head_is_refused(tmp_path: Path) -> None:
    """Rubbish, another format, an edge or note of something else: said, and never taken for a head."""
    right = json.loads(head_of(6).to_bytes())
    for wrong in (
        b"",
        b"{}",
        b"[]",
        json.dumps(right | {"format": "other"}).encode(),
        json.dumps(right | {"size": 7}).encode(),
        json.dumps(right | {"root": "00" * 32}).encode(),
        json.dumps(right | {"edge": right["edge"][::-1]}).encode(),
        json.dumps(right | {"note": head_of(7).note}).encode(),
    ):
        (tmp_path / "entries.head").write_bytes(wrong)
        with pytest.raises(StoreBrokenError, match=r"entries\.head"):
            read_head(tmp_path, "entries")


def test_the_journal_says_when(tmp_path: Path) -> None:
    """Leaves that are missing were signed after the last head without them and by the first head with them all."""
    with KeptHeads(tmp_path) as store:
        for size in (10, 20, 30, 40):
            store.keep("entries", head_of(size, at=BEGAN + timedelta(minutes=size)))
    between = [BEGAN + timedelta(minutes=minutes) for minutes in (20, 40)]
    assert list(signed_between(tmp_path, "entries", 25, 40)) == between
    assert list(signed_between(tmp_path, "entries", 20, 35)) == between
    assert signed_between(tmp_path, "entries", 5, 50) == (None, None)
    assert signed_between(tmp_path, "access", 5, 50) == (None, None)


def test_a_long_journal_is_thinned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A head a second stays for a day, one a minute for a month, one an hour after that; the last one stays."""
    monkeypatch.setattr(kept_head, "JOURNAL_BYTES_MAX", 100)
    now = BEGAN + timedelta(days=60)
    lines = []
    for number, age in enumerate(
        [timedelta(days=40) - timedelta(minutes=20 * step) for step in range(6)]
        + [timedelta(days=3) - timedelta(seconds=20 * step) for step in range(6)]
        + [timedelta(hours=3) - timedelta(seconds=step) for step in range(6)]
    ):
        lines.append(f"{number} {bytes(32).hex()} {(now - age).strftime('%Y-%m-%dT%H:%M:%S.%fZ')}\n")
    (tmp_path / "entries.journal").write_text("".join(lines))
    with KeptHeads(tmp_path) as store:
        store.thin("entries", now)
        store.thin("access", now)
    assert [signed.size for signed in journal(tmp_path, "entries")] == [0, 3, 6, 9, *range(12, 18)]


def test_the_brute_force_agrees() -> None:
    """The root of an edge that is kept and gone on from is that of the whole tree."""
    tree, edge = Tree(), head_of(300).frontier
    for number in range(420):
        tree.append(leaf_hash(f"leaf {number}".encode()))
    edge.extend(leaf_hash(f"leaf {number}".encode()) for number in range(300, 420))
    assert (head_of(300).root, edge.root()) == (tree.root(300), tree.root(420))
