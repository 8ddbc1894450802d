"""When a part that died is started again, and when to give up on it.

A part that dies is started again after a pause that doubles with each death in the window. As many deaths within
the window as the limit allows mean that starting it again does not help.
"""

from dataclasses import dataclass, field

DEATHS_LIMIT = 5
WINDOW_SECONDS = 60.0
FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class RestartLimit:
    """How many deaths of one part within how long stop the whole stack."""

    deaths: int = DEATHS_LIMIT
    within_seconds: float = WINDOW_SECONDS


@dataclass(slots=True)
class DeathRecord:
    """The deaths of one part that still count, oldest first, on a monotonic clock."""

    limit: RestartLimit
    times: list[float] = field(default_factory=list)

    def died(self, at: float) -> float | None:
        """Note a death; the pause before the next start in seconds, or None when the limit is reached."""
        self.times = [time for time in self.times if at - time < self.limit.within_seconds]
        self.times.append(at)
        if len(self.times) >= self.limit.deaths:
            return None
        return min(FIRST_PAUSE_SECONDS * 2.0 ** (len(self.times) - 1), LONGEST_PAUSE_SECONDS)
