"""A professional's judgement that later events give reason to look at again.

A judgement is right for what was known when it was made, and for as long as that stays so. A rule names which words of
which attributes are ``judgements`` (assessments, approvals, that a service has no part) and what ``reopens`` them: what
is seen or learned afterwards, and was not held before. ``changes`` are attributes where it is that they are otherwise
than before, ``comes_new`` ones where it is that somebody was not known of.

It is a finding, ``overtaken``, when something relies on the judgement: a decision that names it, or one of the kinds
in ``decided`` that the same agency made ``decided_within`` of it; or the judgement is itself an approval
(``stands``), on which the child is placed. An everyday injury (``ordinary``: all that is said of it, of a child that is
``ordinary_from`` old) reopens nothing. Else the agency whose judgement it is is told, once. A later judgement of
the same agency on the same takes its place. After a death nothing reopens.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.claim import DECISION, RELIED_ON, Claim
from ledger.domain.duration import parse_duration, refuse_duration
from ledger.domain.finding import ENTRIES_MAX, EVIDENCE_MAX, Basis
from ledger.domain.person import CHILD
from ledger.domain.question import Question, Topic
from ledger.domain.rule import ANYBODY, Family, Overtaken, Rule, Verdict, View
from ledger.domain.rules.news import BORN, DEATH, KNOWN_PEOPLE, around, event_topics, events_since
from ledger.domain.rules.spoken import (
    WORDS,
    has_word,
    is_after,
    is_said,
    latest,
    order,
    said_at,
    side,
    unknown_words,
)
from ledger.domain.shape import Fault, Items, Text

if TYPE_CHECKING:
    from ledger.domain.facts import Facts
    from ledger.domain.pack import Pack

_HALF: Final = ENTRIES_MAX // 2


def judge(view: View) -> Verdict:
    """What gives reason to look at the judgements on one question again."""
    judgements = [claim for claim in view.facts.claims_on(view.area) if _is_judgement(claim, view.rule)]
    standing = [judgement for judgement in judgements if not _is_superseded(judgement, view)]
    pairs = [(judgement, events) for judgement in standing if (events := list(events_since(judgement, view)))]
    relied = [(one, events, rests) for one, events in pairs if (rests := _relies(one, view)) is not None]
    if not relied:
        overtaken = {
            judgement.ref: Overtaken(judgement.agency, latest(others).ref)
            for judgement, events in pairs
            if (others := [event for event in events if event.agency != judgement.agency])
        }
        return Verdict(overtaken=overtaken)
    judgement, events, rests = max(relied, key=lambda one: order(one[0]))
    sides = ((judgement.ref,), side(events, _HALF))
    in_sides = {ref for part in sides for ref in part}
    evidence = {claim.ref for claim in rests} | {event.ref for event in events}
    return Verdict(
        basis=Basis(
            kind="overtaken",
            sides=sides,
            evidence=tuple(sorted(evidence - in_sides)[-EVIDENCE_MAX:]),
            is_pending=bool(rests),
        )
    )


def _is_judgement(claim: Claim, rule: Rule) -> bool:
    return is_said(claim) and has_word(claim, rule.settings["judgements"])


def _is_superseded(judgement: Claim, view: View) -> bool:
    """Whether the same agency has judged the same again since, in whatever sense."""
    mine = view.facts.question_of(judgement)
    for claim in view.facts.claims(view.area.topic):
        theirs = view.facts.question_of(claim)
        is_of_it = claim.topic in {None, judgement.topic} or judgement.topic is None
        is_of_it = is_of_it and (mine.item in {None, theirs.item} or theirs.item is None)
        if is_said(claim) and claim.agency == judgement.agency and is_of_it and is_after(claim, judgement):
            return True
    return False


def _relies(judgement: Claim, view: View) -> list[Claim] | None:
    """What relies on a judgement: the claims that say so; nothing but itself; None where nothing does."""
    mine = view.facts.question_of(judgement)
    rests = [
        claim
        for claim in view.facts.claims(view.area.topic)
        if claim.statement == RELIED_ON
        and _names(view.facts.question_of(claim), mine)
        and not is_after(judgement, claim)
    ]
    within = parse_duration(view.rule.settings["decided_within"])
    assert isinstance(within, timedelta), "the form refuses always"
    for claim in view.facts.claims(Topic(DECISION, CHILD)):
        is_in_time = not is_after(judgement, claim) and said_at(claim)[0] <= said_at(judgement)[1] + within
        if claim.value in view.rule.settings["decided"] and claim.agency == judgement.agency and is_in_time:
            rests.append(claim)
    return rests if rests or has_word(judgement, view.rule.settings["stands"]) else None


def _names(relied_on: Question, judgement: Question) -> bool:
    """Whether what a decision relies on is this judgement; who names no thing means whichever stands."""
    return relied_on.thing in {None, judgement.thing} and relied_on.item in {None, judgement.item}


# ── what bears on what ──


def _areas(rule: Rule, question: Question, facts: Facts) -> Iterator[Question]:
    """Every judgement of the record: there are few, and what happens to one person may bear on that of another."""
    if question.attribute in rule.settings["judgements"]:
        yield question
    for attribute in sorted(rule.settings["judgements"]):
        yield from facts.questions(Topic(attribute, ANYBODY))


def _enumerates(rule: Rule, _question: Question, _pack: Pack) -> Iterator[Topic]:
    for attribute in sorted(rule.settings["judgements"]):
        yield Topic(attribute, ANYBODY)


def _reads(rule: Rule, area: Question, _pack: Pack) -> Iterator[Topic]:
    yield area.topic
    yield from around(rule)
    yield from (Topic(attribute, area.about) for attribute in KNOWN_PEOPLE)
    yield from event_topics(rule, area.about)


def _listens(rule: Rule, _pack: Pack) -> frozenset[str]:
    events = {topic.attribute for topic in event_topics(rule, CHILD)}
    return frozenset(events).union(
        rule.settings["judgements"], KNOWN_PEOPLE, {topic.attribute for topic in around(rule)}
    )


def _check(written: Mapping[str, Any], vocabulary: Mapping[str, Any]) -> Iterator[Fault]:
    for key in ("judgements", "reopens", "comes_new", "stands", "ordinary", "ordinary_beside"):
        yield from unknown_words((key,), written.get(key, {}), vocabulary)
    for place, name in enumerate(written.get("changes", ())):
        if name not in vocabulary:
            yield ("changes", place), "the vocabulary has no such attribute"
    if "ordinary" in written and "ordinary_from" not in written:
        yield ("ordinary",), "say from what age an injury may be ordinary: add ordinary_from"
    lacking = sorted({*KNOWN_PEOPLE, DEATH, BORN} - vocabulary.keys())
    if lacking:
        yield (), f"a rule of this family needs attributes that the vocabulary lacks: {', '.join(lacking)}"


def _refuse_length(text: str) -> str | None:
    return "write a length of time, as P14D" if text == "always" else refuse_duration(text)


_NAMES: Final = Items(Text(), least=1)

FAMILY = Family(
    name="reopened",
    judge=judge,
    areas=_areas,
    reads=_reads,
    listens=_listens,
    enumerates=_enumerates,
    form={
        "judgements": WORDS,
        "topics": _NAMES,
        "reopens": WORDS,
        "changes": _NAMES,
        "comes_new": WORDS,
        "stands": WORDS,
        "ordinary": WORDS,
        "ordinary_beside": WORDS,
        "ordinary_from": Text(_refuse_length),
        "decided": _NAMES,
        "decided_within": Text(_refuse_length),
    },
    required="judgements topics reopens stands decided decided_within",
    kinds=frozenset({"overtaken"}),
    check=_check,
    closes_as="judged_again",
)
