"""Which program this is: what failed under another one is worth trying again."""

import hashlib
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_SOURCE = Path(__file__).resolve().parents[1]
_MIGRATIONS = _SOURCE.parent / "migrations" / "versions"
_CHARS = 16


@cache
def release() -> str:
    """A name that changes with the program: of its version, the newest migration and its source. Read once.

    The source counts for itself, since versions stay the same while somebody mends a fault.
    """
    digest = hashlib.sha256()
    for path in sorted(_SOURCE.rglob("*.py")):
        digest.update(f"{path.relative_to(_SOURCE)}\n".encode() + hashlib.sha256(path.read_bytes()).digest())
    try:
        number = version("ledger")
    except PackageNotFoundError:
        number = "0"
    # By their files' names: Alembic is much to load for a number.
    newest = max((path.stem.partition("_")[0] for path in _MIGRATIONS.glob("[0-9]*.py")), default="0")
    return f"{number}+{newest}.{digest.hexdigest()[:_CHARS]}"
