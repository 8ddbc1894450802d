"""What is held back of one entry by itself, and what that leaves of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ledger.domain.marking import Level
from ledger.domain.redaction import Cut, cut, says_something

#: An entry's kind, its agency and its body.
Told = tuple[str, str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Redaction:
    """What is left of an entry's body: how much of the whole, what is hidden, and whether a pointer is due for it."""

    level: Level
    body: Mapping[str, Any] = field(default_factory=dict, repr=False)
    hidden: frozenset[int] = frozenset()
    #: Of these those of which the reader may not even know.
    unknown: frozenset[int] = frozenset()
    #: Something of it is held back of which the reader may know that it is there.
    points: bool = False


@dataclass(frozen=True, slots=True)
class Parts:
    """What is held back of one entry by itself: claims by their places, people by their keys."""

    claims: Mapping[int, Level] = field(default_factory=dict)
    people: Mapping[str, Level] = field(default_factory=dict)
    cut: Cut = field(default_factory=lambda: Cut({}))

    @classmethod
    def of(cls, told: Told, claims: Mapping[int, Level], people: Mapping[str, Level]) -> Parts:
        """What goes with these claims and people."""
        kind, agency, body = told
        return cls(claims, people, cut(kind, body, agency, claims, people))

    def cut_from(self, told: Told, *, wordless: bool) -> Cut:
        """What is left of the entry."""
        kind, agency, body = told
        return cut(kind, body, agency, self.claims, self.people, wordless=wordless)

    def level_of(self, place: int) -> Level:
        """How much of a claim, or of what is read as one, is left."""
        by_people = [self.people[key] for key in self.cut.gone.get(place, ())]
        return max([self.claims.get(place, Level.FULL), *by_people])

    @property
    def hidden(self) -> dict[int, Level]:
        return {place: self.level_of(place) for place in {*self.claims, *self.cut.gone}}

    @property
    def worst(self) -> Level:
        whole = [self.people[key] for key in self.cut.whole]
        return max([*self.hidden.values(), *whole], default=Level.FULL)


def left_of(told: Told, parts: Parts, worst: Level) -> Level:
    """FULL where anything is left of an entry, without the words that go with what is hidden; else what is left of it.

    ``worst``: of all that is hidden of it and of what shares its markings.
    """
    if worst is Level.FULL:
        return worst
    if parts.cut.whole:
        return max(parts.people[key] for key in parts.cut.whole)
    if says_something(told[0], parts.cut_from(told, wordless=True).body):
        return Level.FULL
    hidden = parts.hidden.values()
    return Level.POINTER if Level.POINTER in hidden or (not hidden and worst is Level.POINTER) else Level.NOTHING
