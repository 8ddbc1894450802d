"""A man without a name whom one agency met in the home, and a man whom another agency knows of: perhaps one man.

What an agency writes down of somebody it does not know is how they were presented: a friend, a visitor, a partner. If
another agency knows a partner or a father who is there at that time, somebody should ask whether he is the one, and
link them or say that they are two; nothing is ever linked by this. ``here`` names the statements that put somebody in
the home or beside the parent, ``denied`` those by which somebody known is said to have no part, ``risks`` those for
which it cannot wait: without a risk and without a denial it is only asked for.

Two people are taken to be two where their roles say so (a father and a partner are not one man by that), where one
entry speaks of both, where dates of birth differ, where the agency that met the one has seen or placed the other
itself, or has a reference for each while nobody else has any, and where somebody linked either or said who they are
not.

What is read is of those alone who may be one by their references and roles, so that a new claim costs as much where
many people have been spoken of as where few have.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain
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
_NEVER_UNNAMED: Final = frozenset({CHILD, *ONE_PERSON_ROLES})


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
    others = _others(unnamed, facts) if _is_unnamed(unnamed, facts) else []
    if not others or not _is_open(unnamed, facts) or not (there := _there(unnamed, others, view.rule, facts)):
        return Verdict()
    one = _known(unnamed, view)
    candidates = [other for key in there if _may_be(one, other := _known(key, view), view)]
    if not candidates:
        return Verdict()
    best = max(candidates, key=lambda other: (bool(other.risks), bool(other.denied), *_last(other), other.key))
    sides = tuple(_shown(_near(known.here, whom.here, view.rule)) for known, whom in ((one, best), (best, one)))
    is_urgent = bool(one.risks or best.risks or best.denied)
    beside = {said.ref for other in candidates for said in (*other.here, *other.denied, *other.risks)}
    evidence = sorted(beside - {ref for side in sides for ref in side})[-EVIDENCE_MAX:]
    return Verdict(
        basis=Basis(kind="identity", sides=sides, evidence=tuple(evidence), tier="queue" if is_urgent else "prompt")
    )


def _is_unnamed(person: str, facts: Facts) -> bool:
    """Whether one agency alone speaks of a person, by an open word, and introduced them without a name."""
    if person in _NEVER_UNNAMED or facts.people.keys_of(person) & _NEVER_UNNAMED or len(_agencies(person, facts)) > 1:
        return False
    return part_of(person, facts) in {Part.OPEN, Part.PARTNER} and not any(
        one.get("name") for _, one in facts.introductions(person)
    )


def _is_open(unnamed: str, facts: Facts) -> bool:
    """Whether nobody has said since what they are called, or who they are."""
    return not _names(unnamed, facts) and not _is_spoken_for(unnamed, facts)


def _there(unnamed: str, others: Iterable[str], rule: Rule, facts: Facts) -> list[str]:
    """Who of the others is there at about a time at which the one without a name is."""
    here = [*_said(unnamed, "here", rule, facts)]
    return [key for key in others if here and _near(here, [*_said(key, "here", rule, facts)], rule)]


def _others(unnamed: str, facts: Facts) -> list[str]:
    """Whom the record knows of who may be the same, by the roles and the references of both."""
    known = {*facts.introduced, *facts.people.names, *ONE_PERSON_ROLES}
    return [other for other in sorted(known - {unnamed, CHILD}) if _may_be_by_name(unnamed, other, facts)]


def _may_be_by_name(unnamed: str, other: str, facts: Facts) -> bool:
    if _are_of_one_agency(unnamed, other, facts):
        return False
    return part_of(other, facts) is not Part.UNSAID and may_be_one(unnamed, other, facts)


def _are_of_one_agency(one: str, other: str, facts: Facts) -> bool:
    """Whether one agency, and no other, has a reference for each: it knows them for two."""
    agencies = _agencies(one, facts)
    return len(agencies) == 1 and _agencies(other, facts) == agencies


def _agencies(person: str, facts: Facts) -> set[str]:
    """Whose references for a person there are; of a role that all share, none's."""
    return {key.partition("/")[0] for key in facts.people.keys_of(person)}


def _names(person: str, facts: Facts) -> list[str]:
    told = [one["name"] for _, one in facts.introductions(person) if one.get("name")]
    return told + [claim.value for claim in facts.claims(Topic(_NAME, person)) if claim.value is not None]


def _is_spoken_for(person: str, facts: Facts) -> bool:
    """Whether somebody said who this is, or is not."""
    for claim in facts.claims(Topic(_SAME, ANYBODY)):
        named = named_in(claim, facts.people)
        if facts.person(claim.about, claim.agency) == person or (named is not None and person in named.names):
            return True
    return False


