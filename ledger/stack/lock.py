"""One supervisor a data folder: a file lock, which the system lets go however its holder ends."""

import fcntl
import os
from pathlib import Path

from ledger.stack.fault import StackError


class AlreadyRunningError(StackError):
    """Somebody else holds the data folder."""


class FolderLock:
    """The lock of a data folder, held until released or until this process ends. Children do not inherit it."""

    def __init__(self, data: Path) -> None:
        self._descriptor = os.open(data / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._descriptor)
            pid = holder(data)
            raise AlreadyRunningError(f"Already running (pid {pid or 'unknown'}), with the data in {data}.") from None
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, f"{os.getpid()}\n".encode(), 0)

    def release(self) -> None:
        os.ftruncate(self._descriptor, 0)
        os.close(self._descriptor)


def holder(data: Path) -> int | None:
    """The process that holds a data folder now, or None."""
    try:
        with (data / "lock").open() as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                text = file.read().strip()
                return int(text) if text.isdigit() else None
    except OSError:
        pass
    return None
