"""A key of this machine's stack, such as that which seals second factors: made once, beside the data, for its owner."""

import base64
import contextlib
import os
from pathlib import Path

from ledger.stack.fault import StackError

_BYTES = 32


def keep_secret(path: Path) -> Path:
    """The file of the key, made if it is not there. Raises StackError if others could read it or it cannot be made."""
    try:
        with contextlib.suppress(FileExistsError):
            made = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(made, "wb") as file:
                file.write(base64.urlsafe_b64encode(os.urandom(_BYTES)) + b"\n")
        if path.stat().st_mode & 0o077:
            raise StackError(f"{path} holds a key and can be read by others: chmod 600 it")
    except OSError as error:
        raise StackError(f"The key {path} cannot be made or read.") from error
    return path
