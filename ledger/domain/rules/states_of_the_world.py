"""Statements that cannot all be so, on one question or by a constraint of the pack.

Kinds ``contradiction``, ``same_informant``, ``identity``, ``explanation`` and, where an agency passes on another's word
otherwise than that one has it, ``passing_on``: the sharpest that fits. ``overtaken`` where a word that another may have
overtaken is what a decision relies on. Where nothing relies on it, whoever holds it is told, and that is no finding.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from ledger.domain.allows import masks_of
from ledger.domain.belief import Held
from ledger.domain.claim import RELIED_ON, Claim, Ref
from ledger.domain.conflict import Conflict, Ground, conflicts_in, has_moved_on
from ledger.domain.finding import ENTRIES_MAX, EVIDENCE_MAX, Basis, Tier
from ledger.domain.outcome import BELIEFS_AGREE
from ledger.domain.question import Question, Topic
from ledger.domain.rule import DECISION_CONTESTED, STATES, Family, Overtaken, Rule, Verdict, View
from ledger.domain.side import Meeting, basis_of
from ledger.domain.statement import Statement
from ledger.domain.told_then_seen import is_still_so, told_then_seen

if TYPE_CHECKING:
    from ledger.domain.facts import Facts
    from ledger.domain.pack import Pack

#: What was last said longer ago than this, of what holds only for a time, has mostly changed: its holder is told.
_CHANGE_MATTERS: Final = timedelta(days=365)


def judge(view: View) -> Verdict:
    """The conflicts that stand, as one finding; and the words that others have overtaken where it is no finding."""
    standing = [one for one in _meetings(view) if one.is_within_one or one.comparing.past_matters or still_stands(one)]
    raised: list[Meeting] = []
    changes: list[Meeting] = []
    for meeting in standing:
        (raised if _is_for_the_lead(meeting) else changes).append(meeting)
    relied_on = [claim for claim in view.facts.claims_on(view.area) if claim.statement == RELIED_ON]
    overtaken = {ref: whom for meeting in changes for ref, whom in _overtaken(meeting).items()}
    basis = basis_of(raised) if raised else _relied_on_and_overtaken(changes, overtaken, relied_on, view)
    if basis is not None and basis.kind != "overtaken" and _bears_on(raised, relied_on):
        evidence = sorted({*basis.evidence, *(claim.ref for claim in relied_on)})
        basis = replace(basis, is_pending=True, evidence=tuple(evidence[-EVIDENCE_MAX:]))
    return Verdict(basis=basis, overtaken={} if basis is not None and basis.kind == "overtaken" else overtaken)


def _meetings(view: View) -> Iterator[Meeting]:
    attribute = view.pack.attributes.get(view.area.attribute)
    if attribute is None:
        return
    if attribute.is_compared:
        beliefs = view.facts.beliefs(view.area)
        is_strain = attribute.differs == "strains"
        for conflict in conflicts_in(beliefs, attribute):
            yield Meeting(conflict, beliefs, attribute, attribute.finds, is_strain=is_strain)
        said = view.facts.statements(view.area)
        for conflict in told_then_seen(said, attribute):
            if is_still_so(conflict, said):
                yield Meeting(conflict, beliefs, attribute, attribute.finds, is_strain=is_strain, is_within_one=True)
    for rule in view.pack.constraints_on(view.area.attribute):
        assert rule.family.meets is not None, "that is what makes it a constraint"
        yield from rule.family.meets(rule, view.area, view.facts, view.pack)


def _is_for_the_lead(meeting: Meeting) -> bool:
    """Whether it is raised: what may be a change where that is critical, and not yet so long ago that it mostly is one;
    but no change that the newer word tells of.
    """
    conflict = meeting.conflict
    if conflict.is_firm or conflict.change_since is None:
        return conflict.is_firm
    grows_stale = meeting.comparing.holds_for is not None
    is_old = grows_stale and conflict.since - conflict.change_since > _CHANGE_MATTERS
    return meeting.comparing.critical and not conflict.is_acknowledged and not is_old


def still_stands(meeting: Meeting) -> bool:
    """Whether the beliefs in conflict still leave no state: they agree once what their agencies say by now does.

    A word holds until its agency says otherwise of a later time, be it ever so short: a sighting on one day is not
    taken back by the day's end, nor by what somebody else says later. Only a period whose end was stated with it says
    nothing of the present, once anybody has spoken since of a later time.
    """
    ground = meeting.ground
    said = [held.statement for held in meeting.conflict.held]
    by_now = [ground.present_word(statement) for statement in said]
    is_past = any(now is not then for now, then in zip(by_now, said, strict=True))
    is_past = is_past or (any(then.is_over for then in said) and has_moved_on(meeting.conflict, ground))
    left = -1
    for now, then in zip(by_now, said, strict=True):
        if not (now is then and then.is_over and is_past):
            left &= ground.mask_of(now)
    return left == 0


def _overtaken(meeting: Meeting) -> dict[Ref, Overtaken]:
    conflict = meeting.conflict
    newer = _newer(conflict)
    return {
        held.statement.ref: Overtaken(held.statement.agency, newer.ref)
        for held in conflict.carried
        if _is_unaware(held, newer, meeting.ground)
    }


def _newer(conflict: Conflict) -> Statement:
    """The latest of what was not merely carried."""
    carried = {held.statement.ref for held in conflict.carried}
    return max((held.statement for held in conflict.held if held.statement.ref not in carried), key=_said)


def _is_unaware(held: Held, newer: Statement, ground: Ground) -> bool:
    statement = held.statement
    return statement.agency != newer.agency and ground.present_word(statement) is statement


def _relied_on_and_overtaken(
    changes: Sequence[Meeting], overtaken: dict[Ref, Overtaken], relied_on: Sequence[Claim], view: View
) -> Basis | None:
    """A decision relies on what a later word may have overtaken: a finding, though only the holder need know else."""
    if not relied_on or not overtaken:
        return None
    attribute = view.pack.attributes[view.area.attribute]
    allowed = masks_of(view.facts.claims_on(view.area), attribute, view.facts.people).by_ref
    resting = [
        (held.statement, _newer(meeting.conflict), claim.ref)
        for meeting in changes
        for held in meeting.conflict.carried
        if held.statement.ref in overtaken
        for claim in relied_on
        if _rests_on(claim.ref, held.statement.ref, _newer(meeting.conflict).ref, allowed)
    ]
    if not resting:
        return None
    old, new, _ = max(resting, key=lambda one: (_said(one[1]), _said(one[0])))
    evidence = sorted({ref for *_, ref in resting})[-ENTRIES_MAX:]
    # A prompt: what is found of the decision itself alerts to it.
    tier: Tier = "prompt" if DECISION_CONTESTED in view.pack.rules else "queue"
    return Basis(kind="overtaken", sides=((old.ref,), (new.ref,)), evidence=tuple(evidence), is_pending=True, tier=tier)


def _rests_on(relied: Ref, old: Ref, new: Ref, allowed: Mapping[Ref, int]) -> bool:
    """Whether what a decision relies on is the old word and not the new; without a value it is whatever is held."""
    if not {relied, old, new} <= allowed.keys():
        return True
    return bool(allowed[relied] & allowed[old]) and not allowed[relied] & allowed[new]


def _bears_on(meetings: Iterable[Meeting], relied_on: Sequence[Claim]) -> bool:
    return bool(relied_on) and any(not meeting.by for meeting in meetings)


def _said(statement: Statement) -> tuple[object, ...]:
    return (statement.observed.end, statement.content, statement.ref)


def _enumerates(_rule: Rule, question: Question, pack: Pack) -> Iterator[Topic]:
    for rule in pack.constraints_from(question.attribute):
        yield from rule.family.enumerates(rule, question, pack)


def _areas(_rule: Rule, question: Question, facts: Facts) -> Iterator[Question]:
    yield question
    for rule in facts.pack.constraints_from(question.attribute):
        yield from rule.family.areas(rule, question, facts)


def _reads(_rule: Rule, area: Question, pack: Pack) -> Iterator[Topic]:
    yield area.topic
    for rule in pack.constraints_on(area.attribute):
        yield from rule.family.reads(rule, area, pack)


def _listens(_rule: Rule, pack: Pack) -> frozenset[str]:
    return pack.heard_by_constraints | pack.compared


FAMILY = Family(
    name=STATES,
    judge=judge,
    areas=_areas,
    reads=_reads,
    listens=_listens,
    enumerates=_enumerates,
    kinds=frozenset({"contradiction", "same_informant", "identity", "explanation", "passing_on", "overtaken"}),
    closes_as=BELIEFS_AGREE,
)
RULE = Rule(STATES, FAMILY, finds="contradiction")
