"""A position that nothing speaks against somebody, and what another agency held of them all the while.

A rule of the family ``adverse`` names a position (``one``) and the attributes on which a word of concern about the same
person pulls at it: ``against`` are matters that stay so once they were, ``against_now`` such as must be of the same
time. It is for what came to be known only after the position was taken, though it was so before: a reassurance given
after a concern is answered, or not, by how deep it went, and is no matter of this rule. A concern that those who know
have since laid to rest does not count, and neither does what the agency that judges knew when it did.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.duration import parse_duration, refuse_duration
from ledger.domain.question import Question, Topic
from ledger.domain.rule import Family, Rule
from ledger.domain.rules.account import Against, Word, meetings_of, no_verdict, words_on
from ledger.domain.rules.pairing import SIDE, check_side, counted, is_of
from ledger.domain.shape import Fault, Items, Text
from ledger.domain.side import Meeting
from ledger.domain.statement import STRENGTH, statements_of

if TYPE_CHECKING:
    from ledger.domain.facts import Facts
    from ledger.domain.pack import Pack

_CONCERN: Final = "concern"
#: For how long what is not said to go on may still have been so.
_STILL: Final = timedelta(days=90)


def meetings(rule: Rule, area: Question, facts: Facts, pack: Pack) -> Iterator[Meeting]:
    """What pulls at the positions on one question."""
    if is_of(area, rule.settings["one"]):
        yield from meetings_of(rule, _found(rule, area, facts, pack))


def _found(rule: Rule, area: Question, facts: Facts, pack: Pack) -> Iterator[Against]:
    counting, beliefs = counted(rule.settings["one"], area, facts, pack), facts.beliefs(area)
    positions = [
        one
        for one in words_on(area, facts)
        if id(one.statement) in counting and beliefs.present_word(one.statement) is one.statement
    ]
    if not positions:
        return
    known = [*_concerns(rule, area.about, facts, pack)]
    after = parse_duration(rule.settings["after"])
    for position in positions:
        for concern, lasts in known:
            is_later = isinstance(after, timedelta) and _is_later(concern, position, after)
            if is_later and _was_so(concern, position, lasts=lasts) and not _knew(position, concern, facts, pack):
                yield Against(position.statement, concern.statement, is_strain=True)


def _concerns(rule: Rule, about: str, facts: Facts, pack: Pack) -> Iterator[tuple[Word, bool]]:
    """Every word of concern about a person, and whether what it states lasts."""
    for setting, lasts in (("against", True), ("against_now", False)):
        for attribute in rule.settings.get(setting, ()):
            for question in facts.questions(Topic(attribute, about)):
                yield from ((one, lasts) for one in _on(question, facts, pack) if _is_open(one, facts, pack))


def _on(question: Question, facts: Facts, pack: Pack) -> list[Word]:
    """The words of concern on one question; text, which is compared with nothing, is read as one."""
    attribute = pack.attributes[question.attribute]
    claims = [one for one in facts.claims_on(question) if attribute.polarity_of(one.value) == _CONCERN]
    if attribute.type == "text":
        attribute = replace(attribute, type="state", values={claim.value or "": 1 for claim in claims})
    kinds = {claim.agency: kind for claim in claims if (kind := facts.agency_kind(claim.agency))}
    by_ref = {claim.ref: claim for claim in claims}
    return [Word(by_ref[one.ref], one, question) for one in statements_of(claims, attribute, facts.people, kinds)]


def _is_open(one: Word, facts: Facts, pack: Pack) -> bool:
    """Whether nobody who knows as well has since said of the same matter what is no concern."""
    attribute = pack.attributes[one.question.attribute]
    polarity = {claim.ref: attribute.polarity_of(claim.value) for claim in facts.claims_on(one.question)}
    return not any(
        polarity[other.ref] != _CONCERN
        and other.is_own
        and other.strength >= max(one.statement.strength, STRENGTH["document"])
        and other.since > one.statement.since
        and other.mask & one.statement.mask != one.statement.mask
        for other in facts.statements(one.question)
    )


def _is_later(concern: Word, position: Word, after: timedelta) -> bool:
    return concern.statement.observed.start > position.statement.observed.end + after


def _was_so(concern: Word, position: Word, *, lasts: bool) -> bool:
    """Whether it was so when the position was last said."""
    said = concern.statement
    if said.since >= position.statement.until:
        return False
    return lasts or said.is_carried or said.until + _STILL > position.statement.since


def _knew(position: Word, concern: Word, facts: Facts, pack: Pack) -> bool:
    """Whether the agency that judges holds the concern itself, or held one on the same matter when it judged."""
    if not position.statement.is_own:
        return False
    agency, until = position.statement.agency, position.statement.observed.end
    held = (one.statement for one in _on(concern.question, facts, pack))
    return concern.statement.agency == agency or any(
        said.agency == agency and said.observed.start < until for said in held
    )


def _attributes(rule: Rule) -> list[str]:
    return [*rule.settings.get("against", ()), *rule.settings.get("against_now", ())]


def _areas(rule: Rule, question: Question, facts: Facts) -> Iterator[Question]:
    if question.attribute in _attributes(rule):
        yield from facts.questions(Topic(rule.settings["one"]["attribute"], question.about))


def _enumerates(rule: Rule, question: Question, _pack: Pack) -> Iterator[Topic]:
    yield Topic(rule.settings["one"]["attribute"], question.about)


def _reads(rule: Rule, area: Question, _pack: Pack) -> Iterator[Topic]:
    yield area.topic
    yield from (Topic(name, area.about) for name in _attributes(rule))


def _listens(rule: Rule, _pack: Pack) -> frozenset[str]:
    return frozenset({rule.settings["one"]["attribute"], *_attributes(rule)})


def _check(written: Mapping[str, Any], vocabulary: Mapping[str, Any]) -> Iterator[Fault]:
    yield from check_side("one", written, vocabulary)
    for setting in ("against", "against_now"):
        for place, name in enumerate(written.get(setting, ())):
            if "polarity" not in vocabulary.get(name, {}):
                yield (setting, place), "the vocabulary has no such attribute, or it says no word of concern on it"


ADVERSE: Final = Family(
    name="adverse",
    judge=no_verdict,
    areas=_areas,
    reads=_reads,
    listens=_listens,
    enumerates=_enumerates,
    meets=meetings,
    form={
        "one": SIDE,
        "against": Items(Text(), least=1),
        "against_now": Items(Text(), least=1),
        "after": Text(refuse_duration),
    },
    required="one against after",
    kinds=frozenset({"contradiction"}),
    check=_check,
)