def _known(person: str, view: View) -> _Known:
    return _Known(person, *(tuple(_said(person, setting, view.rule, view.facts)) for setting in _SETTINGS))


def _said(person: str, setting: str, rule: Rule, facts: Facts) -> Iterator[Statement]:
    """The statements about a person that count on one of the sides of a setting."""
    for side in rule.settings.get(setting, ()):
        for question in facts.questions(Topic(side["attribute"], person)):
            if is_of(question, side):
                counting = counted(side, question, facts, facts.pack)
                yield from (one for one in facts.statements(question) if id(one) in counting)


def _may_be(one: _Known, other: _Known, view: View) -> bool:
    """Whether nothing tells them apart, and somebody knows who the other is; what costs least is asked first."""
    facts = view.facts
    if _are_told_apart(one, other, view):
        return False
    return bool(other.risks or _names(other.key, facts)) and not _births_differ(one.key, other.key, facts)


def _births_differ(one: str, other: str, facts: Facts) -> bool:
    born = [[told["born"] for _, told in facts.introductions(who) if told.get("born")] for who in (one, other)]
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
    found = [claim for name in _attributes(view.rule) for claim in facts.claims(Topic(name, person))]
    numbers = {claim.number for claim in found}
    return found + [claim for claim, _ in facts.introductions(person) if claim.number in numbers]


def _near(here: Sequence[Statement], there: Sequence[Statement], rule: Rule) -> list[Statement]:
    """What puts the one there at about a time at which the other is."""
    within = parse_duration(rule.settings["within"])
    if isinstance(within, str):
        return list(here) if there else []
    return [said for said in here if any(_apart(said, other) <= within for other in there)]


def _apart(one: Statement, other: Statement) -> timedelta:
    return max(one.since - other.until, other.since - one.until, timedelta(0))


def _last(known: _Known) -> tuple[object, ...]:
    return (max(said.until for said in known.here),)


def _shown(said: Iterable[Statement]) -> tuple[Ref, ...]:
    latest = sorted(said, key=lambda one: (one.observed, one.content, one.ref))
    return tuple(sorted({one.ref for one in latest[-_SIDE_MAX:]}))


def _attributes(rule: Rule, *settings: str) -> list[str]:
    """What is said of people on these sides of a rule, on all where none is given; and names, by any word on them."""
    sides = [side["attribute"] for setting in settings or _SETTINGS for side in rule.settings.get(setting, ())]
    return sorted({_SAME, _NAME, *sides})


def _areas(rule: Rule, question: Question, facts: Facts) -> Iterator[Question]:
    """Whoever is told of without a name and may be the one whom this is about, or be told apart by it."""
    touched = question.about
    # Whom a link has made somebody of a role is judged once more, so that what was raised of them is closed.
    people = {touched} - {CHILD, *ONE_PERSON_ROLES} | ({touched} if question.attribute == _SAME else set())
    found = {*facts.introduced, *people}
    if question.attribute not in {PERSON, _SAME} and not facts.is_whole:
        # Who is who stays as it was, but where a role is given, or a link is made: then all of the record is here.
        found = {one for one in found if one == touched or not _are_of_one_agency(one, touched, facts)}
        found = {one for one in found if _is_unnamed(one, facts)}
        found = {one for one in found if one == touched or _may_be_by_name(one, touched, facts)}
    unnamed = {one for one in found if _is_unnamed(one, facts)}
    others = {person: known for person in unnamed if (known := _others(person, facts))}
    facts.require(_topics(rule, {*others, *chain.from_iterable(others.values())}, "here"))
    there = {one: _there(one, known, rule, facts) for one, known in others.items() if _is_open(one, facts)}
    facts.require(_topics(rule, chain.from_iterable([one, *near] for one, near in there.items() if near)))
    yield from (Question(_SAME, person) for person in sorted({*unnamed, *people}))


def _topics(rule: Rule, people: Iterable[str], *settings: str) -> list[Topic]:
    names = _attributes(rule, *settings)
    found = [Topic(name, person) for person in sorted(set(people)) for name in names if name != _SAME]
    return [Topic(_SAME, ANYBODY), *found] if found else []


def _enumerates(_rule: Rule, _question: Question, _pack: Pack) -> Iterator[Topic]:
    yield Topic(PERSON, ANYBODY)


def _reads(_rule: Rule, _area: Question, _pack: Pack) -> Iterator[Topic]:
    # The rest depends on who may be whom: it was required when the areas were named.
    yield Topic(PERSON, ANYBODY)


def _listens(rule: Rule, _pack: Pack) -> frozenset[str]:
    return frozenset({PERSON, *_attributes(rule)})


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
