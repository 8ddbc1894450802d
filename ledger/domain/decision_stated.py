"""What a decision states that it relies on, and what the record says of it: borne out, denied, stale, said by nobody.

Denied is what somebody holds who said so at least as lately as whoever bears it out; what cannot be so at one time with
what bears it out, though it was said before; what a constraint of the pack sets against that. A word that its own
source has taken back, a spell that was over, and a change that went before the word relied on deny nothing. Nor does
what gets better after a decision that rests on a worry.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import reduce
from operator import and_
from typing import TYPE_CHECKING, Final

from ledger.domain.allows import masks_of
from ledger.domain.civil_day import civil_date
from ledger.domain.claim import PERSON, RELIED_ON, Claim, Ref
from ledger.domain.conflict import conflicts_in
from ledger.domain.decision_found import Found
from ledger.domain.question import Question, Topic
from ledger.domain.rule import ANYBODY
from ledger.domain.rules.contested import heard_for, looked_up_for, meetings_by_rule, read_for
from ledger.domain.rules.spoken import order
from ledger.domain.rules.states_of_the_world import still_stands
from ledger.domain.rules.uncorroborated import alone_on
from ledger.domain.statement import COMPARED, Statement

if TYPE_CHECKING:
    from ledger.domain.facts import Facts
    from ledger.domain.pack import Pack
    from ledger.domain.vocabulary import Attribute

_ANYTHING: Final = -1
#: Words that are checked whatever else happens, and before anybody leans on them.
_BEFORE_LEANING: Final = frozenset({"at_once", "at_next_decision"})


def topics_for(attribute: str, about: str, pack: Pack) -> list[Topic]:
    """What must be read to weigh what is relied on of one attribute."""
    area = Question(attribute, about)
    return [area.topic, Topic(PERSON, ANYBODY), *read_for(area, pack), *looked_up_for(area, {attribute}, pack)]


def heard_on(attribute: str, pack: Pack) -> frozenset[str]:
    """The attributes on which it hangs how what is relied on of one attribute stands."""
    return heard_for({attribute}, pack) | {attribute, PERSON}


def weigh_stated(relied_on: Claim, facts: Facts, at: datetime) -> Found:
    """What the record says of one thing that a decision, made ``at`` a moment, relies on."""
    question = facts.question_of(relied_on)
    attribute = facts.pack.attributes.get(question.attribute)
    on_it = [one for like in _questions(relied_on, facts) for one in facts.claims_on(like)]
    said = [one for one in on_it if one.statement in COMPARED and one.ref != relied_on.ref]
    if relied_on.statement != RELIED_ON:
        said.append(relied_on)  # the very word that is relied on, and not a restatement of it
    if attribute is None:
        return Found(question, relied_on.ref, latest=_latest(said))
    allowed = masks_of([*said, relied_on], attribute, facts.people).by_ref
    agrees, denies, is_better = _told_apart(relied_on, said, allowed, facts, at)
    against = {one.ref for one in denies} | _across(relied_on, agrees, facts, at)
    if not against and relied_on.value is None and _disagree(agrees):
        against = {one.ref for one in agrees}
    mine, held = allowed.get(relied_on.ref, _ANYTHING), {one.ref for one in agrees}
    # What leaves other states open, too, bears nothing out.
    supports = [one for one in said if one.ref in held and not allowed[one.ref] & ~mine]
    lonely = {one.ref for like in map(facts.question_of, supports) for one in alone_on(like, facts)}
    unknown = [one.ref for one in said if one.not_known is not None]
    is_said_by_nobody = not (agrees or against or is_better) and (attribute.critical or bool(unknown))
    is_alone = bool(supports) and all(one.ref in lonely for one in supports)
    is_leant_on = any(attribute.corroborate_of(one.value) in _BEFORE_LEANING for one in supports)
    states = {
        "contested": bool(against),
        "stale": bool(supports) and _is_stale(agrees, supports, attribute, facts, at),
        "unasked": is_said_by_nobody,
        "uncorroborated": is_alone,
    }
    return Found(
        question,
        relied_on.ref,
        states=frozenset(state for state, is_so in states.items() if is_so),
        latest=_latest(said),
        supports=tuple(one.ref for one in sorted(supports, key=order)),
        against=tuple(sorted(against or (unknown if is_said_by_nobody else ()))),
        grave=bool(against) or (is_alone and is_leant_on),
    )


def _told_apart(
    relied_on: Claim, said: Sequence[Claim], allowed: Mapping[Ref, int], facts: Facts, at: datetime
) -> tuple[list[Statement], list[Statement], bool]:
    """What is still held and agrees with what is relied on; what denies it; and whether things got better since."""
    attribute = facts.pack.attributes[relied_on.attribute]
    mine = allowed.get(relied_on.ref, _ANYTHING)
    holding = [
        one
        for like in _questions(relied_on, facts)
        for one in facts.statements(like)
        # What was seen only for a moment shows nothing by itself; what its source took back is held no more.
        if one.ref in allowed and one.mask != _ANYTHING and facts.beliefs(like).present_word(one) is one
    ]
    agrees = [one for one in holding if allowed[one.ref] & mine]
    against = [one for one in holding if not allowed[one.ref] & mine]
    values = {one.ref: one.value for one in said}
    better = {one.ref for one in against if _is_better(one, values.get(one.ref), relied_on, attribute)}
    likes = _questions(relied_on, facts)
    denies = [one for one in against if one.ref not in better and _counts(one, agrees, likes, facts, at)]
    return agrees, denies, bool(better)


def _questions(relied_on: Claim, facts: Facts) -> list[Question]:
    """The questions that are meant: who relies on something of no thing or item means whichever there is."""
    mine = facts.question_of(relied_on)
    thing = mine.thing if relied_on.thing is not None else None
    return [
        one
        for one in facts.questions(mine.topic)
        if one.counterpart == mine.counterpart
        and (thing is None or one.thing in {None, thing})
        and (mine.item is None or one.item in {None, mine.item})
    ]


def _counts(
    denial: Statement, agrees: Sequence[Statement], questions: Iterable[Question], facts: Facts, at: datetime
) -> bool:
    """Whether a word against what is relied on counts: it is as late as what bears that out, or was so at its time."""
    said_last = max((one.observed.end for one in agrees), default=None)
    is_past = denial.is_over and denial.until <= at
    if said_last is None or denial.observed.end >= said_last:
        return not is_past
    refs = {one.ref for one in agrees}
    attributes = facts.pack.attributes
    return any(
        conflict.is_firm and not conflict.is_acknowledged and denial.ref in conflict.refs and refs & {*conflict.refs}
        for one in questions
        if attributes[one.attribute].is_compared
        for conflict in conflicts_in(facts.beliefs(one), attributes[one.attribute])
    )


def _is_better(denial: Statement, value: str | None, relied_on: Claim, attribute: Attribute) -> bool:
    """Whether it is that things got better since the decision, which rests on their being bad."""
    is_later = denial.ref.number > relied_on.number and denial.since >= relied_on.recorded_at
    was_bad = attribute.polarity_of(relied_on.value) == "concern"
    return is_later and was_bad and attribute.polarity_of(value) == "reassurance"


def _across(relied_on: Claim, agrees: Sequence[Statement], facts: Facts, at: datetime) -> set[Ref]:
    """What constraints of the pack set against the statements that agree; else, against what is relied on itself."""
    question = facts.question_of(relied_on)
    refs = {one.ref for one in agrees} or {relied_on.ref}
    if not agrees:
        facts = facts.supposing(_supposed(relied_on, at))
    found = {
        ref
        for like in {question, *_questions(relied_on, facts)}
        for meeting in meetings_by_rule(like, facts, facts.pack)
        if refs & {*meeting.conflict.refs} and still_stands(meeting)
        for ref in meeting.conflict.refs
    }
    return found - refs - {one.ref for one in facts.claims(question.topic)}


def _disagree(agrees: Iterable[Statement]) -> bool:
    """Whether those who say anything on what is relied on without a value leave no state that all allow."""
    return reduce(and_, (one.mask for one in agrees), -1) == 0


def _is_stale(
    agrees: Sequence[Statement], supports: Sequence[Claim], attribute: Attribute, facts: Facts, at: datetime
) -> bool:
    """Whether all that bears it out was last said longer ago, at the decision, than such a word holds."""
    if attribute.holds_for is None or attribute.is_unchanging:
        return False
    beliefs = [facts.beliefs(facts.question_of(one)) for one in supports]
    last = [one.last_confirmed(held) for one in beliefs for held in one.held if held.statement in agrees]
    return max([*last, *(one.until for one in agrees)]) + attribute.holds_for <= at


def _latest(said: Iterable[Claim]) -> tuple[Ref, ...]:
    """Each agency's latest statement."""
    latest: dict[str, Claim] = {}
    for claim in sorted(said, key=order):
        latest[claim.agency] = claim
    return tuple(sorted(one.ref for one in latest.values()))


def _supposed(relied_on: Claim, at: datetime) -> Claim:
    """What is relied on and nobody says, as if the deciding agency had said it of its own knowledge at that moment."""
    day = civil_date(at).isoformat()
    return replace(relied_on, statement="fact", observed=day, valid=relied_on.valid or f"{day}/..")
