"""Which people of a record may be one, by their names, dates of birth, roles and places.

* People of different dates of birth are two, whatever their names; a slip of one digit is not a difference.
* One name alone makes two people possible, never likely: many share a name.
* A name that is only a part of the other, or none at all, needs something else that agrees: a role, a place.
* Whom one entry names side by side, and who were said to be two, are two.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from ledger.domain.likeness import Likeness, best_first
from ledger.domain.name_match import Births, How, NameMatch, match_births, match_names, parts_of
from ledger.domain.person import CHILD, ONE_PERSON_ROLES

#: What a pair is worth at most when nothing but its name, or not even that, speaks for it.
_POSSIBLE_MAX: Final = 0.8
#: Words in a role that several people of a family hold at once: sharing it says nothing.
_HELD_BY_MANY: Final = re.compile(
    r"(?:half|step)?-?(?:siblings?|brothers?|sisters?)|(?:great)?-?grand(?:parents?|mothers?|fathers?)|aunts?|uncles?"
    r"|cousins?|friends?|neighbours?|relatives?|child|children|adults?|carers?|visitors?|professional|worker|member"
)
#: Whose somebody is, which is left out: "mother's partner" and "partner of the mother" are one role.
_WHOSE: Final = re.compile(
    r"\b(?:the |her |his |their )?(?:mother|father|mum|dad|child|baby|parent)(?:['’]s?|s['’]?)(?= )"
    r"|\b(?:of|to) (?:the )?(?:mother|father|mum|dad|child|baby|parent)\b|\b(?:the|current|new)\b"
)
_WORD: Final = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Known:
    """One person as a record's entries describe them; `key` is the name that links give them.

    Names, dates, roles, places and descriptions are as sent; ``agencies`` are those that have a reference of their
    own for them.
    """

    key: str
    names: tuple[str, ...] = ()
    born: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    descriptions: tuple[str, ...] = ()
    agencies: frozenset[str] = frozenset()


def propose_people(people: Iterable[Known], apart: Iterable[frozenset[str]] = ()) -> list[Likeness]:
    """The pairs that may be one, likeliest first; ``apart`` are pairs of keys that are known to be two."""
    parted = set(apart)
    known = sorted((person for person in people if person.key != CHILD), key=lambda person: person.key)
    found = []
    for one, other in combinations(known, 2):
        pair = frozenset({one.key, other.key})
        if pair in parted or pair <= set(ONE_PERSON_ROLES):
            continue
        likeness = _compare(one, other)
        if likeness is not None:
            found.append(likeness)
    return best_first(found)


def _compare(one: Known, other: Known) -> Likeness | None:
    births = _births(one, other)
    if births is Births.DIFFER:
        return None
    name = _name(one, other)
    role, place = _role(one, other), _place(one, other)
    if name is None and one.names and other.names:
        # Two names for one man are found by what does not change: but a shared birthday alone is no likeness.
        if births is not Births.AGREE or role is None:
            return None
        return _likeness(one, other, 0.5, ["the names differ", _BIRTHS[births], role, place])
    if name is None:
        return _unnamed(one, other, births, role, place)
    if name.how is How.WEAK and births is not Births.AGREE and role is None and place is None:
        return None
    return _likeness(one, other, _score(name, births, role, place), [name.why, _BIRTHS[births], role, place])


def _unnamed(one: Known, other: Known, births: Births, role: str | None, place: str | None) -> Likeness | None:
    """At least one of them has no name: what there is must agree, and no agency may tell them apart."""
    if one.agencies & other.agencies:
        return None
    alike = _description(one, other)
    if births in {Births.AGREE, Births.FIT} and role is not None:
        return _likeness(one, other, 0.55, [_UNNAMED, _BIRTHS[births], role, place, alike])
    if role is None and place is None and alike is None:
        return None
    score = 0.35 + 0.1 * sum(reason is not None for reason in (role, place, alike))
    return _likeness(one, other, score, [_UNNAMED, _BIRTHS[births], role, place, alike])


def _score(name: NameMatch, births: Births, role: str | None, place: str | None) -> float:
    shared = 0.05 * (role is not None) + 0.05 * (place is not None)
    if births is Births.AGREE:
        weight = 0.8 if name.how is How.WEAK else 0.95
        return min(name.score * weight + shared, 0.99)
    weight = {Births.FIT: 0.75, Births.SLIP: 0.7}.get(births, 0.6)
    return min(name.score * weight + shared, _POSSIBLE_MAX)


_UNNAMED: Final = "one of them is not named"
_BIRTHS: Final = {
    Births.AGREE: "the same date of birth",
    Births.FIT: "dates of birth that agree as far as they are known",
    Births.SLIP: "dates of birth that differ as by a slip of the pen",
    Births.DIFFER: "different dates of birth",
    Births.NOT_KNOWN: "no two dates of birth to compare",
}


def _likeness(one: Known, other: Known, score: float, why: Iterable[str | None]) -> Likeness:
    return Likeness(one.key, other.key, round(score, 2), tuple(reason for reason in why if reason is not None))


def _births(one: Known, other: Known) -> Births:
    """The best that any two of their dates say; one person may have been given several."""
    said = {match_births(first, second) for first in one.born for second in other.born}
    order = (Births.AGREE, Births.SLIP, Births.FIT, Births.DIFFER)
    return next((births for births in order if births in said), Births.NOT_KNOWN)


def _name(one: Known, other: Known) -> NameMatch | None:
    found = [match for first in one.names for second in other.names if (match := match_names(first, second))]
    return max(found, key=lambda match: match.score, default=None)


def _role(one: Known, other: Known) -> str | None:
    """That both have one role, unless several people may well hold it."""
    shared = {role_words(role) for role in one.roles} & {role_words(role) for role in other.roles}
    is_telling = any(words and not any(map(_HELD_BY_MANY.fullmatch, words)) for words in shared)
    return "the same role" if is_telling else None


def role_words(role: str) -> frozenset[str]:
    return frozenset(_WORD.findall(_WHOSE.sub("", role.casefold().replace("_", " "))))


def _place(one: Known, other: Known) -> str | None:
    shared = {place_words(place) for place in one.places} & {place_words(place) for place in other.places}
    return "described at the same place" if any(shared) else None


def place_words(place: str) -> str:
    """A place as it is compared: its words and numbers, without case and punctuation."""
    return " ".join(_WORD.findall(place.casefold()))


def _description(one: Known, other: Known) -> str | None:
    """That what is said of them has the same words, three or more."""
    for first in one.descriptions:
        for second in other.descriptions:
            words = frozenset(parts_of(first)), frozenset(parts_of(second))
            shared = words[0] & words[1]
            if len(shared) >= 3 and len(shared) * 2 > max(map(len, words)):
                return "described alike"
    return None
