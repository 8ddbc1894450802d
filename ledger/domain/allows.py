"""What each claim of one question allows, as a set of states of the world: one bit for each, so that sets are masks.

The states of a ``state`` or an ``event`` are in the vocabulary. Those of the other types are drawn from what is said on
the question, no finer than tells its statements apart:

* ``person``: everyone who is named, each by the name that the links give, and somebody else.
* ``quantity``: the ends of the stretches in which each number may truly lie, half the tolerance to either side.
* ``date``: the stretches between the ends of the dates. A time by the clock, as people give it, may be half an hour
  out to either side; where the attribute has a tolerance, every date is half of it wider to either side.
* ``place``: each set of places that can all be one, to which no other could be added (`ledger.domain.place`).
* ``text`` could say anything, so here it says nothing.

A mask has meaning only beside the others of its question that were made with it. Two claims, and any number of them,
can be so together exactly when their masks share a state.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from ledger.domain.civil_day import Stretch, civil_date
from ledger.domain.claim import Claim, Ref
from ledger.domain.duration import DurationError, parse_duration
from ledger.domain.edtf import EdtfError, parse
from ledger.domain.person import Links, person_key
from ledger.domain.place import Place, can_be_one, read_place
from ledger.domain.vocabulary import EVENT_STATES, EVENT_VALUES, PERSON_FORMS, QUANTITY, Attribute

#: The state of the world in which it is nobody of those who are named.
SOMEBODY_ELSE = "somebody_else"
#: More sets of places than this are not told apart: the vaguest places are then taken for any place.
PLACES_MAX = 256
#: By how much people's clock times may differ and still be of one moment.
CLOCK_TOLERANCE = timedelta(hours=1)
_OPEN_END = datetime(9999, 12, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Masks:
    """The mask of each claim, by its place in the record; a claim that says nothing has none.

    ``labels`` words each state, at the place of its bit. Where the states lie along a line, ``ends`` has the first and
    the last of what each stands for, and neighbours are worded as one range.
    """

    by_ref: Mapping[Ref, int]
    labels: tuple[str, ...]
    ends: tuple[tuple[str, str], ...] = ()

    def states_in(self, mask: int) -> tuple[str, ...]:
        """What a mask allows, in words, each once."""
        places = [place for place in range(len(self.labels)) if mask >> place & 1]
        if not self.ends:
            return tuple(dict.fromkeys(self.labels[place] for place in places))
        firsts = [place for place in places if not mask << 1 >> place & 1]
        lasts = [place for place in places if not mask >> 1 >> place & 1]
        return tuple(_range(self.ends[first][0], self.ends[last][1]) for first, last in zip(firsts, lasts, strict=True))


class Named(NamedTuple):
    """Whom a value of type ``person`` names, by their resolved names: it is one of them, or none of them."""

    names: frozenset[str]
    is_none_of_them: bool


def masks_of(claims: Iterable[Claim], attribute: Attribute, people: Links) -> Masks:
    """What the claims of one question allow. A value that the vocabulary does not have, or no longer, has no mask."""
    valued = [claim for claim in claims if claim.value is not None and claim.not_known is None]
    of_type = _OF_TYPE.get(attribute.type)
    return Masks({}, ()) if of_type is None else of_type(valued, attribute, people)


def named_in(claim: Claim, people: Links) -> Named | None:
    """Whom the value of a claim names, as the claim's own agency uses their references."""
    refs = _refs_in(claim.value or "")
    if refs is None:
        return None
    names = {people.resolve(person_key(ref, claim.agency), claim.agency) for ref in refs[1]}
    return Named(frozenset(names), refs[0] == "is_not")


def _refs_in(value: str) -> tuple[str, Sequence[str]] | None:
    """The form of a person's value, and the references in it."""
    if not value.startswith("{"):
        return ("is", [value]) if value.strip() else None
    try:
        ((form, refs),) = json.loads(value).items()
    except (ValueError, RecursionError):
        return None
    refs = refs if isinstance(refs, list) else [refs]
    is_read = form in PERSON_FORMS and refs and all(isinstance(ref, str) and ref.strip() for ref in refs)
    return (form, refs) if is_read else None


def _of_words(claims: Iterable[Claim], attribute: Attribute, _: Links) -> Masks:
    is_event = attribute.type == "event"
    values = EVENT_VALUES if is_event else attribute.values
    by_ref = {claim.ref: values[claim.value] for claim in claims if claim.value is not None and claim.value in values}
    return Masks(by_ref, EVENT_STATES if is_event else attribute.states)


def _of_people(claims: Iterable[Claim], _: Attribute, people: Links) -> Masks:
    said = {claim.ref: named for claim in claims if (named := named_in(claim, people)) is not None}
    names = sorted(set().union(*(named.names for named in said.values())))
    bit_of = {name: 1 << place for place, name in enumerate(names)}
    everyone = (1 << len(names) + 1) - 1
    by_ref = {}
    for ref, named in said.items():
        mask = sum(bit_of[name] for name in named.names)
        by_ref[ref] = everyone & ~mask if named.is_none_of_them else mask
    return Masks(by_ref, (*names, SOMEBODY_ELSE))


