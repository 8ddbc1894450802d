"""Read the operator's policy of witnesses (c2sp.org/tlog-policy) from the file that the settings name."""

from pathlib import Path
from typing import Final

from ledger.domain.log.policy import Policy, parse_policy

_BYTES_MAX: Final = 1024 * 1024


class PolicyFileError(ValueError):
    """The file cannot be read or is no policy; the text says where."""


def read_policy(path: Path | None) -> Policy | None:
    """The policy that a file holds; None where there is no file to read. Raises PolicyFileError."""
    if path is None:
        return None
    try:
        with path.open("rb") as file:
            held = file.read(_BYTES_MAX + 1)
    except OSError as error:
        raise PolicyFileError(f"the policy of witnesses cannot be read: {path}") from error
    if len(held) > _BYTES_MAX:
        raise PolicyFileError(f"{path} is larger than any policy of witnesses")
    try:
        return parse_policy(held.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise PolicyFileError(f"{path} is no policy of witnesses: it is not UTF-8") from error
    except ValueError as error:
        raise PolicyFileError(f"{path} is no policy of witnesses: {error}") from error
