"""Whom, or which things, a record knows and who of them is one, as a sender sees it: looked up in an append's trips.

Another agency's reference that only a marked entry declares is one that nobody here has used.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal
from uuid import UUID

from ledger.domain.marking import Level
from ledger.domain.mention import ALWAYS_KNOWN, DECLARED, declared_in
from ledger.domain.person import ONE_PERSON_ROLES, LinkFact, Links, link_facts, person_key
from ledger.services.marked_for import Reads
from ledger.services.see import Eyes, Reader, Seen, eyes_over
from ledger.store.append import Statement
from ledger.store.markings import OWN_ROWS, read_marks
from ledger.store.timeline import StoredEntry

_ANY_TIME: Final = datetime.min.replace(tzinfo=UTC)

_STANDING: Final = (
    "SELECT number, members, is_unlink FROM ledger.links WHERE record_id = %s AND kind = %s ORDER BY number, index"
)
_WITHDRAWN: Final = "SELECT record_id, number, by_number FROM ledger.withdrawals WHERE record_id = %s"
# Those that say who somebody is, and those whose markings bear on them.
_SAYING: Final = """
    SELECT c.record_id, c.number, c.agency_id, c.kind, c.content FROM ledger.contents c
    WHERE c.record_id = %s AND c.number IN (
        SELECT number FROM ledger.claims WHERE record_id = %s AND attribute = ANY (%s::text[])
        UNION SELECT number FROM ledger.withdrawals WHERE record_id = %s
        UNION SELECT by_number FROM ledger.withdrawals WHERE record_id = %s)
    ORDER BY c.number"""


Sort = Literal["people", "things"]


@dataclass(frozen=True, slots=True)
class Here:
    """The links that the sender sees, and the entries by which they know who somebody is."""

    links: Links
    seen: Sequence[Seen]

    def knows(self, key: str) -> bool:
        """Whether somebody is known by this key."""
        return role_or(key) in ONE_PERSON_ROLES or key in self._known()

    def _known(self) -> frozenset[str]:
        declared = {
            person_key(person["ref"], entry.agency)
            for entry in self.seen
            for person in declared_in(str(entry.kind), entry.body)
        }
        return ALWAYS_KNOWN | declared | {key for pair in self.links.pairs for key in pair}


class PeopleHere:
    """The look-ups for one record and one sender. `attributes` are those whose claims the sender looks at besides."""

    def __init__(self, record_id: UUID, agency: str, sort: Sort = "people", attributes: Iterable[str] = ()) -> None:
        self._record_id, self._agency, self._sort = record_id, agency, sort
        self._attributes = [DECLARED, *attributes] if sort == "people" else []

    def reads(self) -> list[Statement]:
        """What must be known under the lock: four statements."""
        record = self._record_id
        return [
            (_STANDING, (record, self._sort)),
            (_WITHDRAWN, (record,)),
            (_SAYING, (record, record, self._attributes, record, record)),
            (OWN_ROWS, (record,)),
        ]

    def found(self, answers: Sequence[Sequence[tuple[Any, ...]]]) -> Here:
        """What they answered, as the sender sees it."""
        standing, withdrawn, saying, marked = answers
        joined = [LinkFact(self._sort, is_unlink, tuple(members)) for _number, members, is_unlink in standing]
        eyes = _eyes(self._agency, withdrawn, saying, marked, self._links_of(joined))
        seen = list(_seen(eyes, saying))
        # What an entry joins by declaring a role is told to those who see the entry.
        hidden = {number for _record, number, *_rest in saying} - {entry.number for entry in seen}
        hidden |= {number for number, *_rest in standing if self._is_held_back(number, eyes)}
        said = {number for number, _members, _is_unlink in standing}
        facts = [
            (number, LinkFact(self._sort, is_unlink, tuple(members)))
            for number, members, is_unlink in standing
            if number not in hidden
        ]
        # A role that an entry declares becomes a row of its own only once detection has read it.
        facts += [
            (entry.number, fact)
            for entry in seen
            if entry.number not in said
            for fact in link_facts(str(entry.kind), entry.agency, entry.body)
            if fact.sort == self._sort
        ]
        return Here(Links.of(fact for _number, fact in sorted(facts, key=lambda pair: pair[0])), seen)

    def _links_of(self, joined: Iterable[LinkFact]) -> dict[UUID, Links]:
        """Who is one, for the marks on people; of things nobody is marked."""
        return {self._record_id: Links.of(joined)} if self._sort == "people" else {}

    def _is_held_back(self, number: int, eyes: Eyes) -> bool:
        """Whether the sender may not see an entry as a whole, which the database then does not hand over either."""
        place, reads = (self._record_id, number), Reads(self._agency)
        return eyes.marks.of_entry(place, reads, body=None, up_to=None) is not Level.FULL


def role_or(key: str) -> str:
    """The role that an agency's use of a role names, else the key: ``father`` for ``agency/father``."""
    role = key.partition("/")[2]
    return role if role in ONE_PERSON_ROLES else key


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


def _stored(record_id: UUID, number: int, agency: str, kind: str, sealed: bytes) -> StoredEntry:
    """Whose it is and what it says; when it was recorded and under which id does not matter here."""
    return StoredEntry(record_id, number, _ANY_TIME, agency, "", b"", kind, sealed)
