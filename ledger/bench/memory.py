"""The memory of the stack's processes as the kernel counts it.

Resident counts every page that a process has in memory; proportional shares out the pages that several have, so that
the sum over the processes is what the stack really takes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Usage:
    """Bytes of one process, or of several together."""

    resident: int = 0
    proportional: int = 0
    processes: int = 0

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(
            self.resident + other.resident,
            self.proportional + other.proportional,
            self.processes + other.processes,
        )

    def as_json(self) -> dict[str, int]:
        return {"resident": self.resident, "proportional": self.proportional, "processes": self.processes}


def usage_of(pid: int, proc: Path = Path("/proc")) -> Usage:
    """One process's memory; nothing where it has gone, or where the kernel does not say."""
    try:
        lines = (proc / str(pid) / "smaps_rollup").read_text().splitlines()
    except OSError:
        return Usage()
    found = {line.split(":")[0]: int(line.split()[1]) * 1024 for line in lines[1:] if line.endswith("kB")}
    return Usage(found.get("Rss", 0), found.get("Pss", 0), 1)


def usage_by_part(parts: Mapping[str, Sequence[int]]) -> dict[str, Usage]:
    """The memory of each part of the stack."""
    return {name: sum((usage_of(pid) for pid in pids), Usage()) for name, pids in parts.items()}


def total(usages: Mapping[str, Usage]) -> Usage:
    """All of them together."""
    return sum(usages.values(), Usage())
