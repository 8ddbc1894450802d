"""What is to be reached, beside what was measured; a goal that is missed says by how much."""

from dataclasses import dataclass
from enum import Enum
from typing import Any


class Wanted(Enum):
    """Which way is good."""

    AT_LEAST = "≥"
    AT_MOST = "≤"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table: a figure, what stands beside it, and the goal, where there is one."""

    what: str
    value: float
    unit: str = ""
    #: The figure that it was measured beside, in words.
    beside: str = ""
    wanted: Wanted = Wanted.AT_LEAST
    goal: float | None = None

    @property
    def is_met(self) -> bool | None:
        """Whether the goal is reached; None without one."""
        if self.goal is None:
            return None
        return self.value >= self.goal if self.wanted is Wanted.AT_LEAST else self.value <= self.goal

    @property
    def verdict(self) -> str:
        """Met, or by how much missed, in words."""
        if self.is_met is None or self.goal is None:
            return ""
        return "met" if self.is_met else f"missed by {shown(abs(self.value - self.goal), self.unit)}"

    @property
    def goal_text(self) -> str:
        return "" if self.goal is None else f"{self.wanted.value} {shown(self.goal, self.unit)}"

    def as_json(self) -> dict[str, Any]:
        return {
            "what": self.what,
            "value": self.value,
            "unit": self.unit,
            "beside": self.beside,
            "goal": self.goal,
            "wanted": None if self.goal is None else self.wanted.value,
            "met": self.is_met,
        }


def shown(value: float, unit: str) -> str:
    """A figure as a person reads it: no more places than mean anything."""
    if value >= 100:
        text = f"{value:,.0f}"
    elif value >= 10:
        text = f"{value:.1f}"
    else:
        text = f"{value:.2f}"
    return f"{text} {unit}".rstrip()
