"""The lines of a genogram: couples, parents to their children, brothers and sisters; and the marks on them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Final

from ledger.web.draw_genogram_plan import BUS, HALF, Plan
from ledger.web.draw_genogram_rows import COLUMN, ROW, Union

_WORST: Final = ("stands", "one_word", "open", "contested")
#: How the line of a couple is drawn; where they are said to be none it is broken.
_COUPLES: Final[Mapping[str, str]] = {
    "live_together": "double", "together": "single", "live_apart": "single", "on_and_off": "broken",
    "separated": "cut", "not_a_couple": "none", "never_a_couple": "none",
}  # fmt: skip
#: How far apart the lines to one child end that come from different parents.
_ASIDE: Final = 30
_DRAWN: Final = {"cut": "single", "none": "broken"}

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Line:
    """A path. ``sort``: single, double, broken, coparents, descent or sibling; dotted where it is in doubt."""

    path: str
    sort: str
    is_dotted: bool
    title: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A sign on a line: ``contested``, or a ``cut``."""

    x: float
    y: float
    sort: str
    title: str


def lines_of_plan(plan: Plan) -> tuple[list[Line], list[Mark]]:
    """Every line and mark, couples first."""
    return _Lines(plan).drawn()


class _Lines:
    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._lines: list[Line] = []
        self._marks: list[Mark] = []
        #: From where the children of two people hang.
        self._ends: dict[frozenset[str], Point] = {}

    def drawn(self) -> tuple[list[Line], list[Mark]]:
        self._draw_couples()
        for number, union in enumerate(self._plan.unions):
            start = self._start(union)
            for child in union.children:
                self._draw_descent(start, union, child, number)
        self._lines += self._siblings()
        return self._lines, self._marks

    def _draw_couples(self) -> None:
        said: dict[frozenset[str], list[Mapping[str, Any]]] = defaultdict(list)
        pairs = {frozenset(union.parents): union.parents for union in self._plan.unions if len(union.parents) == 2}
        for tie in self._plan.ties:
            if tie["sort"] == "couple":
                pair = frozenset({tie["one"], tie["other"]})
                said[pair].append(tie)
                pairs.setdefault(pair, (tie["one"], tie["other"]))
        over = 0
        for pair, (one, other) in pairs.items():
            over += not self._plan.is_next(one, other)
            path, end = self._bond(one, other, over)
            self._ends[pair] = end
            if said[pair]:
                self._draw_couple(path, end, said[pair])
            else:
                both = f"{self._plan.label(one)} and {self._plan.label(other)}"
                title = f"{both}: parents of one child; whether they are a couple is not said"
                self._lines.append(Line(path, "coparents", is_dotted=False, title=title))

    def _draw_couple(self, path: str, end: Point, ties: Sequence[Mapping[str, Any]]) -> None:
        shown = next((tie for tie in ties if _COUPLES.get(tie["word"]) != "none"), ties[0])
        title = "; ".join(_told(tie) for tie in ties)
        sort = _COUPLES.get(shown["word"], "single")
        self._lines.append(Line(path, _DRAWN.get(sort, sort), shown["standing"] != "stands", title))
        if sort == "cut" or shown["ended"]:
            self._marks.append(Mark(end[0] - 15, end[1], "cut", title))
        if any(tie["standing"] == "contested" for tie in ties):
            self._marks.append(Mark(end[0] + 15, end[1], "contested", title))

    def _bond(self, one: str, other: str, over: int) -> tuple[str, Point]:
        """Between two who stand side by side, else over the heads of those between; and from where children hang."""
        plan = self._plan
        left, right = sorted((one, other), key=lambda name: (plan.x(name), name))
        if plan.is_next(one, other):
            y, middle = plan.y(left), (plan.x(left) + plan.x(right)) / 2
            return f"M{plan.x(left) + HALF:g},{y:g}H{plan.x(right) - HALF:g}", (middle, y)
        top = min(plan.y(left), plan.y(right)) - HALF - 10 - 9 * ((over - 1) % 3)
        middle = plan.x(right) - COLUMN / 2
        ends = plan.top(left), plan.top(right)
        return f"M{plan.x(left):g},{ends[0]:g}V{top:g}H{plan.x(right):g}V{ends[1]:g}", (middle, top)

    def _start(self, union: Union) -> Point:
        """From where the children of one or two parents hang: of one, from under them."""
        if len(union.parents) == 2:
            return self._ends[frozenset(union.parents)]
        return self._plan.x(union.parents[0]), self._plan.y(union.parents[0]) + HALF

    def _draw_descent(self, start: Point, union: Union, child: str, number: int) -> None:
        plan = self._plan
        ties = [one for one in plan.ties if one["sort"] == "parent" and one["other"] == child]
        ties = [tie for tie in ties if tie["one"] in union.parents]
        standing = max((tie["standing"] for tie in ties), key=_WORST.index, default="stands")
        unions = [place for place, one in enumerate(plan.unions) if child in one.children]
        x = plan.x(child) + (unions.index(number) - (len(unions) - 1) / 2) * _ASIDE
        top = plan.top(child) + abs(x - plan.x(child)) * plan.is_pointed(child)
        bus = plan.y(child) - ROW + BUS + 7 * (number % 4)
        title = "; ".join(_told(tie) for tie in ties)
        is_dotted = standing != "stands" or any(name in plan.missing for name in union.parents)
        path = f"M{start[0]:g},{start[1]:g}V{bus:g}H{x:g}V{top:g}"
        self._lines.append(Line(path, "descent", is_dotted, title))
        if standing == "contested":
            self._marks.append(Mark(x, top - 20, "contested", title))

    def _siblings(self) -> Iterator[Line]:
        """Brothers and sisters of whom no parents that they share are drawn."""
        plan = self._plan
        together = {frozenset(pair) for one in plan.unions for pair in product(one.children, repeat=2)}
        for tie in plan.ties:
            if tie["sort"] == "sibling" and frozenset({tie["one"], tie["other"]}) not in together:
                one, other = _in_order(plan, (tie["one"], tie["other"]))
                y = max(plan.y(one), plan.y(other))
                path = f"M{plan.x(one) + HALF:g},{y:g}H{plan.x(other) - HALF:g}"
                if not plan.is_next(one, other):
                    top = min(plan.top(one), plan.top(other)) - 12
                    path = f"M{plan.x(one):g},{plan.top(one):g}V{top:g}H{plan.x(other):g}V{plan.top(other):g}"
                yield Line(path, "sibling", tie["standing"] != "stands", _told(tie))


def _in_order(plan: Plan, names: Iterable[str]) -> list[str]:
    return sorted(names, key=lambda name: (plan.x(name), name))


def _told(tie: Mapping[str, Any]) -> str:
    standing = f" ({tie['standing_words']})" if tie["standing_words"] else ""
    return f"{tie['words']}{standing}"
