"""What two statements must share to be comparable.

A question is named by resolved keys, so linking two people or things makes their questions one, and unlinking
takes them apart.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import NamedTuple

from ledger.domain.claim import Claim
from ledger.domain.entry import canonical
from ledger.domain.person import CHILD, Links

DIGEST_CHARS = 32


class Topic(NamedTuple):
    """All questions of one attribute about one person: what is loaded together."""

    attribute: str
    about: str


class Question(NamedTuple):
    """One question of a record; ``thing``, ``counterpart`` and ``item`` where the attribute has them."""

    attribute: str
    about: str
    thing: str | None = None
    counterpart: str | None = None
    item: str | None = None

    @property
    def topic(self) -> Topic:
        return Topic(self.attribute, self.about)

    @property
    def digest(self) -> str:
        """The question in one word, for keys and columns: it tells nobody what the question is."""
        return digest_of(list(self))

    @property
    def sort_key(self) -> tuple[str, ...]:
        return tuple(part or "" for part in self)

    def as_mapping(self) -> dict[str, str]:
        """The parts that are present, by name."""
        return {name: part for name, part in self._asdict().items() if part is not None}

    def resolved(self, people: Links, things: Links) -> Question:
        """The question by the names that these links give its people and things."""
        return self._replace(
            about=people.resolve(self.about, ""),
            thing=None if self.thing is None else things.resolve(self.thing, ""),
            counterpart=None if self.counterpart is None else people.resolve(self.counterpart, ""),
        )

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, str]) -> Question:
        return cls(**mapping)


def question_of(claim: Claim, people: Links, things: Links) -> Question:
    """The question that a claim answers.

    A counterpart that is left out is the child of the record, so one that names the child is no other question.
    """
    counterpart = None if claim.counterpart is None else people.resolve(claim.counterpart, claim.agency)
    return Question(
        claim.attribute,
        people.resolve(claim.about, claim.agency),
        None if claim.thing is None else things.resolve(claim.thing, claim.agency),
        None if counterpart == CHILD else counterpart,
        None if claim.item is None else item_key(claim.item),
    )


def item_key(item: str) -> str:
    """An item as it is compared: items differ by their words, not by how these are spaced, joined or capitalised."""
    return " ".join(item.replace("_", " ").replace("-", " ").split()).casefold()


def digest_of(value: object) -> str:
    """A short name for a JSON value: the start of the SHA-256 of its canonical bytes, in hex."""
    return hashlib.sha256(canonical(value)).hexdigest()[:DIGEST_CHARS]
