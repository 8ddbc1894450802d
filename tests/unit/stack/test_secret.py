import base64
from pathlib import Path

import pytest

from ledger.stack.fault import StackError
from ledger.stack.secret import keep_secret


def test_a_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    """32 bytes as the settings read them; a second start finds the same."""
    path = keep_secret(tmp_path / "secret.key")
    made = path.read_text()
    assert len(base64.urlsafe_b64decode(made)) == 32
    assert path.stat().st_mode & 0o777 == 0o600
    assert keep_secret(path).read_text() == made


def test_a_key_that_others_could_read_is_not_used(tmp_path: Path) -> None:
    """It may have been copied already; that is for a person to decide."""
    path = keep_secret(tmp_path / "secret.key")
    path.chmod(0o644)
    with pytest.raises(StackError, match="can be read by others"):
        keep_secret(path)


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    """In a plain line."""
    with pytest.raises(StackError, match="cannot be made or read"):
        keep_secret(tmp_path / "nowhere" / "secret.key")
