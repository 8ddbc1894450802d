"""A disagreement between agencies that nobody answers, or that stays where it is, by the times of the pack's section
``disagreements``.

``awaits: disagreement_answer`` is found of each agency that was asked at a stage and has said nothing there in time;
``awaits: disagreement`` where it was neither settled nor brought further up. Going up begins both times anew; settling
it ends both. ``warn``: how long before its answer is late an agency is told so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from ledger.domain.act import DISAGREEING, DISAGREEMENT, fields_of, named_by
from ledger.domain.claim import Claim
from ledger.domain.disagreement import Move, Standing
from ledger.domain.duration import refuse_duration
from ledger.domain.expectation import Awaited, judged
from ledger.domain.person import CHILD
from ledger.domain.question import Question, Topic
from ledger.domain.rule import Family, Rule, Verdict, View
from ledger.domain.rules.holding import length_of
from ledger.domain.shape import Text, word

if TYPE_CHECKING:
    from ledger.domain.facts import Facts
    from ledger.domain.pack import Pack

#: What is awaited, as findings name it.
ANSWER, SETTLEMENT = "disagreement_answer", "disagreement"
REPLY, STEP_UP, SETTLED = DISAGREEING


def judge(view: View) -> Verdict:
    """What should have been said in a disagreement by now, and was not."""
    return judged(view, awaits(view.rule, view.area, view.facts, view.at))


def awaits(rule: Rule, area: Question, facts: Facts, at: datetime) -> Iterator[Awaited]:
    """What is awaited at the stage that each disagreement of this area is at."""
    del at  # what is awaited does not depend on when it is asked
    for opened in facts.claims_on(area):
        said = {name: [one for one in facts.claims(Topic(name, CHILD)) if named_by(one) == opened.number]
                for name in DISAGREEING}  # fmt: skip
        yield from _awaited(rule, opened, said, facts)


def _awaited(rule: Rule, opened: Claim, said: dict[str, list[Claim]], facts: Facts) -> Iterator[Awaited]:
    standing = Standing.of(
        _move(opened),
        [str(agency) for agency in fields_of(opened).get("with", ())],
        facts.pack.disagreements,
        steps=map(_move, said[STEP_UP]),
        replies=map(_move, said[REPLY]),
        settled=map(_move, said[SETTLED]),
    )
    by_number = {one.number: one for claims in said.values() for one in claims}
    end = None if standing.settled is None else by_number[standing.settled.number]
    wanted = rule.settings["awaits"]
    due = standing.answer_due(facts.nation) if wanted == ANSWER else standing.settle_due(facts.nation)
    if due is None:
        return
    brought = by_number.get(standing.brought.number, opened)
    warned = due - length_of(rule, "warn", timedelta()) if "warn" in rule.settings else None
    for agency in sorted(standing.asked) if wanted == ANSWER else [""]:
        answer = standing.answered_by(agency)
        yield Awaited(
            trigger=opened,
            topic=wanted,
            starts=brought.recorded_at,
            due=due,
            warn=warned if warned is not None and warned > brought.recorded_at else None,
            met=end or (None if answer is None else by_number[answer.number]),
            owed_by=agency,
            also=() if brought is opened else (brought.ref,),
        )


def _move(claim: Claim) -> Move:
    return Move(claim.agency, claim.recorded_at, claim.number)


def _areas(_rule: Rule, question: Question, facts: Facts) -> Iterable[Question]:
    if question.attribute == DISAGREEMENT:
        yield question
    elif question.attribute in DISAGREEING:
        named = {named_by(one) for one in facts.claims_on(question)}
        for area in facts.questions(Topic(DISAGREEMENT, CHILD)):
            if any(one.number in named for one in facts.claims_on(area)):
                yield area


def _enumerates(_rule: Rule, question: Question, _pack: Pack) -> Iterator[Topic]:
    if question.attribute in DISAGREEING:
        yield Topic(DISAGREEMENT, CHILD)
        yield question.topic


def _reads(_rule: Rule, area: Question, _pack: Pack) -> Iterator[Topic]:
    yield area.topic
    yield from (Topic(name, CHILD) for name in DISAGREEING)


def _listens(_rule: Rule, _pack: Pack) -> frozenset[str]:
    return frozenset({DISAGREEMENT, *DISAGREEING})


FAMILY: Final = Family(
    name="disagreement",
    judge=judge,
    areas=_areas,
    reads=_reads,
    listens=_listens,
    enumerates=_enumerates,
    awaits=awaits,
    form={"awaits": word(f"{ANSWER} {SETTLEMENT}"), "warn": Text(refuse_duration)},
    required="awaits",
    kinds=frozenset({"expectation"}),
    closes_as="came_to_pass",
)
