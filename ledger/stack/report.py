"""What the supervisor says to the terminal: one line a part, and it outlives the terminal."""

import contextlib
import sys
import time
from typing import TextIO


class Report:
    """Lines for a person. A terminal that is gone, or cannot show a letter, never stops the work."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream if stream is not None else sys.stdout
        self._began = time.monotonic()

    def line(self, text: str = "") -> None:
        with contextlib.suppress(OSError, ValueError):
            encoding = self._stream.encoding or "utf-8"
            self._stream.write(f"{text.encode(encoding, 'replace').decode(encoding)}\n")
            self._stream.flush()

    def part(self, name: str, text: str, seconds: float | None = None) -> None:
        """One part and what became of it."""
        took = f"  {seconds:5.1f} s" if seconds is not None else ""
        self.line(f"  {name:<10}{text:<56}{took}".rstrip())

    @property
    def seconds(self) -> float:
        """Since the report began."""
        return time.monotonic() - self._began
