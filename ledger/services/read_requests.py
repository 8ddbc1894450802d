"""Requests for information that an agency was asked, or made: each with its own words, its state and its answer.

An agency that was asked need not be involved: it is shown the words of the request and the id of the child's record, so
that it can answer, and nothing that the record holds. What an agency asked itself is shown with the answer that came.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import Connection

from ledger.domain.edtf import observed_bounds
from ledger.domain.entry import Chance, entry_id, parse_entry_id, written_time
from ledger.domain.pack import Pack
from ledger.services.note_access import note_access
from ledger.services.read_corroboration import asked_about, claim_named
from ledger.services.read_picture import claims_seen
from ledger.services.refusal import RefusedError
from ledger.services.see import Eyes, Reader, Seen, open_eyes
from ledger.services.word_claim import wording_of
from ledger.store.clock import now
from ledger.store.people import Agency, directory
from ledger.store.sharing import Request, place_of_request, requests_of
from ledger.store.timeline import StoredEntry, by_number

LIMIT: Final = 50
LIMIT_MAX: Final = 200
_ASKED: Final = ("asks", "purpose", "lawful_basis", "by", "about")
_ANSWERED: Final = ("answer", "bears", "lawful_basis", "reason", "entries")

Side = Literal["to", "by"]
State = Literal["open", "answered", "all"]
_IS_OPEN: Final[Mapping[str, bool | None]] = {"open": True, "answered": False, "all": None}


@dataclass(frozen=True, slots=True)
class _View:
    """What requests are rendered from."""

    eyes: Eyes
    stored: Mapping[tuple[UUID, int], StoredEntry]
    agencies: Mapping[str, Agency]
    now: datetime
    pack: Pack


def read_requests(
    connection: Connection,
    reader: Reader,
    *,
    side: Side,
    state: State = "open",
    after: str | None = None,
    limit: int = LIMIT,
    pack: Pack,
    chance: Chance,
) -> dict[str, Any]:
    """One page, the newest first, and the id after which the next begins. Writes the access records.

    The connection acts for the reader's agency. Raises RefusedError for an `after` that is no request's id.
    """
    before = _place(connection, reader.agency, side, after) if after else None
    found = requests_of(connection, reader.agency, side=side, is_open=_IS_OPEN[state], before=before, limit=limit + 1)
    shown = found[:limit]
    places = {(one.record_id, number) for one in shown for number in (one.number, one.answered_number) if number}
    records = {record for record, _ in places}
    seen_to = {record: max(number for of, number in places if of == record) for record in records}
    note_access(connection, reader, seen_to, "requests", chance)
    stored = {(entry.record_id, entry.number): entry for entry in by_number(connection, places)}
    named = {place for entry in stored.values() if (place := claim_named(entry)) is not None}
    stored |= {(entry.record_id, entry.number): entry for entry in by_number(connection, named - stored.keys())}
    view = _View(open_eyes(connection, reader, records), stored, directory(connection), now(connection), pack)
    items = [item for one in shown if (item := _rendered(one, view)) is not None]
    following = entry_id(shown[-1].pseudonym, shown[-1].number) if len(found) > limit else None
    return {"requests": items, "next": following}


def _rendered(request: Request, view: _View) -> dict[str, Any] | None:
    asked = _look(view, request.record_id, request.number)
    if asked is None or not asked.is_visible:
        return None
    due = observed_bounds(asked.body["by"]).end if "by" in asked.body else None
    item: dict[str, Any] = {
        "id": entry_id(request.pseudonym, request.number),
        "child": str(request.record_id),
        "recorded_at": written_time(request.recorded_at),
        "from": request.from_agency,
        "from_name": _name(request.from_agency, view),
        "ring": _contact(request.from_agency, view),
        "to": request.to_agency,
        "to_name": _name(request.to_agency, view),
        **_fields(asked, _ASKED),
        "state": request.answer or "open",
        "overdue": request.answer is None and due is not None and due <= view.now,
    }
    place = claim_named(view.stored[request.record_id, request.number])
    if place is not None:
        item["claim"] = _claim(asked, place, request.pseudonym, view)
    if request.answered_number is not None:
        item["answer"] = _answer(request, request.answered_number, view)
    return item


def _claim(request: Seen, place: tuple[UUID, int], pseudonym: str, view: _View) -> dict[str, Any]:
    """The claim that is to be borne out, as far as the reader sees it; of one that they do not, that there is one."""
    entry = view.stored.get(place)
    of = None if entry is None else view.eyes.look(entry)
    if of is None:
        return {"withheld": True}
    stored = {number: one for (record, number), one in view.stored.items() if record == place[0]}
    found = asked_about(request, stored, {of.number: of}, view.eyes)
    if found is None:
        return {"withheld": True}
    wording = wording_of([of], {agency.agency_id: agency.name for agency in view.agencies.values()})
    said = [one for one in claims_seen([of]) if one.index == found.index]
    words = [wording.says(one, view.pack.attributes.get(one.attribute)) for one in said]
    return {"entry": entry_id(pseudonym, of.number), "index": found.index, "agency": of.agency, "words": words}


def _answer(request: Request, number: int, view: _View) -> dict[str, Any]:
    """The newest answer, as far as the reader sees it; that one came is known to both."""
    answered = _look(view, request.record_id, number)
    if answered is None or not answered.is_visible:
        return {"answer": request.answer}
    return {
        "id": entry_id(request.pseudonym, number),
        "recorded_at": written_time(answered.recorded_at),
        **_fields(answered, _ANSWERED),
    }


def _look(view: _View, record_id: UUID, number: int) -> Seen | None:
    entry = view.stored.get((record_id, number))
    return None if entry is None else view.eyes.look(entry)


def _fields(entry: Seen, names: Sequence[str]) -> dict[str, Any]:
    return {name: entry.body[name] for name in names if name in entry.body}


def _name(agency: str, view: _View) -> str:
    return view.agencies[agency].name if agency in view.agencies else agency


def _contact(agency: str, view: _View) -> str:
    return view.agencies[agency].contact if agency in view.agencies else ""


def _place(connection: Connection, agency: str, side: Side, after: str) -> tuple[UUID, int]:
    """Only a request of the reader's own feed is one: whether there is another record by a name is not told."""
    named = parse_entry_id(after)
    found = None if named is None else place_of_request(connection, agency, side=side, named=named)
    if found is None:
        raise RefusedError(
            "bad_cursor", "after is the id of a request, as the Link header of the page before gave it.", "/after"
        )
    return found
