"""How far a long check is: percent and entries a second, on standard error."""

from collections.abc import Callable
from typing import TextIO

_ON_TERMINAL_S, _IN_FILE_S = 0.2, 10.0


class ProgressLine:
    """One line that is written again and again on a terminal; elsewhere a line every ten seconds."""

    def __init__(self, to: TextIO, now: Callable[[], float]) -> None:
        self._to, self._now = to, now
        self._is_terminal = to.isatty()
        self._every_s = _ON_TERMINAL_S if self._is_terminal else _IN_FILE_S
        self._width = 0

    def of(self, what: str) -> Callable[[int, int], None]:
        """What is told how many of how many are done."""
        began = said = self._now()

        def tell(done: int, total: int) -> None:
            nonlocal said
            now = self._now()
            if now - said < self._every_s:
                return
            said = now
            rate = done / (now - began)
            self._write(f"{100 * done // max(total, 1):3d} %  {done:,} of {total:,} {what}, {rate:,.0f} a second")

        return tell

    def _write(self, line: str) -> None:
        if self._is_terminal:
            self._width = max(self._width, len(line))
            self._to.write(f"\r{line:<{self._width}}")
        else:
            self._to.write(f"{line}\n")
        self._to.flush()

    def clear(self) -> None:
        """Take the line away again."""
        if self._is_terminal and self._width:
            self._to.write(f"\r{'':<{self._width}}\r")
            self._to.flush()
