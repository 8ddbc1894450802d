"""A statement that rests only on the word of somebody with an interest, past its time to be checked.

The vocabulary says of a value by when another source must have borne it out (``corroborate``); a rule names which of
these ``clocks`` it keeps: ``at_once``, ``within_10wd`` (ten working days of the nation's calendar from when it was
recorded) and ``at_next_decision`` (when a decision relies on it). A statement is borne out by the agency's own sight
or measurement, by the owner of the fact, by an informant without an interest who does not repeat another, and by the
child with nobody interested in earshot, if it says as much or more of a time not before. What others deny is no longer
uncorroborated: it is a contradiction; so is what a constraint of the pack sets against something else, where the check
would alert. What has only waited for its ten days is asked for and alerts nobody.

What one person says in one entry is one matter, and is asked after once: of several items of an attribute the first,
and of the attributes in ``one_matter`` that are about one person the earliest in that list. When that is borne out and
the rest is not, the rest is asked after by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.calendar import WorkingCalendar
from ledger.domain.claim import PERSON, RELIED_ON, Claim, Ref
from ledger.domain.finding import ENTRIES_MAX, EVIDENCE_MAX, Basis, Tier
from ledger.domain.interest import bears_out, standing_in
from ledger.domain.question import Question, Topic
from ledger.domain.rule import ANYBODY, DECISION_LEFT_OPEN, Family, Rule, Verdict, View
from ledger.domain.rules.contested import contested, heard_for, looked_up_for, may_contest, read_for
from ledger.domain.shape import Fault, Items, Text, word
from ledger.domain.statement import COMPARED, END, Statement

if TYPE_CHECKING:
    from ledger.domain.facts import Facts
    from ledger.domain.pack import Pack

WORKING_DAYS: Final = 10
_PROMPTED: Final = "within_10wd"
_CLOCKS: Final = ("at_once", "within_10wd", "at_next_decision")


def judge(view: View) -> Verdict:
    """The words of interested people on this question that nobody else bears out by now, and when others fall due."""
    attribute = view.pack.attributes[view.area.attribute]
    known_otherwise = contested(view.area, view.facts, view.pack) if _alerts(view.rule) else frozenset()
    by_itself = (claim for claim in _alone(view.area, view) if claim.ref not in known_otherwise)
    alone = [claim for claim in by_itself if not _is_asked_with(claim, view)]
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
    # Where a decision leans on it, what is found of that decision alerts to it.
    is_leant_on = DECISION_LEFT_OPEN in view.pack.rules and any(
        _leans_on(one, claim, view) for one in relied_on for claim in late
    )
    is_urgent = not is_leant_on and any(attribute.corroborate_of(claim.value) != _PROMPTED for claim in late)
    return Verdict(basis=_basis(late, relied_on, "queue" if is_urgent else "prompt") if late else None, due=due)


def alone_on(question: Question, facts: Facts) -> list[Claim]:
    """The words of interested people on a question that nobody else bears out or denies, whenever they are to be."""
    if not facts.pack.attributes[question.attribute].corroborate:
        return []
    rule = Rule(FAMILY.name, FAMILY, "uncorroborated", {"clocks": _CLOCKS})
    return _alone(question, View(rule, question, facts.pack, END, facts))


def _alone(area: Question, view: View) -> list[Claim]:
    """The words of interested people on a question that nobody else bears out or denies."""
    said = [claim for claim in view.facts.claims_on(area) if _says(claim)]
    return [c for c in said if _rests_on_interest(c, view) and not _is_met(c, said, area, view)]


def _is_asked_with(claim: Claim, view: View) -> bool:
    """Whether something else that the same person said in the same entry is asked after in its stead."""
    own, whose = _rank(view.area, view.rule), view.facts.source(claim).key
    for topic in _beside(view.rule, view.area):
        for other in view.facts.questions(topic):
            if _rank(other, view.rule) < own:
                alone = _alone(other, view)
                if any(one.number == claim.number and view.facts.source(one).key == whose for one in alone):
                    return True
    return False


def _rank(question: Question, rule: Rule) -> tuple[int, tuple[str, ...]]:
    matter: Sequence[str] = rule.settings.get("one_matter", ())
    place = matter.index(question.attribute) if question.attribute in matter else len(matter)
    return place, question.sort_key


def _beside(rule: Rule, area: Question) -> Iterator[Topic]:
    """Where that is which may be one matter with what is said on a question."""
    matter: Sequence[str] = rule.settings.get("one_matter", ())
    for attribute in dict.fromkeys((area.attribute, *(matter if area.attribute in matter else ()))):
        yield Topic(attribute, area.about)


def _alerts(rule: Rule) -> bool:
    return set(rule.settings["clocks"]) != {_PROMPTED}


def _says(claim: Claim) -> bool:
    return claim.value is not None and claim.statement in COMPARED


def _rests_on_interest(claim: Claim, view: View) -> bool:
    clock = view.pack.attributes[claim.attribute].corroborate_of(claim.value)
    return clock in view.rule.settings["clocks"] and standing_in(claim, view.facts) == "interested"


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


def _is_met(claim: Claim, said: list[Claim], area: Question, view: View) -> bool:
    """Whether it needs no bearing out: somebody bears it out or denies it, or its agency holds it no more."""
    facts, attribute = view.facts, view.pack.attributes[area.attribute]
    statements = _statements(area, facts)
    told = statements.get(claim.ref)
    if told is None:
        # Words that are not compared are borne out by any word on the question.
        return any(bears_out(other, attribute, facts) for other in said if other.ref != claim.ref)
    beliefs = facts.beliefs(area)
    if beliefs.present_word(told) is not told:
        return True
    for (mask, says, is_free), heard in _heard(said, area, view).items():
        # A glimpse that agrees bears out what was told, though it shows nothing for longer by itself.
        if (not mask & told.mask or (is_free and not says & ~told.mask)) and any(
            one is not told and one.observed.end >= told.since for one in heard
        ):
            return True
    return False


def _statements(area: Question, facts: Facts) -> Mapping[Ref, Statement]:
    said = facts.statements
    return facts.once(("statements by ref", area), lambda: {statement.ref: statement for statement in said(area)})


def _heard(said: Iterable[Claim], area: Question, view: View) -> Mapping[tuple[int, int, bool], list[Statement]]:
    """What is said on a question: by what it allows, what its value says, and whether it may stand on its own."""
    facts, attribute = view.facts, view.pack.attributes[area.attribute]

    def work_out() -> Mapping[tuple[int, int, bool], list[Statement]]:
        statements, heard = _statements(area, facts), dict[tuple[int, int, bool], list[Statement]]()
        for claim in said:
            statement = statements.get(claim.ref)
            if statement is not None:
                says = attribute.values.get(claim.value or "", statement.mask)
                is_borne = bears_out(claim, attribute, facts)
                heard.setdefault((statement.mask, says, is_borne), []).append(statement)
        return heard

    return facts.once(("heard", area), work_out)


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
    """The question itself, and those that it bears on; of somebody whose role becomes known, all on their word."""
    if question.attribute != PERSON:
        checked = _checked(rule, facts.pack)
        if question.attribute in checked:
            yield question
            for topic in _beside(rule, question):
                yield from facts.questions(topic)
        if _alerts(rule):
            yield from may_contest(question, checked, facts)
        return
    if facts.is_role_news(question.about):
        for attribute in sorted(_checked(rule, facts.pack)):
            for claim in facts.claims(Topic(attribute, ANYBODY)):
                if facts.source(claim).person == question.about:
                    yield facts.question_of(claim)


def _enumerates(rule: Rule, question: Question, pack: Pack) -> Iterator[Topic]:
    if question.attribute == PERSON:
        yield Topic(PERSON, ANYBODY)
        return
    checked = _checked(rule, pack)
    if question.attribute in checked:
        yield from _beside(rule, question)
    if _alerts(rule):
        yield from looked_up_for(question, checked, pack)


def _reads(rule: Rule, area: Question, pack: Pack) -> Iterator[Topic]:
    yield area.topic
    yield Topic(PERSON, ANYBODY)
    yield from _beside(rule, area)
    if _alerts(rule):
        yield from read_for(area, pack)


def _listens(rule: Rule, pack: Pack) -> frozenset[str]:
    checked = _checked(rule, pack)
    return checked | {PERSON} | (heard_for(checked, pack) if _alerts(rule) else set())


def _checked(rule: Rule, pack: Pack) -> frozenset[str]:
    return pack.of_rule(rule, "checked", lambda: _find_checked(rule, pack))


def _find_checked(rule: Rule, pack: Pack) -> frozenset[str]:
    clocks = set(rule.settings["clocks"])
    return frozenset(
        name for name, attribute in pack.attributes.items() if clocks.intersection(attribute.corroborate.values())
    )


def _check(written: Mapping[str, Any], vocabulary: Mapping[str, Any]) -> Iterator[Fault]:
    for place, name in enumerate(written.get("one_matter", ())):
        if name not in vocabulary:
            yield ("one_matter", place), "the vocabulary has no such attribute"


FAMILY = Family(
    name="uncorroborated",
    judge=judge,
    areas=_areas,
    reads=_reads,
    listens=_listens,
    enumerates=_enumerates,
    form={
        "clocks": Items(word(" ".join(_CLOCKS)), least=1),
        "one_matter": Items(Text(), least=2),
    },
    required="clocks",
    kinds=frozenset({"uncorroborated"}),
    check=_check,
    closes_as="corroborated",
)
