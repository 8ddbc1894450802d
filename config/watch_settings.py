"""What the environment says of watching: which sorts of processes there are to be, and how long is too long."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

PARTS = ("web", "worker", "sealer", "live", "beat")


class WatchSettingsError(ValueError):
    """A setting is wrong; the text names the variable and what it should be."""


@dataclass(frozen=True, slots=True)
class WatchSettings:
    """`expected`: of each of these some process is to be heard. Seconds; the same for every process of a ledger."""

    expected: frozenset[str]
    silent_s: float
    late_s: float

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Self:
        """Read the settings; each has a default. Raises WatchSettingsError."""
        said = env.get("LEDGER_EXPECTED_PARTS")
        expected = frozenset(PARTS if said is None else (part.strip() for part in said.split(",") if part.strip()))
        if not expected <= set(PARTS):
            raise WatchSettingsError(f"LEDGER_EXPECTED_PARTS must be some of {', '.join(PARTS)}, with commas between")
        return cls(expected, _seconds(env, "LEDGER_SILENT_SECONDS"), _seconds(env, "LEDGER_LATE_SECONDS"))


def _seconds(env: Mapping[str, str], name: str) -> float:
    try:
        value = float(env.get(name) or 30.0)
    except ValueError:
        value = 0.0
    if not 1.0 <= value <= 600.0:
        raise WatchSettingsError(f"{name} must be a number of seconds from 1 to 600")
    return value
