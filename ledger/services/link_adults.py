"""Record that an adult of one child's record is in another one's too, that two are two, or that this was wrong.

Said by an agency that is involved with both children, and by no machine. One entry stands in each record, of one body;
whoever may not read both learns from it that their person is known elsewhere, and whom to ring.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from ledger.domain.adult import APART, LINK, UNLINK
from ledger.domain.entry import parse_entry_id
from ledger.domain.person import CHILD, Links, person_key
from ledger.services.authenticate import authenticate
from ledger.services.context import Context
from ledger.services.people_here import Here, PeopleHere
from ledger.services.project import project
from ledger.services.record import record_one
from ledger.services.refusal import Refusal, RefusedError
from ledger.services.refuse_adults import (
    ADULT_NOT_KNOWN,
    LINKED_ALREADY,
    OTHER_CHILD_NOT_KNOWN,
    SAID_TO_BE_TWO,
    SAYS_NOTHING_OF_ADULTS,
    TAKE_BACK_FIRST,
    TAKEN_BACK_ALREADY,
)
from ledger.services.submission import Recorded, Submission
from ledger.services.told import Before, Told
from ledger.services.work_on_record import INVOLVED, must_be_involved
from ledger.store.adults import Said, between, ended, named, read_said
from ledger.store.append import Caller, Credential, Locked, Statement, Stored

Who = Credential | Caller
Body = Mapping[str, Any]
#: How many look-ups `PeopleHere` makes.
_LOOKS: Final = 4


@dataclass(frozen=True, slots=True)
class _Pair:
    """The two people whom a body names, and what must be known under the locks of both records."""

    record_id: UUID
    other: UUID
    keys: tuple[str, str]
    here: PeopleHere
    there: PeopleHere

    @classmethod
    def of(cls, record_id: UUID, agency: str, body: Body) -> "_Pair":
        other = UUID(body["other"]["child"])
        keys = person_key(body["person"], agency), person_key(body["other"]["person"], agency)
        return cls(record_id, other, keys, PeopleHere(record_id, agency), PeopleHere(other, agency))

    def reads(self) -> list[Statement]:
        both = [INVOLVED(self.record_id), INVOLVED(self.other), between(self.record_id, self.other)]
        return [*both, between(self.other, self.record_id), *self.here.reads(), *self.there.reads()]

    def check(self, kind: str, locked: Locked) -> None:
        """Raise RefusedError where this cannot be said of the two."""
        must_be_involved(locked)
        if not locked.answers[1]:
            raise _error(OTHER_CHILD_NOT_KNOWN)
        here = self.here.found(locked.answers[4 : 4 + _LOOKS])
        there = self.there.found(locked.answers[4 + _LOOKS : 4 + 2 * _LOOKS])
        strange = [
            pointer
            for pointer, key, known in (("/person", self.keys[0], here), ("/other/person", self.keys[1], there))
            if key == CHILD or not known.knows(key)
        ]
        if strange:
            raise _error(ADULT_NOT_KNOWN.at(strange))
        standing = self._standing(here, there, read_said(locked.answers[2]), read_said(locked.answers[3]))
        if any(not one.is_apart for one in standing):
            raise _error(LINKED_ALREADY if kind == LINK else TAKE_BACK_FIRST)
        if standing:
            raise _error(SAID_TO_BE_TWO if kind == LINK else replace(LINKED_ALREADY, detail=_APART_ALREADY))

    def _standing(self, here: Here, there: Here, said: Iterable[Said], said_there: Iterable[Said]) -> list[Said]:
        """What was said of these very two, by whatever keys, and was not taken back."""
        theirs = {one.adult: one.person for one in said_there}
        return [
            one
            for one in said
            if one.ended is None
            and is_one(here.links, one.person, self.keys[0])
            and is_one(there.links, theirs.get(one.adult, ""), self.keys[1])
        ]


_APART_ALREADY: Final = "Somebody said already that these two are two people."


def is_one(links: Links, one: str, other: str) -> bool:
    """Whether two keys of a record are of one person."""
    return links.name_of(one) == links.name_of(other)


def say_of_two(context: Context, who: Who, record_id: UUID, kind: str, body: Body) -> Recorded:
    """That a person of this record and one of another are one, or are two. Raises RefusedError."""
    pair = _Pair.of(record_id, who.agency, body)
    if pair.other == record_id:
        raise _error(OTHER_CHILD_NOT_KNOWN)

    def effect(caller: Caller, locked: Locked, entry: Stored) -> Iterable[Statement]:
        pair.check(kind, locked)
        elsewhere = pair.other if entry.record_id == record_id else record_id
        return project(Told.of(entry, caller.agency, kind, body), Before(other=elsewhere))

    submission = Submission(kind, body["event_id"], body, names=(record_id, pair.other), is_due=False)
    return record_one(context, who, submission, "work", reads=pair.reads(), effect=effect)


def take_back(context: Context, who: Who, record_id: UUID, body: Body) -> Recorded:
    """That what an entry said of two was wrong, in both records. Raises RefusedError."""
    entry_id = parse_entry_id(body["of"])
    found = None if entry_id is None else _named(context, who, record_id, entry_id)
    number, other, number_there = found or (0, record_id, 0)

    def effect(caller: Caller, locked: Locked, entry: Stored) -> Iterable[Statement]:
        must_be_involved(locked)
        if found is None or not locked.answers[1]:
            raise _error(SAYS_NOTHING_OF_ADULTS)
        if locked.answers[2]:
            raise _error(TAKEN_BACK_ALREADY)
        of = number if entry.record_id == record_id else number_there
        return project(Told.of(entry, caller.agency, UNLINK, body), Before(number=of))

    reads = [INVOLVED(record_id), INVOLVED(other), ended(record_id, number)]
    submission = Submission(UNLINK, body["event_id"], body, names=(record_id, other), is_due=False)
    return record_one(context, who, submission, "work", reads=reads, effect=effect)


def _named(context: Context, who: Who, record_id: UUID, entry_id: tuple[str, int]) -> tuple[int, UUID, int] | None:
    """Where an entry and its other one stand: that never changes, so it is looked up before the records are locked."""
    with context.engine.begin() as connection:
        authenticate(connection, who, "work")
        row: Sequence[Any] | None = connection.exec_driver_sql(*named(record_id, entry_id)).one_or_none()
    return None if row is None else (row[0], row[1], row[2])


#: How each of these bodies is recorded.
ADULTS: Final[Mapping[str, Callable[[Context, Who, UUID, Body], Recorded]]] = {
    LINK: lambda context, who, record_id, body: say_of_two(context, who, record_id, LINK, body),
    APART: lambda context, who, record_id, body: say_of_two(context, who, record_id, APART, body),
    UNLINK: take_back,
}


def _error(refusal: Refusal) -> RefusedError:
    return RefusedError(refusal.code, refusal.detail, refusal.pointer, refusal.more)
