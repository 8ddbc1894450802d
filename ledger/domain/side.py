"""Which statements a finding shows against each other, out of all the conflicts on its question.

The strongest conflict is shown: what is critical first, then firm before a change, certain before possible, what
excludes each other before what pulls apart, one person's two accounts before others, the latest before the earlier. To
a pair are added other statements that conflict with every one on the other sides and share a state with all on their
own, so that any two on different sides truly cannot both be so. At most eight entries are shown; what else is in
conflict is evidence.
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
from ledger.domain.statement import Statement
from ledger.domain.vocabulary import Attribute

#: By when a value is to be checked that is checked whatever else happens.
_CHECKED = ("at_once", "within_10wd")


@dataclass(frozen=True, slots=True)
class Meeting:
    """A conflict with what made it one: the question itself, or the pack's constraint ``by``, and its settings.

    ``tier``: what only needs asking, a prompt, sets nothing against each other, so all of it is on one side.
    """

    conflict: Conflict
    ground: Ground
    comparing: Comparing
    kind: Kind = "contradiction"
    by: str = ""
    is_strain: bool = False
    tier: Tier = "queue"


def basis_of(meetings: Sequence[Meeting]) -> Basis:
    """What a finding on these conflicts, at least one, rests on; the same for the same conflicts in any order."""
    shown = _strongest(meetings)
    sides = [[held.statement] for held in shown.conflict.held]
    if len(sides) == 2:
        _fill(sides, shown, [meeting.conflict for meeting in meetings if meeting.by == shown.by])
    if shown.tier == "prompt":
        sides = [[statement for side in sides for statement in side]]
    sides.sort(key=lambda side: min(_said(statement) for statement in side))
    in_sides = {statement.ref for side in sides for statement in side}
    others = {held.statement.ref: held.statement for meeting in meetings for held in meeting.conflict.held}
    evidence = sorted((others[ref] for ref in others.keys() - in_sides), key=_said)[-EVIDENCE_MAX:]
    conflict = shown.conflict
    return Basis(
        kind=_kind(shown, sides),
        sides=tuple(tuple(s.ref for s in sorted(side, key=_said)) for side in sides),
        evidence=tuple(sorted(statement.ref for statement in evidence)),
        certain=conflict.is_certain,
        change_since=_day_of(conflict.change_since),
        is_stale=_is_stale(shown),
        by=shown.by,
        is_strain=shown.is_strain,
        is_dated_change=_is_dated_change(meetings, shown, in_sides),
        answered=_answer(sides),
        tier=shown.tier,
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
    return (
        meeting.tier == "queue",
        meeting.comparing.critical,
        conflict.is_firm,
        conflict.is_certain,
        not meeting.is_strain,
        len(sides) == 2,
        _person_of(sides) is not None,
        conflict.since,
        sorted((held.statement.observed for held in conflict.held), reverse=True),
        meeting.by,
        sorted(held.mask for held in conflict.held),
    )


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
