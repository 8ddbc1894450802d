"""What two packs make of one record, set beside each other: which findings are new, gone, or said otherwise.

Findings of two runs are paired by what they are, not by name: the same rule on the same area, else the same kind there,
else the same statements set against each other. What finds no partner was raised or dropped. A finding that becomes a
notice is dropped, a notice that becomes a finding is raised; both are shown.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from ledger.domain.raised import Raised

Change = Literal["raised", "dropped", "renamed", "regraded", "retimed", "notice_raised", "notice_dropped"]
#: In the order in which they are told. Retimed: raised sooner or later than before.
CHANGES: Final[tuple[Change, ...]] = (
    "raised", "dropped", "renamed", "regraded", "retimed", "notice_raised", "notice_dropped",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Difference:
    """One finding or notice that two packs do not tell alike; None where one of them does not tell it."""

    changes: tuple[Change, ...]
    old: Raised | None
    new: Raised | None

    @property
    def shown(self) -> Raised:
        """How it is now, or was where it is no more."""
        shown = self.new or self.old
        assert shown is not None, "a difference is of something"
        if self.old is not None and self.new is not None and self.new.is_notice and not self.old.is_notice:
            return self.old
        return shown


def differences(old: Iterable[Raised], new: Iterable[Raised]) -> list[Difference]:
    """What the new run tells otherwise than the old, in order of time."""
    pairs = _paired(old, new)
    found = [Difference(changes, one, two) for one, two in pairs if (changes := _changes(one, two))]
    return sorted(found, key=lambda one: (one.shown.raised_at, one.shown.kind, one.shown.id))


def _changes(old: Raised | None, new: Raised | None) -> tuple[Change, ...]:
    if old is None or new is None:
        return _alone(old, new)
    if old.is_notice != new.is_notice:
        return ("dropped",) if new.is_notice else ("raised",)
    if old.is_notice:
        return ()
    changes: list[Change] = []
    if (old.kind, old.rule) != (new.kind, new.rule):
        changes.append("renamed")
    if old.severity != new.severity and "" not in {old.severity, new.severity}:
        changes.append("regraded")
    if old.raised_at != new.raised_at:
        changes.append("retimed")
    return tuple(changes)


def _alone(old: Raised | None, new: Raised | None) -> tuple[Change, ...]:
    if new is not None:
        return ("notice_raised",) if new.is_notice else ("raised",)
    return ("notice_dropped",) if old is not None and old.is_notice else ("dropped",)


def _paired(old: Iterable[Raised], new: Iterable[Raised]) -> Iterator[tuple[Raised | None, Raised | None]]:
    left, right = _in_order(old), _in_order(new)
    for alike in _ALIKE:
        waiting: dict[Hashable, list[Raised]] = {}
        for one in left:
            if (key := alike(one)) is not None:
                waiting.setdefault(key, []).append(one)
        partnered: set[int] = set()
        for two in right:
            partners = waiting.get(alike(two))
            if partners:
                one = partners.pop(0)
                partnered |= {id(one), id(two)}
                yield one, two
        left = [one for one in left if id(one) not in partnered]
        right = [two for two in right if id(two) not in partnered]
    yield from ((one, None) for one in left)
    yield from ((None, two) for two in right)


def _in_order(raised: Iterable[Raised]) -> list[Raised]:
    return sorted(raised, key=lambda one: (one.raised_at, one.id))


def _sides(one: Raised) -> Hashable:
    """Two statements or more, set against each other alike: one alone may be the reason of quite different findings."""
    return frozenset(map(frozenset, one.sides)) if len(one.entries) > 1 else None


def _area_and_sides(one: Raised) -> Hashable:
    return (one.area, sides) if one.area and (sides := _sides(one)) is not None else None


#: What makes two findings one, the surest first. None is like nothing.
_ALIKE: Final[tuple[Callable[[Raised], Hashable], ...]] = (
    lambda one: (one.id, one.is_notice),
    lambda one: (one.is_notice, one.rule, one.area, one.entries) if one.area else None,
    lambda one: one.key or None,
    lambda one: (one.rule, one.area) if one.area and not one.is_notice else None,
    lambda one: (one.kind, one.area) if one.area and not one.is_notice else None,
    _area_and_sides,
    _sides,
    lambda one: (one.is_notice, one.entries) if len(one.entries) > 1 else None,
)
