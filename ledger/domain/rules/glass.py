"""The glass was broken, and nobody has reviewed it yet (``expectation``): always there, whatever a pack says.

Each breaking is brought to whoever leads at once, and is late when its clock has run out. A review ends it and nothing
else does: no outcome of people, no child's death, and no other breaking.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Final

from ledger.domain.act import GLASS, GLASS_REVIEW, named_by
from ledger.domain.expectation import Awaited, judged
from ledger.domain.glass import review_due
from ledger.domain.person import CHILD
from ledger.domain.question import Question, Topic
from ledger.domain.rule import GLASS_BROKEN, Family, Rule, Verdict, View

if TYPE_CHECKING:
    from ledger.domain.facts import Facts
    from ledger.domain.pack import Pack


def judge(view: View) -> Verdict:
    """Whether a breaking waits for its review."""
    return judged(view, awaits(view.rule, view.area, view.facts, view.at))


def awaits(_rule: Rule, area: Question, facts: Facts, at: datetime) -> Iterator[Awaited]:
    """The review of each breaking in this area, come or not."""
    del at  # what is awaited does not depend on when it is asked
    reviews = sorted(facts.claims(Topic(GLASS_REVIEW, CHILD)), key=lambda claim: claim.ref)
    for trigger in facts.claims_on(area):
        yield Awaited(
            trigger=trigger,
            topic="glass_review",
            starts=trigger.recorded_at,
            due=review_due(trigger.recorded_at),
            met=next((one for one in reviews if named_by(one) == trigger.number), None),
            before="queue",
        )


def _areas(_rule: Rule, question: Question, facts: Facts) -> Iterator[Question]:
    if question.attribute == GLASS:
        yield question
    elif question.attribute == GLASS_REVIEW:
        yield from facts.questions(Topic(GLASS, CHILD))


def _enumerates(_rule: Rule, question: Question, _pack: Pack) -> Iterator[Topic]:
    if question.attribute == GLASS_REVIEW:
        yield Topic(GLASS, CHILD)


def _reads(_rule: Rule, area: Question, _pack: Pack) -> Iterator[Topic]:
    yield area.topic
    yield Topic(GLASS_REVIEW, CHILD)


def _listens(_rule: Rule, _pack: Pack) -> frozenset[str]:
    return frozenset({GLASS, GLASS_REVIEW})


FAMILY: Final = Family(
    name=GLASS_BROKEN,
    judge=judge,
    areas=_areas,
    reads=_reads,
    listens=_listens,
    enumerates=_enumerates,
    awaits=awaits,
    kinds=frozenset({"expectation"}),
    closes_as="reviewed",
)
RULE: Final = Rule(
    FAMILY.name,
    FAMILY,
    finds="expectation",
    settings={"from": "reviewer"},
    critical=True,
    meaning="Somebody without a part in this record opened it for some hours, and has said why. Whoever leads looks at "
    "each such breaking, or a manager or an auditor does: within 72 hours, and never who broke it.",
    source="A rule of the ledger’s own, which no rule pack can leave out.",
    ask="What was needed, was it found here, and should this agency have a part in the record?",
)
