"""What rests on little: what one agency alone holds, and what rests on one person's word alone.

Neither is a finding. Both are told of the claims at hand, which are those that a reader sees: who is not shown what
another agency holds is told that nobody else holds it, which is so as far as they may know.

* An agency holds what it says itself, on whatever basis; another holds as much when what it says of the same time
  leaves room for no more. Having been told of it is holding it too.
* Agencies that repeat one person are one source. Another person who says the same, an agency's own sight or
  measurement and the owner of the fact are others; an agency's records and judgements are not, for they may rest on the
  very same word.

Cost: that of the statements on every question, and of each with those beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ledger.domain.interest import Standing, bears_out, standing_in
from ledger.domain.question import Question, Topic
from ledger.domain.rule import ANYBODY
from ledger.domain.statement import COMPARED, END, Statement

if TYPE_CHECKING:
    from datetime import datetime

    from ledger.domain.claim import Claim, Ref
    from ledger.domain.facts import Facts
    from ledger.domain.vocabulary import Attribute


@dataclass(frozen=True, slots=True)
class HeldAlone:
    """What one agency alone holds on a question: the claim in which it said so last."""

    question: Question
    claim: Claim
    #: The agencies that say something else on the question, which leaves no room for this.
    denied_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OneWord:
    """What rests on one person's word alone: every claim that repeats it, the newest first."""

    question: Question
    person: str
    standing: Standing
    claims: tuple[Claim, ...]
    denied_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OnTopic:
    """Of one topic: how many things are said, and those of them that rest on one person's word alone."""

    topic: str
    said: int
    alone: tuple[OneWord, ...]


def is_material(attribute: Attribute | None, value: str | None) -> bool:
    """Whether it matters who else knows it: it is critical, it is to be borne out by another source, or a concern."""
    if attribute is None or value is None:
        return False
    to_be_borne_out = attribute.corroborate_of(value) not in {None, "never"}
    return attribute.critical or to_be_borne_out or attribute.polarity_of(value) == "concern"


def says_as_much(one: Claim, other: Claim, attribute: Attribute) -> bool:
    """Whether another claim on the same question leaves room for no more than this one; their times are not asked."""
    if other.value is None or other.statement not in COMPARED:
        return False
    mask, others = attribute.values.get(one.value or ""), attribute.values.get(other.value)
    if mask is None or others is None:
        return (one.value or "").strip().casefold() == other.value.strip().casefold()
    return not others & ~mask


def held_alone(facts: Facts) -> list[HeldAlone]:
    """What matters and only one agency holds, of what each holds now, in the pack's order."""
    found: list[HeldAlone] = []
    for question, said in _questions(facts):
        attribute = facts.pack.attributes[question.attribute]
        for statement, claim in said:
            if not is_material(attribute, claim.value):
                continue
            beside = [other for other, _ in said if other.agency != statement.agency]
            if not any(_is_as_much(other, statement) for other in beside):
                found.append(HeldAlone(question, claim, _deniers(statement, beside)))
    return found


def one_words(facts: Facts) -> list[OnTopic]:
    """By topic what is said, and what of it rests on one person's word alone; the topic of most that does first."""
    said: dict[str, set[tuple[Question, int]]] = {}
    alone: dict[str, dict[tuple[Question, int, str], list[tuple[Statement, Claim]]]] = {}
    denied: dict[tuple[Question, int, str], set[str]] = {}
    for question, pairs in _questions(facts):
        attribute = facts.pack.attributes[question.attribute]
        for statement, claim in pairs:
            topic = claim.topic or attribute.topic or attribute.name
            said.setdefault(topic, set()).add((question, statement.mask))
            if statement.person is None or _has_another_source(statement, pairs, attribute, facts):
                continue
            key = (question, statement.mask, statement.person)
            alone.setdefault(topic, {}).setdefault(key, []).append((statement, claim))
            denied.setdefault(key, set()).update(_deniers(statement, (other for other, _ in pairs)))
    found = [
        OnTopic(
            topic,
            len(matters),
            tuple(_word(key, pairs, denied[key], facts) for key, pairs in alone.get(topic, {}).items()),
        )
        for topic, matters in said.items()
    ]
    return sorted(found, key=lambda one: (-len(one.alone), one.topic))


def borne_out(claim: Claim, facts: Facts) -> tuple[tuple[Ref, ...], tuple[Ref, ...]]:
    """By which claims of other sources one is borne out, and which of whatever source leave no room for it; nothing of
    what is not known or not compared. A word in whose place its own source has put another speaks against none.
    """
    question = facts.question_of(claim)
    attribute = facts.pack.attributes.get(question.attribute)
    pairs = _pairs(question, facts) if attribute is not None else []
    own = next((statement for statement, one in pairs if one.ref == claim.ref and one.about == claim.about), None)
    if attribute is None or own is None:
        return (), ()
    out = [one.ref for other, one in pairs if _is_another(other, own) and _is_as_much(other, own)
           and bears_out(one, attribute, facts)]  # fmt: skip
    # Also what the same person told somebody else.
    beliefs = facts.beliefs(question)
    against = [one.ref for other, one in pairs if _denies(other, own) and beliefs.present_word(other) is other]
    return tuple(out), tuple(against)


def _word(
    key: tuple[Question, int, str], pairs: Sequence[tuple[Statement, Claim]], denied: Iterable[str], facts: Facts
) -> OneWord:
    claims = sorted((claim for _, claim in pairs), key=lambda claim: claim.ref, reverse=True)
    return OneWord(key[0], key[2], standing_in(claims[0], facts), tuple(claims), tuple(sorted(denied)))


def _questions(facts: Facts) -> Iterator[tuple[Question, list[tuple[Statement, Claim]]]]:
    """Every question of the vocabulary on which something is said, with what each agency says on it by now."""
    for name in facts.pack.attributes:
        for question in facts.questions(Topic(name, ANYBODY)):
            beliefs = facts.beliefs(question)
            pairs = [(one, claim) for one, claim in _pairs(question, facts) if beliefs.present_word(one) is one]
            if pairs:
                yield question, pairs


def _pairs(question: Question, facts: Facts) -> list[tuple[Statement, Claim]]:
    """What is said on a question and can be compared, each with its claim."""
    claims: Mapping[Ref, Claim] = {claim.ref: claim for claim in facts.claims_on(question) if claim.value is not None}
    return [(one, claims[one.ref]) for one in facts.statements(question) if one.ref in claims]


def _has_another_source(
    statement: Statement, pairs: Sequence[tuple[Statement, Claim]], attribute: Attribute, facts: Facts
) -> bool:
    return any(
        _is_another(other, statement)
        and _is_as_much(other, statement)
        and (not other.is_own or bears_out(claim, attribute, facts))
        for other, claim in pairs
    )


def _is_another(other: Statement, one: Statement) -> bool:
    return other is not one and other.source != one.source


def _is_as_much(other: Statement, one: Statement) -> bool:
    """Whether another says no less than this one of some of the same time."""
    return not other.mask & ~one.mask and _meet(other, one)


def _denies(other: Statement, one: Statement) -> bool:
    return not other.mask & one.mask and _meet(other, one)


def _deniers(statement: Statement, beside: Iterable[Statement]) -> tuple[str, ...]:
    return tuple(sorted({other.agency for other in beside if _denies(other, statement)}))


def _meet(other: Statement, one: Statement) -> bool:
    return other.since <= _end(one) and one.since <= _end(other)


def _end(statement: Statement) -> datetime:
    return END if statement.is_carried else statement.until
