"""A genogram as shapes and lines: what the page draws, worked out without a server, and with no colour's help.

A square is a man or boy, a circle a woman or girl, a diamond somebody whose sex is not recorded, a triangle a
pregnancy; the child of the record has a double outline. Dotted is what is contested or one person's word; what is
contested has a mark besides. Who belongs to the household stands in a frame.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final, Literal

from ledger.services.word_text import capital
from ledger.web.draw_genogram_lines import Line, Mark, lines_of_plan
from ledger.web.draw_genogram_plan import BUS, CHILD, HALF, TOP, Plan
from ledger.web.draw_genogram_rows import COLUMN, ROW
from ledger.web.draw_genogram_words import inside_of, lines_of, title_of

Shape = Literal["square", "circle", "diamond", "triangle"]
_SHAPES: Final[Mapping[str | None, Shape]] = {"male": "square", "female": "circle", None: "diamond"}
_OF_SLOT: Final[Mapping[str | None, Shape]] = {"father": "square", "mother": "circle", None: "diamond"}
#: How far a frame keeps from its column's edge.
_IN: Final = 6


@dataclass(frozen=True, slots=True)
class Symbol:
    """One person, or one who is missing. ``lines`` stand under it, ``inside`` in it; ``died``: yes or contested."""

    x: float
    y: float
    shape: Shape
    inside: str
    lines: tuple[str, ...]
    title: str
    is_child: bool = False
    is_missing: bool = False
    died: str | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """Round those of one household who stand side by side."""

    x: float
    y: float
    width: float
    height: float
    is_contested: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """All that is drawn, from the back to the front. ``others_at``: where those begin whom nothing places."""

    width: int
    height: int
    frames: tuple[Frame, ...]
    lines: tuple[Line, ...]
    marks: tuple[Mark, ...]
    symbols: tuple[Symbol, ...]
    others_at: float | None


def draw_genogram(told: Mapping[str, Any]) -> Drawing:
    """The drawing of a family as `ledger.services.read_genogram` tells it: the same for the same family, always."""
    plan = Plan(told)
    lines, marks = lines_of_plan(plan)
    return Drawing(
        int(max(x for x, _ in plan.at.values()) + COLUMN / 2),
        int(max(plan.y(name) for name in plan.at) + BUS),
        tuple(_frames(plan)),
        tuple(lines),
        tuple(marks),
        tuple(_symbol(plan, name) for name in plan.at),
        TOP + plan.at[plan.others[0]][1] * ROW - HALF - _IN if plan.others else None,
    )


def _frames(plan: Plan) -> Iterator[Frame]:
    """A frame round each run of neighbours in a row who are of the household, or of whom that is contested."""
    rows: dict[int, list[str]] = defaultdict(list)
    for name, (_, row) in plan.at.items():
        rows[row].append(name)
    for in_row in rows.values():
        for household, run in groupby(sorted(in_row, key=plan.x), key=lambda name: _household(plan, name)):
            if household in ("in", "contested"):
                names = list(run)
                left, right = plan.x(names[0]) - COLUMN / 2 + _IN, plan.x(names[-1]) + COLUMN / 2 - _IN
                top = plan.y(names[0]) - HALF - 14
                yield Frame(left, top, right - left, HALF + BUS - 8, household == "contested")


def _household(plan: Plan, name: str) -> str | None:
    return plan.people[name]["household"] if name in plan.people else None


def _symbol(plan: Plan, name: str) -> Symbol:
    x, y = plan.x(name), plan.y(name)
    if name in plan.missing:
        one = plan.missing[name]
        under = (capital(one["slot"] or "other parent"), "not known")
        return Symbol(x, y, _OF_SLOT[one["slot"]], "?", under, one["words"], is_missing=True)
    if name in plan.expected:
        doubt = " ≠" if plan.expected[name]["pregnant"] == "contested" else ""
        return Symbol(x, y, "triangle", "", (f"pregnancy{doubt}",), "A pregnancy, the child of this record or another")
    one = plan.people[name]
    shape = "triangle" if name == CHILD and plan.told["unborn"] else _SHAPES[one["sex"]]
    inside, lines = inside_of(one, plan.told["valid_at"]), lines_of(one, plan.ties)
    return Symbol(x, y, shape, inside, lines, title_of(one), is_child=name == CHILD, died=one["died"])
