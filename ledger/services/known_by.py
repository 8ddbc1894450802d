"""What one agency knew of a child's record by a point: what it had posted, what it had been sent, what it had opened.

* *Posted*: its own entries.
* *Sent*: entries addressed to it, and what an alert to it rests on: alerts, notices, requests and their answers,
  referrals, hand-overs, actions, shares.
* *Opened*: what its readings showed: every entry up to the number seen, as the markings of then and of now leave it.
  Of a reading it is kept up to which number it was, and not which page: a page counts as all of it up to there.

What it could have read and never did is not among what it knew; it is counted. Whoever asks sees of all this what they
may see themselves, and no more than the agency saw.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import Connection, Engine

from ledger.domain.alert import BRINGS
from ledger.domain.entry import written_time
from ledger.domain.seen_together import seen_together
from ledger.services.addressed import ADDRESSED, addressed_to, named_in_share
from ledger.services.bring_alerts import alert_id
from ledger.services.find_as_of import Point, PointAsked, findings_as_of
from ledger.services.note_access import LISTS
from ledger.services.refusal import AGENCY_NOT_KNOWN, KNOWN_BY_OTHERS, NOT_AUDITED_HERE, RefusedError
from ledger.services.see import Eyes, Place, Reader, Seen, Sight, open_eyes
from ledger.store.audit import AgencyLook, looks_of_agency
from ledger.store.clock import now
from ledger.store.database import SYSTEM
from ledger.store.findings import StoredFinding
from ledger.store.involvements import was_involved
from ledger.store.party import AUDITOR, act_for
from ledger.store.people import surroundings_of
from ledger.store.timeline import StoredEntry, page, withdrawn

How = Literal["posted", "sent", "opened"]
#: Readings of one entry, and of none of the record's entries at all, or of those alone that have some words in them.
_OF_ONE: Final = frozenset({"attachment"})
_OF_NONE: Final = LISTS | {"search", "known by", "alert", "involved", "unseen", "adults", "adult proposals"}
_OPENNESS: Final = (Sight.FULL, Sight.PART, Sight.WITHHELD, Sight.ERASED, Sight.NOTHING)


@dataclass(frozen=True, slots=True)
class KnownBy:
    """Whose knowledge is asked for. `read_until`: readings up to this moment count; None: up to that of the point.

    `auditing` reads who opened what, where whoever asks is no auditor.
    """

    agency: str
    read_until: datetime | None = None
    auditing: Engine | None = None


@dataclass(frozen=True, slots=True)
class Learnt:
    """One way in which an entry came to be known, since when, and up to which number it was seen then."""

    by: How
    since: datetime
    up_to: int


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What one agency knew: of each number how it came to know it, and how many entries it could have read besides."""

    agency: str
    read_until: datetime
    learnt: Mapping[int, tuple[Learnt, ...]]
    unread: int
    eyes: Eyes

    def as_json(self) -> dict[str, Any]:
        """What an answer says of it."""
        more = "1 more entry" if self.unread == 1 else f"{self.unread} more entries"
        return {
            "agency": self.agency,
            "read_until": written_time(self.read_until),
            "could_have_read": self.unread,
            "words": f"It could have read {more}." if self.unread else "It had all that it could have read.",
        }

    def of(self, number: int) -> list[dict[str, str]]:
        """By which of the three an entry was known, and since when."""
        return [{"by": one.by, "since": written_time(one.since)} for one in self.learnt.get(number, ())]

    def known_findings(self, findings: Mapping[str, StoredFinding]) -> dict[str, StoredFinding]:
        """Those that it knew of, as far as it knew: one that closed without its knowing is open to it."""
        found = {}
        for name, finding in findings.items():
            moved = [number for number in finding.before if number in self.learnt]
            if finding.opened_number not in self.learnt and not moved:
                continue
            closed = finding.closed_number if finding.closed_number in self.learnt else None
            found[name] = replace(finding.at(max([finding.opened_number, *moved])), closed_number=closed)
        return found


