"""Who is drawn on a genogram, with whom as parents of whom, and where each stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any, Final

from ledger.web.draw_genogram_rows import COLUMN, ROW, Union, place

CHILD: Final = "child"
#: Half of a symbol's height; how far the first row's middle is from the top; how far below it lines to children run.
HALF, TOP, BUS = 24, 70, 118
#: How much larger the child's outer outline is, and how much higher a diamond than a square.
_CHILD_MORE, _DIAMOND = 6, 1.25
#: How much lower the rows begin of those whose place nothing says.
_APART: Final = 24


class Plan:
    """The people of a family as it is told, those who are missing, and pregnancies; each with a place."""

    def __init__(self, told: Mapping[str, Any]) -> None:
        self.told = told
        self.people: dict[str, Mapping[str, Any]] = {one["person"]: one for one in told["people"]}
        self.missing: dict[str, Mapping[str, Any]] = {
            f"missing {number}": one for number, one in enumerate(told["missing"])
        }
        placed = {name: one["generation"] for name, one in self.people.items() if one["generation"] is not None}
        self.expected = {f"pregnancy {name}": self.people[name] for name in placed if self._expects(name)}
        placed |= {name: placed.get(one["of"], 0) + 1 for name, one in self.missing.items()}
        placed |= {name: placed[one["person"]] - 1 for name, one in self.expected.items()}
        self.ties = [tie for tie in told["ties"] if {tie["one"], tie["other"]} <= placed.keys()]
        self.unions = self._parents()
        pairs = [(tie["one"], tie["other"]) for tie in self.ties if tie["sort"] in ("couple", "sibling")]
        level = [(one, other) for one, other in pairs if placed[one] == placed[other]]
        self.at = place(placed, self.unions, level, CHILD)
        self.others = [name for name in self.people if name not in placed]
        self._place_others()

    def x(self, name: str) -> float:
        """The middle of somebody's symbol, from the left."""
        return self.at[name][0]

    def y(self, name: str) -> float:
        """The same from the top."""
        return TOP + self.at[name][1] * ROW + (_APART if name in self.others else 0)

    def top(self, name: str) -> float:
        """The upper end of somebody's symbol: of a diamond, and of the child, it is higher."""
        return self.y(name) - (HALF + (_CHILD_MORE if name == CHILD else 0)) * (
            _DIAMOND if self.is_pointed(name) else 1
        )

    def is_pointed(self, name: str) -> bool:
        """Whether somebody is drawn as a diamond."""
        is_triangle = name == CHILD and self.told["unborn"]
        return name in self.people and self.people[name]["sex"] is None and not is_triangle

    def is_next(self, one: str, other: str) -> bool:
        """Whether two stand side by side with nobody between them."""
        return self.at[one][1] == self.at[other][1] and abs(self.x(one) - self.x(other)) <= COLUMN * 1.01

    def label(self, name: str) -> str:
        """What somebody is called."""
        return str(self.people[name]["label"]) if name in self.people else "somebody not known"

    def _expects(self, name: str) -> bool:
        """Whether a pregnancy of theirs is drawn: the child of the record stands there itself while it is not born."""
        return bool(self.people[name]["pregnant"]) and not (name == "mother" and self.told["unborn"])

    def _place_others(self) -> None:
        """Those whose place in the family nothing says stand below it."""
        rows = max(row for _, row in self.at.values()) + 1
        across = max(2, int(max(x for x, _ in self.at.values()) // COLUMN) + 1)
        for number, name in enumerate(self.others):
            self.at[name] = ((number % across + 0.5) * COLUMN, rows + number // across)

    def _couples(self) -> set[frozenset[str]]:
        return {frozenset({tie["one"], tie["other"]}) for tie in self.ties if tie["sort"] == "couple"}

    def _parents(self) -> list[Union]:
        """Each one or two who are parents together, with their children; of two who are contested each has a place."""
        of_child: dict[str, dict[str | None, list[str]]] = defaultdict(lambda: defaultdict(list))
        for tie in self.ties:
            if tie["sort"] == "parent":
                of_child[tie["other"]][tie["slot"]].append(tie["one"])
        for name, one in self.missing.items():
            of_child[one["of"]][one["slot"]].append(name)
        for name, one in self.expected.items():
            of_child[name]["mother"].append(one["person"])
        found: dict[tuple[str, ...], list[str]] = {}
        for child, slots in of_child.items():
            for parents in _pairs(slots, self._couples()):
                found.setdefault(parents, []).append(child)
        return [Union(parents, tuple(children)) for parents, children in found.items()]


def _pairs(slots: Mapping[str | None, Sequence[str]], couples: set[frozenset[str]]) -> list[tuple[str, ...]]:
    """A child's parents two by two: each named as its mother with each named as its father.

    Where several are in both places, only those belong together of whom somebody says so, or whom one agency names.
    """
    mothers, fathers, others = (list(slots.get(slot, ())) for slot in ("mother", "father", None))
    while others and not (mothers and fathers):
        (fathers if mothers else mothers).append(others.pop(0))
    alone = [(name,) for name in others]
    if mothers and fathers:
        pairs: list[tuple[str, ...]] = [(min(pair), max(pair)) for pair in product(mothers, fathers)]
        if len(mothers) > 1 and len(fathers) > 1:
            fit = [pair for pair in pairs if frozenset(pair) in couples or _agency(pair[0]) == _agency(pair[1])]
            paired = {name for pair in fit for name in pair}
            pairs = [*fit, *((name,) for name in (*mothers, *fathers) if name not in paired)]
        return [*pairs, *alone]
    return [*((name,) for name in mothers or fathers), *alone]


def _agency(name: str) -> str:
    """Whose reference somebody's name is."""
    return name.partition("/")[0]
