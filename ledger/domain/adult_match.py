"""Which adults of different children's records may be one person, and why. It proposes and never decides.

Across a partnership many share a name, so a name alone proposes nobody: something besides must agree, a date of birth,
a place, an NHS number. Stricter than within one record (`person_match`), as being wrong tells one family's business to
those who work with another.

* Two dates of birth that are known and differ are two people: father and son of one name.
* Names that are only alike are never likely, however well the date fits: so are twins'.
* One first name with another surname and the same date of birth is possible: a woman who has changed hers. One surname
  with another first name is not: so are twins'.
* Of two who would fit one person of another record only the better one is proposed; both, where they fit as well.
* Agencies' own references are never compared, and nobody is proposed who has no name.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Final, Literal, NamedTuple

import jellyfish

from ledger.domain.likeness import LIKELY_MIN
from ledger.domain.name_match import Births, How, NameMatch, match_births, match_names, parts_of
from ledger.domain.person import CHILD
from ledger.domain.person_match import Known, place_words, role_words

#: So many at most are compared each with each because they share something: what more share says too little.
SHARED_MOST: Final = 60
#: What names that are no more than alike are worth at most: possible.
_ALIKE_MAX: Final = LIKELY_MIN - 0.01
#: Said in the place of a name, by those who do not know it, or will not say it.
_PLACEHOLDERS: Final = """
    unknown unnamed anonymous not known given name none no male female man woman person adult mum mother dad father baby
    partner boyfriend girlfriend husband wife stepfather stepmother mr mrs ms miss other the of"""
_NO_NAME: Final = frozenset(_PLACEHOLDERS.split())
#: Words of the roles of those who are no adults of the family.
_OTHERS: Final = """
    sibling siblings brother sister halfbrother halfsister stepbrother stepsister child children twin son daughter baby
    infant professional worker nurse midwife doctor gp consultant teacher police officer visitor practitioner"""
_NO_ADULT: Final = frozenset(_OTHERS.split())
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}\Z")


class Who(NamedTuple):
    """A person of a record: the record's id, and the key by which its links name them."""

    record: str
    key: str


@dataclass(frozen=True, slots=True)
class Adult:
    """One person of one record as its entries describe them. ``nhs`` are NHS numbers, digits alone."""

    record: str
    known: Known
    nhs: frozenset[str] = frozenset()

    @property
    def who(self) -> Who:
        return Who(self.record, self.known.key)


@dataclass(frozen=True, slots=True)
class Alike:
    """Two people of two records, in order, who may be one; the score runs from 0 to 1."""

    one: Who
    other: Who
    score: float
    why: tuple[str, ...]

    @property
    def level(self) -> Literal["likely", "possible"]:
        return "likely" if self.score >= LIKELY_MIN else "possible"


@dataclass(slots=True)
class Compared:
    """What comparing many proposed, the likeliest first; how many pairs were looked at, and what was too common to."""

    found: list[Alike] = field(default_factory=list)
    pairs: int = 0
    too_common: int = 0


def is_adult(known: Known) -> bool:
    """Whether somebody may be an adult of the family with a name: no child, no sibling, nobody who works with them."""
    is_other = known.key == CHILD or any(_NO_ADULT & role_words(role) for role in known.roles)
    return not is_other and bool(names_of(known))


def names_of(known: Known) -> list[str]:
    """Those of somebody's names that are names."""
    return [name for name in known.names if any(len(part) > 1 and part not in _NO_NAME for part in parts_of(name))]


def propose_adults(adults: Iterable[Adult], settled: Collection[frozenset[Who]] = ()) -> Compared:
    """The pairs of different records who may be one. ``settled`` are those of whom somebody has said what they are.

    Only such are compared as share something: cost grows with how many share, not with the square of all.
    """
    named = sorted((one for one in adults if is_adult(one.known)), key=lambda one: one.who)
    compared = Compared()
    found = []
    for place, other in _candidates(named, compared):
        one, two = named[place], named[other]
        if frozenset({one.who, two.who}) in settled:
            continue
        compared.pairs += 1
        alike = compare_adults(one, two)
        if alike is not None:
            found.append(alike)
    compared.found = sorted(_best(found), key=lambda alike: (-alike.score, alike.one, alike.other))
    return compared


def compare_adults(one: Adult, other: Adult) -> Alike | None:
    """Whether two people of two records may be one; None where nothing, or too little, speaks for it."""
    if one.nhs & other.nhs:
        return _alike(one, other, 0.99, ["the same NHS number"])
    births = _births(one.known, other.known)
    if births is Births.DIFFER or (one.nhs and other.nhs):
        return None
    place = _place(one.known, other.known)
    worth = _worth(_name(one.known, other.known), births, is_there=place is not None)
    if worth is None:
        worth = _other_surname(one.known, other.known, births)
    if worth is None:
        return None
    score, why = worth
    against = _roles_against(one.known, other.known)
    if against is not None:
        score = min(score, 0.6)
    return _alike(one, other, score, [why, _SAID[births], place, against])


def are_two(one: Adult, other: Adult) -> bool:
    """Whether something says that they are two, whatever speaks for one: a number, a date, or names as twins have."""
    if one.nhs and other.nhs:
        return not one.nhs & other.nhs
    if _births(one.known, other.known) is Births.DIFFER:
        return True
    return _name(one.known, other.known) is None and not _firsts(one.known) & _firsts(other.known)


# ── what agrees ──

