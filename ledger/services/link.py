"""What a link or an unlink does, and when it cannot stand.

A link joins what the record knows and does not have as one; an unlink takes apart what is one, or says of two that
nothing joins that they are two. Decided by what the sender may see (`ledger.services.people_here`).
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from ledger.domain.claim import observation_of
from ledger.domain.mention import declared_in
from ledger.domain.pack import Pack
from ledger.domain.person import CHILD, Links, link_facts, person_key
from ledger.services.people_here import Here, PeopleHere, role_or
from ledger.services.refusal import (
    LINK_OF_ONE,
    LINKED_NOT_KNOWN,
    PARENT_OF_SELF,
    TWO_PARENTS_IN_ONE,
    Refusal,
    RefusedError,
)
from ledger.services.see import Seen
from ledger.store.append import Statement

LINKS: Final = frozenset({"link", "unlink"})
#: A role or kinship that makes whoever holds it a parent of the child: "birth father", "step-mother", "mum".
_PARENT: Final = re.compile(
    r"(?:(?:the |child's |baby's )?(?:birth|biological|natural|adoptive|legal|foster|putative|alleged) ?)?"
    r"(?:step[- ]?)?(?:mother|father|parent|mum|mummy|dad|daddy|adopter)",
    re.IGNORECASE,
)
#: Attributes about the child whose value is a parent of it.
_PARENT_ATTRIBUTES: Final = ("father", "mother_of_child", "legal_parent")
_KINSHIP: Final = "relationship_to_child"


class Linking:
    """One link or unlink on its way in."""

    def __init__(self, record_id: UUID, agency: str, kind: str, body: Mapping[str, Any], pack: Pack) -> None:
        (self._fact,) = link_facts(kind, agency, body)
        self._field = f"/{self._fact.sort}"
        self._parent_attributes = [
            name for name in _PARENT_ATTRIBUTES if name in pack.attributes and pack.attributes[name].type == "person"
        ]
        self._here = PeopleHere(record_id, agency, self._fact.sort, [_KINSHIP, *self._parent_attributes])

    def reads(self) -> list[Statement]:
        """What must be known under the lock."""
        return self._here.reads()

    def check(self, answers: Sequence[Sequence[tuple[Any, ...]]]) -> None:
        """Raise RefusedError where the link or unlink cannot stand."""
        refusal = self._refuse(self._here.found(answers))
        if refusal is not None:
            raise RefusedError(refusal.code, refusal.detail, refusal.pointer or self._field, refusal.more)

    def _refuse(self, here: Here) -> Refusal | None:
        links = here.links
        if self._fact.is_unlink and links.part(self._fact.keys):
            return None
        # What nothing has joined may be taken apart too: it says that they are two, so that nobody proposes them again.
        if self._fact.sort == "things":
            return None if len(set(self._fact.keys)) > 1 else LINK_OF_ONE
        strangers = [f"{self._field}/{place}" for place, key in enumerate(self._fact.keys) if not here.knows(key)]
        if strangers:
            return LINKED_NOT_KNOWN.at(strangers)
        named = {key if key in links.detached else role_or(key) for key in self._fact.keys}
        if len(named) < 2:
            return LINK_OF_ONE
        return None if self._fact.is_unlink else self._refuse_kinship(links, here.seen)

    def _refuse_kinship(self, links: Links, seen: Sequence[Seen]) -> Refusal | None:
        """A person is not their own parent, and mother and father are two."""
        after = links.after(self._fact)
        child = after.name_of(CHILD)
        parents = {"mother", "father", *self._parents(seen)}
        if child in {after.name_of(key) for key in parents}:
            return PARENT_OF_SELF
        return TWO_PARENTS_IN_ONE if after.name_of("mother") == after.name_of("father") else None

    def _parents(self, seen: Iterable[Seen]) -> Iterator[str]:
        """The keys of those who are named as a parent of the child in an entry that stands."""
        for entry in seen:
            if entry.withdrawn_by is not None:
                continue
            for person in declared_in(str(entry.kind), entry.body):
                if _is_parent(person.get("role")):
                    yield person_key(person["ref"], entry.agency)
            yield from self._parents_claimed(entry)

    def _parents_claimed(self, entry: Seen) -> Iterator[str]:
        observation = observation_of(str(entry.kind), entry.body) or {}
        for claim in observation.get("claims", ()):
            attribute, about, value = claim.get("attribute"), claim.get("about"), claim.get("value")
            if attribute in self._parent_attributes and about == CHILD:
                named = value.get("is") if isinstance(value, Mapping) else value
                yield from [person_key(named, entry.agency)] if isinstance(named, str) else []
            elif attribute == _KINSHIP and "with" not in claim:
                yield from [person_key(str(about), entry.agency)] if _is_parent(value) else []


def _is_parent(words: Any) -> bool:
    """Whether a role or a kinship, as sent, is a parent's."""
    return isinstance(words, str) and _PARENT.fullmatch(words.strip().replace("_", " ")) is not None
