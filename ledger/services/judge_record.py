"""A whole record as rules read it, for one reader and at one point: all of it, and what the reader sees of it.

Judging is by all that is recorded, so that nobody is told that something is missing which is there; what is told rests
on what the reader sees. As the picture does, it answers as of one number of the record, and is itself recorded.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from ledger.domain.claim import Claim, Ref, claims_of_entry
from ledger.domain.entry import Chance, entry_id, written_time
from ledger.domain.facts import Facts
from ledger.domain.pack import Pack
from ledger.domain.person import CHILD, ONE_PERSON_ROLES, Links, link_facts
from ledger.domain.question import Question
from ledger.domain.record_state import RecordState
from ledger.services.find_as_of import Point, PointAsked
from ledger.services.kept_words import KEPT
from ledger.services.past import Past, open_past
from ledger.services.see import Reader, Seen, Sight, opened
from ledger.store.people import surroundings_of
from ledger.store.timeline import StoredEntry


@dataclass(frozen=True, slots=True)
class AsOf(PointAsked):
    """Which point of the record, and at which moment of the child's life clocks are read; None: that of the point."""

    valid_at: datetime | None = None


@dataclass(frozen=True)
class JudgedRecord:
    """One record at one point. `at` is the moment at which clocks are read there."""

    reader: Reader
    record_id: UUID
    pseudonym: str
    point: Point
    at: datetime
    pack: Pack
    #: All that agencies recorded, as the reader sees it, by number.
    seen: Mapping[int, Seen]
    whole: RecordState
    visible: RecordState

    @cached_property
    def facts(self) -> Facts:
        """What the reader sees, as rules read it."""
        return KEPT.facts_in(self.visible, self.pack)

    @cached_property
    def all_facts(self) -> Facts:
        """All that is recorded, as rules read it: never to be shown."""
        return self.facts if self.whole is self.visible else Facts(self.whole, self.pack)

    @cached_property
    def questions(self) -> list[Question]:
        """The questions on which the reader sees anything said, in a fixed order."""
        return self.facts.once("questions", self._questions)

    def _questions(self) -> list[Question]:
        found = {self.facts.question_of(claim) for claims in self.visible.claims.values() for claim in claims}
        return sorted(found, key=lambda question: question.sort_key)

    def shows(self, ref: Ref) -> bool:
        """Whether the reader sees a claim."""
        return ref.number in self.seen and self.seen[ref.number].shows(ref.index)

    def is_unknown(self, ref: Ref) -> bool:
        """Whether the reader may not even know that a claim, or its entry, is there."""
        entry = self.seen.get(ref.number)
        return entry is not None and (entry.sight is Sight.NOTHING or ref.index in entry.unknown)

    @cached_property
    def points_elsewhere(self) -> bool:
        """Whether this reader may know that something of the record is held back from them."""
        return any(entry.sight is Sight.WITHHELD or entry.points for entry in self.seen.values())

    @cached_property
    def is_judged_whole(self) -> bool:
        """Whether nothing of it is held back from this reader: else what is missing may be there."""
        return all(entry.sight in (Sight.FULL, Sight.ERASED) for entry in self.seen.values())

    def name_of(self, about: str) -> str:
        """How the reader calls somebody: by the part, by its own reference, else by the key that links give."""
        if about == CHILD or about in ONE_PERSON_ROLES:
            return about
        own = sorted(key for key in self.visible.people.keys_of(about) if key.startswith(f"{self.reader.agency}/"))
        return own[0].partition("/")[2] if own else about

    def place(self, number: int) -> dict[str, Any]:
        """Where an entry that the reader sees stands."""
        entry = self.seen[number]
        return {
            "entry": entry_id(self.pseudonym, number),
            "agency": entry.agency,
            "recorded_at": written_time(entry.recorded_at),
        }

    def head(self) -> dict[str, Any]:
        """What an answer begins with: which record, at which point and moment, by which pack."""
        return {
            "child": str(self.record_id),
            "as_of": self.point.as_json(),
            "at": written_time(self.at),
            "pack": {"name": self.pack.name, "version": self.pack.version},
        }


def judge_record(
    connection: Connection, reader: Reader, record_id: UUID, asked: AsOf, *, what: str, pack: Pack, chance: Chance
) -> JudgedRecord:
    """The record at the point asked for. Writes the access record, under the name of `what` is read.

    The connection acts for the reader's agency. Raises NotKnownError, and RefusedError for a point that is not there.
    Cost: that of reading the record once.
    """
    return judge_past(open_past(connection, reader, record_id, asked, what=what, chance=chance), pack, asked.valid_at)


def judge_past(past: Past, pack: Pack, valid_at: datetime | None = None) -> JudgedRecord:
    """The same of a record that was opened already."""
    record_id = past.record_id
    stored, seen = past.stored, {entry.number: entry for entry in past.seen()}
    around = surroundings_of(past.connection, [record_id], at=past.point.number)[record_id]
    start = RecordState.partial(str(record_id), (), around)
    gone = {one.number: one.withdrawn_by for one in seen.values() if one.withdrawn_by is not None}
    start = replace(start, loaded=None, withdrawn=gone).under(pack)
    for entry in stored:
        if entry.sealed is None:
            KEPT.let_go(entry.hash)
    there = [entry for entry in stored if entry.sealed is not None]
    hashes = [entry.hash for entry in there]
    visible = whole = KEPT.state_of(start, hashes, lambda: _state(start, [_whole(entry) for entry in there]))
    if any(entry.sight not in (Sight.FULL, Sight.ERASED) for entry in seen.values()):
        visible = _state(start, [_as_seen(entry) for entry in seen.values() if entry.is_visible])
    at = valid_at or past.moment
    return JudgedRecord(past.reader, record_id, past.pseudonym, past.point, at, pack, seen, whole, visible)


@dataclass(frozen=True, slots=True)
class _Read:
    """One entry's content, to be judged by."""

    number: int
    recorded_at: datetime
    agency: str
    kind: str
    body: Mapping[str, Any]


def _whole(entry: StoredEntry) -> _Read:
    return _Read(entry.number, entry.recorded_at, entry.agency, entry.kind or "", opened(entry))


def _as_seen(entry: Seen) -> _Read:
    return _Read(entry.number, entry.recorded_at, entry.agency, entry.kind or "", entry.body)


def _state(start: RecordState, entries: Iterable[_Read]) -> RecordState:
    """The state in which the claims of these entries count, but for those that were withdrawn."""
    listed = list(entries)
    facts = [fact for one in listed for fact in link_facts(one.kind, one.agency, one.body)]
    people = Links.of(fact for fact in facts if fact.sort == "people")
    things = Links.of(fact for fact in facts if fact.sort == "things")
    claims = (claim for one in listed if one.number not in start.withdrawn for claim in _claims(one))
    return replace(start, people=people, things=things).with_everything(claims)


def _claims(entry: _Read) -> list[Claim]:
    return claims_of_entry(
        entry.kind, entry.body, agency=entry.agency, number=entry.number, recorded_at=entry.recorded_at
    )
