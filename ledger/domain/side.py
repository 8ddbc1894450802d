"""Which statements a finding shows against each other, out of all the conflicts on its question.

The strongest conflict is shown: firm before a change, certain before possible, one person's two accounts before
others, the latest before the earlier. To a pair are added other statements that conflict with every one on the other
sides and share a state with all on their own, so that any two on different sides truly cannot both be so. At most eight
entries are shown; what else is in conflict is evidence.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from ledger.domain.belief import Beliefs
from ledger.domain.civil_day import civil_date
from ledger.domain.claim import Ref
from ledger.domain.conflict import Conflict
from ledger.domain.finding import ENTRIES_MAX, EVIDENCE_MAX, Basis
from ledger.domain.statement import Statement
from ledger.domain.vocabulary import Attribute


def basis_of(conflicts: Sequence[Conflict], beliefs: Beliefs, attribute: Attribute) -> Basis:
    """What a finding on these conflicts, at least one, rests on; the same for the same conflicts in any order."""
    shown = max(conflicts, key=_weight)
    sides = [[held.statement] for held in shown.held]
    if len(sides) == 2:
        _fill(sides, conflicts)
    sides.sort(key=lambda side: min(_said(statement) for statement in side))
    in_sides = {statement.ref for side in sides for statement in side}
    others = {ref for conflict in conflicts for ref in conflict.refs} - in_sides
    return Basis(
        kind="same_informant" if _person_of(sides) else "contradiction",
        sides=tuple(tuple(s.ref for s in sorted(side, key=_said)) for side in sides),
        evidence=tuple(sorted(others)[-EVIDENCE_MAX:]),
        certain=shown.is_certain,
        change_since=_day_of(shown.change_since),
        is_stale=_is_stale(shown, beliefs, attribute),
    )


def _weight(conflict: Conflict) -> tuple[object, ...]:
    """How strongly a conflict shows. Entries' numbers come last: only between equals may arrival decide."""
    sides = [[held.statement] for held in conflict.held]
    return (
        conflict.is_firm,
        conflict.is_certain,
        len(sides) == 2,
        _person_of(sides) is not None,
        conflict.since,
        sorted((held.statement.observed for held in conflict.held), reverse=True),
        sorted(held.statement.mask for held in conflict.held),
        conflict.refs,
    )


def _fill(sides: list[list[Statement]], conflicts: Iterable[Conflict]) -> None:
    """Put each further statement on the side where it belongs, the latest first, while there is room."""
    pairs, statements = _pairs(conflicts)
    entries = {side[0].ref.number for side in sides}
    shown = {side[0].ref for side in sides}
    for statement in sorted(statements.values(), key=_said, reverse=True):
        if statement.ref in shown or (len(entries) == ENTRIES_MAX and statement.ref.number not in entries):
            continue
        against = pairs[statement.ref]
        for place, side in enumerate(sides):
            others = [other for at, rest in enumerate(sides) if at != place for other in rest]
            shared = statement.mask
            for other in side:
                shared &= other.mask
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


def _said(statement: Statement) -> tuple[datetime, datetime, Ref]:
    return (statement.observed.start, statement.observed.end, statement.ref)


def _day_of(moment: datetime | None) -> date | None:
    return None if moment is None else civil_date(moment - timedelta(microseconds=1))


def _is_stale(conflict: Conflict, beliefs: Beliefs, attribute: Attribute) -> bool:
    if attribute.holds_for is None:
        return False
    return any(
        beliefs.last_said(held, conflict.since) + attribute.holds_for <= conflict.since for held in conflict.carried
    )
