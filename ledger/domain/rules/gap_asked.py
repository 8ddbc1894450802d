"""All that a pack says must be known, by what it asks for and by what bears on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from ledger.domain.question import Question
from ledger.domain.rules.must_know import FAMILY, MustKnow

if TYPE_CHECKING:
    from ledger.domain.pack import Pack


@dataclass(frozen=True)
class Asked:
    """The rules of a pack on what must be known: by what they ask for, and by what bears on them."""

    by_attribute: Mapping[str, tuple[MustKnow, ...]]
    heard: Mapping[str, tuple[MustKnow, ...]]

    def area(self, question: Question) -> Question:
        """The question under which it is asked what is not known: of all things and items where a rule asks of none."""
        rules = self.by_attribute.get(question.attribute, ())
        if question.counterpart is not None or not rules:
            return question
        for one in rules:
            if question.item in one.items:
                return Question(question.attribute, question.about, item=one.items[0])
        if any(not one.items for one in rules):
            return Question(question.attribute, question.about)
        return question

    def on(self, area: Question) -> list[MustKnow]:
        """The rules that ask for this, in the order of the pack."""
        return [one for one in self.by_attribute.get(area.attribute, ()) if one.fits(area)]


def asked_by(pack: Pack) -> Asked:
    """What the rules of a pack ask for."""
    return _asked(_ByIdentity(pack))


class _ByIdentity:
    """A pack as a key: the very same one is the same key."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack

    def __hash__(self) -> int:
        return id(self.pack)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByIdentity) and other.pack is self.pack


@lru_cache(maxsize=64)
def _asked(key: _ByIdentity) -> Asked:
    rules = [MustKnow.of(rule) for rule in key.pack.rules.values() if rule.family.name == FAMILY.name]
    by_attribute: dict[str, tuple[MustKnow, ...]] = {}
    heard: dict[str, tuple[MustKnow, ...]] = {}
    for one in rules:
        by_attribute[one.attribute] = (*by_attribute.get(one.attribute, ()), one)
        for attribute in sorted(one.heard()):
            heard[attribute] = (*heard.get(attribute, ()), one)
    return Asked(by_attribute, heard)
