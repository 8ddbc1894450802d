"""The disagreements about a child, as one reader may see them: where each is, by when it is late, and what was said.

What is held back from the reader is a pointer or not there at all, as the markings of what it is about say; what is
said in a disagreement is seen no further than the disagreement itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection

from ledger.domain.calendar import Nation
from ledger.domain.disagreement import STAGES, Standing, written_stages
from ledger.domain.entry import Chance, entry_id, written_time
from ledger.domain.pack import Pack
from ledger.services.managers_to_ring import managers_to_ring
from ledger.services.note_access import note_access
from ledger.services.see import Reader, Seen, Sight, check_involved, open_eyes
from ledger.services.word_disagreement import word_opened
from ledger.store.disagreements import Row, rows_of, standings
from ledger.store.people import Agency, directory, surroundings_of
from ledger.store.timeline import by_number, heads_of

_SAID: Final = ("answer", "view", "reason", "outcome", "what")


@dataclass(frozen=True, slots=True)
class _View:
    """What they are rendered from."""

    pseudonym: str
    seen: Mapping[int, Seen]
    agencies: Mapping[str, Agency]
    nation: Nation
    connection: Connection

    def name(self, agency: str) -> str:
        return self.agencies[agency].name if agency in self.agencies else agency

    def ring(self, agency: str) -> str:
        return self.agencies[agency].contact if agency in self.agencies else ""

    def id_of(self, number: int) -> str:
        return entry_id(self.pseudonym, number)


def read_disagreements(
    connection: Connection, reader: Reader, record_id: UUID, *, pack: Pack, chance: Chance, state: str = "all"
) -> dict[str, Any]:
    """Those that are open, settled or all of them, the newest first. Writes the access record.

    The connection acts for the reader's agency. Raises NotKnownError.
    """
    check_involved(connection, reader, record_id)
    pseudonym, number = heads_of(connection, [record_id])[record_id]
    note_access(connection, reader, {record_id: number}, "disagreements", chance)
    rows = rows_of(connection, record_id)
    eyes = open_eyes(connection, reader, [record_id])
    stored = by_number(connection, {(record_id, row.number) for row in rows})
    view = _View(
        pseudonym,
        {entry.number: eyes.look(entry) for entry in stored},
        directory(connection),
        surroundings_of(connection, [record_id])[record_id].nation,
        connection,
    )
    found = standings(rows, pack.disagreements)
    wanted = {of: one for of, one in found.items() if state in ("all", "open" if one.settled is None else "settled")}
    listed = [_rendered(of, wanted[of], [row for row in rows if row.of == of], view) for of in sorted(wanted)[::-1]]
    return {
        "child": str(record_id),
        "stages": written_stages(pack.disagreements),
        "disagreements": [one for one in listed if one is not None],
    }


def _rendered(of: int, standing: Standing, rows: Sequence[Row], view: _View) -> dict[str, Any] | None:
    opened = view.seen.get(of)
    if opened is None or opened.sight is Sight.NOTHING:
        return None
    by = standing.opened.agency
    base = {"entry": view.id_of(of), "agency": by, "agency_name": view.name(by), "at": written_time(standing.opened.at)}
    if not opened.is_visible:
        return {**base, "withheld": True, "ring": view.ring(by)}
    body, others = opened.body, [str(one) for one in opened.body["with"]]
    return {
        **base,
        "withheld": False,
        "kind": body["kind"],
        "words": word_opened(view.name(by), [view.name(one) for one in others], str(body["kind"])),
        "about": body.get("about"),
        "view": body["view"],
        "wants": body.get("wants"),
        "others": others,
        "state": "open" if standing.settled is None else "settled",
        "stage": _stage(standing, view),
        "said": [said for row in rows if row.number != of for said in _said(row, view)],
    }


def _stage(standing: Standing, view: _View) -> dict[str, Any]:
    nation = view.nation
    asked = sorted(standing.asked)
    waits = standing.settled is None
    answered = [agency for agency in asked if standing.answered_by(agency) is not None]
    return {
        "name": standing.stage.name,
        "who": STAGES[standing.stage.name],
        "since": written_time(standing.brought.at),
        "brought_by": standing.brought.agency,
        "asked": asked,
        "answered": answered,
        "answer_due": _moment(standing.answer_due(nation)) if waits and answered != asked else None,
        "settle_due": _moment(standing.settle_due(nation)) if waits else None,
        "ring": managers_to_ring(view.connection, standing, view.agencies) if waits else [],
    }


def _said(row: Row, view: _View) -> list[dict[str, Any]]:
    entry = view.seen.get(row.number)
    if entry is None or not entry.is_visible:
        return []
    told = {"entry": view.id_of(row.number), "said": row.move, "agency": row.agency}
    return [
        {
            **told,
            "agency_name": view.name(row.agency),
            "at": written_time(row.at),
            **{name: entry.body[name] for name in _SAID if name in entry.body},
        }
    ]


def _moment(at: datetime | None) -> str | None:
    return None if at is None else written_time(at)
