"""Where each person of a genogram stands: generations as rows, partners side by side, children under their parents.

Pure arithmetic over names. The row of the child's parents is laid out first, with whoever has most ties in it in the
middle; then the rows below it, each under its parents, and those above, each over its children.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

#: How wide a column is, and how far the middles of two rows are apart, in the drawing's units.
COLUMN, ROW = 150, 208
_PARENTS = 1


@dataclass(frozen=True, slots=True)
class Union:
    """One or two parents, by name, and their children."""

    parents: tuple[str, ...]
    children: tuple[str, ...]


def place(
    generations: Mapping[str, int], unions: Sequence[Union], couples: Iterable[Collection[str]], first: str
) -> dict[str, tuple[float, int]]:
    """Of each name the middle of its column and its row's number, the oldest generation's being 0."""
    rows: dict[int, list[str]] = defaultdict(list)
    for name, generation in generations.items():
        rows[generation].append(name)
    beside = _beside(unions, couples)
    base = _PARENTS if _PARENTS in rows else max(rows)
    columns = {name: float(place * COLUMN) for place, name in enumerate(_chain(rows[base], beside))}
    for generation in sorted((one for one in rows if one < base), reverse=True):
        wanted = _wanted(rows[generation], columns, [(one.children, one.parents) for one in unions])
        columns |= _spread(rows[generation], wanted, beside, first)
    for generation in sorted(one for one in rows if one > base):
        wanted = _wanted(rows[generation], columns, [(one.parents, one.children) for one in unions])
        columns |= _spread(rows[generation], wanted, beside, first)
    left = min(columns.values())
    top = max(rows)
    return {name: (columns[name] - left + COLUMN / 2, top - generations[name]) for name in generations}


def _beside(unions: Iterable[Union], couples: Iterable[Collection[str]]) -> dict[str, list[str]]:
    """Who should stand beside whom: first those with whom somebody has a child."""
    beside: dict[str, list[str]] = defaultdict(list)
    for pair in [*(one.parents for one in unions if len(one.parents) == 2), *couples]:
        one, other = pair
        if other not in beside[one]:
            beside[one].append(other)
            beside[other].append(one)
    return beside


def _chain(row: Sequence[str], beside: Mapping[str, Sequence[str]]) -> list[str]:
    """A row in which those who belong together stand together, and whoever has most others in their middle."""
    left_over = dict.fromkeys(row)
    chain: list[str] = []
    while left_over:
        hub = max(
            left_over, key=lambda name: (len([o for o in beside.get(name, ()) if o in left_over]), -row.index(name))
        )
        del left_over[hub]
        sides: tuple[list[str], list[str]] = ([], [])
        for number, name in enumerate([one for one in beside.get(hub, ()) if one in left_over]):
            _outwards(name, sides[number % 2], left_over, beside)
        chain += [*reversed(sides[0]), hub, *sides[1]]
    return chain


def _outwards(name: str, side: list[str], left_over: dict[str, None], beside: Mapping[str, Sequence[str]]) -> None:
    """Somebody, and beyond them whoever belongs to them."""
    if name not in left_over:
        return
    del left_over[name]
    side.append(name)
    for other in beside.get(name, ()):
        _outwards(other, side, left_over, beside)


def _wanted(
    row: Iterable[str],
    columns: Mapping[str, float],
    ties: Iterable[tuple[Collection[str], Collection[str]]],
) -> Callable[[str], float]:
    """Where each of a row should stand: in the middle of those to whom the ties lead; else at the end."""
    found: dict[str, list[float]] = defaultdict(list)
    for mine, theirs in ties:
        for name in mine:
            found[name] += [columns[one] for one in theirs if one in columns]
    known = {name: sum(found[name]) / len(found[name]) for name in row if found[name]}
    end = max(known.values(), default=max(columns.values(), default=0.0)) + COLUMN
    return lambda name: known.get(name, end)


def _spread(
    row: Sequence[str], wanted: Callable[[str], float], beside: Mapping[str, Sequence[str]], first: str
) -> dict[str, float]:
    """A row's columns, as near to where each should stand as whole columns allow; couples stay together."""
    order: list[str] = []
    # The child itself stands before brothers and sisters of the same parents.
    for name in sorted(row, key=lambda name: (wanted(name), name != first, row.index(name))):
        if name not in order:
            order += [name, *(one for one in beside.get(name, ()) if one in row and one not in order)]
    # Pools of neighbours that would overlap stand around the middle of where they should stand.
    pools: list[tuple[float, int]] = []
    for number, name in enumerate(order):
        total, size = wanted(name) - number * COLUMN, 1
        while pools and pools[-1][0] / pools[-1][1] > total / size:
            before = pools.pop()
            total, size = total + before[0], size + before[1]
        pools.append((total, size))
    starts = [total / size for total, size in pools for _ in range(size)]
    return {name: start + number * COLUMN for number, (name, start) in enumerate(zip(order, starts, strict=True))}
