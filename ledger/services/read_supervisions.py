"""Supervision of the work with a child, and what is open now: what of it came since the last one, and what was there.

Open are findings, what is awaited, concerns, decisions that do not stand or are questioned, and alerts on which nobody
has acted. The last one is that of the reader's own agency, where it had any. Each part is as its own address tells it,
to this reader; a part that could not be worked out is said to be so, and the others are told.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final
from uuid import UUID

import structlog
from sqlalchemy import Connection

from ledger.domain.alert import State
from ledger.domain.entry import Chance, entry_id, written_time
from ledger.domain.pack import Pack
from ledger.services.find_as_of import PointAsked
from ledger.services.judge_record import judge_past
from ledger.services.past import Past, open_past
from ledger.services.read_concerns import concerns_in
from ledger.services.read_expectations import expectations_in
from ledger.services.read_findings import Rendered, with_alerts
from ledger.services.read_picture import open_findings
from ledger.services.see import Reader, Seen
from ledger.services.seen_record import SeenRecord, look_through
from ledger.services.weigh_decision import deliberate
from ledger.services.word_picture import brief_finding, word_withheld
from ledger.store.people import Agency
from ledger.store.people import directory as directory_of

KIND: Final = "supervision"
_SAID: Final = ("with", "about", "notes")
#: With these an alert needs nothing of anybody for now.
_ANSWERED: Final = frozenset({State.ACTED_ON, State.RESOLVED})

_log = structlog.get_logger("ledger.read_supervisions")


@dataclass(frozen=True)
class _Open:
    """What is open in one record for one reader, and since when the last supervision was."""

    record: SeenRecord
    pack: Pack
    agencies: Mapping[str, Agency]
    since: datetime | None

    @property
    def past(self) -> Past:
        return self.record.past

    def all(self) -> dict[str, Any]:
        """Each part by its name; None where it could not be worked out."""
        parts: dict[str, Callable[[], list[dict[str, Any]]]] = {
            "findings": self._findings,
            "expectations": self._expectations,
            "concerns": self._concerns,
            "decisions": self._decisions,
            "alerts": self._alerts,
        }
        return {name: self._part(name, work_out) for name, work_out in parts.items()}

    def _part(self, name: str, work_out: Callable[[], list[dict[str, Any]]]) -> list[dict[str, Any]] | None:
        # A savepoint: where one part fails, the others are still read, and the look at them stays recorded.
        try:
            with self.past.connection.begin_nested():
                return work_out()
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one part, the others are told
            _log.error("a part of what is open could not be read", part=name, error=type(error).__name__)
            return None

    def _is_new(self, at: str) -> bool:
        return self.since is None or datetime.fromisoformat(at) > self.since

    @cached_property
    def _told(self) -> list[dict[str, Any]]:
        pairs = Rendered.of(self.past, open_findings(self.past.findings()), self.pack, self.agencies).pairs
        return with_alerts(self.past, pairs)

    def _findings(self) -> list[dict[str, Any]]:
        return [
            brief_finding(one) | {"opened_by": one["opened_by"], "is_new": self._is_new(one["raised_at"])}
            for one in self._told
        ]

    def _alerts(self) -> list[dict[str, Any]]:
        return [
            {
                "alert": one["alert"],
                "finding": one["finding"],
                "headline": one["headline"],
                "severity": one["severity"],
                "is_new": self._is_new(one["raised_at"]),
            }
            for one in self._told
            if one["alert"] is not None and one["alert"]["state"] not in _ANSWERED
        ]

    def _expectations(self) -> list[dict[str, Any]]:
        judged = expectations_in(self.past.connection, judge_past(self.past, self.pack), 0)
        return [one | {"is_new": self._is_new(one["started"])} for one in judged if one["state"] != "met"]

    def _concerns(self) -> list[dict[str, Any]]:
        listed = concerns_in(self.record, self.pack, self.agencies, state="open")
        return [one | {"is_new": self._is_new(one["at"])} for one in listed]

    def _decisions(self) -> list[dict[str, Any]]:
        """Those that stand in force but rest on nothing that holds: never stood, or questioned since."""
        among, found = deliberate(self.past, self.pack, self.agencies, self.record), list[dict[str, Any]]()
        for entry in reversed(among.decisions):
            one = among.one(entry)
            if entry.withdrawn_by is not None or one.ended_by is not None:
                continue
            then = one.then
            standing, questioned = one.standing(then), one.is_questioned(one.since(then, one.now))
            if standing == "not_standing" or questioned:
                place = {"entry": entry_id(self.past.pseudonym, entry.number), "agency": entry.agency}
                at = written_time(entry.recorded_at)
                said = {"kind": entry.body.get("kind"), "standing": standing, "questioned": questioned}
                found.append({**place, "at": at, **said, "is_new": self._is_new(at)})
        return found


def read_supervisions(
    connection: Connection, reader: Reader, record_id: UUID, asked: PointAsked, *, pack: Pack, chance: Chance
) -> dict[str, Any]:
    """The supervisions, the newest first, and what is open. Writes the access record.

    The connection acts for the reader's agency. Raises NotKnownError, and RefusedError for a point that is not there.
    Cost: that of reading the record a few times.
    """
    past = open_past(connection, reader, record_id, asked, what="supervisions", chance=chance)
    agencies = directory_of(connection)
    record = look_through(past, pack, agencies)
    held = [one for one in record.standing if one.kind == KIND and one.is_visible]
    own = [one for one in held if one.agency in {reader.agency, reader.home}]
    last = next(reversed(own or held), None)
    return past.head() | {
        "pack": {"name": pack.name, "version": pack.version},
        "supervisions": [_rendered(one, past, agencies) for one in reversed(held)],
        "since": None if last is None else _rendered(last, past, agencies),
        "open": _Open(record, pack, agencies, None if last is None else last.recorded_at).all(),
        "withheld": word_withheld(record.standing, agencies, past.pseudonym),
    }


def _rendered(entry: Seen, past: Past, agencies: Mapping[str, Agency]) -> dict[str, Any]:
    author = entry.body.get("author") or {}
    return {
        "entry": entry_id(past.pseudonym, entry.number),
        "agency": entry.agency,
        "agency_name": agencies[entry.agency].name if entry.agency in agencies else entry.agency,
        "at": written_time(entry.recorded_at),
        "author": {"ref": author.get("ref"), "role": author.get("role")},
        **{name: entry.body.get(name) for name in _SAID},
    }
