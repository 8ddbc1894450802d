"""Secrets out of files: for each setting that may hold one, NAME_FILE names a file that holds it instead.

A file that everybody on the machine may read keeps no secret, so it is refused. No message repeats a value, nor what
stands in a file.
"""

import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Final

#: Every setting that may hold a secret: the addresses of the stores hold passwords.
SECRETS: Final = (
    "DATABASE_URL",
    "REDIS_URL",
    "LEDGER_WEB_DATABASE_URL",
    "LEDGER_WORKER_DATABASE_URL",
    "LEDGER_ADMIN_DATABASE_URL",
    "LEDGER_AUDITOR_DATABASE_URL",
    "LEDGER_ERASURE_DATABASE_URL",
    "LEDGER_SEALER_DATABASE_URL",
    "LEDGER_SECRET_KEY",
    "LEDGER_LOG_KEY",
    "LEDGER_RECEIPT_KEY",
    "LEDGER_OIDC_CLIENT_SECRET",
    "LEDGER_SMTP_URL",
    "LEDGER_NOTIFY_KEY",
)
#: A secret is a line or a few; whatever is longer is some other file.
_BYTES_MAX: Final = 64 * 1024


class SecretFileError(ValueError):
    """A file that should hold a secret cannot be used; the text names the variable and says why."""


def with_secrets(env: Mapping[str, str]) -> dict[str, str]:
    """The environment with what the files hold in the place of their names. Raises SecretFileError."""
    read = dict(env)
    for name in SECRETS:
        path = read.pop(f"{name}_FILE", "")
        if not path:
            continue
        if read.get(name):
            raise SecretFileError(f"{name} and {name}_FILE are both set: leave one out")
        read[name] = _secret_in(Path(path), name)
    return read


def _secret_in(path: Path, name: str) -> str:
    try:
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_mode & stat.S_IROTH:
                raise SecretFileError(
                    f"the file that {name}_FILE names can be read by everybody on this machine: chmod o-rwx it"
                )
            held = file.read(_BYTES_MAX + 1)
    except OSError as error:
        raise SecretFileError(f"the file that {name}_FILE names cannot be read") from error
    try:
        secret = held.decode("utf-8").strip()
    except UnicodeDecodeError as error:
        raise SecretFileError(f"the file that {name}_FILE names holds no text") from error
    if not secret or len(held) > _BYTES_MAX:
        raise SecretFileError(f"the file that {name}_FILE names is empty, or holds more than a secret")
    return secret
