"""How many children's records may be opened: by one person, and by one agency, within an hour and within a day.

A cap is no quota to be used up: it lies well above what work with children takes, and far below what copying all of
them would.
"""

from dataclasses import dataclass
from typing import Final, Literal

Who = Literal["person", "agency"]
Window = Literal["hour", "day"]


@dataclass(frozen=True, slots=True)
class Caps:
    """The most different children that may be opened within any stretch of that length."""

    per_person_hour: int = 60
    per_person_day: int = 250
    per_agency_hour: int = 2_000
    per_agency_day: int = 10_000

    def most(self, who: Who, window: Window) -> int:
        """One of the four."""
        found: int = getattr(self, f"per_{who}_{window}")
        return found


@dataclass(frozen=True, slots=True)
class Opened:
    """How many different children somebody opened within a window, and in how many seconds the first of them leaves it.

    ``count`` has those that are being opened, too.
    """

    who: Who
    window: Window
    count: int
    frees_in_s: int


CAPS: Final = Caps()


def exceeded(caps: Caps, opened: list[Opened]) -> Opened | None:
    """Of the caps that are passed, the one that holds longest; None where all is well."""
    passed = [one for one in opened if one.count > caps.most(one.who, one.window)]
    return max(passed, key=lambda one: one.frees_in_s, default=None)
