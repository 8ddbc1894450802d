"""A statement that rests only on the word of somebody with an interest, past its time to be checked.

The vocabulary says of a value by when another source must have borne it out (``corroborate``); a rule names which of
these ``clocks`` it keeps: ``at_once``, ``within_10wd`` (ten working days of the nation's calendar from when it was
recorded) and ``at_next_decision`` (when a decision relies on it). A statement is borne out by the agency's own sight
or measurement, by the owner of the fact, by an informant without an interest who does not repeat another, and by the
child with nobody interested in earshot, if it says as much or more of a time not before. What others deny is no longer
uncorroborated: it is a contradiction. What has only waited for its ten days is asked for and alerts nobody.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Final

from ledger.domain.calendar import WorkingCalendar
from ledger.domain.claim import PERSON, RELIED_ON, Claim, Ref
from ledger.domain.finding import ENTRIES_MAX, EVIDENCE_MAX, Basis, Tier
from ledger.domain.interest import standing
from ledger.domain.owner import owns
from ledger.domain.question import Question, Topic
from ledger.domain.rule import ANYBODY, Family, Rule, Verdict, View
from ledger.domain.shape import Items, word
from ledger.domain.statement import COMPARED

if TYPE_CHECKING:
    from ledger.domain.facts import Facts
    from ledger.domain.pack import Pack
    from ledger.domain.vocabulary import Attribute

WORKING_DAYS: Final = 10
_OWN: Final = frozenset({"seen", "measured"})


def judge(view: View) -> Verdict:
    """The words of interested people on this question that nobody else bears out by now, and when others fall due."""
    attribute = view.pack.attributes[view.area.attribute]
    said = [claim for claim in view.facts.claims_on(view.area) if _says(claim)]
    alone = [claim for claim in said if _rests_on_interest(claim, view) and not _is_met(claim, said, attribute, view)]
    late, due = [], {}
    relied_on = [claim for claim in view.facts.claims_on(view.area) if claim.statement == RELIED_ON]
    for claim in alone:
        when = _when(claim, attribute.corroborate_of(claim.value) or "", relied_on, view)
        if when is None:
            continue
        if when <= view.at:
            late.append(claim)
        else:
            due[claim.ref] = when
    is_urgent = any(attribute.corroborate_of(claim.value) != "within_10wd" for claim in late)
    return Verdict(basis=_basis(late, relied_on, "queue" if is_urgent else "prompt") if late else None, due=due)


def _says(claim: Claim) -> bool:
    return claim.value is not None and claim.statement in COMPARED


def _rests_on_interest(claim: Claim, view: View) -> bool:
    attribute = view.pack.attributes[view.area.attribute]
    clock = attribute.corroborate_of(claim.value)
    return clock in view.rule.settings["clocks"] and standing(claim, view.facts) == "interested"


def _when(claim: Claim, clock: str, relied_on: list[Claim], view: View) -> datetime | None:
    """From when it should have been borne out."""
    if clock == "at_once":
        return claim.recorded_at
    if clock == "within_10wd":
        return WorkingCalendar(view.facts.nation).add_working_days(claim.recorded_at, WORKING_DAYS)
    leaning = (one for one in relied_on if one.recorded_at >= claim.recorded_at and _leans_on(one, claim, view))
    return min((one.recorded_at for one in leaning), default=None)


def _leans_on(relied_on: Claim, claim: Claim, view: View) -> bool:
    """Whether a decision relies on what is said, or on something that it leaves room for."""
    values = view.pack.attributes[view.area.attribute].values
    one, other = values.get(relied_on.value or ""), values.get(claim.value or "")
    return relied_on.value is None or one is None or other is None or bool(one & other)


def _is_met(claim: Claim, said: list[Claim], attribute: Attribute, view: View) -> bool:
    """Whether it needs no bearing out: somebody bears it out or denies it, or its agency holds it no more."""
    facts = view.facts
    statements = {statement.ref: statement for statement in facts.statements(view.area)}
    told = statements.get(claim.ref)
    if told is None:
        # Words that are not compared are borne out by any word on the question.
        return any(_bears_out(other, attribute, facts) for other in said if other.ref != claim.ref)
    beliefs = facts.beliefs(view.area)
    if beliefs.present_word(told) is not told:
        return True
    for other in said:
        heard = statements.get(other.ref)
        if heard is None or other.ref == claim.ref or heard.observed.end < told.since:
            continue
        # A glimpse that agrees bears out what was told, though it shows nothing for longer by itself.
        says = attribute.values.get(other.value or "", heard.mask)
        if not heard.mask & told.mask or (not says & ~told.mask and _bears_out(other, attribute, facts)):
            return True
    return False


def _bears_out(claim: Claim, attribute: Attribute, facts: Facts) -> bool:
    """Whether this word, which agrees, is one that may stand on its own."""
    if claim.basis in _OWN:
        return True
    if owns(attribute.owner, facts.agency_kind(claim.agency), claim.office):
        return claim.basis not in {"told", "agency"}
    return claim.basis == "told" and standing(claim, facts) == "free"


def _basis(late: list[Claim], relied_on: list[Claim], tier: Tier) -> Basis:
    latest = sorted(late, key=lambda claim: (claim.observed, claim.ref))
    shown: list[Ref] = []
    for claim in reversed(latest):
        if len({ref.number for ref in (*shown, claim.ref)}) <= ENTRIES_MAX:
            shown.append(claim.ref)
    return Basis(
        kind="uncorroborated",
        sides=(tuple(sorted(shown)),),
        evidence=tuple(sorted({claim.ref for claim in relied_on})[-EVIDENCE_MAX:]),
        is_pending=bool(relied_on),
        tier=tier,
    )


def _areas(rule: Rule, question: Question, facts: Facts) -> Iterator[Question]:
    """The question itself; of somebody whose role becomes known, all that rests on their word."""
    if question.attribute != PERSON:
        yield question
        return
    if facts.is_role_news(question.about):
        for attribute in sorted(_checked(rule, facts.pack)):
            for claim in facts.claims(Topic(attribute, ANYBODY)):
                if facts.source(claim).person == question.about:
                    yield facts.question_of(claim)


def _enumerates(_rule: Rule, question: Question, _pack: Pack) -> Iterator[Topic]:
    if question.attribute == PERSON:
        yield Topic(PERSON, ANYBODY)


def _reads(_rule: Rule, area: Question, _pack: Pack) -> Iterator[Topic]:
    yield area.topic
    yield Topic(PERSON, ANYBODY)


def _listens(rule: Rule, pack: Pack) -> frozenset[str]:
    return _checked(rule, pack) | {PERSON}


def _checked(rule: Rule, pack: Pack) -> frozenset[str]:
    clocks = set(rule.settings["clocks"])
    return frozenset(
        name for name, attribute in pack.attributes.items() if clocks.intersection(attribute.corroborate.values())
    )


FAMILY = Family(
    name="uncorroborated",
    judge=judge,
    areas=_areas,
    reads=_reads,
    listens=_listens,
    enumerates=_enumerates,
    form={"clocks": Items(word("at_once within_10wd at_next_decision"), least=1)},
    required="clocks",
    kinds=frozenset({"uncorroborated"}),
    closes_as="corroborated",
)