@dataclass(frozen=True, slots=True)
class KnownEyes(Eyes):
    """A reader's sight of what an agency knew: never more than either of them sees."""

    theirs: Eyes = field(default_factory=lambda: Eyes(Reader("")))
    #: Of each number that the agency knew, up to which number it saw it.
    seen_to: Mapping[int, int] = field(default_factory=dict)

    def look(self, entry: StoredEntry, *, up_to: int | None = None) -> Seen:
        """What both see of an entry; nothing of one that the agency did not know."""
        mine = Eyes.look(self, entry, up_to=up_to)
        known = self.seen_to.get(entry.number)
        if known is None:
            return _nothing(mine)
        return _together(mine, self.theirs.look(entry, up_to=known))

    def sight_of(self, entry: StoredEntry, *, up_to: int | None = None) -> Sight:
        """How much of it both see."""
        return self.look(entry, up_to=up_to).sight


def read_until(connection: Connection, known_by: KnownBy, asked: PointAsked, moment: datetime) -> datetime:
    """Up to when readings count: as asked, but not beyond the present; else the moment of the point."""
    if known_by.read_until is not None:
        return min(known_by.read_until, now(connection))
    return moment if asked.is_by_number or asked.known_at is not None else now(connection)


def gather_knowledge(
    connection: Connection,
    eyes: Eyes,
    record: tuple[UUID, str],
    point: Point,
    known_by: KnownBy,
    until: datetime,
) -> Knowledge:
    """What an agency knew of a record, its id and pseudonym, at a point. Cost: that of reading the record once.

    Raises RefusedError where the agency is not the reader's own, nor the reader an auditor of its partnership.
    """
    reader, (record_id, _) = eyes.reader, record
    _check_asked(connection, reader, record_id, known_by)
    agency = known_by.agency
    stored = page(connection, record_id, after=0, up_to=point.number, limit=max(point.number, 1))
    theirs = open_eyes(connection, Reader(agency), [record_id])
    found = learnt_of(connection, record, stored, theirs, point, _looks(connection, reader, record_id, known_by, until))
    unread = 0
    if was_involved(connection, agency, record_id, point.number, until):
        others = (one for one in stored if one.number not in found and one.agency != SYSTEM)
        unread = sum(_is_there(theirs, one, point) and _is_there(eyes, one, point) for one in others)
    seen_to = {number: max(one.up_to for one in learnt) for number, learnt in found.items()}
    pairs = [pair for pair in withdrawn(connection, [record_id]) if pair[2] in found]
    by: dict[Place, int] = {(one, number): by for one, number, by in sorted(pairs, key=lambda pair: pair[2])}
    known_eyes = KnownEyes(reader, by, eyes.marks, theirs, seen_to)
    told = {number: tuple(_first_of_each(learnt)) for number, learnt in found.items()}
    return Knowledge(agency, until, told, unread, known_eyes)


def learnt_of(
    connection: Connection,
    record: tuple[UUID, str],
    stored: Sequence[StoredEntry],
    theirs: Eyes,
    point: Point,
    looks: Sequence[AgencyLook],
    *,
    findings: Mapping[str, StoredFinding] | None = None,
) -> dict[int, list[Learnt]]:
    """By number what an agency, by its eyes, had posted, been sent and opened of these entries of a record.

    ``findings``: those of the point, where whoever asks has them already.
    """
    agency, found = theirs.reader.agency, dict[int, list[Learnt]]()
    for entry in stored:
        if entry.agency == agency:
            found.setdefault(entry.number, []).append(Learnt("posted", entry.recorded_at, entry.number))
    if findings is None:
        findings = findings_as_of(connection, record[0], point.number)
    for number, learnt in _sent(findings, record[1], stored, theirs, agency):
        found.setdefault(number, []).append(learnt)
    opened = _Opened(looks)
    for entry in stored:
        if (opening := opened.of(entry, theirs)) is not None:
            found.setdefault(entry.number, []).append(opening)
    return found


def _check_asked(connection: Connection, reader: Reader, record_id: UUID, known_by: KnownBy) -> None:
    if reader.agency not in (AUDITOR, known_by.agency):
        raise RefusedError(KNOWN_BY_OTHERS.code, KNOWN_BY_OTHERS.detail)
    if known_by.agency not in surroundings_of(connection, [record_id])[record_id].agency_kinds:
        raise RefusedError(AGENCY_NOT_KNOWN.code, AGENCY_NOT_KNOWN.detail, "/known_by")


