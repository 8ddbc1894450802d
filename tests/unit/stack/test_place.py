"""The folders of a stack: whose they are and how long their names may be."""

import os
from pathlib import Path

import pytest

from ledger.stack import place
from ledger.stack.account import Account
from ledger.stack.fault import StackError


@pytest.fixture
def me() -> Account:
    """The account that runs the tests."""
    return Account(name="me", uid=os.getuid(), gid=os.getgid(), changes=False)


def run_folder(data: Path, runtime: Path | None, account: Account) -> Path:
    return place._make_run_folder(data, {"XDG_RUNTIME_DIR": str(runtime)} if runtime else {}, account)


def test_sockets_go_to_the_runtime_folder_and_only_their_owner_may_enter(tmp_path: Path, me: Account) -> None:
    """Where the system gives a private folder it is used, and ours in it is private too."""
    runtime = Path("/tmp") / f"lt{os.getpid()}"
    runtime.mkdir()
    try:
        folder = run_folder(tmp_path, runtime, me)
        assert (folder.parent, folder.stat().st_mode & 0o777) == (runtime, 0o700)
        folder.rmdir()
    finally:
        runtime.rmdir()


def test_a_runtime_folder_with_too_long_a_name_is_passed_over(tmp_path: Path, me: Account) -> None:
    """A socket's path may have 107 bytes: a longer one would only fail when the server starts."""
    runtime = tmp_path / ("long" * 25)
    runtime.mkdir()
    folder = run_folder(tmp_path, runtime, me)
    assert folder.parent == Path("/tmp")
    assert len(f"{folder}{place.LONGEST_SOCKET_NAME}") <= place.SOCKET_PATH_MAX_BYTES
    folder.rmdir()


def test_a_folder_that_others_may_enter_is_refused(tmp_path: Path, me: Account) -> None:
    """Somebody else may have made it first in a shared /tmp: who owns the sockets' folder owns the database."""
    folder = run_folder(tmp_path, None, me)
    try:
        assert run_folder(tmp_path, None, me) == folder
        folder.chmod(0o755)
        with pytest.raises(StackError, match="not a private folder"):
            run_folder(tmp_path, None, me)
    finally:
        folder.rmdir()


def test_a_link_in_place_of_the_folder_is_refused(tmp_path: Path, me: Account) -> None:
    """A link to a private folder is not one."""
    folder = run_folder(tmp_path, None, me)
    folder.rmdir()
    target = tmp_path / "elsewhere"
    target.mkdir(mode=0o700)
    folder.symlink_to(target)
    try:
        with pytest.raises(StackError):
            run_folder(tmp_path, None, me)
    finally:
        folder.unlink()


def test_removing_data_keeps_the_lock_that_is_held(tmp_path: Path) -> None:
    """Else a second start would lock another file of the same name."""
    (tmp_path / "lock").touch()
    (tmp_path / "engines" / "postgres").mkdir(parents=True)
    place.remove_data(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["lock"]
