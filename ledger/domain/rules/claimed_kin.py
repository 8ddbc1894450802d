"""Somebody who has the care of a child as its kin, and nobody but those with an interest says that they are.

A rule of the family ``claimed_kin`` names the statements that make somebody kin (``kin``) and those that give them the
care of the child (``cares``, beside whoever ``carers`` names). The word of the person, of the parents and of their kin
does not bear itself out; a document, a register or an agency's own record does, and so does anybody without an
interest. Of a father it is raised only where he alone says that he is one, and of the mother never.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.allows import named_in
from ledger.domain.claim import PERSON, Claim, Ref
from ledger.domain.finding import ENTRIES_MAX, Basis
from ledger.domain.interest import standing
from ledger.domain.person import CHILD
from ledger.domain.question import Question, Topic
from ledger.domain.rule import ANYBODY, Family, Rule, Verdict, View
from ledger.domain.rules.pairing import SIDE, counted, is_of
from ledger.domain.shape import Fault, Items, Text
from ledger.domain.statement import Statement

if TYPE_CHECKING:
    from ledger.domain.facts import Facts
    from ledger.domain.pack import Pack

_KINSHIP: Final = "kinship"
_SETTINGS: Final = ("kin", "cares")
_SIDE_MAX: Final = ENTRIES_MAX // 2


def judge(view: View) -> Verdict:
    """The word on which alone somebody has the care of the child as its kin."""
    facts, person = view.facts, view.area.about
    kin = [*_counting(person, "kin", view)]
    if person in {CHILD, "mother"} or not kin or not all(_is_claimed(claim, person, facts) for claim in kin):
        return Verdict()
    cares = [*_counting(person, "cares", view), *_named_as_carer(person, view)]
    if not cares:
        return Verdict()
    return Verdict(basis=Basis(kind="uncorroborated", sides=(tuple(sorted({*_latest(kin), *_latest(cares)})),)))


def _is_claimed(claim: Claim, person: str, facts: Facts) -> bool:
    if person == "father":
        return facts.source(claim).person == person
    return standing(claim, facts) == "interested"


def _counting(person: str, setting: str, view: View) -> Iterator[Claim]:
    """The claims on the sides of a setting that their agencies still hold."""
    for side in view.rule.settings[setting]:
        for question in view.facts.questions(Topic(side["attribute"], person)):
            if is_of(question, side) and question.counterpart is None:
                counting = counted(side, question, view.facts, view.pack)
                yield from (claim for claim, said in _standing(question, view.facts) if id(said) in counting)


def _named_as_carer(person: str, view: View) -> Iterator[Claim]:
    facts = view.facts
    for attribute in view.rule.settings.get("carers", ()):
        for question in facts.questions(Topic(attribute, CHILD)):
            for claim, _ in _standing(question, facts):
                named = named_in(claim, facts.people)
                if named is not None and person in named.names and not named.is_none_of_them:
                    yield claim


def _standing(question: Question, facts: Facts) -> Iterator[tuple[Claim, Statement]]:
    """What is said on a question, has not ended by its own words, and was not replaced by its agency."""
    beliefs, by_ref = facts.beliefs(question), {claim.ref: claim for claim in facts.claims_on(question)}
    for said in facts.statements(question):
        if not said.is_over and beliefs.present_word(said) is said:
            yield by_ref[said.ref], said


def _latest(claims: list[Claim]) -> list[Ref]:
    latest = sorted(claims, key=lambda one: (one.observed, one.agency, one.value or "", one.ref))
    return [claim.ref for claim in latest[-_SIDE_MAX:]]


def _areas(rule: Rule, question: Question, facts: Facts) -> Iterator[Question]:
    """The person themselves; of a named carer, or of somebody whose role becomes known, all who are said to be kin."""
    if question.attribute in {*rule.settings.get("carers", ()), PERSON}:
        sides = rule.settings["kin"]
        found = (one for side in sides for one in facts.questions(Topic(side["attribute"], ANYBODY)))
        yield from (Question(_KINSHIP, about) for about in sorted({one.about for one in found}))
    else:
        yield Question(_KINSHIP, question.about)


def _reads(rule: Rule, area: Question, _pack: Pack) -> Iterator[Topic]:
    sides = [side for setting in _SETTINGS for side in rule.settings[setting]]
    yield from (Topic(side["attribute"], area.about) for side in sides)
    yield from (Topic(attribute, CHILD) for attribute in rule.settings.get("carers", ()))
    yield Topic(PERSON, ANYBODY)


def _listens(rule: Rule, _pack: Pack) -> frozenset[str]:
    sides = {side["attribute"] for setting in _SETTINGS for side in rule.settings[setting]}
    return frozenset({*sides, *rule.settings.get("carers", ()), PERSON})


def _check(written: Mapping[str, Any], vocabulary: Mapping[str, Any]) -> Iterator[Fault]:
    for setting in _SETTINGS:
        for place, side in enumerate(written[setting]):
            if side["attribute"] not in vocabulary:
                yield (setting, place, "attribute"), "the vocabulary has no such attribute"
            elif not set(side.get("values", ())) <= set(vocabulary[side["attribute"]].get("values", ())):
                yield (setting, place, "values"), "the attribute has no such value"
    for place, name in enumerate(written.get("carers", ())):
        if vocabulary.get(name, {}).get("type") != "person":
            yield ("carers", place), "a carer is named by an attribute of type person"


_SIDES: Final = Items(SIDE, least=1)
CLAIMED_KIN: Final = Family(
    name="claimed_kin",
    judge=judge,
    areas=_areas,
    reads=_reads,
    listens=_listens,
    form={"kin": _SIDES, "cares": _SIDES, "carers": Items(Text(), least=1)},
    required="kin cares",
    kinds=frozenset({"uncorroborated"}),
    check=_check,
)