_SAID: Final[Mapping[Births, str | None]] = {
    Births.AGREE: "the same date of birth",
    Births.FIT: "dates of birth that agree as far as they are known",
    Births.SLIP: "dates of birth that differ as by a slip of the pen",
    Births.DIFFER: None,
    Births.NOT_KNOWN: None,
}
#: What the same name, names that are alike, and a part of a name are worth, by what the dates say: without, and with a
#: place that agrees. What is not here says too little.
_WORTH: Final[Mapping[tuple[How, Births], tuple[float, float]]] = {
    (How.SAME, Births.AGREE): (0.95, 0.98),
    (How.SAME, Births.SLIP): (0.7, 0.8),
    (How.SAME, Births.FIT): (0.65, 0.75),
    (How.SAME, Births.NOT_KNOWN): (0.0, 0.6),
    (How.ALIKE, Births.AGREE): (0.88, 0.88),
    (How.ALIKE, Births.SLIP): (0.0, 0.6),
    (How.ALIKE, Births.FIT): (0.0, 0.6),
    (How.WEAK, Births.AGREE): (0.75, 0.8),
}


def _worth(name: NameMatch | None, births: Births, *, is_there: bool) -> tuple[float, str] | None:
    if name is None:
        return None
    how = name.how
    worth = _WORTH.get((how, births), (0.0, 0.0))[is_there] * name.score
    if not worth:
        return None
    return (worth if how is How.SAME else min(worth, _ALIKE_MAX)), name.why


def _other_surname(one: Known, other: Known, births: Births) -> tuple[float, str] | None:
    """The same date of birth and the same first name, which has more than two letters; another surname."""
    if births is not Births.AGREE:
        return None
    shares = any(len(first) > 2 and first not in _NO_NAME for first in _firsts(one) & _firsts(other))
    return (0.6, "the same first name with another surname") if shares else None


def _firsts(known: Known) -> set[str]:
    """The first of the parts of each name."""
    return {parts[0] for name in names_of(known) if (parts := _in_order(name))}


def _in_order(name: str) -> tuple[str, ...]:
    """The parts of a name as it is said: what stands before a comma is said last."""
    last, comma, first = name.partition(",")
    return parts_of(f"{first} {last}") if comma else parts_of(name)


def _name(one: Known, other: Known) -> NameMatch | None:
    found = [match for a in names_of(one) for b in names_of(other) if (match := match_names(a, b))]
    return max(found, key=lambda match: (match.how is How.SAME, match.score), default=None)


def _births(one: Known, other: Known) -> Births:
    said = {match_births(a, b) for a in one.born for b in other.born}
    order = (Births.AGREE, Births.SLIP, Births.FIT, Births.DIFFER)
    return next((births for births in order if births in said), Births.NOT_KNOWN)


def _place(one: Known, other: Known) -> str | None:
    shared = {place_words(place) for place in one.places} & {place_words(place) for place in other.places}
    return "described at the same place" if any(shared) else None


def _roles_against(one: Known, other: Known) -> str | None:
    roles = [{role.casefold() for role in known.roles} & {"mother", "father"} for known in (one, other)]
    is_against = len(roles[0]) == len(roles[1]) == 1 and roles[0] != roles[1]
    return "mother in the one record and father in the other" if is_against else None


def _alike(one: Adult, other: Adult, score: float, why: Iterable[str | None]) -> Alike:
    first, last = sorted((one.who, other.who))
    return Alike(first, last, round(score, 2), tuple(reason for reason in why if reason))


def _best(found: Sequence[Alike]) -> Iterator[Alike]:
    """Those of whom neither fits another person of the other's record better."""
    best: dict[tuple[Who, str], float] = defaultdict(float)
    for alike in found:
        for who, record in ((alike.one, alike.other.record), (alike.other, alike.one.record)):
            best[who, record] = max(best[who, record], alike.score)
    for alike in found:
        if alike.score >= best[alike.one, alike.other.record] and alike.score >= best[alike.other, alike.one.record]:
            yield alike


# ── who is compared at all ──


def _candidates(adults: Sequence[Adult], compared: Compared) -> Iterator[tuple[int, int]]:
    """Pairs of places, each once, of people in different records who share something."""
    sharing: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, adult in enumerate(adults):
        for shared in set(_shares(adult)):
            sharing[shared].append(place)
    pairs = set[tuple[int, int]]()
    for places in sharing.values():
        if len(places) > SHARED_MOST:
            compared.too_common += 1
            continue
        pairs |= {(a, b) for a, b in combinations(places, 2) if adults[a].record != adults[b].record}
    yield from sorted(pairs)


def _shares(adult: Adult) -> Iterator[tuple[str, ...]]:
    """What brings two people together to be compared: each is enough."""
    yield from (("nhs", number) for number in adult.nhs)
    days = [born for born in adult.known.born if _DAY.match(born)]
    for name in names_of(adult.known):
        parts = parts_of(name)
        sounds = sorted({_sound(part) for part in parts if len(part) > 1 and part not in _NO_NAME})
        for two in combinations(sounds, 2):
            yield from (("year", *two, born[:4]) for born in adult.known.born)
            yield from (("place", *two, place_words(place)) for place in adult.known.places)
            yield from (("slip", *two, day[:at] + day[at + 1 :], str(at)) for day in days for at in range(len(day)))
            yield from (("turned", *two, day[:4], *sorted((day[5:7], day[8:]))) for day in days)
        initials = sorted({part[0] for part in parts})
        yield from (("day", day, initial) for day in days for initial in initials)


def _sound(part: str) -> str:
    return (jellyfish.metaphone(part) if part.isascii() else "") or part
