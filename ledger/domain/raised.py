"""A finding or notice as a backtest saw it: by the names of a scenario, or by the numbers of a record."""

from dataclasses import dataclass
from datetime import datetime

SIDES_ENTRIES_MAX = 8

Sides = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Raised:
    """One finding or notice, with what it rests on at last.

    ``grown`` holds the sides as they stood from each moment on, the first when it was raised. What is no alert is a
    prompt: it is asked at the next contact and interrupts nobody. ``aliases`` are all names of the person it is about.
    ``area`` is what its rule judged as a whole, ``key`` rule and area in one word: the same under every pack.
    ``closed_at`` is None while it stands. ``severity`` is empty where nobody graded it. ``by`` is the pack's constraint
    that set its sides against each other, where one did.
    """

    id: str
    kind: str
    rule: str
    severity: str
    raised_at: datetime
    explanation: str
    about: str
    attribute: str
    topic: str | None
    sides: Sides
    evidence: tuple[str, ...]
    grown: tuple[tuple[datetime, Sides], ...]
    is_notice: bool = False
    is_alert: bool = True
    aliases: frozenset[str] = frozenset()
    area: tuple[str, ...] = ()
    key: str = ""
    closed_at: datetime | None = None
    by: str = ""

    @property
    def spoken_by(self) -> str:
        """The rule whose words tell of it: the constraint that set the sides against each other, else its own."""
        return self.by or self.rule

    @property
    def entries(self) -> frozenset[str]:
        """Every entry in its sides."""
        return frozenset(entry for side in self.sides for entry in side)

    @property
    def rests_on(self) -> tuple[str, ...]:
        """Every entry in its sides or its evidence, once."""
        return tuple(dict.fromkeys([*(entry for side in self.sides for entry in side), *self.evidence]))

    @property
    def is_broad(self) -> bool:
        """Whether so many entries are set against each other that it points at none."""
        return len(self.entries) > SIDES_ENTRIES_MAX
