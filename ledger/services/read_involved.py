"""Who is involved with a child, and who of them has not seen what: for whoever is involved, and for auditors.

An agency has seen an entry when it wrote it, when it was sent it, or when a recorded reading showed it: as in what an
agency knew (`ledger.services.known_by`), but that only readings count here which show entries. Posting is not seeing.
Of whom an entry is held back from, its author alone is told that; to others they have not seen it, which is so.

Only auditors may read who looked at what, so that is asked as one; what is told is when an agency last looked, and
which entries it has not seen of those that the reader sees.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Engine

from ledger.domain.alert import BRINGS
from ledger.domain.entry import Chance, entry_id, written_time
from ledger.services.bring_alerts import alert_id
from ledger.services.find_as_of import PointAsked
from ledger.services.known_by import learnt_of
from ledger.services.note_access import LISTS
from ledger.services.past import Past, as_moment, open_past
from ledger.services.refusal import NOT_AUDITED_HERE, RefusedError
from ledger.services.see import Reader, Seen, Sight, open_eyes
from ledger.store.audit import AgencyLook, looks_of_agency
from ledger.store.findings import StoredFinding
from ledger.store.parts import Part, ended_agencies, lead_at, parts_of
from ledger.store.party import AUDITOR, act_for
from ledger.store.people import Agency, directory
from ledger.store.timeline import StoredEntry, by_number, of_ledger, page

LIMIT: Final = 100
LIMIT_MAX: Final = 200
#: Readings that show what entries say.
SHOWING: Final = frozenset({"timeline", "picture", "replay", "export", "print", "history pack", "attachment"})
#: What tells of the child: somebody involved should have seen it, and who recorded none of it was silent.
TELLING: Final = frozenset(
    {
        "observation", "contact", "correction", "decision", "action", "referral", "check", "position", "allegation",
        "attachment", "concern",
    }
)  # fmt: skip


#: What tells nothing of the child: that somebody takes part, or took on an alert.
_ABOUT_WORK: Final = frozenset({"involvement", "marking", "acknowledgement", "alert_action", "alert_snooze"})


@dataclass(frozen=True, slots=True)
class UnseenAsked(PointAsked):
    """Of which point of the record, after which number, and how many entries."""

    after: int = 0
    limit: int = LIMIT


def read_involved(
    connection: Connection,
    reader: Reader,
    record_id: UUID,
    asked: PointAsked,
    *,
    auditing: Engine | None,
    chance: Chance,
) -> dict[str, Any]:
    """Every agency that has or had a part by the point. Writes the access record.

    The connection acts for the reader's agency. Raises NotKnownError, and RefusedError for a point that is not there.
    """
    past = open_past(connection, reader, record_id, asked, what="involved", chance=chance)
    return past.head() | involved_in(past, auditing)


def involved_in(past: Past, auditing: Engine | None) -> dict[str, Any]:
    """Who leads, and every agency that has or had a part by the point. Raises RefusedError."""
    connection, reader, record_id = past.connection, past.reader, past.record_id
    names, parts = directory(connection), _by_agency(parts_of(connection, record_id, past.point.number))
    seen = past.seen()
    there = (entry for entry in seen if entry.sight is not Sight.NOTHING and entry.kind not in _ABOUT_WORK)
    posted = {entry.agency: entry.recorded_at for entry in there}
    said = {entry.number: entry for entry in seen if entry.is_visible}
    begun = {one.number for each in parts.values() for one in each} - said.keys()
    others = by_number(connection, [(record_id, number) for number in begun])
    said |= {entry.number: looked for entry in others if (looked := past.look(entry)).is_visible}
    with _audited(connection, reader, auditing) as auditor:
        looks = {agency: looks_of_agency(auditor, agency, record_id, past.moment) for agency in parts}
        ended = _ended_by(auditor, past.moment)
    named = lead_at(connection, record_id, past.point.number)
    lead = None if named is None or named.agency in ended else named
    told = [
        {
            **_named(agency, names),
            **_role(each, said),
            "since": written_time(each[0].since),
            "until": as_moment(_until(each[-1], ended.get(agency))),
            "involved": agency not in ended and is_open(each, past),
            "leads": lead is not None and lead.agency == agency,
            "last_posted": as_moment(posted.get(agency)),
            "last_read": as_moment(max((one.at for one in looks[agency] if one.what not in LISTS), default=None)),
        }
        for agency, each in parts.items()
    ]
    leading = None if lead is None else {**_named(lead.agency, names), "person": lead.person, "deputy": lead.deputy}
    return {"lead": leading, "agencies": told}


def read_unseen(
    connection: Connection,
    reader: Reader,
    record_id: UUID,
    asked: UnseenAsked,
    *,
    auditing: Engine | None,
    chance: Chance,
) -> dict[str, Any]:
    """Which entries that the reader sees somebody involved has not seen, and how many each has not. Writes the access
    record.

    The connection acts for the reader's agency. Raises as `read_involved` does.
    Cost: that of reading the record once for each agency involved.
    """
    past = open_past(connection, reader, record_id, asked, what="unseen", chance=chance)
    return past.head() | unseen_in(past, asked, auditing)


def unseen_in(past: Past, asked: UnseenAsked, auditing: Engine | None) -> dict[str, Any]:
    """Which entries that the reader sees somebody involved has not seen. Raises RefusedError."""
    connection, reader, record_id = past.connection, past.reader, past.record_id
    names, parts = directory(connection), _by_agency(parts_of(connection, record_id, past.point.number))
    seen = past.seen()
    telling = [one for one in seen if one.is_visible and one.kind in TELLING and one.withdrawn_by is None]
    with _audited(connection, reader, auditing) as auditor:
        ended = _ended_by(auditor, past.moment)
        involved = [agency for agency, each in parts.items() if agency not in ended and is_open(each, past)]
        stored = _all_stored(auditor, past)
        findings = past.findings()
        by = _Telling(past, stored, findings)
        knows = {agency: _known_to(auditor, past, agency, stored, by, findings) for agency in involved}
    unseen, held = _unseen(telling, knows, reader.agency)
    counts = {agency: sum(agency in who for who in unseen.values()) for agency in involved}
    rows = [one for one in telling if unseen[one.number] or held.get(one.number)]
    shown = [one for one in rows if one.number > asked.after][: asked.limit]
    return {
        "agencies": [{**_named(agency, names), "unseen": counts[agency]} for agency in involved],
        "entries": [_row(one, unseen[one.number], held.get(one.number, ()), past) for one in shown],
        "next": shown[-1].number if shown and shown[-1].number < rows[-1].number else None,
    }


def _all_stored(auditor: Connection, past: Past) -> list[StoredEntry]:
    """Every entry by the point; what the reader's agency has read of them already is not read again."""
    there = [*past.stored, *of_ledger(auditor, past.record_id, past.point.number)]
    if len(there) == past.point.number and all(entry.is_visible for entry in past.seen()):
        return sorted(there, key=lambda entry: entry.number)
    # An auditor is given what the database keeps back from the reader.
    return page(auditor, past.record_id, after=0, up_to=past.point.number, limit=max(past.point.number, 1))


