"""Places as people write them, and whether two of them can be one.

Parts are divided by commas, the narrowest first: ``Flat 2, 12 Mill Lane, Shrewsbury, SY1 1AA``. Case, spaces,
punctuation and how a street is abbreviated make no difference. Words that name nothing (``her mother's flat``) tell no
place from another, so they are left aside: what remains is a vaguer place, and a place of which nothing remains may be
any. Two places differ only where both say something of the same sort; a town and a house in some unnamed town do not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

_POSTCODE = re.compile(r"\b([A-Z]{1,2}[0-9][A-Z0-9]?) ?([0-9][A-Z]{2})\b", re.IGNORECASE)
_NUMBER = re.compile(r"[0-9]{1,4}[a-z]?\Z")
_UNIT = re.compile(r"[0-9]{1,3}[a-z]?\Z|[a-z]\Z|[a-z][0-9]{1,3}\Z")
_NOT_IN_WORDS = re.compile(r"[^\w\s]")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_UNITS = _words("flat apartment apt unit room studio ward")
_SHORT = {
    "rd": "road", "st": "street", "ave": "avenue", "av": "avenue", "ln": "lane", "cl": "close", "dr": "drive",
    "cres": "crescent", "gdns": "gardens", "terr": "terrace", "tce": "terrace", "sq": "square", "gr": "grove",
    "ct": "court", "pl": "place",
}  # fmt: skip
#: Last words that make a name a street's even where no number stands before it.
_STREETS = _words("road street lane avenue close drive crescent gardens terrace square grove mews row way")
#: Words within a name that are written small.
_WITHIN_NAMES = _words("on upon of the de la le in by under next and cum y")
#: Words that say whose place it is, or of what sort: with one of them it is no name.
_WHOSE = _words(
    """mother mothers mum mums mummy father fathers dad dads daddy parent parents grandmother grandmothers gran grans
    nan nans grandfather grandfathers grandparent grandparents maternal paternal aunt aunts uncle uncles sister sisters
    brother brothers cousin cousins partner partners boyfriend boyfriends girlfriend girlfriends husband husbands wife
    wifes friend friends relative relatives family families carer carers foster neighbour neighbours child childs baby
    babys women womens own his her their with at from near not no same unknown various elsewhere flat hostel refuge
    prison custody hotel shelter accommodation placement homeless nfa abode abroad bed bedroom cot sofa settee
    somewhere"""
)
#: Words that name nothing without another beside them.
_COMMON = _words(
    """home homes house hospital school nursery residential unit ward address household rough area out room town city
    village new old current previous former temporary emergency"""
)
#: Names of what lies around towns, beside those that end in shire.
_WIDE = _words(
    """england wales scotland ireland uk britain london kent essex sussex surrey norfolk suffolk devon cornwall dorset
    somerset cumbria merseyside rutland northumberland powys gwynedd gwent dyfed fife"""
)


@dataclass(frozen=True, slots=True)
class Place:
    """A place by its parts, each in lower case; ``names`` are what lies around the street, the narrowest first."""

    postcode: str | None = None
    unit: str | None = None
    number: str | None = None
    house: str | None = None
    street: str | None = None
    names: tuple[str, ...] = ()

    @property
    def detail(self) -> int:
        """How many parts it has: of a place and one that lies within it, the latter has more."""
        parts = (self.postcode, self.unit, self.number, self.house, self.street, *self.names)
        return sum(part is not None for part in parts)


@lru_cache(maxsize=4096)
def read_place(text: str) -> Place:
    """The place that a text names, as far as it names one. Never refuses."""
    postcode = unit = number = house = street = None
    names: list[str] = []
    for part in re.split(r"[,;\n]", text):
        code = _POSTCODE.search(part)
        if code is not None:
            postcode = postcode or "".join(code.groups()).casefold()
        words = _NOT_IN_WORDS.sub(" ", re.sub(r"[.'’]", "", _POSTCODE.sub(" ", part))).split()
        if len(words) > 1 and words[0].casefold() in _UNITS and _UNIT.match(words[1].casefold()):
            unit, words = words[1].casefold(), words[2:]
        numbered = _numbered(words) if number is None else None
        if numbered is not None:
            if names or street:
                house = names.pop() if names else street
            number, street, around = numbered
            names += [around] if around else []
            continue
        name = _name(words)
        if name is None:
            continue
        if street is None and (_is_street(name) or (number is not None and not names)):
            house = names.pop() if names and number is None else house
            street = name
        else:
            names.append(name)
    return Place(postcode, unit, number, house, street, tuple(dict.fromkeys(names)))


def can_be_one(one: Place, other: Place) -> bool:
    """Whether the two may be the same place, or one within the other; where they cannot be told apart, they may."""
    if one.postcode and other.postcode:
        return one.postcode == other.postcode and not _differ_in_house(one, other)
    if one.street and other.street:
        if one.street != other.street:
            return one.street in (other.house, *other.names) or other.street in (one.house, *one.names)
        return not _differ_in_house(one, other) and not _differ_around(one.names, other.names)
    return not _differ_by_name(one, other)


def _numbered(words: Sequence[str]) -> tuple[str, str | None, str | None] | None:
    """A house number, the street after it, and a name that follows the street without a comma."""
    for place, word in enumerate(words):
        after = words[place + 1 :]
        if not _NUMBER.match(word.casefold()):
            continue
        if len(words) == 1:
            return word.casefold(), None, None
        last = max((at for at, after_word in enumerate(after) if _in_full(after_word, at) in _STREETS), default=-1)
        street = _name(after[: last + 1] if last > 0 else after, is_numbered=True)
        if street is not None:
            return word.casefold(), street, _name(after[last + 1 :]) if last > 0 else None
    return None


def _name(words: Sequence[str], *, is_numbered: bool = False) -> str | None:
    """Words as a name; None where they name nothing. A street with a number before it may be written small."""
    small = [_in_full(word, at) for at, word in enumerate(words)]
    if not small:
        return None
    if is_numbered and len(small) > 1 and small[-1] in _STREETS:
        return " ".join(small)
    is_prose = len(words) > 1 and any(
        word == word.casefold() and word not in _WITHIN_NAMES and not word[0].isdigit() for word in words
    )
    is_street = len(small) > 1 and small[-1] in _STREETS
    return None if is_prose or (not is_street and _is_nameless(small)) else " ".join(small)


def _is_nameless(words: Sequence[str]) -> bool:
    parts = {part for word in words for part in word.split("_")} - _WITHIN_NAMES
    return not parts.isdisjoint(_WHOSE) or parts <= _COMMON


def _in_full(word: str, at: int) -> str:
    """A word in lower case, and as the street's kind that it is short for unless it comes first, as in St Mary."""
    small = word.casefold()
    return _SHORT.get(small, small) if at else small


