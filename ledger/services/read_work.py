"""Work that agencies ask of one another, as its reader may see it: whose it is now, how it stands, by when it is due.

Of one record everything asked in it, as it was known at any point; across records what an agency owes, or is owed. An
agency to which something is offered in a record in which it has no part is shown the offer's own words, and nothing
else of the record.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection

from ledger.domain.calendar import Nation
from ledger.domain.entry import Chance, entry_id, parse_entry_id, written_time
from ledger.domain.pack import Pack
from ledger.domain.work import OWED, Act, Item, folded, opened
from ledger.services.find_as_of import PointAsked
from ledger.services.note_access import note_access
from ledger.services.past import open_past
from ledger.services.refusal import RefusedError
from ledger.services.see import Eyes, Reader, Seen, open_eyes
from ledger.services.work_clock import clock_of
from ledger.store.clock import now
from ledger.store.people import Agency, directory, surroundings_of
from ledger.store.timeline import StoredEntry, by_number, of_all
from ledger.store.work import WorkRow, kind_of_agency, place_of_item, work_of

LIMIT: Final = 50
LIMIT_MAX: Final = 200
#: Which states are shown; open: those of which something can still come.
STATES: Final = ("open", "asked", "offered", "acknowledged", "accepted", "declined", "done", "lapsed", "all")
SIDES: Final = ("owed_by_us", "owed_to_us")
_SHOWN: Final[Mapping[str, Sequence[str] | None]] = {
    "open": None,
    "all": ("asked", "offered", "acknowledged", "accepted", "declined", "done", "lapsed"),
}
_SAID: Final[Mapping[str, Sequence[str]]] = {
    "referral": ("to", "reason"),
    "action": ("what", "owner"),
    "handover": ("to", "what", "reason"),
}
_ANSWERED: Final = ("answer", "reason")
_KINDS: Final = frozenset({*OWED, "reply", "done"})


@dataclass(frozen=True, slots=True)
class _View:
    """What items are rendered from."""

    pack: Pack
    agencies: Mapping[str, Agency]
    at: datetime

    def render(self, pseudonym: str, item: Item, asked: Seen, answered: Seen | None, nation: Nation) -> dict[str, Any]:
        """One item, in the words of the entries that the reader sees."""
        clock = clock_of(item, asked.body, self.pack, nation)
        is_over = item.is_final or item.state == "done"
        return {
            "id": entry_id(pseudonym, item.number),
            "kind": item.kind,
            "of": item.of,
            "about": None if item.about is None else entry_id(pseudonym, item.about),
            "asked_at": written_time(item.asked_at),
            "asked_by": self.party(item.asked_by),
            "owed_by": self.party(item.owed_by),
            "accountable": self.party(item.accountable),
            "said": {name: asked.body[name] for name in _SAID[item.kind] if name in asked.body},
            "state": item.shown(self.at),
            "due": None if clock.due is None else written_time(clock.due),
            "due_by_rule": clock.rule,
            "overdue": not is_over and clock.due is not None and clock.due <= self.at,
            "answer": None if answered is None else self.answer(pseudonym, answered),
        }

    def answer(self, pseudonym: str, answered: Seen) -> dict[str, Any]:
        """What came of it last."""
        return {
            "id": entry_id(pseudonym, answered.number),
            "at": written_time(answered.recorded_at),
            "by": self.party(answered.agency),
            **{name: answered.body[name] for name in _ANSWERED if name in answered.body},
        }

    def party(self, agency: str | None) -> dict[str, Any] | None:
        """An agency with its name and whom to ring; a sort of agency as it was written."""
        if agency is None:
            return None
        known = self.agencies.get(agency)
        return {"agency": agency, "name": known.name if known else agency, "ring": known.contact if known else None}


# ── of one record ──


def read_work(
    connection: Connection, reader: Reader, record_id: UUID, asked: PointAsked, *, pack: Pack, chance: Chance
) -> dict[str, Any]:
    """Everything that was asked in a record, the newest first. Writes the access record.

    The connection acts for the reader's agency. Raises NotKnownError, and RefusedError for a point that is not there.
    """
    past = open_past(connection, reader, record_id, asked, what="work", chance=chance)
    # Of what else was recorded nothing is told here, so nothing else is read.
    looked = [past.look(entry) for entry in of_all(connection, record_id, sorted(_KINDS), past.point.number)]
    seen = {entry.number: entry for entry in looked if entry.is_visible and entry.withdrawn_by is None}
    view = _View(pack, directory(connection), past.moment)
    items = folded(act_of(past.pseudonym, entry) for entry in seen.values())
    nation = surroundings_of(connection, [record_id])[record_id].nation
    work = [
        view.render(past.pseudonym, item, seen[number], _answered(item, seen), nation)
        for number, item in sorted(items.items(), reverse=True)
    ]
    return past.head() | {"work": work}


def act_of(pseudonym: str, entry: Seen) -> Act:
    """An entry that is seen, as items of work take it."""

    def named(field: str) -> int | None:
        found = parse_entry_id(str(entry.body.get(field, "")))
        return found[1] if found is not None and found[0] == pseudonym else None

    of, about = named("of"), named("entry")
    return Act(entry.number, entry.recorded_at, entry.agency, entry.kind or "", entry.body, of, about)


def _answered(item: Item, seen: Mapping[int, Seen]) -> Seen | None:
    return None if item.state == "asked" else seen.get(item.state_number)


# ── across records ──


def read_all_work(
    connection: Connection,
    reader: Reader,
    *,
    side: str,
    state: str = "open",
    after: str | None = None,
    limit: int = LIMIT,
    pack: Pack,
    chance: Chance,
) -> dict[str, Any]:
    """One page of what an agency owes, or is owed, the newest first. Writes the access records.

    The connection acts for the reader's agency. Raises RefusedError for an `after` that is no item's id.
    """
    kind = kind_of_agency(connection, reader.agency)
    names = [reader.agency, *([kind] if kind else [])]
    before = _place(connection, after, names) if after else None
    states = _SHOWN.get(state, (state,))
    found = work_of(connection, names, side=side, states=states, before=before, limit=limit + 1)
    shown = found[:limit]
    places = {(one.record_id, number) for one in shown for number in (one.item.number, one.item.state_number)}
    records = {record for record, _ in places}
    seen_to = {record: max(number for of, number in places if of == record) for record in records}
    note_access(connection, reader, seen_to, "work", chance)
    stored = {(entry.record_id, entry.number): entry for entry in by_number(connection, places)}
    eyes = open_eyes(connection, reader, records)
    view = _View(pack, directory(connection), now(connection))
    around = surroundings_of(connection, records)
    items = [
        rendered
        for row in shown
        if (rendered := _across(row, view, eyes, stored, around[row.record_id].nation, states)) is not None
    ]
    following = entry_id(shown[-1].pseudonym, shown[-1].item.number) if len(found) > limit else None
    return {"work": items, "next": following}


def _across(
    row: WorkRow,
    view: _View,
    eyes: Eyes,
    stored: Mapping[tuple[UUID, int], StoredEntry],
    nation: Nation,
    states: Iterable[str] | None,
) -> dict[str, Any] | None:
    asked = _look(row.record_id, row.item.number, eyes, stored)
    if asked is None or not asked.is_visible:
        return None
    item, answered = row.item, _look(row.record_id, row.item.state_number, eyes, stored)
    if answered is None or not answered.is_visible:
        # What came of it is held back from the reader: for them nothing has.
        item, answered = opened(act_of(row.pseudonym, asked)), None
        if states is not None and item.shown(view.at) not in states:
            return None
    is_asked = answered is not None and answered.number == item.number
    rendered = view.render(row.pseudonym, item, asked, None if is_asked else answered, nation)
    return {"child": str(row.record_id), **rendered}


def _look(record_id: UUID, number: int, eyes: Eyes, stored: Mapping[tuple[UUID, int], StoredEntry]) -> Seen | None:
    entry = stored.get((record_id, number))
    return None if entry is None else eyes.look(entry)


def _place(connection: Connection, after: str, names: Sequence[str]) -> tuple[UUID, int]:
    """Only an item of such a list is one: whether there is another record by a name is not told."""
    named = parse_entry_id(after)
    found = None if named is None else place_of_item(connection, named, names)
    if found is None:
        raise RefusedError(
            "bad_cursor", "after is the id of a piece of work, as the Link header of the page before gave it.", "/after"
        )
    return found
