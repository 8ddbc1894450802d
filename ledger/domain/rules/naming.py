"""Somebody of whom one thing is said, and a statement that names them, or leaves them out, of which the other follows.

A rule of the family ``names`` sets statements on ``one`` attribute, which are about a person, against statements whose
value is people: ones that name that person (``leaves: named``, or ``named_alone`` where nobody is named beside them),
or lists of everyone there is that leave them out (``left_out``). So a list that says it is complete cannot be so beside
somebody who lives there, nor that a man plays no part beside the child's having been in his care.

Who told a list is not left out of it by having forgotten to name themselves, and neither is somebody who may be one of
those on it: nobody has linked them yet, and their roles do not tell them apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.allows import named_in
from ledger.domain.claim import PERSON, Claim
from ledger.domain.conflict import conflicts_in
from ledger.domain.duration import refuse_duration
from ledger.domain.person import CHILD, ONE_PERSON_ROLES
from ledger.domain.question import Question, Topic
from ledger.domain.rule import ANYBODY, Family, Rule, Verdict, View
from ledger.domain.rules.adult_role import may_be_one
from ledger.domain.rules.constraint import comparing_of
from ledger.domain.rules.pairing import ONE, OTHER, SIDE, Pair, check_side, counted, half_of, is_of
from ledger.domain.shape import Fault, Text, YesNo, keys, word
from ledger.domain.side import Meeting

if TYPE_CHECKING:
    from ledger.domain.facts import Facts
    from ledger.domain.pack import Pack

LEFT_OUT: Final = "left_out"
#: About whom a list of the child's household is written: the child, or the mother with whom it lives.
_HOME_OF: Final = (CHILD, "mother")


def meetings(rule: Rule, area: Question, facts: Facts, pack: Pack) -> Iterator[Meeting]:
    """The conflicts by this rule on one question of its ``one`` attribute."""
    if not is_of(area, rule.settings["one"]) or area.about == CHILD:
        return
    comparing = comparing_of(rule, pack)
    side = rule.settings["one"]
    one = half_of(area, ONE, counted(side, area, facts, pack), facts, pack, side)
    for topic in _others(rule, area):
        for other in facts.questions(topic):
            counting = _bearing(rule, area.about, other, facts)
            pair = Pair(one, half_of(other, OTHER, counting, facts, pack, {}))
            for conflict in conflicts_in(pair, comparing):
                is_strain = rule.settings.get("differs") == "strains"
                yield Meeting(conflict, pair, comparing, rule.finds, rule.name, is_strain)


def _bearing(rule: Rule, person: str, other: Question, facts: Facts) -> set[int]:
    """The statements on a question that name a person, or leave them out, by identity."""
    claims = {claim.ref: claim for claim in facts.claims_on(other)}
    return {
        id(statement)
        for statement in facts.statements(other)
        if _bears(rule.settings["other"]["leaves"], person, claims[statement.ref], facts)
    }


def _bears(leaves: str, person: str, claim: Claim, facts: Facts) -> bool:
    named = named_in(claim, facts.people)
    if named is None:
        return False
    if leaves != LEFT_OUT:
        is_named = person in named.names and not named.is_none_of_them
        return is_named and (leaves == "named" or len(named.names) == 1)
    if named.is_none_of_them:
        return person in named.names
    if person in named.names or facts.source(claim).person == person:
        return False
    return not any(_may_be(person, name, facts) for name in named.names)


def _may_be(person: str, listed: str, facts: Facts) -> bool:
    """Whether somebody on a list may be this person, under another agency's name for them."""
    if listed in {CHILD, *ONE_PERSON_ROLES} and person in ONE_PERSON_ROLES:
        return False
    return not _agencies(person, facts) & _agencies(listed, facts) and may_be_one(person, listed, facts)


def _agencies(person: str, facts: Facts) -> set[str]:
    return {agency for key in facts.people.keys_of(person) for agency, slash, _ in (key.partition("/"),) if slash}


def _others(rule: Rule, area: Question) -> Iterator[Topic]:
    """Where what bears on a question of ``one`` is said: of the child whom that is about."""
    attribute = rule.settings["other"]["attribute"]
    if rule.settings["other"]["leaves"] == LEFT_OUT:
        yield from (Topic(attribute, about) for about in _HOME_OF)
    else:
        yield Topic(attribute, area.counterpart or CHILD)


def _enumerates(rule: Rule, question: Question, _pack: Pack) -> Iterator[Topic]:
    if question.attribute == PERSON:
        yield from _others(rule, question)
    elif question.attribute == rule.settings["other"]["attribute"]:
        yield Topic(rule.settings["one"]["attribute"], ANYBODY)


def _areas(rule: Rule, question: Question, facts: Facts) -> Iterator[Question]:
    """The questions of ``one`` on which a list bears, or a role by which two people are told apart."""
    if question.attribute == PERSON:
        if rule.settings["other"]["leaves"] != LEFT_OUT or not any(map(facts.claims, _others(rule, question))):
            return
    elif question.attribute != rule.settings["other"]["attribute"]:
        return
    for one in facts.questions(Topic(rule.settings["one"]["attribute"], ANYBODY)):
        is_theirs = question.attribute == PERSON or question.topic in _others(rule, one)
        if is_theirs and is_of(one, rule.settings["one"]):
            yield one


def _reads(rule: Rule, area: Question, _pack: Pack) -> Iterator[Topic]:
    yield area.topic
    if is_of(area, rule.settings["one"]):
        yield from _others(rule, area)
        if rule.settings["other"]["leaves"] == LEFT_OUT:
            yield Topic(PERSON, ANYBODY)


def _listens(rule: Rule, _pack: Pack) -> frozenset[str]:
    said = {rule.settings[side]["attribute"] for side in ("one", "other")}
    return frozenset(said | {PERSON} if rule.settings["other"]["leaves"] == LEFT_OUT else said)


def _judge(_view: View) -> Verdict:
    """A constraint speaks through the question of its ``one`` attribute, never by itself."""
    return Verdict()


def _check(written: Mapping[str, Any], vocabulary: Mapping[str, Any]) -> Iterator[Fault]:
    yield from check_side("one", written, vocabulary)
    attribute = vocabulary.get(written["other"]["attribute"])
    if attribute is None:
        yield ("other", "attribute"), "the vocabulary has no such attribute"
    elif attribute["type"] != "person":
        yield ("other", "attribute"), "people are named by attributes of type person"


NAMES: Final = Family(
    name="names",
    judge=_judge,
    areas=_areas,
    reads=_reads,
    listens=_listens,
    enumerates=_enumerates,
    meets=meetings,
    form={
        "one": SIDE,
        "other": keys({"attribute": Text(), "leaves": word(f"named named_alone {LEFT_OUT}")}, "attribute leaves"),
        "differs": word("excludes strains"),
        "compare_within": Text(refuse_duration),
        "past_matters": YesNo(),
    },
    required="one other",
    kinds=frozenset({"contradiction", "identity"}),
    check=_check,
)
