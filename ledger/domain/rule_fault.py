"""What is wrong with a rule's settings whatever its family: agencies, clocks, days and patterns that cannot be.

A family's form says which part of its settings is a pattern, a clock or a sort of agency; so whatever family has one
is held to the same. What only the family itself can tell, its own ``check`` does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from ledger.domain.agency import AgencyWord
from ledger.domain.clock_fault import day_fault, rising_faults, warn_faults, zero_fault
from ledger.domain.dead_pattern import answered_faults, given_faults, meaning_faults, never_faults, threshold_faults
from ledger.domain.duration import refuse_clock
from ledger.domain.expectation import refuse_expectation_clock
from ledger.domain.pattern_form import PARTIES, PATTERN
from ledger.domain.rule import Family
from ledger.domain.shape import Either, Fault, Items, Keys, Named, Path, Shape, Text

#: What makes a text a clock; and lengths of time in which something must happen, by their keys.
_CLOCKS: Final = (refuse_clock, refuse_expectation_clock)
_SPANS: Final = frozenset({"within", "in", "recent", "lasts", "active_for", "younger_than"})

#: What a rule on what must be known says of it as a pattern would.
_NEEDED: Final = ("attribute", "about", "items")


def settings_faults(written: Mapping[str, Any], family: Family, content: Mapping[str, Any]) -> Iterator[Fault]:
    """Every such fault of a rule that conforms to its form; paths are below the rule."""
    vocabulary, kinds = content["attributes"], content.get("agencies", {})
    for shape, said, path in parts(Keys(family.form), {key: written[key] for key in family.form if key in written}):
        for below, why in _faults_of_part(shape, said, vocabulary, kinds):
            yield (*path, *below), why
        if isinstance(shape, Text) and (shape.refuse in _CLOCKS or (path and path[-1] in _SPANS)):
            yield from ((path, why) for why in [zero_fault(said)] if why is not None)
    if {"when", "until"} <= written.keys() & family.form.keys():
        yield from given_faults(written)
        yield from never_faults(written, vocabulary)
    elif {"when", "knows"} <= family.form.keys():
        yield from meaning_faults({key: written[key] for key in _NEEDED if key in written}, vocabulary)
        yield from answered_faults(written)
        yield from threshold_faults(written)


def _faults_of_part(
    shape: Shape, said: Any, vocabulary: Mapping[str, Any], kinds: Mapping[str, Any]
) -> Iterator[Fault]:
    if shape is PATTERN:
        yield from meaning_faults(said, vocabulary)
        for place, name in enumerate(said.get("by", ())):
            yield from _faults_of_agency(("by", place), name, frozenset(PARTIES), kinds)
    elif isinstance(said, Mapping):
        yield from warn_faults(said)
        yield from rising_faults(said)
    elif isinstance(shape, AgencyWord):
        yield from _faults_of_agency((), said, shape.parts, kinds)
    elif isinstance(shape, Text):
        why = day_fault(said)
        if why is not None:
            yield (), why


def _faults_of_agency(path: Path, said: str, parts: frozenset[str], kinds: Mapping[str, Any]) -> Iterator[Fault]:
    if said not in kinds and said not in parts:
        known = ", ".join([*sorted(parts), *kinds])
        yield path, f"the pack has no such sort of agency; it has: {known}" if known else "the pack has no agencies"


def parts(shape: Shape, said: Any, path: Path = ()) -> Iterator[tuple[Shape, Any, Path]]:
    """Each part of a setting with its shape and its place, the whole before its parts."""
    if isinstance(shape, Either):
        shape = shape.other if isinstance(said, dict | list) else shape.text
    yield shape, said, path
    if isinstance(shape, Keys):
        for key in (key for key in said if key in shape.fields):
            yield from parts(shape.fields[key], said[key], (*path, key))
    elif isinstance(shape, Named):
        for key, below in said.items():
            yield from parts(shape.below, below, (*path, key))
    elif isinstance(shape, Items):
        for place, below in enumerate(said):
            yield from parts(shape.item, below, (*path, place))