def is_open(parts: Sequence[Part], past: Past) -> bool:
    """Whether any of an agency's parts goes on at the point."""
    return any(one.until is None or one.until > past.moment for one in parts)


def _ended_by(auditor: Connection, moment: datetime) -> dict[str, datetime]:
    """The agencies that had ended by a moment: what they had a part in goes on without them."""
    return {agency: at for agency, at in ended_agencies(auditor).items() if at <= moment}


def _until(part: Part, ended: datetime | None) -> datetime | None:
    """Until when a part was, where its agency has ended too."""
    return min((at for at in (part.until, ended) if at is not None), default=None)


@dataclass(frozen=True, slots=True)
class _Known:
    """Of one agency, the numbers of the entries that it has seen, and of those that are held back from it."""

    seen: Collection[int]
    held: Collection[int]


def _known_to(
    auditor: Connection,
    past: Past,
    agency: str,
    stored: Sequence[StoredEntry],
    telling: "_Telling",
    findings: Mapping[str, StoredFinding],
) -> _Known:
    record_id, point = past.record_id, past.point
    theirs = open_eyes(auditor, Reader(agency), [record_id])
    looks = [look for look in looks_of_agency(auditor, agency, record_id, past.moment) if _shows(look)]
    learnt = learnt_of(auditor, (record_id, past.pseudonym), stored, theirs, point, looks, findings=findings)
    sights = ((entry.number, theirs.sight_of(entry, up_to=point.number)) for entry in stored)
    held = {number for number, sight in sights if sight not in (Sight.FULL, Sight.PART)}
    # Of what is held back a pointer may have been seen: that is not the entry. By what the reader may not know of
    # nobody was sent anything: else that it is there would show.
    ways = {
        number: [one for one in each if one.by != "sent" or telling.shows(one.up_to)] for number, each in learnt.items()
    }
    seen = {number for number, each in ways.items() if any(number not in held or one.by != "opened" for one in each)}
    return _Known(seen, held)


