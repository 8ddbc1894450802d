"""What must follow an assessment: that it is signed, that who was asked replies, that nobody is left out.

``awaits: signature`` is found of an assessment that nobody signed by its day, and ``within`` of the referral that it
follows at the latest; ``awaits: reply`` of each agency that was asked and has not answered ``within`` a clock;
``awaits: asking`` of agencies that have a part in the record and were not asked ``within`` one, from when both were
there. Signing it ends all three. ``warn``: how long before it is late whoever owes it is told so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from ledger.domain.act import ASSESSING, ASSESSMENT
from ledger.domain.assessment import INVOLVED, REFERRAL, Assessment, assessment_of
from ledger.domain.claim import DEATH, Claim
from ledger.domain.duration import refuse_duration
from ledger.domain.expectation import Awaited, due_by, judged, outlived, refuse_expectation_clock
from ledger.domain.person import CHILD
from ledger.domain.question import Question, Topic
from ledger.domain.rule import Family, Rule, Verdict, View
from ledger.domain.rules.holding import length_of
from ledger.domain.shape import Text, word

if TYPE_CHECKING:
    from ledger.domain.facts import Facts
    from ledger.domain.pack import Pack

SIGNATURE, REPLY, ASKING = "signature", "reply", "asking"
#: As what findings name what is awaited.
_TOPICS: Final = {SIGNATURE: "signature", REPLY: "reply", ASKING: "asking"}
#: What each reads beside the assessment itself.
_MORE: Final = {SIGNATURE: (REFERRAL,), REPLY: (), ASKING: (INVOLVED,)}


def judge(view: View) -> Verdict:
    """What should have come of an assessment by now, and did not."""
    return judged(view, awaits(view.rule, view.area, view.facts, view.at))


def awaits(rule: Rule, area: Question, facts: Facts, at: datetime) -> Iterator[Awaited]:
    """What is awaited of the assessments of this area."""
    del at  # what is awaited does not depend on when it is asked
    for opened in facts.claims_on(area):
        found = assessment_of(opened, facts)
        for awaited in _AWAITED[rule.settings["awaits"]](rule, found, facts):
            if not outlived(awaited, facts):
                yield awaited


def _signature(rule: Rule, found: Assessment, facts: Facts) -> Iterator[Awaited]:
    due, referral = found.due(facts, rule.settings["within"]), found.follows(facts, rule.settings["within"])
    if due is not None:
        behind = () if referral is None else (referral.ref,)
        awaited = _one(rule, found, due, met=found.signed, owed_by=found.opened.agency)
        yield replace(awaited, evidence=behind)


def _reply(rule: Rule, found: Assessment, facts: Facts) -> Iterator[Awaited]:
    for agency, asked in sorted(found.asked.items()):
        due = due_by(rule.settings["within"], asked, facts.nation)
        met = found.replies.get(agency) or found.signed
        if due is not None:
            yield _one(rule, found, due, met=met, owed_by=agency, also=(asked,), starts=asked.recorded_at)


def _asking(rule: Rule, found: Assessment, facts: Facts) -> Iterator[Awaited]:
    for part in found.not_asked(facts):
        since = max(part, found.opened, key=lambda one: (one.recorded_at, one.ref))
        due = due_by(rule.settings["within"], since, facts.nation)
        if due is not None:
            owes = found.opened.agency
            yield _one(rule, found, due, met=found.signed, owed_by=owes, also=(part,), starts=since.recorded_at)


def _one(
    rule: Rule,
    found: Assessment,
    due: datetime,
    *,
    met: Claim | None,
    owed_by: str,
    also: Iterable[Claim] = (),
    starts: datetime | None = None,
) -> Awaited:
    starts = starts or found.opened.recorded_at
    warned = due - length_of(rule, "warn", timedelta()) if "warn" in rule.settings else None
    return Awaited(
        trigger=found.opened,
        topic=_TOPICS[rule.settings["awaits"]],
        starts=starts,
        due=due,
        warn=warned if warned is not None and warned > starts else None,
        met=met,
        owed_by=owed_by,
        tier=rule.settings.get("tier", "queue"),
        also=tuple(one.ref for one in also if one.ref != found.opened.ref),
    )


_AWAITED: Final = {SIGNATURE: _signature, REPLY: _reply, ASKING: _asking}


def _read_beside(rule: Rule) -> tuple[str, ...]:
    return (*ASSESSING, *_MORE[rule.settings["awaits"]])


def _areas(rule: Rule, question: Question, facts: Facts) -> Iterable[Question]:
    if question.attribute == ASSESSMENT:
        yield question
    if question.attribute in {ASSESSMENT, DEATH, *_read_beside(rule)}:
        # One that is opened may be what an earlier referral led to; the others say which assessment, or bear on all.
        yield from (area for area in facts.questions(Topic(ASSESSMENT, CHILD)) if area != question)


def _enumerates(rule: Rule, question: Question, _pack: Pack) -> Iterator[Topic]:
    if question.attribute in {ASSESSMENT, DEATH, *_read_beside(rule)}:
        yield Topic(ASSESSMENT, CHILD)


def _reads(rule: Rule, _area: Question, _pack: Pack) -> Iterator[Topic]:
    yield from (Topic(name, CHILD) for name in (ASSESSMENT, DEATH, *_read_beside(rule)))


def _listens(rule: Rule, _pack: Pack) -> frozenset[str]:
    return frozenset({ASSESSMENT, DEATH, *_read_beside(rule)})


FAMILY: Final = Family(
    name="assessing",
    judge=judge,
    areas=_areas,
    reads=_reads,
    listens=_listens,
    enumerates=_enumerates,
    awaits=awaits,
    form={
        "awaits": word(f"{SIGNATURE} {REPLY} {ASKING}"),
        "within": Text(refuse_expectation_clock),
        "warn": Text(refuse_duration),
        "tier": word("prompt queue interrupt"),
    },
    required="awaits within",
    kinds=frozenset({"expectation"}),
    closes_as="came_to_pass",
)
