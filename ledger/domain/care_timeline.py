"""Who had care of a child and where it slept over time: the stretches without a word, and what breaks an order.

Nothing is decided between words that differ. A stretch of which nobody says anything is a gap. Where a word was only
carried on, and nobody said so of that time, it is presumed: shown as such, for the next visit to ask.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from ledger.domain.belief import Held
from ledger.domain.claim import Ref
from ledger.domain.conflict import Conflict
from ledger.domain.facts import Facts
from ledger.domain.pack import Pack
from ledger.domain.question import Question, Topic
from ledger.domain.row import Hold, Row
from ledger.domain.rule import ANYBODY, Rule
from ledger.domain.rules.constraint import STRAINS
from ledger.domain.span import Span, SpanSet

#: What goes against an order or a condition breaks it; else two words cannot both be so, or only pull apart.
Sort = Literal["breach", "contradiction", "strain"]


@dataclass(frozen=True, slots=True)
class Bound:
    """One end of a stretch of time: the moments between which it lies."""

    earliest: datetime
    latest: datetime


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch of which nobody says anything; ``is_presumed``: somebody's earlier word was carried on over it."""

    since: Bound
    until: Bound
    is_presumed: bool


@dataclass(frozen=True, slots=True)
class Crossing:
    """Statements that by the pack's rule ``rule`` cannot both be so, or pull apart: the sides, and the time they share.

    ``until`` is None where nothing ends it. ``certain``: the span that they share in every reading of their dates.
    """

    rule: Rule
    sort: Sort
    sides: tuple[tuple[Ref, ...], ...]
    since: datetime
    until: datetime | None
    certain: Span | None


def gaps_in(rows: Iterable[Row], begins: datetime, at: datetime) -> list[Gap]:
    """What no row of a lane says anything of, from its beginning up to a moment, in the order of time."""
    holds = [hold for row in rows for cell in row.cells for hold in cell.holds if hold.time.earliest_start < at]
    said, carried = SpanSet(), SpanSet()
    for hold in holds:
        start, end = hold.time.earliest_start, hold.time.latest_end or at
        said.add(start, min(hold.said_until, end, at))
        carried.add(start, min(end, at))
    found = [_gap(span, holds, is_presumed=False) for span in carried.outside(begins, at)]
    for span in said.outside(begins, at):
        # What is left of it once the gaps are taken away was presumed.
        silent = SpanSet()
        for start, end in carried.outside(*span):
            silent.add(start, end)
        found += [_gap(part, holds, is_presumed=True) for part in silent.outside(*span)]
    return sorted(found, key=lambda gap: (gap.since.latest, gap.until.earliest))


def _gap(span: Span, holds: Iterable[Hold], *, is_presumed: bool) -> Gap:
    """The bounds of a gap: vague where the words beside it end, or begin, on vague dates."""
    start, end = span
    ended = [one.time.earliest_end for one in holds if one.time.latest_end == start and one.time.earliest_end]
    begun = [one.time.latest_start for one in holds if one.time.earliest_start == end]
    return Gap(
        Bound(min([start, *ended]), start),
        Bound(end, max([end, *begun])),
        is_presumed,
    )


def crossings(facts: Facts, pack: Pack, attributes: Collection[str]) -> list[Crossing]:
    """What on these attributes the pack's constraints set against each other, in the order of time.

    Only what cannot be put down to a change. Cost: that of the constraints on these attributes.
    """
    found = [
        _crossing(rule, conflict, pack)
        for rule in pack.rules.values()
        if rule.family.meets is not None and _is_between(rule, attributes)
        for question in facts.questions(Topic(rule.settings["one"]["attribute"], ANYBODY))
        for conflict in _conflicts(rule, question, facts, pack)
        if conflict.is_firm
    ]
    once = {(one.rule.name, one.sides, one.since): one for one in found}
    return sorted(once.values(), key=lambda one: (one.since, one.rule.name, one.sides))


def _conflicts(rule: Rule, question: Question, facts: Facts, pack: Pack) -> Iterator[Conflict]:
    assert rule.family.meets is not None, "that is what makes it a constraint"
    for meeting in rule.family.meets(rule, question, facts, pack):
        yield meeting.conflict


def _is_between(rule: Rule, attributes: Collection[str]) -> bool:
    sides = [rule.settings[side]["attribute"] for side in ("one", "other") if side in rule.settings]
    return len(sides) == 2 and all(side in attributes for side in sides)


def _crossing(rule: Rule, conflict: Conflict, pack: Pack) -> Crossing:
    binding = [pack.attributes[rule.settings[side]["attribute"]].binds for side in ("one", "other")]
    is_strain = rule.family.name == STRAINS.name
    sort: Sort = "strain" if is_strain else "breach" if any(binding) and not all(binding) else "contradiction"
    ends = [one.end for one in conflict.held if one.time.latest_end is not None]
    sides = tuple((one.statement.ref,) for one in conflict.held)
    until = min(ends) if ends else None
    return Crossing(rule, sort, sides, conflict.since, until, _certainly(conflict.held))


def _certainly(held: Iterable[Held]) -> Span | None:
    """The time that all of these share in every reading of their dates; None where there is none."""
    held = list(held)
    since = max(one.time.latest_start for one in held)
    ends = [one.time.earliest_end or one.statement.until for one in held]
    until = min(ends)
    return (since, until) if since < until else None
