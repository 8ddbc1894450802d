"""What a link or an unlink does, and when it cannot stand.

A link joins what the record knows and does not have as one; an unlink takes apart what is one, or says of two that
nothing joins that they are two. Decided by what the
sender may see: another agency's reference that only a marked entry declares is one that nobody here has used.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from ledger.domain.claim import observation_of
from ledger.domain.marking import Level
from ledger.domain.mention import ALWAYS_KNOWN, DECLARED, declared_in
from ledger.domain.pack import Pack
from ledger.domain.person import CHILD, ONE_PERSON_ROLES, LinkFact, Links, link_facts, person_key
from ledger.services.marked_for import Reads
from ledger.services.refusal import (
    LINK_OF_ONE,
    LINKED_NOT_KNOWN,
    PARENT_OF_SELF,
    TWO_PARENTS_IN_ONE,
    Refusal,
    RefusedError,
)
from ledger.services.see import Eyes, Reader, Seen, eyes_over
from ledger.store.append import Statement
from ledger.store.markings import OWN_ROWS, read_marks
from ledger.store.timeline import StoredEntry

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

_ANY_TIME: Final = datetime.min.replace(tzinfo=UTC)

_STANDING = (
    "SELECT number, members, is_unlink FROM ledger.links WHERE record_id = %s AND kind = %s ORDER BY number, index"
)
_WITHDRAWN = "SELECT record_id, number, by_number FROM ledger.withdrawals WHERE record_id = %s"
# Those that say who somebody is, and those whose markings bear on them.
_SAYING = """
    SELECT c.record_id, c.number, c.agency_id, c.kind, c.content FROM ledger.contents c
    WHERE c.record_id = %s AND c.number IN (
        SELECT number FROM ledger.claims WHERE record_id = %s AND attribute = ANY (%s::text[])
        UNION SELECT number FROM ledger.withdrawals WHERE record_id = %s
        UNION SELECT by_number FROM ledger.withdrawals WHERE record_id = %s)
    ORDER BY c.number"""


class Linking:
    """One link or unlink on its way in."""

    def __init__(self, record_id: UUID, agency: str, kind: str, body: Mapping[str, Any], pack: Pack) -> None:
        self._record_id, self._agency = record_id, agency
        (self._fact,) = link_facts(kind, agency, body)
        self._field = f"/{self._fact.sort}"
        self._parent_attributes = [
            name for name in _PARENT_ATTRIBUTES if name in pack.attributes and pack.attributes[name].type == "person"
        ]

    def reads(self) -> list[Statement]:
        """What must be known under the lock."""
        record = self._record_id
        attributes = [DECLARED, _KINSHIP, *self._parent_attributes]
        return [
            (_STANDING, (record, self._fact.sort)),
            (_WITHDRAWN, (record,)),
            (_SAYING, (record, record, attributes if self._fact.sort == "people" else [], record, record)),
            (OWN_ROWS, (record,)),
        ]

    def check(self, answers: Sequence[Sequence[tuple[Any, ...]]]) -> None:
        """Raise RefusedError where the link or unlink cannot stand."""
        standing, withdrawn, saying, marked = answers
        joined = [LinkFact(self._fact.sort, is_unlink, tuple(members)) for _number, members, is_unlink in standing]
        eyes = _eyes(self._agency, withdrawn, saying, marked, self._links_of(joined))
        seen = list(_seen(eyes, saying))
        # What an entry joins by declaring a role is told to those who see the entry.
        hidden = {number for _record, number, *_rest in saying} - {entry.number for entry in seen}
        hidden |= {number for number, *_rest in standing if self._is_held_back(number, eyes)}
        said = {number for number, _members, _is_unlink in standing}
        facts = [
            (number, LinkFact(self._fact.sort, is_unlink, tuple(members)))
            for number, members, is_unlink in standing
            if number not in hidden
        ]
        # A role that an entry declares becomes a row of its own only once detection has read it.
        facts += [
            (entry.number, fact)
            for entry in seen
            if entry.number not in said
            for fact in link_facts(str(entry.kind), entry.agency, entry.body)
            if fact.sort == self._fact.sort
        ]
        links = Links.of(fact for _number, fact in sorted(facts, key=lambda pair: pair[0]))
        refusal = self._refuse(links, seen)
        if refusal is not None:
            raise RefusedError(refusal.code, refusal.detail, refusal.pointer or self._field, refusal.more)

    def _links_of(self, joined: Iterable[LinkFact]) -> dict[UUID, Links]:
        """Who is one, for the marks on people; of things nobody is marked."""
        return {self._record_id: Links.of(joined)} if self._fact.sort == "people" else {}

    def _is_held_back(self, number: int, eyes: Eyes) -> bool:
        """Whether the sender may not see an entry as a whole, which the database then does not hand over either."""
        place, reads = (self._record_id, number), Reads(self._agency)
        return eyes.marks.of_entry(place, reads, body=None, up_to=None) is not Level.FULL

    def _refuse(self, links: Links, seen: Sequence[Seen]) -> Refusal | None:
        if self._fact.is_unlink and links.part(self._fact.keys):
            return None
        # What nothing has joined may be taken apart too: it says that they are two, so that nobody proposes them again.
        if self._fact.sort == "things":
            return None if len(set(self._fact.keys)) > 1 else LINK_OF_ONE
        known = ALWAYS_KNOWN | _declared(seen) | {key for pair in links.pairs for key in pair}
        strangers = [
            f"{self._field}/{place}"
            for place, key in enumerate(self._fact.keys)
            if key not in known and _role_or(key) not in ONE_PERSON_ROLES
        ]
        if strangers:
            return LINKED_NOT_KNOWN.at(strangers)
        named = {key if key in links.detached else _role_or(key) for key in self._fact.keys}
        if len(named) < 2:
            return LINK_OF_ONE
        return None if self._fact.is_unlink else self._refuse_kinship(links, seen)

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


def _eyes(
    agency: str,
    withdrawn: Sequence[tuple[Any, ...]],
    saying: Sequence[tuple[Any, ...]],
    marked: Sequence[tuple[Any, ...]],
    links: Mapping[UUID, Links],
) -> Eyes:
    stored = [_stored(*row) for row in saying]
    pairs = [(record, number, by) for record, number, by in withdrawn]
    return eyes_over(Reader(agency), pairs, stored, read_marks(marked), links)


def _seen(eyes: Eyes, saying: Sequence[tuple[Any, ...]]) -> Iterator[Seen]:
    """The entries read, as the sender sees them; what it does not see at all is left out."""
    for row in saying:
        seen = eyes.look(_stored(*row))
        if seen.is_visible:
            yield seen


def _declared(seen: Iterable[Seen]) -> set[str]:
    return {
        person_key(person["ref"], entry.agency) for entry in seen for person in declared_in(str(entry.kind), entry.body)
    }


def _is_parent(words: Any) -> bool:
    """Whether a role or a kinship, as sent, is a parent's."""
    return isinstance(words, str) and _PARENT.fullmatch(words.strip().replace("_", " ")) is not None


def _role_or(key: str) -> str:
    role = key.partition("/")[2]
    return role if role in ONE_PERSON_ROLES else key


def _stored(record_id: UUID, number: int, agency: str, kind: str, sealed: bytes) -> StoredEntry:
    """Whose it is and what it says; when it was recorded and under which id does not matter here."""
    return StoredEntry(record_id, number, _ANY_TIME, agency, "", b"", kind, sealed)
