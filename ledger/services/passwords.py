"""Hashing passwords with Argon2id, and checking them at a cost that does not tell whether there is one.

Each hash takes 64 MiB for its while, so only so many are worked at once, however many requests come. No transaction is
open meanwhile: a connection is not held for what the processor does.
"""

import functools
import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from ledger.domain.password import MOST, normal

_AT_ONCE = threading.BoundedSemaphore(4)
_PATIENCE_S = 10.0
#: The library's own parameters, which follow RFC 9106 and may rise from version to version.
_HASHER = PasswordHasher()


class BusyError(Exception):
    """More passwords are being checked than this process will; nothing was checked."""


def hash_password(password: str) -> str:
    """A hash to keep, salt and parameters in it."""
    with _Turn():
        return _HASHER.hash(normal(password))


def is_password(password: str, kept: str | None) -> bool:
    """Whether this is the password of which the hash was kept; where none was, as long is taken to say no."""
    # Cut, so that nobody buys work by length; one that is longer is nobody's, and no other's either.
    tried = normal(password[: 4 * MOST])
    with _Turn():
        try:
            matches = _HASHER.verify(kept or _nobodys(), tried)
        except (VerificationError, InvalidHashError):
            return False
    return bool(matches) and kept is not None and len(tried) <= MOST


def needs_rehash(kept: str) -> bool:
    """Whether a hash was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(kept)


@functools.cache
def _nobodys() -> str:
    """A hash with today's parameters that is compared with where there is none."""
    return _HASHER.hash("of nobody")


class _Turn:
    """One of the few places at which a hash is worked. Raises BusyError when none comes free in time."""

    def __enter__(self) -> None:
        if not _AT_ONCE.acquire(timeout=_PATIENCE_S):
            raise BusyError

    def __exit__(self, *_: object) -> None:
        _AT_ONCE.release()