class _Telling:
    """What brings entries to agencies, as far as the reader may know of it."""

    def __init__(self, past: Past, stored: Sequence[StoredEntry], findings: Mapping[str, StoredFinding]) -> None:
        self._past, self._stored = past, {entry.number: entry for entry in stored}
        self._findings = {alert_id(name): one for name, one in findings.items()}
        self._shown: dict[int, bool] = {}

    def shows(self, number: int) -> bool:
        """Whether the reader may know of the entry of this number, and of all that an alert of it rests on."""
        if number not in self._shown:
            entry = self._past.look(self._stored[number])
            self._shown[number] = entry.sight is not Sight.NOTHING and (
                entry.kind not in BRINGS or self._rests_on_known(self._findings.get(str(entry.body.get("alert"))))
            )
        return self._shown[number]

    def _rests_on_known(self, finding: StoredFinding | None) -> bool:
        if finding is None:
            return False
        places = {(ref[0], ref[1]) for side in (*finding.sides, finding.evidence) for ref in side}
        looked = {number: self._past.look(self._stored[number]) for number, _ in places if number in self._stored}
        return all(
            number in looked and looked[number].sight is not Sight.NOTHING and place not in looked[number].unknown
            for number, place in places
        )


def _shows(look: AgencyLook) -> bool:
    return look.what in SHOWING


def _unseen(
    telling: Sequence[Seen], knows: Mapping[str, _Known], own: str
) -> tuple[dict[int, list[str]], dict[int, list[str]]]:
    """By number who has not seen an entry; and of the reader's own, apart from these, from whom it is held back."""
    unseen, held = dict[int, list[str]](), dict[int, list[str]]()
    for entry in telling:
        missing = [
            agency for agency, known in knows.items() if agency != entry.agency and entry.number not in known.seen
        ]
        kept = [agency for agency in missing if entry.agency == own and entry.number in knows[agency].held]
        unseen[entry.number] = [agency for agency in missing if agency not in kept]
        if kept:
            held[entry.number] = kept
    return unseen, held


def _row(entry: Seen, unseen: Sequence[str], held: Sequence[str], past: Past) -> dict[str, Any]:
    told: dict[str, Any] = {
        "entry": entry_id(past.pseudonym, entry.number),
        "number": entry.number,
        "agency": entry.agency,
        "kind": entry.kind,
        "recorded_at": written_time(entry.recorded_at),
        "not_seen_by": [*unseen],
    }
    return told | ({"held_back_from": [*held]} if held else {})


def _by_agency(parts: Sequence[Part]) -> dict[str, list[Part]]:
    found: dict[str, list[Part]] = {}
    for part in parts:
        found.setdefault(part.agency, []).append(part)
    return found


def _role(parts: Sequence[Part], said: Mapping[int, Seen]) -> dict[str, Any]:
    """What the newest entry says of it that says anything."""
    bodies = [said[one.number].body for one in reversed(parts) if one.number in said]
    return {name: next((body[name] for body in bodies if name in body), None) for name in ("role", "reason")}


def _named(agency: str, names: Mapping[str, Agency]) -> dict[str, Any]:
    known = names.get(agency)
    return {"agency": agency, "name": known.name if known else agency, "contact": known.contact if known else None}


@contextmanager
def _audited(connection: Connection, reader: Reader, auditing: Engine | None) -> Iterator[Connection]:
    """Where who looked at what may be read. Raises RefusedError where it may nowhere."""
    if reader.agency == AUDITOR:
        yield connection
        return
    if auditing is None:
        raise RefusedError(NOT_AUDITED_HERE.code, NOT_AUDITED_HERE.detail)
    with auditing.begin() as auditor:
        act_for(auditor, AUDITOR)
        yield auditor
