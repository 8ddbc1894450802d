"""A man without a name whom one agency met in the home, and a man whom another agency knows of: perhaps one man.

What an agency writes down of somebody it does not know is how they were presented: a friend, a visitor, a partner. If
another agency knows a partner or a father who is there at that time, somebody should ask whether he is the one, and
link them or say that they are two; nothing is ever linked by this. ``here`` names the statements that put somebody in
the home or beside the parent, ``denied`` those by which somebody known is said to have no part, ``risks`` those for
which it cannot wait: without a risk and without a denial it is only asked for.

Two people are taken to be two where their roles say so (a father and a partner are not one man by that), where one
entry speaks of both, where dates of birth differ, where the agency that met the one has seen or placed the other
itself, and where somebody linked either or said who they are not.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.allows import named_in
from ledger.domain.claim import PERSON, Claim, Ref
from ledger.domain.duration import parse_duration, refuse_duration
from ledger.domain.finding import ENTRIES_MAX, EVIDENCE_MAX, Basis
from ledger.domain.name_match import Births, match_births
from ledger.domain.person import CHILD, ONE_PERSON_ROLES
from ledger.domain.question import Question, Topic
from ledger.domain.rule import ANYBODY, Family, Rule, Verdict, View
from ledger.domain.rules.adult_role import Part, may_be_one, part_of
from ledger.domain.rules.pairing import SIDE, counted, is_of
from ledger.domain.shape import Fault, Items, Text
from ledger.domain.statement import Statement

if TYPE_CHECKING:
    from ledger.domain.facts import Facts
    from ledger.domain.pack import Pack

_SAME: Final = "same_person_as"
_NAME: Final = "name_used"
_SETTINGS: Final = ("here", "denied", "risks")
_SIDE_MAX: Final = ENTRIES_MAX // 2


@dataclass(frozen=True, slots=True)
class _Known:
    """What the record says of one person, by the settings of the rule."""

    key: str
    here: tuple[Statement, ...]
    denied: tuple[Statement, ...]
    risks: tuple[Statement, ...]


def judge(view: View) -> Verdict:
    """Whom the one that this area is about may be."""
    facts, unnamed = view.facts, view.area.about
    if not _is_unnamed(unnamed, facts) or _is_spoken_for(unnamed, facts):
        return Verdict()
    one = _known(unnamed, view)
    others = [_known(person, view) for person in sorted(_people(view) - {unnamed, CHILD})] if one.here else []
    candidates = [other for other in others if _may_be(one, other, view)]
    if not candidates:
        return Verdict()
    best = max(candidates, key=lambda other: (bool(other.risks), bool(other.denied), *_last(other), other.key))
    sides = tuple(_shown(_near(known, whom, view)) for known, whom in ((one, best), (best, one)))
    is_urgent = bool(one.risks or best.risks or best.denied)
    beside = {said.ref for other in candidates for said in (*other.here, *other.denied, *other.risks)}
    evidence = sorted(beside - {ref for side in sides for ref in side})[-EVIDENCE_MAX:]
    return Verdict(
        basis=Basis(kind="identity", sides=sides, evidence=tuple(evidence), tier="queue" if is_urgent else "prompt")
    )


def _is_unnamed(person: str, facts: Facts) -> bool:
    """Whether one agency alone speaks of a person, by an open word and without a name."""
    keys = facts.people.keys_of(person)
    if {person, *keys} & {CHILD, *ONE_PERSON_ROLES} or len({key.partition("/")[0] for key in keys}) > 1:
        return False
    return part_of(person, facts) in {Part.OPEN, Part.PARTNER} and not _names(person, facts)


def _names(person: str, facts: Facts) -> list[str]:
    told = [one["name"] for one in _introduced(person, facts) if one.get("name")]
    return told + [claim.value for claim in facts.claims(Topic(_NAME, person)) if claim.value is not None]


def _introduced(person: str, facts: Facts) -> Iterator[Mapping[str, str]]:
    for claim in facts.claims(Topic(PERSON, ANYBODY)):
        if facts.person(claim.about, claim.agency) == person:
            yield json.loads(claim.value or "{}")


def _is_spoken_for(person: str, facts: Facts) -> bool:
    """Whether somebody said who this is, or is not."""
    for claim in facts.claims(Topic(_SAME, ANYBODY)):
        named = named_in(claim, facts.people)
        if facts.person(claim.about, claim.agency) == person or (named is not None and person in named.names):
            return True
    return False


def _people(view: View) -> set[str]:
    facts = view.facts
    topics = {Topic(side["attribute"], ANYBODY) for side in view.rule.settings["here"]} | {Topic(PERSON, ANYBODY)}
    return {facts.person(one.about, one.agency) for topic in topics for one in facts.claims(topic)}


def _known(person: str, view: View) -> _Known:
    return _Known(person, *(tuple(_said(person, setting, view)) for setting in _SETTINGS))


def _said(person: str, setting: str, view: View) -> Iterator[Statement]:
    """The statements about a person that count on one of the sides of a setting."""
    for side in view.rule.settings.get(setting, ()):
        for question in view.facts.questions(Topic(side["attribute"], person)):
            if is_of(question, side):
                counting = counted(side, question, view.facts, view.pack)
                yield from (one for one in view.facts.statements(question) if id(one) in counting)


def _may_be(one: _Known, other: _Known, view: View) -> bool:
    """Whether nothing tells them apart, and somebody knows who the other is; what costs least is asked first."""
    facts = view.facts
    if not other.here or part_of(other.key, facts) is Part.UNSAID or not _near(one, other, view):
        return False
    if _are_told_apart(one, other, view) or not (other.risks or _names(other.key, facts)):
        return False
    return may_be_one(one.key, other.key, facts) and not _births_differ(one.key, other.key, facts)


def _births_differ(one: str, other: str, facts: Facts) -> bool:
    born = [[told["born"] for told in _introduced(person, facts) if told.get("born")] for person in (one, other)]
    said = {match_births(first, second) for first in born[0] for second in born[1]}
    return said == {Births.DIFFER}


def _are_told_apart(one: _Known, other: _Known, view: View) -> bool:
    """Whether an entry speaks of both, or the agency that met the one has met the other, or puts them there, itself."""
    agencies = {said.agency for said in one.here}
    if {said.agency for said in other.here} & agencies:
        return True
    claims = [_claims_about(known.key, view) for known in (one, other)]
    if {claim.number for claim in claims[0]} & {claim.number for claim in claims[1]}:
        return True
    return any(claim.agency in agencies and claim.basis in {"seen", "measured"} for claim in claims[1])


def _claims_about(person: str, view: View) -> list[Claim]:
    """What the topics that this rule reads say about a person, being introduced at the start of a record apart."""
    facts = view.facts
    topics = [topic for topic in _topics(view.rule) if topic.attribute != PERSON]
    found = [claim for topic in topics for claim in facts.claims(Topic(topic.attribute, person))]
    introduced = [one for one in facts.claims(Topic(PERSON, ANYBODY)) if facts.person(one.about, one.agency) == person]
    numbers = {claim.number for claim in found}
    return found + [claim for claim in introduced if claim.number in numbers]


def _near(one: _Known, other: _Known, view: View) -> list[Statement]:
    """What puts the one there at about a time at which the other is."""
    within = parse_duration(view.rule.settings["within"])
    if isinstance(within, str):
        return list(one.here)
    return [said for said in one.here if any(_apart(said, there) <= within for there in other.here)]


def _apart(one: Statement, other: Statement) -> timedelta:
    return max(one.since - other.until, other.since - one.until, timedelta(0))


def _last(known: _Known) -> tuple[object, ...]:
    return (max(said.until for said in known.here),)


def _shown(said: Iterable[Statement]) -> tuple[Ref, ...]:
    latest = sorted(said, key=lambda one: (one.observed, one.content, one.ref))
    return tuple(sorted({one.ref for one in latest[-_SIDE_MAX:]}))


def _topics(rule: Rule) -> list[Topic]:
    sides = [side for setting in _SETTINGS for side in rule.settings.get(setting, ())]
    names = sorted({PERSON, _SAME, _NAME, *(side["attribute"] for side in sides)})
    return [Topic(name, ANYBODY) for name in names]


def _areas(_rule: Rule, question: Question, facts: Facts) -> Iterator[Question]:
    """Whoever is told of without a name may be the one whom anything here is about, or be told apart by it."""
    people = {facts.person(claim.about, claim.agency) for claim in facts.claims(Topic(PERSON, ANYBODY))}
    # Whom a link has made somebody of a role is judged once more, so that what was raised of them is closed.
    people = (people | {question.about}) - {CHILD, *ONE_PERSON_ROLES}
    people |= {question.about} if question.attribute == _SAME else set()
    yield from (Question(_SAME, person) for person in sorted(people))


def _enumerates(_rule: Rule, _question: Question, _pack: Pack) -> Iterator[Topic]:
    yield Topic(PERSON, ANYBODY)


def _reads(rule: Rule, _area: Question, _pack: Pack) -> Iterable[Topic]:
    return _topics(rule)


def _listens(rule: Rule, _pack: Pack) -> frozenset[str]:
    return frozenset(topic.attribute for topic in _topics(rule))


def _check(written: Mapping[str, Any], vocabulary: Mapping[str, Any]) -> Iterator[Fault]:
    for setting in _SETTINGS:
        for place, side in enumerate(written.get(setting, ())):
            if side["attribute"] not in vocabulary:
                yield (setting, place, "attribute"), "the vocabulary has no such attribute"
            elif not set(side.get("values", ())) <= set(vocabulary[side["attribute"]].get("values", ())):
                yield (setting, place, "values"), "the attribute has no such value"
    if {_SAME, _NAME} - vocabulary.keys():
        yield (), f"a rule of this family needs the attributes {_SAME} and {_NAME}"


_SIDES: Final = Items(SIDE, least=1)
UNNAMED_ADULT: Final = Family(
    name="unnamed_adult",
    judge=judge,
    areas=_areas,
    reads=_reads,
    listens=_listens,
    enumerates=_enumerates,
    form={"here": _SIDES, "denied": _SIDES, "risks": _SIDES, "within": Text(refuse_duration)},
    required="here within",
    kinds=frozenset({"identity"}),
    check=_check,
)
