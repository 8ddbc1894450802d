"""Whom the engines run as, and what that account can reach."""

import os
from pathlib import Path

import pytest

from ledger.stack.account import Account, can_reach, engine_account
from ledger.stack.fault import StackError

STRANGER = Account(name="stranger", uid=4_000_001, gid=4_000_001, changes=True)


@pytest.fixture
def open_folder(tmp_path: Path) -> Path:
    """A folder below others of which the test may close one; the ones above are pytest's own."""
    folder = tmp_path / "outer" / "inner"
    folder.mkdir(parents=True)
    for path in (folder, *folder.parents):
        if path.owner() == tmp_path.owner() and path != Path("/") and path.is_relative_to(tmp_path):
            path.chmod(0o755)
    return folder


def test_a_folder_is_out_of_reach_when_one_above_it_is_closed(
    open_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes every folder on the way, and the last one too."""
    me = Account(name="me", uid=os.getuid(), gid=os.getgid(), changes=False)
    assert can_reach(open_folder, me)
    (tmp_path / "outer").chmod(0o600)
    if os.getuid() == 0:
        assert not can_reach(open_folder, STRANGER)
    (tmp_path / "outer").chmod(0o700)
    assert not can_reach(open_folder, STRANGER)


def test_an_ordinary_user_runs_the_engines_as_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody but root changes account."""
    monkeypatch.setattr(os, "geteuid", lambda: 65_534)
    account = engine_account({})
    assert (account.uid, account.changes) == (65_534, False)


def test_root_never_runs_the_engines_as_root(monkeypatch: pytest.MonkeyPatch) -> None:
    """Root's engines run as a service account, and naming root or nobody known is refused."""
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert engine_account({}).uid != 0
    for name in ("root", "no-such-account"):
        with pytest.raises(StackError):
            engine_account({"LEDGER_SERVICE_USER": name})


def test_existing_data_keeps_its_owner(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """When root starts what another account made, the engines run as that account, which alone can read it."""
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    if os.getuid() != 0:
        pytest.skip("only root can give a folder away")
    os.chown(tmp_path, STRANGER.uid, STRANGER.gid)
    assert engine_account({}, tmp_path).uid == STRANGER.uid
