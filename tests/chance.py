"""The tests' source of salts, ids and tokens."""

import os


def chance(count: int) -> bytes:
    """That many unpredictable bytes."""
    return os.urandom(count)