def _is_street(name: str) -> bool:
    return name.rpartition(" ")[2] in _STREETS and " " in name


def _differ_in_house(one: Place, other: Place) -> bool:
    """Whether two places in one street, or of one postcode, are two houses or two flats of one."""
    if one.number and other.number and one.number != other.number:
        return True
    if one.house and other.house and one.house != other.house:
        return True
    return bool(one.unit and other.unit and one.unit != other.unit)


def _differ_around(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether what lies around one street's name makes two streets of it: two towns, and no part in common."""
    return bool(one) and not set(one) & set(other) and _sorts(one) == _sorts(other)


def _differ_by_name(one: Place, other: Place) -> bool:
    """Whether places of which at most one names its street lie apart, by the names that they give."""
    shared = set(one.names) & set(other.names)
    if not shared:
        return not (one.street or other.street) and _differ_around(one.names, other.names)
    if all(place.street or place.names[0] not in shared for place in (one, other)):
        return True
    ends = (one.names[-1], other.names[-1])
    return not shared.intersection(ends) and _sorts(one.names) == _sorts(other.names)


def _sorts(names: Sequence[str]) -> list[str]:
    """Of what sort each name is: a county is around a town, and not another town."""
    return ["wide" if name in _WIDE or name.endswith("shire") else _sort_of_name(name) for name in names]


def _sort_of_name(name: str) -> str:
    return "code" if any(character.isdigit() for character in name) else "name"
