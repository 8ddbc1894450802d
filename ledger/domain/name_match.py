"""Whether two names, or two dates of birth, may be one person's, and why. It proposes and never decides.

Names are compared as they were sent: without case, accents, punctuation and forms of address, in any order of their
parts, and part by part. Nothing is guessed about which part is a surname, and no nickname is taken for another name.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import jellyfish
from rapidfuzz.distance import OSA, JaroWinkler

from ledger.domain.edtf import EdtfError, parse

_PARTS: Final = re.compile(r"[^\W\d_]+")
_APOSTROPHES: Final = re.compile("['’‘`\u00b4]")
#: Letters that Unicode does not take apart into a letter and its accent.
_LETTERS: Final = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "\u0131": "i"}
)
_ADDRESS: Final = frozenset({"mr", "mrs", "ms", "miss", "mx", "dr"})

#: What a part is worth by how it meets another: equal, spelt alike, sounding alike, an initial.
_SPELT, _SOUNDS, _INITIAL = 0.9, 0.85, 0.6
_SPELT_CHARS_MIN: Final = 4
_LONG_CHARS_MIN: Final = 8
_SOUNDS_MIN: Final = 0.75
#: What each part more on one side takes away.
_LEFT_OVER: Final = 0.04

_DAY: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})\Z")


class How(StrEnum):
    """How two names meet: wholly; alike, with a part in common; or so little that it says nothing by itself."""

    SAME = "same"
    ALIKE = "alike"
    WEAK = "weak"


@dataclass(frozen=True, slots=True)
class NameMatch:
    """Two names that meet: how, how well (0 to 1), and why in words."""

    how: How
    score: float
    why: str


class Births(StrEnum):
    """What two dates of birth say of two people being one."""

    AGREE = "agree"
    #: As well as the vaguer one is known.
    FIT = "fit"
    #: One digit changed or two exchanged: as in a slip of the pen.
    SLIP = "slip"
    DIFFER = "differ"
    NOT_KNOWN = "not_known"


def parts_of(name: str) -> tuple[str, ...]:
    """The parts of a name as they are compared."""
    spread = unicodedata.normalize("NFKD", name.casefold().translate(_LETTERS))
    plain = _APOSTROPHES.sub("", "".join(char for char in spread if not unicodedata.combining(char)))
    parts = tuple(_PARTS.findall(plain))
    return tuple(part for part in parts if part not in _ADDRESS) or parts


def match_names(one: str, other: str) -> NameMatch | None:
    """How two names meet; None where some part of the shorter meets nothing in the longer."""
    shorter, longer = sorted((parts_of(one), parts_of(other)), key=lambda parts: (len(parts), parts))
    if not shorter:
        return None
    pairs = _pair(shorter, longer)
    if len(pairs) < len(shorter):
        return None
    score = sum(worth for worth, _ in pairs) / len(pairs) - _LEFT_OVER * (len(longer) - len(shorter))
    full = sum(worth > _INITIAL for worth, _ in pairs)
    if full < 2 and len(longer) > 1:
        return NameMatch(How.WEAK, min(score, 0.7), "the one name is a part of the other") if full else None
    said = sorted({why for _, why in pairs if why})
    if not said:
        more = "; one has more parts" if len(longer) > len(shorter) else ""
        return NameMatch(How.SAME, score, f"the same name{more}")
    how = How.ALIKE if any(worth == 1 for worth, _ in pairs) else How.WEAK
    return NameMatch(how, score, f"names that are alike: {' and '.join(said)}")


def match_births(one: str | None, other: str | None) -> Births:
    """What two dates of birth, each as well as it is known, say. A date that cannot be read is not known."""
    if one is None or other is None:
        return Births.NOT_KNOWN
    days = _DAY.match(one), _DAY.match(other)
    if days[0] and days[1]:
        if one == other:
            return Births.AGREE
        return Births.SLIP if _is_slip(one, other) else Births.DIFFER
    try:
        first, second = parse(one), parse(other)
    except EdtfError:
        return Births.NOT_KNOWN
    if first.latest_end is None or second.latest_end is None:
        return Births.NOT_KNOWN
    meet = first.earliest_start < second.latest_end and second.earliest_start < first.latest_end
    return Births.FIT if meet else Births.DIFFER


def _is_slip(one: str, other: str) -> bool:
    """One digit changed (not of the decade: that is another generation), two neighbours exchanged, day for month."""
    if one[:4] == other[:4] and (one[5:7], one[8:]) == (other[8:], other[5:7]):
        return True
    places = [place for place, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    if len(places) == 1:
        return places[0] > 2
    exchanged = OSA.distance(one.replace("-", ""), other.replace("-", "")) == 1
    return exchanged and places[0] >= 2


def _pair(shorter: tuple[str, ...], longer: tuple[str, ...]) -> list[tuple[float, str]]:
    """Each part of the shorter with the part of the longer that it meets best, each used once."""
    met = sorted(
        ((*_meet(one, other), at, place) for at, one in enumerate(shorter) for place, other in enumerate(longer)),
        key=lambda found: (-found[0], found[2], found[3]),
    )
    taken: set[int] = set()
    given: set[int] = set()
    pairs = []
    for worth, why, at, place in met:
        if worth and at not in given and place not in taken:
            given.add(at)
            taken.add(place)
            pairs.append((worth, why))
    return pairs


def _meet(one: str, other: str) -> tuple[float, str]:
    """What two parts are worth together, and why when they are not equal."""
    if one == other:
        return (_INITIAL, "an initial") if len(one) == 1 else (1.0, "")
    if 1 in {len(one), len(other)}:
        return (_INITIAL, "an initial") if one[0] == other[0] else (0.0, "")
    least, slips = min(len(one), len(other)), OSA.distance(one, other)
    if (slips == 1 and least >= _SPELT_CHARS_MIN) or (slips == 2 and least >= _LONG_CHARS_MIN):
        return _SPELT, "spelt alike"
    return (_SOUNDS, "sounding alike") if _sound_alike(one, other) else (0.0, "")


def _sound_alike(one: str, other: str) -> bool:
    return (
        one.isascii()
        and other.isascii()
        and jellyfish.metaphone(one) == jellyfish.metaphone(other) != ""
        and JaroWinkler.similarity(one, other) >= _SOUNDS_MIN
        and bool(jellyfish.match_rating_comparison(one, other))
    )