def _looks(
    connection: Connection, reader: Reader, record_id: UUID, known_by: KnownBy, until: datetime
) -> list[AgencyLook]:
    """The agency's readings of the record; only auditors may read up to which number anybody saw."""
    if reader.agency == AUDITOR:
        return looks_of_agency(connection, known_by.agency, record_id, until)
    if known_by.auditing is None:
        raise RefusedError(NOT_AUDITED_HERE.code, NOT_AUDITED_HERE.detail)
    with known_by.auditing.begin() as auditing:
        act_for(auditing, AUDITOR)
        return looks_of_agency(auditing, known_by.agency, record_id, until)


class _Opened:
    """What an agency's readings showed it: each that reached farther than those before, and those of one entry."""

    def __init__(self, looks: Sequence[AgencyLook]) -> None:
        self._reached: list[AgencyLook] = []
        self._one: dict[int, AgencyLook] = {}
        for look in looks:
            if look.what in _OF_ONE:
                self._one.setdefault(look.up_to, look)
            elif look.what not in _OF_NONE and (not self._reached or look.up_to > self._reached[-1].up_to):
                self._reached.append(look)

    def of(self, entry: StoredEntry, theirs: Eyes) -> Learnt | None:
        """When it first saw anything of an entry, and up to where it then read when it saw the most of it."""
        first = bisect_left(self._reached, entry.number, key=lambda look: look.up_to)
        looks = [*self._reached[first:], *([self._one[entry.number]] if entry.number in self._one else [])]
        since: datetime | None = None
        best, up_to = Sight.NOTHING, 0
        for look in sorted(looks, key=lambda look: look.at):
            sight = theirs.sight_of(entry, up_to=look.up_to)
            if sight is Sight.NOTHING:
                continue
            since = since or look.at
            if _OPENNESS.index(sight) < _OPENNESS.index(best):
                best, up_to = sight, look.up_to
            if best is Sight.FULL:
                break
        return None if since is None else Learnt("opened", since, up_to)


def _sent(
    findings: Mapping[str, StoredFinding], pseudonym: str, stored: Sequence[StoredEntry], theirs: Eyes, agency: str
) -> Iterable[tuple[int, Learnt]]:
    """What was addressed to an agency, as far as it may see it: the entry, and what it brings with it."""
    by_number = {entry.number: entry for entry in stored}
    alerts = {alert_id(name): name for name in findings}
    for entry in stored:
        if entry.agency == agency or entry.kind not in ADDRESSED:
            continue
        seen = theirs.look(entry, up_to=entry.number)
        if not seen.is_visible or not addressed_to(seen, agency, by_number, pseudonym):
            continue
        brought = {entry.number, *named_in_share(seen, pseudonym)}
        finding = findings.get(alerts.get(str(seen.body.get("alert")), "")) if seen.kind in BRINGS else None
        if finding is not None:
            then = finding.at(entry.number)
            brought |= {finding.opened_number, *(ref[0] for side in (*then.sides, then.evidence) for ref in side)}
        for number in sorted(brought & by_number.keys()):
            one = by_number[number]
            if number <= entry.number and theirs.sight_of(one, up_to=entry.number) is not Sight.NOTHING:
                yield number, Learnt("sent", entry.recorded_at, entry.number)


def _first_of_each(learnt: Sequence[Learnt]) -> list[Learnt]:
    """Each way once, as it was first, in the order in which they came."""
    first: dict[How, Learnt] = {}
    for one in sorted(learnt, key=lambda one: one.since):
        first.setdefault(one.by, one)
    return list(first.values())


def _is_there(eyes: Eyes, entry: StoredEntry, point: Point) -> bool:
    return eyes.sight_of(entry, up_to=point.number) not in (Sight.NOTHING, Sight.ERASED)


def _nothing(seen: Seen) -> Seen:
    return Seen(seen.record_id, seen.number, seen.recorded_at, seen.agency, seen.hash, Sight.NOTHING)


def _together(mine: Seen, theirs: Seen) -> Seen:
    """What both see: the stricter of the two, and of an entry of which each sees a part what is in both parts."""
    if mine.sight is Sight.PART and theirs.sight is Sight.PART:
        return replace(
            mine,
            body=seen_together(mine.body, theirs.body),
            hidden=mine.hidden | theirs.hidden,
            unknown=mine.unknown | theirs.unknown,
        )
    stricter = max((mine, theirs), key=lambda seen: _OPENNESS.index(seen.sight))
    if stricter.sight is Sight.NOTHING:
        return _nothing(mine)
    return replace(stricter, event_id=mine.event_id, withdrawn_by=mine.withdrawn_by)
