"""The folders of one stack: its data, the engines' own data, the private sockets, and the logs.

Sockets live outside the data folder because their paths may have 107 bytes at most. Every folder is made with its
mode, and one that exists is used only if it belongs to whom it must and nobody else can enter it.
"""

import hashlib
import os
import shutil
import stat
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from ledger.stack.account import Account, can_reach, engine_account
from ledger.stack.binaries import Binaries
from ledger.stack.fault import StackError

SOCKET_PATH_MAX_BYTES = 107
LONGEST_SOCKET_NAME = "/.s.PGSQL.5432.lock"
#: Where engines keep their data when root's data folder lies where their account may not go.
SYSTEM_HOME = Path("/var/lib/ledger")


@dataclass(frozen=True, slots=True)
class Place:
    """Where everything of one stack is. `engines` is apart from `data` only when the account cannot reach it."""

    data: Path
    engines: Path
    run: Path
    log: Path
    account: Account

    @property
    def postgres(self) -> Path:
        return self.engines / "postgres"

    @property
    def valkey(self) -> Path:
        return self.engines / "valkey"

    @property
    def state(self) -> Path:
        return self.data / "state.json"


def make_place(data: Path, env: Mapping[str, str]) -> Place:
    """Make the folders of a stack, or take those that are there. Raises StackError if they cannot be used."""
    data = data.resolve()
    known = next((path for path in (data / "engines/postgres", _apart(data) / "postgres") if path.exists()), None)
    account = engine_account(env, known)
    make_data_folder(data, account)
    engines = data / "engines" if can_reach(data, account) else _apart(data)
    if engines.parent != data:
        _make_folder(engines.parent, 0o755)
    _make_folder(engines, 0o711 if account.changes else 0o700)
    _make_folder(data / "log", 0o700)
    return Place(
        data=data, engines=engines, run=_make_run_folder(data, env, account), log=data / "log", account=account
    )


def make_data_folder(data: Path, account: Account) -> None:
    """Make the data folder: closed to all others, except that root lets the engines' account pass through."""
    try:
        data.parent.mkdir(parents=True, exist_ok=True)
        _make_folder(data, 0o711 if account.changes else 0o700)
    except PermissionError as error:
        raise StackError(f"The data folder {data} cannot be written: who are you, and whose is it?") from error
    if not os.access(data, os.W_OK | os.X_OK):
        raise StackError(f"The data folder {data} belongs to somebody else; set LEDGER_DATA to one of your own.")


def remove_data(data: Path) -> None:
    """Delete a stack's data, wherever its engines keep it; the caller holds the data folder's lock."""
    data = data.resolve()
    shutil.rmtree(_apart(data), ignore_errors=True)
    for path in data.iterdir() if data.is_dir() else ():
        if path.name != "lock":
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()


def reachable(binaries: Binaries, place: Place) -> Binaries:
    """The same programs where the account can run them: copied once into the engines' folder if they are not."""
    if can_reach(binaries.program(), place.account):
        return binaries
    name = f"{binaries.source}-{binaries.version_text}"
    copy = place.engines / "binaries" / name
    if not copy.exists():
        _make_folder(copy.parent, 0o755)
        staging = copy.with_name(f"{name}.new")
        shutil.rmtree(staging, ignore_errors=True)
        for part in binaries.parts:
            _copy(binaries.root / part, staging / part)
        _open_to_read(staging)
        staging.rename(copy)
    folder = copy / binaries.folder.relative_to(binaries.root)
    return replace(binaries, folder=folder, source=f"{binaries.source}, copied", root=copy)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, symlinks=True, ignore=shutil.ignore_patterns("include", "*.a", "pkgconfig"))
    else:
        shutil.copy2(source, target)


def _open_to_read(root: Path) -> None:
    """Let everyone read and run a copy, whatever the umask was when the original was installed."""
    for path in (root, *root.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(stat.S_IMODE(mode) | (0o555 if path.is_dir() or mode & stat.S_IXUSR else 0o444))


def _apart(data: Path) -> Path:
    return SYSTEM_HOME / short_name(data)


def short_name(data: Path) -> str:
    """What a data folder's folders elsewhere are called by."""
    return hashlib.sha256(os.fsencode(data)).hexdigest()[:12]


def _make_folder(path: Path, mode: int) -> None:
    """Make a folder with exactly this mode, whatever the umask; one that exists keeps its own."""
    if not path.exists():
        path.mkdir(mode=0o700)
        path.chmod(mode)


def _make_run_folder(data: Path, env: Mapping[str, str], account: Account) -> Path:
    """A folder for sockets that the account owns and nobody else may enter."""
    runtime = Path(env["XDG_RUNTIME_DIR"]) if env.get("XDG_RUNTIME_DIR") and not account.changes else None
    name = f"{short_name(data)}-{account.uid}"
    for base in (runtime, Path("/tmp")):  # noqa: S108 — the folder's owner and mode are checked below
        if base is None or not os.access(base, os.W_OK | os.X_OK):
            continue
        folder = base / (f"ledger-{name}" if base == runtime else name)
        if len(os.fsencode(f"{folder}{LONGEST_SOCKET_NAME}")) <= SOCKET_PATH_MAX_BYTES:
            return _own_run_folder(folder, account)
    raise StackError("No folder for private sockets: neither XDG_RUNTIME_DIR nor /tmp can be used.")


def _own_run_folder(folder: Path, account: Account) -> Path:
    try:
        folder.mkdir(mode=0o700)
        if account.changes:
            os.chown(folder, account.uid, account.gid)
    except FileExistsError:
        status = folder.lstat()
        private = (
            stat.S_ISDIR(status.st_mode) and status.st_uid == account.uid and not stat.S_IMODE(status.st_mode) & 0o077
        )
        if not private:
            raise StackError(
                f"{folder} exists but is not a private folder of {account.name}; remove it if it is not in use."
            ) from None
    return folder
