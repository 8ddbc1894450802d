"""What may be wrong with an export, and which entry is the first that fails.

A fault says where a bad entry lies: at one index of the log, or within a range. The first that fails is the one whose
range ends first, for before its end something is certainly wrong.
"""

from dataclasses import asdict, dataclass, replace
from typing import Any

#: So many faults of entries are told one by one; beyond them checking goes no further, for the export is broken.
MOST_FAULTS = 20
#: Of files that no entry can be named for, so many are told; the others are counted.
MOST_FILE_FAULTS = 10


class UnreadableError(Exception):
    """This is no export, or the request makes no sense: nothing can be said about the ledger."""


class FileFaultError(Exception):
    """A file of the export is missing or damaged; `name` is the file."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(why)
        self.name = name
        self.why = why


class TooManyFaultsError(Exception):
    """There is no use in going on."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: why, and where as far as known (indexes of the log from 0, both ends included)."""

    why: str
    first: int | None = None
    last: int | None = None
    record: str | None = None
    number: int | None = None
    file: str | None = None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def where(self) -> str:
        """The place in words, without a full stop; empty where there is none."""
        parts = []
        if self.record is not None and self.number is not None:
            parts.append(f"entry {self.record}.{self.number}")
        if self.first is not None and self.first == self.last:
            parts.append(f"index {self.first:,} of the log")
        elif self.first is not None and self.last is not None:
            parts.append(f"somewhere from index {self.first:,} to {self.last:,} of the log")
        if self.file is not None:
            parts.append(f"file {self.file[:200]}")
        return ", ".join(parts)


class Faults:
    """Everything that was found wrong so far."""

    def __init__(self) -> None:
        self.found: list[Fault] = []
        self.files_untold = 0
        self._files = self._entries = 0

    def add(self, why: str, **where: Any) -> None:
        """Note a fault; raises TooManyFaultsError where enough entries are known to fail."""
        fault = _upright(Fault(why, **where))
        if fault.first is None and self._files >= MOST_FILE_FAULTS:
            self.files_untold += 1
            return
        self.found.append(fault)
        if fault.first is None:
            self._files += 1
            return
        self._entries += 1
        if self._entries >= MOST_FAULTS:
            raise TooManyFaultsError

    def add_file(self, error: FileFaultError, **where: Any) -> None:
        """Note that a file is missing or damaged."""
        self.add(error.why, file=error.name, **where)

    @property
    def first(self) -> Fault | None:
        """The fault that comes first in the log; those without an index after those with one; None without any."""
        return min(self.found, key=_place, default=None)

    def in_order(self) -> list[Fault]:
        """All of them, in the order of the log."""
        return sorted(self.found, key=_place)


def _upright(fault: Fault) -> Fault:
    """The same with the lower index first, whichever way the export has the two."""
    if fault.first is None or fault.last is None or fault.first <= fault.last:
        return fault
    return replace(fault, first=fault.last, last=fault.first)


def _place(fault: Fault) -> tuple[int, int, int]:
    if fault.last is None:
        return (1, 0, 0)
    return (0, fault.last, -(fault.first or 0))
