"""When claims were made and of what time they speak, in what order they are read, and which of many are shown.

Claims are ordered by what they say, and by their numbers only where that is all alike: what arrives sooner or later
must not change what is found.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from ledger.domain.civil_day import Stretch
from ledger.domain.claim import OFFICE_PREFIX, Claim, Ref
from ledger.domain.edtf import EdtfError, observed_bounds, parse
from ledger.domain.finding import ENTRIES_MAX
from ledger.domain.shape import Fault, Items, Named, Shape, Text
from ledger.domain.source import Source
from ledger.domain.statement import COMPARED
from ledger.domain.vocabulary import EVENT_VALUES

#: In a rule: values of some attributes, by attribute; an empty list is any value.
WORDS: Final[Shape] = Named(Items(Text()))


def said_at(claim: Claim) -> Stretch:
    """The day or the moment at which it was seen or heard."""
    return observed_bounds(claim.observed)


def speaks_of(claim: Claim) -> Stretch:
    """The time of which it speaks, up to when it was said."""
    start, end = said_at(claim)
    try:
        valid = parse(claim.valid, observed=observed_bounds(claim.observed))
    except EdtfError:
        return start, end
    until = min(valid.latest_end or end, end)
    return min(valid.earliest_start, until - timedelta.resolution), until


def is_after(claim: Claim, other: Claim) -> bool:
    """Whether it was seen or heard later than the other: not on the same day, unless both say at what time."""
    return said_at(claim)[0] >= said_at(other)[1]


def order(claim: Claim) -> tuple[Any, ...]:
    """Where a claim stands among others: by when it was said, then by what it says, and by its number last."""
    words = (claim.agency, claim.attribute, claim.about, claim.thing, claim.item, claim.value, claim.not_known)
    return (said_at(claim)[1], *(word or "" for word in words), claim.basis, claim.recorded_at, claim.ref)


def latest(claims: Iterable[Claim]) -> Claim:
    """The claim that was said last."""
    return max(claims, key=order)


def side(claims: Iterable[Claim], entries: int = ENTRIES_MAX) -> tuple[Ref, ...]:
    """One side of a finding: the latest of these claims, of at most so many entries."""
    shown: list[Ref] = []
    for claim in sorted(set(claims), key=order, reverse=True):
        if len({ref.number for ref in (*shown, claim.ref)}) <= entries and claim.ref not in shown:
            shown.append(claim.ref)
    return tuple(sorted(shown))


def is_said(claim: Claim) -> bool:
    """Whether it states something that was or is so: no plan, no omission, nothing that is not known."""
    return claim.value is not None and claim.statement in COMPARED


def has_word(claim: Claim, words: Mapping[str, Sequence[str]]) -> bool:
    """Whether it is one of a rule's words; where the rule names no values of an attribute, any value is."""
    values = words.get(claim.attribute)
    return values is not None and claim.value is not None and (not values or claim.value in values)


def agency_heard(claim: Claim, source: Source) -> str | None:
    """The agency whose word a claim passes on: as it says, or that of the professional who told it."""
    if source.key.startswith(OFFICE_PREFIX) and not source.is_own:
        return source.key.removeprefix(OFFICE_PREFIX).partition("/")[0]
    return claim.heard_from if claim.basis in {"agency", "document"} else None


def unknown_words(path: tuple[str, ...], words: Any, vocabulary: Mapping[str, Any]) -> Iterator[Fault]:
    """What a rule names that the vocabulary does not have: attributes, and values of attributes that have some."""
    for name, values in words.items():
        attribute = vocabulary.get(name)
        if attribute is None:
            yield (*path, name), "the vocabulary has no such attribute"
            continue
        known = EVENT_VALUES if attribute["type"] == "event" else attribute.get("values", {})
        for place, value in enumerate(values):
            if value not in known:
                yield (*path, name, place), f"this attribute has the values: {', '.join(known)}"
