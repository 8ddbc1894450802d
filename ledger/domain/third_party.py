"""Whose information something is, so that nobody is given what is somebody else's: of claims, and of free words.

What is said of, by or with anybody but those who get it, and those whose information is asked for, is not theirs to be
given; who told of it is, unless that was a professional. What a child said is given to nobody else without being read.
A claim says of whom it is, by keys. Free words do not, so of them only names and what was marked can be looked for.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, Literal

from ledger.domain.claim import ANONYMOUS, OFFICE_PREFIX, Claim
from ledger.domain.person import CHILD, Links, person_key

#: Why something is not given.
Category = Literal["not_to", "restricted", "third_party", "informant", "child_said", "other_agency", "to_be_read"]
CATEGORIES: Final[tuple[Category, ...]] = (
    "not_to", "restricted", "third_party", "informant", "child_said", "other_agency", "to_be_read",
)  # fmt: skip

#: What a child says of itself, whoever wrote it down.
_CHILDS_WORDS: Final = frozenset({"own_account", "disclosure", "wishes"})
_NAME_CHARS_MIN: Final = 3
_SPLIT: Final = re.compile(r"[^\w'’]+")


@dataclass(frozen=True)
class Whose:
    """Who gets it (``audience``) and whose information is asked for (``subjects``), by keys, under these links."""

    audience: frozenset[str]
    subjects: frozenset[str]
    links: Links = field(default_factory=Links)
    #: The keys of everybody whom the record declares.
    known: frozenset[str] = frozenset()

    def gets(self, key: str, agency: str) -> bool:
        """Whether this person gets what is given."""
        return self.links.resolve(key, agency) in self._audience

    def allows(self, key: str, agency: str) -> bool:
        """Whether what is said of this person may be given."""
        return self.links.resolve(key, agency) in self._audience | self._subjects

    @cached_property
    def _audience(self) -> frozenset[str]:
        return frozenset(map(self.links.name_of, self.audience))

    @cached_property
    def _subjects(self) -> frozenset[str]:
        return frozenset(map(self.links.name_of, self.subjects))

    def keeps_back(self, claim: Claim) -> Category | None:
        """Why a claim is not given; None where it may be."""
        agency = claim.agency
        named = [claim.about, *([claim.counterpart] if claim.counterpart else []), *self._named_in(claim)]
        if not all(self.allows(key, agency) for key in named):
            return "third_party"
        is_childs = claim.informant == CHILD or claim.attribute in _CHILDS_WORDS
        if is_childs and not self.gets(CHILD, agency):
            return "child_said"
        if claim.basis == "agency":
            return "other_agency"
        return None if self._may_say_who(claim) else "informant"

    def _may_say_who(self, claim: Claim) -> bool:
        if claim.informant is None:
            return claim.basis != "told"
        if claim.informant == ANONYMOUS:
            return False
        return claim.informant.startswith(OFFICE_PREFIX) or self.gets(claim.informant, claim.agency)

    def _named_in(self, claim: Claim) -> Iterator[str]:
        """The known people whom a claim's value or item names, and whoever could hear it."""
        try:
            value = json.loads(claim.value) if claim.value else None
        except ValueError:
            value = claim.value
        for ref in (*_texts(value), *([claim.item] if claim.item else [])):
            key = person_key(ref, claim.agency)
            if key in self.known or key in {CHILD, "mother", "father"}:
                yield key
        yield from claim.in_earshot or ()


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)
    elif isinstance(value, str):
        yield value


@dataclass(frozen=True)
class Unsaid:
    """What no word that is given may hold: names of others, and what a marking keeps from those who get it."""

    names: frozenset[str] = frozenset()
    secrets: frozenset[str] = frozenset()

    def is_in(self, text: str) -> bool:
        """Whether a text holds any of it, however it is written large or spaced."""
        folded = " ".join(text.casefold().split())
        return any(secret in folded for secret in self.secrets) or not self.names.isdisjoint(_words(folded))


def unsaid(names: Iterable[str], but: Iterable[str], secrets: Iterable[str]) -> Unsaid:
    """Made of the names of others, without the words that are in names of those who get it, and of what is marked.

    Of a marked value only what can be told from a word of the vocabulary counts: it has a capital, a digit or a space.
    """
    own = {word for name in but for word in _words(name.casefold())}
    others = {word for name in names for word in _words(name.casefold()) if len(word) >= _NAME_CHARS_MIN}
    telling = {one for one in secrets if len(one.strip()) > _NAME_CHARS_MIN and _is_telling(one)}
    return Unsaid(frozenset(others - own), frozenset(" ".join(one.casefold().split()) for one in telling))


def values_said(claims: Iterable[Claim], at: Collection[int] | None = None) -> Iterator[str]:
    """What claims say in words of their own, or those of them at these places."""
    for claim in claims:
        if at is None or claim.index in at:
            yield from (part for part in (claim.value, claim.item) if part)


def _words(text: str) -> frozenset[str]:
    return frozenset(word.removesuffix("'s").removesuffix("’s") for word in _SPLIT.split(text) if word)


def _is_telling(text: str) -> bool:
    return any(letter.isdigit() or letter.isspace() or letter.isupper() for letter in text.strip())
