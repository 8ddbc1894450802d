"""Shapes of written documents: which keys may stand where, and what their values are.

A document arrives with every scalar as text. A shape gives it back with what it declares to be a number or a yes or no
turned into one, and notes every fault at its path; no fault repeats what was written.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

MOST_DIGITS = 18
Path = tuple[str | int, ...]
Fault = tuple[Path, str]


class Shape(Protocol):
    """What a part of a document may be."""

    def conform(self, value: object, path: Path, faults: list[Fault], /) -> object:
        """The value in its proper type; what is wrong with it is added to the faults."""
        ...


def conform(value: object, shape: Shape) -> tuple[object, list[Fault]]:
    """The whole document in its proper types, and all that is wrong with it, in the order in which it is written."""
    faults: list[Fault] = []
    return shape.conform(value, (), faults), faults


@dataclass(frozen=True, slots=True)
class Text:
    """Words; ``refuse`` gives a reason to refuse them."""

    refuse: Callable[[str], str | None] | None = None

    def conform(self, value: object, path: Path, faults: list[Fault]) -> object:
        text = _text(value, path, faults)
        reason = self.refuse(text) if text is not None and self.refuse is not None else None
        if reason is not None:
            faults.append((path, reason))
        return value


@dataclass(frozen=True, slots=True)
class Word:
    """One of a closed list of words."""

    words: frozenset[str]

    def conform(self, value: object, path: Path, faults: list[Fault]) -> object:
        text = _text(value, path, faults)
        if text is not None and text not in self.words:
            faults.append((path, f"this must be one of: {', '.join(sorted(self.words))}"))
        return value


@dataclass(frozen=True, slots=True)
class Count:
    """A whole number, from nothing up unless ``least`` is less."""

    most: int
    least: int = 0

    def conform(self, value: object, path: Path, faults: list[Fault]) -> object:
        text = _text(value, path, faults)
        if text is None:
            return value
        digits = text.removeprefix("-")
        if text.isascii() and digits.isdecimal() and len(digits) <= MOST_DIGITS and self._has(int(text)):
            return int(text)
        bounds = f"from {self.least} to {self.most}" if self.least else f"of at most {self.most}"
        faults.append((path, f"this must be a whole number {bounds}"))
        return value

    def _has(self, number: int) -> bool:
        return self.least <= number <= self.most


@dataclass(frozen=True, slots=True)
class YesNo:
    """Yes or no, which JSON writes as true or false."""

    def conform(self, value: object, path: Path, faults: list[Fault]) -> object:
        text = _text(value, path, faults)
        if text in {"true", "false"}:
            return "yes" if text == "true" else "no"
        if text is not None and text not in {"yes", "no"}:
            faults.append((path, "this must be yes or no"))
        return value


@dataclass(frozen=True, slots=True)
class Anything:
    """Whatever is written: somebody else judges it."""

    def conform(self, value: object, _path: Path, _faults: list[Fault], /) -> object:
        return value


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    item: Shape
    least: int = 0

    def conform(self, value: object, path: Path, faults: list[Fault]) -> object:
        if not isinstance(value, list):
            faults.append((path, "this must be a list"))
            return value
        if len(value) < self.least:
            faults.append((path, f"this list holds at least {self.least}"))
        return [self.item.conform(item, (*path, place), faults) for place, item in enumerate(value)]


@dataclass(frozen=True, slots=True)
class Keys:
    """A mapping of known keys; of each group in ``one_of`` exactly one key is there."""

    fields: Mapping[str, Shape]
    required: frozenset[str] = frozenset()
    one_of: tuple[frozenset[str], ...] = ()

    def conform(self, value: object, path: Path, faults: list[Fault]) -> object:
        known = ", ".join(sorted(self.fields))
        if not isinstance(value, dict):
            faults.append((path, f"this must be a mapping with the keys: {known}"))
            return value
        found = {}
        for key, below in value.items():
            if key in self.fields:
                found[key] = self.fields[key].conform(below, (*path, key), faults)
            else:
                faults.append(((*path, key), f"there is no such key here; the keys are: {known}"))
        missing = sorted(self.required - value.keys())
        if missing:
            faults.append((path, f"this lacks: {', '.join(missing)}"))
        faults.extend(
            (path, f"this takes exactly one of: {', '.join(sorted(group))}")
            for group in self.one_of
            if len(group & value.keys()) != 1
        )
        return found


@dataclass(frozen=True, slots=True)
class Named:
    """A mapping from names of the author's choosing to one shape."""

    below: Shape

    def conform(self, value: object, path: Path, faults: list[Fault]) -> object:
        if not isinstance(value, dict) or not value:
            faults.append((path, "this must be a mapping with at least one name"))
            return {}
        faults.extend(
            ((*path, name), "names are lower case letters, digits and underscores")
            for name in value
            if not (name.isascii() and name.replace("_", "").isalnum() and name == name.lower())
        )
        return {name: self.below.conform(under, (*path, name), faults) for name, under in value.items()}


@dataclass(frozen=True, slots=True)
class Either:
    """Text, a list or a mapping: the shape that fits how it is written is the one that counts."""

    text: Shape
    other: Items | Keys | Named

    def conform(self, value: object, path: Path, faults: list[Fault]) -> object:
        if isinstance(value, dict | list):
            return self.other.conform(value, path, faults)
        return self.text.conform(value, path, faults)


def keys(fields: Mapping[str, Shape], required: str = "", one_of: Iterable[str] = ()) -> Keys:
    """A mapping; what is required, and what excludes each other, is named by words parted by spaces."""
    return Keys(fields, frozenset(required.split()), tuple(frozenset(group.split()) for group in one_of))


def word(words: str) -> Word:
    """One of these words, parted by spaces."""
    return Word(frozenset(words.split()))


def _text(value: object, path: Path, faults: list[Fault]) -> str | None:
    if not isinstance(value, str):
        faults.append((path, "this must be plain text, not a list or a mapping"))
        return None
    if not value.strip():
        faults.append((path, "this is empty: give a value or leave the key out"))
        return None
    return value
