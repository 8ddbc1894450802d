"""How far a long command is, on standard error and only where somebody watches."""

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

Item = TypeVar("Item")

_EVERY_S = 0.2


def watched(items: Iterable[Item], total: int, what: str) -> Iterator[Item]:
    """The same items; while they are taken, a line says how many of the total are done."""
    if not sys.stderr.isatty():
        yield from items
        return
    said_at, width = time.monotonic(), 0
    try:
        for done, item in enumerate(items):
            if time.monotonic() - said_at >= _EVERY_S:
                said_at, line = time.monotonic(), f"{done} of {total} {what}"
                width = max(width, len(line))
                sys.stderr.write(f"\r{line:<{width}}")
                sys.stderr.flush()
            yield item
    finally:
        if width:
            sys.stderr.write(f"\r{'':<{width}}\r")
            sys.stderr.flush()
