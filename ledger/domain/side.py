"""Which statements a finding shows against each other, out of all the conflicts on its question.

The strongest conflict is shown: what is critical and firm, certain and excluding, then what lacks the fewest of these;
of equals what is critical first, then firm before a change, certain before possible, what excludes each other before
what pulls apart, what was told against what was seen, one person's two accounts, the latest before the earlier. To
a pair are added a third side, where another source firmly claims a third state, and other statements that conflict with
every one on the other sides and share a state with all on their own, so that any two on different sides truly cannot
both be so. At most eight entries are shown; what else is in conflict is evidence.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ledger.domain.civil_day import civil_date
from ledger.domain.claim import OFFICE_PREFIX, Ref
from ledger.domain.conflict import Comparing, Conflict, Ground
from ledger.domain.finding import ENTRIES_MAX, EVIDENCE_MAX, Basis, Kind, Tier
from ledger.domain.source import HEARD
from ledger.domain.statement import SIGHT, Statement
from ledger.domain.vocabulary import Attribute

#: By when a value is to be checked that is checked whatever else happens.
_CHECKED = ("at_once", "within_10wd")


@dataclass(frozen=True, slots=True)
class Meeting:
    """A conflict with what made it one: the question itself, or the pack's constraint ``by``, and its settings.

    ``tier``: what only needs asking, a prompt, sets nothing against each other, so all of it is on one side.
    ``is_told``: another rule alerts to it; where that is so of all there is, it is a prompt, with its sides.
    ``is_within_one``: of two sources within one agency, the one of which took the other's place in what it holds.
    """

    conflict: Conflict
    ground: Ground
    comparing: Comparing
    kind: Kind = "contradiction"
    by: str = ""
    is_strain: bool = False
    tier: Tier = "queue"
    is_told: bool = False
    is_within_one: bool = False


def basis_of(meetings: Sequence[Meeting]) -> Basis:
    """What a finding on these conflicts, at least one, rests on; the same for the same conflicts in any order."""
    shown = _strongest(meetings)
    sides = [[held.statement] for held in shown.conflict.held]
    if len(sides) == 2:
        alike = [meeting.conflict for meeting in meetings if meeting.by == shown.by]
        _add_third(sides, alike)
        _fill(sides, shown, alike)
    if shown.tier == "prompt":
        sides = [[statement for side in sides for statement in side]]
    sides.sort(key=lambda side: min(_said(statement) for statement in side))
    in_sides = {statement.ref for side in sides for statement in side}
    others = {held.statement.ref: held.statement for meeting in meetings for held in meeting.conflict.held}
    evidence = sorted((others[ref] for ref in others.keys() - in_sides), key=_said)[-EVIDENCE_MAX:]
    conflict, kind = shown.conflict, _kind(shown, sides)
    return Basis(
        kind=kind,
        sides=tuple(tuple(s.ref for s in sorted(side, key=_said)) for side in sides),
        evidence=tuple(sorted(statement.ref for statement in evidence)),
        certain=conflict.is_certain,
        change_since=_day_of(conflict.change_since),
        is_stale=_is_stale(shown),
        by=shown.by,
        is_strain=shown.is_strain,
        is_dated_change=_is_dated_change(meetings, shown, in_sides),
        is_told_twice=kind == "contradiction" and any(_is_told_twice(meeting) for meeting in meetings),
        answered=_answer(sides),
        tier="prompt" if all(meeting.is_told or meeting.tier == "prompt" for meeting in meetings) else shown.tier,
    )


def _kind(shown: Meeting, sides: Sequence[Sequence[Statement]]) -> Kind:
    """The sharpest name that fits: what the pack calls it, that one person gave two accounts, or that one agency
    passes on another's word otherwise than that one has it.
    """
    if not shown.by and len(sides) == 2 and _is_passed_on_otherwise(sides):
        return "passing_on"
    return "same_informant" if shown.kind == "contradiction" and _person_of(sides) else shown.kind


def _is_passed_on_otherwise(sides: Sequence[Sequence[Statement]]) -> bool:
    """Whether on one side an agency's word stands as another passed it on, and on the other as it has it itself.

    An agency that has both words itself may have passed on either.
    """
    for one, other in (sides, sides[::-1]):
        own = {statement.agency for statement in other} - {statement.agency for statement in one}
        if any(_passes_on(statement, agency) for statement in one for agency in own):
            return True
    return False


def _passes_on(statement: Statement, agency: str) -> bool:
    """Whether it is this agency's word, or that of one of its professionals, in another agency's record."""
    is_of_agency = statement.source == f"agency:{agency}" or statement.source.startswith(f"{OFFICE_PREFIX}{agency}/")
    return is_of_agency and statement.agency != agency


def _answer(sides: Sequence[Sequence[Statement]]) -> Ref | None:
    """A court's or expert's finding that answers the rest: the latest of those that stand on one side alone."""
    answers = [[s for s in side if s.statement == "finding"] for side in sides]
    if sum(map(bool, answers)) != 1:
        return None
    return max((statement for side in answers for statement in side), key=_said).ref


def _strongest(meetings: Sequence[Meeting]) -> Meeting:
    """What is shown. Entries' numbers come last: only between statements equal in all they say may arrival decide."""
    weights = [_weight(meeting) for meeting in meetings]
    most = max(weights)
    return max((m for m, weight in zip(meetings, weights, strict=True) if weight == most), key=_sayings)


def _sayings(meeting: Meeting) -> tuple[object, ...]:
    statements = [held.statement for held in meeting.conflict.held]
    return (sorted(statement.content for statement in statements), sorted(statement.ref for statement in statements))


