"""One holder a data folder."""

import os
from pathlib import Path

import pytest

from ledger.stack.lock import AlreadyRunningError, FolderLock, holder


def test_a_second_holder_is_told_who_the_first_is(tmp_path: Path) -> None:
    """The refusal names the process; once released, the folder is free again."""
    lock = FolderLock(tmp_path)
    with pytest.raises(AlreadyRunningError, match=f"pid {os.getpid()}"):
        FolderLock(tmp_path)
    assert holder(tmp_path) == os.getpid()
    lock.release()
    assert holder(tmp_path) is None
    FolderLock(tmp_path).release()


def test_a_lock_file_that_nobody_holds_means_nothing(tmp_path: Path) -> None:
    """A number left in the file by someone who was killed does not block, whoever has that number now."""
    (tmp_path / "lock").write_text("1\n")
    assert holder(tmp_path) is None
    FolderLock(tmp_path).release()