def _of_quantities(claims: Iterable[Claim], attribute: Attribute, _: Links) -> Masks:
    """Two stretches that meet share an end of one of them, so the ends are states enough."""
    tolerance = attribute.tolerance or "0"
    if not QUANTITY.match(tolerance):
        return Masks({}, ())
    half = abs(Decimal(tolerance)) / 2
    numbers = {claim.ref: Decimal(claim.value) for claim in claims if claim.value and QUANTITY.match(claim.value)}
    points = sorted({end for number in numbers.values() for end in (number - half, number + half)})
    place_of = {point: place for place, point in enumerate(points)}
    by_ref = {ref: _run(place_of[number - half], place_of[number + half] + 1) for ref, number in numbers.items()}
    words = [f"{point.normalize():f}" for point in points]
    return Masks(by_ref, tuple(words), tuple((word, word) for word in words))


def _of_dates(claims: Iterable[Claim], attribute: Attribute, _: Links) -> Masks:
    wider = _half_of(attribute.tolerance)
    said = {claim.ref: bounds for claim in claims if (bounds := _bounds(claim.value or "", wider)) is not None}
    points = sorted({end for bounds in said.values() for end in bounds})
    place_of = {point: place for place, point in enumerate(points)}
    ends = tuple(
        (civil_date(start).isoformat(), "" if end == _OPEN_END else civil_date(end - timedelta.resolution).isoformat())
        for start, end in pairwise(points)
    )
    by_ref = {ref: _run(place_of[start], place_of[end]) for ref, (start, end) in said.items()}
    return Masks(by_ref, tuple(_range(first, last) for first, last in ends), ends)


def _bounds(value: str, wider: timedelta) -> Stretch | None:
    """The stretch within which a date lies, for every reading of it."""
    try:
        valid = parse(value)
    except EdtfError:
        return None
    start, end = valid.earliest_start - wider, valid.latest_end
    if _is_clock_time(valid.written_start):
        start -= CLOCK_TOLERANCE / 2
    if end is None:
        return start, _OPEN_END
    return start, end + wider + (CLOCK_TOLERANCE / 2 if _is_clock_time(valid.written_end) else timedelta(0))


def _is_clock_time(written: Stretch | None) -> bool:
    return written is not None and written[1] - written[0] <= timedelta(minutes=1)


def _half_of(tolerance: str | None) -> timedelta:
    try:
        length = parse_duration(tolerance or "P0D")
    except DurationError:
        return timedelta(0)
    return length / 2 if isinstance(length, timedelta) else timedelta(0)


def _of_places(claims: Iterable[Claim], _: Attribute, __: Links) -> Masks:
    said = {
        claim.ref: (read_place(claim.value), claim.value) for claim in claims if claim.value and claim.value.strip()
    }
    text_of: dict[Place, str] = {}
    for place, text in said.values():
        text_of[place] = min(text, text_of.get(place, text))
    places = sorted(text_of, key=lambda place: (-place.detail, text_of[place]))
    together = _together(places)
    everywhere = (1 << len(together)) - 1
    mask_of = {
        place: sum(1 << state for state, members in enumerate(together) if members >> at & 1) or everywhere
        for at, place in enumerate(places)
    }
    labels = tuple(text_of[places[(members & -members).bit_length() - 1]] for members in together)
    return Masks({ref: mask_of[place] for ref, (place, _) in said.items()}, labels)


def _together(places: Sequence[Place]) -> list[int]:
    """The largest sets of places that can all be one, each as a mask of their positions; the most precise first."""
    sets: list[int] = []
    for at, place in enumerate(places):
        near = sum(1 << other for other in range(at) if can_be_one(place, places[other]))
        joined = {members & near | 1 << at for members in sets} | {1 << at}
        largest: list[int] = []
        for members in sorted(joined, key=lambda members: (-members.bit_count(), members)):
            if all(members & ~larger for larger in largest):
                largest.append(members)
        grown = [members for members in sets if members & ~near] + largest
        if len(grown) <= PLACES_MAX:
            sets = grown
    return sets


def _run(start: int, end: int) -> int:
    """The mask of all places from ``start`` up to, and without, ``end``."""
    return (1 << end) - (1 << start)


def _range(first: str, last: str) -> str:
    if not last:
        return f"{first} or later"
    return first if first == last else f"{first} to {last}"


_OF_TYPE: Mapping[str, Callable[[Iterable[Claim], Attribute, Links], Masks]] = {
    "state": _of_words,
    "event": _of_words,
    "person": _of_people,
    "quantity": _of_quantities,
    "date": _of_dates,
    "place": _of_places,
}