def _weight(meeting: Meeting) -> tuple[object, ...]:
    """How strongly a conflict shows."""
    conflict = meeting.conflict
    sides = [[held.statement] for held in conflict.held]
    weakened = (not conflict.is_firm, not conflict.is_certain, meeting.is_strain)
    return (
        meeting.tier == "queue",
        bool(meeting.comparing.critical) - sum(weakened),
        meeting.comparing.critical,
        conflict.is_firm,
        conflict.is_certain,
        not meeting.is_strain,
        len(sides) == 2,
        _is_seen_otherwise(meeting),
        _person_of(sides) is not None,
        conflict.since,
        sorted((held.statement.observed for held in conflict.held), reverse=True),
        meeting.by,
        sorted(held.mask for held in conflict.held),
    )


def _is_seen_otherwise(meeting: Meeting) -> bool:
    """Whether it is of the question itself, and somebody saw for themselves what another only told."""
    bases = {held.statement.basis for held in meeting.conflict.held}
    return not meeting.by and bool(bases & SIGHT) and bool(bases & HEARD)


def _is_told_twice(meeting: Meeting) -> bool:
    """Whether it is by itself of one person's two accounts, so that what is shown must not weigh less than that."""
    is_firm = meeting.conflict.is_firm and meeting.kind == "contradiction"
    return is_firm and _person_of([[held.statement] for held in meeting.conflict.held]) is not None


def _add_third(sides: list[list[Statement]], conflicts: Sequence[Conflict]) -> None:
    """A third side, where others claim a third state: against all on both sides, firmly, and from others than those."""
    pairs, statements = _pairs(conflict for conflict in conflicts if conflict.is_firm)
    on_sides = [statement for side in sides for statement in side]
    entries = {statement.ref.number for statement in on_sides}
    said_by = {statement.source for statement in on_sides}
    third = [
        statement
        for statement in sorted(statements.values(), key=_said, reverse=True)
        if statement.source not in said_by and all(other.ref in pairs[statement.ref] for other in on_sides)
    ]
    if third and len(entries | {third[0].ref.number}) <= ENTRIES_MAX:
        sides.append([third[0]])


def _fill(sides: list[list[Statement]], shown: Meeting, conflicts: Iterable[Conflict]) -> None:
    """Put each further statement on the side where it belongs, the latest first, while there is room."""
    pairs, statements = _pairs(conflicts)
    entries = {side[0].ref.number for side in sides}
    in_sides = {side[0].ref for side in sides}
    mask_of = shown.ground.mask_of
    for statement in sorted(statements.values(), key=_said, reverse=True):
        if statement.ref in in_sides or (len(entries) == ENTRIES_MAX and statement.ref.number not in entries):
            continue
        against = pairs[statement.ref]
        for place, side in enumerate(sides):
            others = [other for at, rest in enumerate(sides) if at != place for other in rest]
            shared = mask_of(statement)
            for other in side:
                shared &= mask_of(other)
            if shared and all(other.ref in against for other in others):
                side.append(statement)
                entries.add(statement.ref.number)
                break


def _pairs(conflicts: Iterable[Conflict]) -> tuple[dict[Ref, set[Ref]], dict[Ref, Statement]]:
    against: dict[Ref, set[Ref]] = {}
    statements: dict[Ref, Statement] = {}
    for conflict in conflicts:
        if len(conflict.held) != 2:
            continue
        one, other = (held.statement for held in conflict.held)
        statements[one.ref], statements[other.ref] = one, other
        against.setdefault(one.ref, set()).add(other.ref)
        against.setdefault(other.ref, set()).add(one.ref)
    return against, statements


def _person_of(sides: Sequence[Sequence[Statement]]) -> str | None:
    """The one person whose accounts stand on every side."""
    people = [{statement.person for statement in side if statement.person} for side in sides]
    return min(set.intersection(*people), default=None)


def _said(statement: Statement) -> tuple[object, ...]:
    return (statement.observed, statement.content, statement.ref)


def _day_of(moment: datetime | None) -> date | None:
    return None if moment is None else civil_date(moment - timedelta(microseconds=1))


def _is_dated_change(meetings: Iterable[Meeting], shown: Meeting, in_sides: AbstractSet[Ref]) -> bool:
    """Whether all that stands against each other may be a change that the newer word tells of with its date."""
    return not shown.by and all(
        _tells_of_a_change(meeting) for meeting in meetings if not meeting.by and in_sides >= set(meeting.conflict.refs)
    )


def _tells_of_a_change(meeting: Meeting) -> bool:
    """Whether what is new is of a value that is checked in any case, and began when nobody had said the old since."""
    conflict, attribute, last_said = meeting.conflict, meeting.comparing, meeting.ground.last_said
    if not (conflict.carried and isinstance(attribute, Attribute) and attribute.critical):
        return False
    old = {held.statement.ref for held in conflict.carried}
    checked = {mask for value, mask in attribute.values.items() if attribute.corroborate_of(value) in _CHECKED}
    return all(
        held.mask in checked
        and held.time.written_start is not None
        and not held.time.is_as_of_observing
        and not held.statement.is_moment
        and all(last_said(one, conflict.since) <= held.time.written_start[0] for one in conflict.carried)
        for held in conflict.held
        if held.statement.ref not in old
    )


def _is_stale(shown: Meeting) -> bool:
    conflict, holds_for = shown.conflict, shown.comparing.holds_for
    if holds_for is None:
        return False
    return any(shown.ground.last_said(held, conflict.since) + holds_for <= conflict.since for held in conflict.carried)
