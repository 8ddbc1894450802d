from pathlib import Path

import pytest

from ledger.domain.log.policy import NONE
from ledger.services.read_policy import PolicyFileError, read_policy


def test_without_a_file_there_is_no_policy() -> None:
    """Nothing set is nothing read."""
    assert read_policy(None) is None


def test_a_policy_is_read(tmp_path: Path) -> None:
    """A file of the form that tlog-policy has, comments and all."""
    path = tmp_path / "policy"
    path.write_text("# nobody yet\nquorum none\n")
    policy = read_policy(path)
    assert policy is not None
    assert policy.quorum == NONE


@pytest.mark.parametrize(
    ("held", "said"),
    [
        (b"quorum nobody\n", "line 1 of the policy"),
        (b"\xff\xfe", "not UTF-8"),
        (b"#" * (1024 * 1024 + 1), "larger than any policy"),
        (b"", "no quorum"),
    ],
)
def test_what_is_no_policy_is_told_with_its_file(tmp_path: Path, held: bytes, said: str) -> None:
    """Whoever set it finds the file and, where it has one, the line."""
    path = tmp_path / "policy"
    path.write_bytes(held)
    with pytest.raises(PolicyFileError, match=said) as refused:
        read_policy(path)
    assert str(path) in str(refused.value)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    """A path that leads nowhere is a mistake of the settings, and no reason to ask for no witness."""
    with pytest.raises(PolicyFileError, match="cannot be read"):
        read_policy(tmp_path / "nowhere")
