"""Somebody who gave one agency a name that another agency's own record, or a document, shows not to be theirs.

A person may have several names, and share none of them with the next person's spelling, so two names are no finding.
It is one where the name that was told has no part in common with the name on record; where they share a part, and the
dates of birth that came with them differ; or where somebody checked the identity and found it false. What is said to be
another sort of name (an alias, a name before marriage) explains itself, and so does an agency that holds both.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.claim import PERSON, Claim, Ref
from ledger.domain.finding import ENTRIES_MAX, Basis
from ledger.domain.name_match import Births, match_births, match_names, parts_of
from ledger.domain.question import Question, Topic, item_key
from ledger.domain.rule import Family, Rule, Verdict, View
from ledger.domain.shape import Fault
from ledger.domain.source import HEARD
from ledger.domain.statement import COMPARED

if TYPE_CHECKING:
    from ledger.domain.facts import Facts
    from ledger.domain.pack import Pack

_NAME: Final = "name_used"
_CHECKED: Final = "identity_checked"
_BORN: Final = "date_of_birth"
_PROVEN: Final = frozenset({"own_record", "document", "searched", "measured"})
#: Sorts of name that are the name itself, or a part of it.
_ITSELF: Final = frozenset(
    {"", "name", "full name", "legal", "legal name", "real name", "surname", "family name", "first name", "forename"}
)
_SIDE_MAX: Final = ENTRIES_MAX // 2


@dataclass(frozen=True, slots=True)
class _Name:
    claim: Claim
    text: str
    sort: str
    births: tuple[str, ...]


def judge(view: View) -> Verdict:
    """The names told of one person, against those on record that show them not to be theirs."""
    facts, about = view.facts, view.area.about
    names = [*_names(about, facts)]
    told = [one for one in names if one.claim.attribute == _NAME and one.claim.basis in HEARD]
    proven = [one for one in names if one.claim.attribute == _NAME and one.claim.basis in _PROVEN]
    false = [one for one in facts.claims(Topic(_CHECKED, about)) if one.value == "false" and one.statement in COMPARED]
    one_side: dict[Ref, Claim] = {}
    other: dict[Ref, Claim] = {}
    for name in told:
        against = [one for one in proven if _shows_false(name, one) and not _is_known(name, one, names)]
        checked = [one for one in false if one.agency != name.claim.agency and not _has_found(name, false)]
        for claim in (*(one.claim for one in against), *checked):
            one_side[name.claim.ref] = name.claim
            other[claim.ref] = claim
    if not one_side:
        return Verdict()
    return Verdict(basis=Basis(kind="identity", sides=(_shown(one_side), _shown(other))))


def _names(about: str, facts: Facts) -> Iterator[_Name]:
    births: dict[str, list[str]] = {}
    for claim in facts.claims(Topic(_BORN, about)):
        if claim.value is not None and claim.statement in COMPARED:
            births.setdefault(claim.agency, []).append(claim.value)
    introduced = [(claim, json.loads(claim.value or "{}")) for claim in facts.claims(Topic(PERSON, about))]
    for claim, told in introduced:
        if told.get("born"):
            births.setdefault(claim.agency, []).append(told["born"])
    for claim in facts.claims(Topic(_NAME, about)):
        if claim.value is not None and claim.statement in COMPARED:
            yield _Name(claim, claim.value, item_key(claim.item or ""), tuple(births.get(claim.agency, ())))
    for claim, told in introduced:
        if told.get("name"):
            yield _Name(claim, told["name"], "", tuple(births.get(claim.agency, ())))


def _shows_false(told: _Name, proven: _Name) -> bool:
    """Whether the name on record leaves no room for the one that was told."""
    sorts = {told.sort, proven.sort} - _ITSELF
    if sorts or match_names(told.text, proven.text) is not None:
        return False
    return not _share_a_part(told.text, proven.text) or _births_differ(told, proven)


def _share_a_part(one: str, other: str) -> bool:
    return any(match_names(first, second) is not None for first in parts_of(one) for second in parts_of(other))


def _births_differ(one: _Name, other: _Name) -> bool:
    said = {match_births(first, second) for first in one.births for second in other.births}
    return said == {Births.DIFFER}


def _is_known(told: _Name, proven: _Name, names: Sequence[_Name]) -> bool:
    """Whether the agency that was told holds the other name too, or the one whose record it is holds what was told."""
    held = [(told.claim.agency, proven.text), (proven.claim.agency, told.text)]
    return told.claim.agency != proven.claim.agency and any(
        one.claim.agency == agency and match_names(one.text, text) is not None for one in names for agency, text in held
    )


def _has_found(told: _Name, false: Sequence[Claim]) -> bool:
    """Whether the agency that was told has found out itself."""
    return any(claim.agency == told.claim.agency for claim in false)


def _shown(claims: Mapping[Ref, Claim]) -> tuple[Ref, ...]:
    latest = sorted(claims.values(), key=lambda claim: (claim.observed, claim.agency, claim.value or "", claim.ref))
    return tuple(sorted(claim.ref for claim in latest[-_SIDE_MAX:]))


def _areas(_rule: Rule, question: Question, _facts: Facts) -> Iterator[Question]:
    yield Question(_NAME, question.about)


def _reads(_rule: Rule, area: Question, _pack: Pack) -> Iterator[Topic]:
    yield from (Topic(attribute, area.about) for attribute in (_NAME, _CHECKED, _BORN, PERSON))


def _listens(_rule: Rule, _pack: Pack) -> frozenset[str]:
    return frozenset({_NAME, _CHECKED, _BORN, PERSON})


def _check(_written: Mapping[str, Any], vocabulary: Mapping[str, Any]) -> Iterator[Fault]:
    lacking = sorted({_NAME, _CHECKED, _BORN} - vocabulary.keys())
    if lacking:
        yield (), f"a rule of this family needs attributes that the vocabulary lacks: {', '.join(lacking)}"


FALSE_NAME: Final = Family(
    name="false_name",
    judge=judge,
    areas=_areas,
    reads=_reads,
    listens=_listens,
    kinds=frozenset({"identity"}),
    check=_check,
)
