"""An allegation that was withdrawn, and on which nobody concluded: its outcome is awaited, however old it grows.

A conclusion is an agency's or a court's own word; that nobody enquired is one, said aloud. What somebody says whom it
is about is none, and neither is a view of why it was made.

An allegation is one thing. Who says it against whom is said by claims on an attribute of the vocabulary; its steps in
the ledger (``entry:allegation``) name the thing alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.claim import ALLEGATION, Claim
from ledger.domain.finding import ENTRIES_MAX, Basis
from ledger.domain.person import CHILD
from ledger.domain.question import Question, Topic
from ledger.domain.rule import ANYBODY, Family, Rule, Verdict, View
from ledger.domain.rules.spoken import WORDS, has_word, is_said, side, unknown_words
from ledger.domain.shape import Fault, Items, Shape, Text, keys

if TYPE_CHECKING:
    from ledger.domain.facts import Facts
    from ledger.domain.pack import Pack

OUTCOME: Final = "outcome"
_HALF: Final = ENTRIES_MAX // 2


# ── what was said of one allegation ──


def _claims_of(rule: Rule, area: Question, facts: Facts) -> list[Claim]:
    """What was said of an allegation, and the steps of it: of all parts of the question, its thing decides."""
    if area.attribute == ALLEGATION:
        found = list(_on_thing(Topic(ALLEGATION, CHILD), area.thing, facts))
    else:
        found = [
            claim
            for claim in facts.claims(area.topic)
            if (question := facts.question_of(claim)).thing == area.thing
            and (area.thing is not None or question.counterpart == area.counterpart)
        ]
        # Where it is said against nobody any more, it is the child's alone.
        if found and area.thing is not None:
            found += _on_thing(Topic(ALLEGATION, CHILD), area.thing, facts)
    return [claim for claim in found if is_said(claim) and (claim.attribute == ALLEGATION or _is_read(claim, rule))]


def _on_thing(topic: Topic, thing: str | None, facts: Facts) -> Iterator[Claim]:
    return (claim for claim in facts.claims(topic) if facts.question_of(claim).thing == thing)


def _is_read(claim: Claim, rule: Rule) -> bool:
    return any(claim.attribute in rule.settings.get(step, {}) for step in ("made", "withdrawn", OUTCOME))


def is_step(claim: Claim, step: str, rule: Rule) -> bool:
    """Whether it is such a step, by the words of the rule."""
    if claim.attribute == ALLEGATION:
        return claim.value in rule.settings["steps"].get(step, ())
    return has_word(claim, rule.settings.get(step, {}))


def is_outcome(claim: Claim, view: View) -> bool:
    """Whether it concludes on the allegation: the word of an agency or a court, not of somebody who told of it."""
    if not is_step(claim, OUTCOME, view.rule):
        return False
    source = view.facts.source(claim)
    return claim.statement == "finding" or source.is_own or (claim.basis == "agency" and source.person is None)


# ── withdrawn, and no outcome ──


def _awaits_outcome(view: View) -> Verdict:
    """The steps of an allegation that was withdrawn, until it has an outcome."""
    if view.area.attribute == ALLEGATION and _is_known_otherwise(view):
        return Verdict()
    steps = _claims_of(view.rule, view.area, view.facts)
    withdrawn = [claim for claim in steps if is_step(claim, "withdrawn", view.rule)]
    if not withdrawn or any(is_outcome(claim, view) for claim in steps):
        return Verdict()
    made = [claim for claim in steps if is_step(claim, "made", view.rule)]
    shown = {*side(withdrawn, _HALF), *side(made, _HALF)}
    return Verdict(basis=Basis(kind="expectation", topic="outcome", sides=(tuple(sorted(shown)),)))


def _is_known_otherwise(view: View) -> bool:
    """Whether it is said against whom the allegation is: then it is theirs, and not the child's alone."""
    topics = [Topic(attribute, ANYBODY) for attribute in sorted(_attributes(view.rule))]
    return any(is_said(claim) for topic in topics for claim in _on_thing(topic, view.area.thing, view.facts))


def _areas_awaiting(rule: Rule, question: Question, facts: Facts) -> Iterator[Question]:
    if question.thing is not None:
        yield Question(ALLEGATION, CHILD, question.thing, item=OUTCOME)
    if question.attribute != ALLEGATION:
        counterpart = None if question.thing is not None else question.counterpart
        yield Question(question.attribute, question.about, question.thing, counterpart, OUTCOME)
        return
    for attribute in sorted(_attributes(rule)):
        for one in facts.questions(Topic(attribute, ANYBODY)):
            if one.thing is not None and one.thing == question.thing:
                yield Question(one.attribute, one.about, one.thing, item=OUTCOME)


def _enumerates_awaiting(rule: Rule, question: Question, _pack: Pack) -> Iterator[Topic]:
    if question.attribute == ALLEGATION:
        yield from (Topic(attribute, ANYBODY) for attribute in sorted(_attributes(rule)))


def _reads_awaiting(rule: Rule, area: Question, _pack: Pack) -> Iterator[Topic]:
    yield Topic(ALLEGATION, CHILD)
    if area.attribute == ALLEGATION:
        yield from (Topic(attribute, ANYBODY) for attribute in sorted(_attributes(rule)))
    else:
        yield area.topic


def _attributes(rule: Rule) -> frozenset[str]:
    return frozenset(name for step in ("made", "withdrawn", OUTCOME) for name in rule.settings.get(step, {}))


def _listens_awaiting(rule: Rule, _pack: Pack) -> frozenset[str]:
    return _attributes(rule) | {ALLEGATION}


def _check_awaiting(written: Mapping[str, Any], vocabulary: Mapping[str, Any]) -> Iterator[Fault]:
    for step in ("made", "withdrawn", OUTCOME):
        yield from unknown_words((step,), written.get(step, {}), vocabulary)


_STEPS: Final = Items(Text(), least=1)
#: By what it is to the rule, the steps of an entry.
STEP_FORM: Final[Shape] = keys({"made": _STEPS, "withdrawn": _STEPS, OUTCOME: _STEPS}, OUTCOME)

FAMILY = Family(
    name="allegation_outcome",
    judge=_awaits_outcome,
    areas=_areas_awaiting,
    reads=_reads_awaiting,
    listens=_listens_awaiting,
    enumerates=_enumerates_awaiting,
    form={"made": WORDS, "withdrawn": WORDS, OUTCOME: WORDS, "steps": STEP_FORM},
    required="made withdrawn outcome steps",
    kinds=frozenset({"expectation"}),
    check=_check_awaiting,
    closes_as="concluded",
)
