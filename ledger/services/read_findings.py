"""The findings of one child's record at one point, for one reader: what was open then, or all that had been raised.

With each stands to whom its alert went, whether that was taken on by then, and which entry closed it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Connection

from ledger.domain import alert as life
from ledger.domain.entry import Chance, entry_id
from ledger.domain.pack import Pack
from ledger.services.bring_alerts import alert_id
from ledger.services.find_as_of import PointAsked
from ledger.services.gather_disputes import with_disputes
from ledger.services.hold_at import claims_held
from ledger.services.past import Past, as_moment, open_past
from ledger.services.read_picture import open_findings
from ledger.services.render_alert import KINDS
from ledger.services.render_finding import Beside, places_of, render_finding
from ledger.services.see import Reader, Seen
from ledger.store.findings import StoredFinding
from ledger.store.people import Agency, surroundings_of
from ledger.store.timeline import by_number, of_all

State = Literal["open", "all"]
STATES: tuple[State, ...] = ("open", "all")


@dataclass(frozen=True, slots=True)
class FindingsAsked(PointAsked):
    """Of which point, of which moment of the child's life, and whether closed ones are told too."""

    valid_at: datetime | None = None
    state: State = "open"


def read_findings(
    connection: Connection, reader: Reader, record_id: UUID, asked: FindingsAsked, *, pack: Pack, chance: Chance
) -> dict[str, Any]:
    """The findings of a record as this reader may see them. Writes the access record.

    The connection acts for the reader's agency. Raises NotKnownError, and RefusedError for a point that is not there.
    """
    past = open_past(connection, reader, record_id, asked, what="findings", chance=chance)
    raised = past.findings().values()
    chosen = open_findings(past.findings()) if asked.state == "open" else sorted(raised, key=_as_raised)
    told = Rendered.of(past, chosen, pack)
    return past.head() | {
        "valid_at": as_moment(asked.valid_at),
        "pack": {"name": pack.name, "version": pack.version},
        "findings": with_alerts(past, told.at(asked.valid_at)),
    }


@dataclass(frozen=True, slots=True)
class Rendered:
    """Findings as one reader may see them, each with what is stored of it; those that they may not know of are none."""

    past: Past
    pairs: list[tuple[StoredFinding, dict[str, Any]]]
    glimpses: Mapping[int, Seen]

    @classmethod
    def of(
        cls,
        past: Past,
        findings: Iterable[StoredFinding],
        pack: Pack,
        directory: Mapping[str, Agency] | None = None,
    ) -> "Rendered":
        """These findings, in this order, rendered by what stood at the point."""
        named = directory or {}
        listed, connection = list(findings), past.connection
        places = {(past.record_id, number) for finding in listed for number in places_of(finding)}
        seen = [past.look(entry) for entry in by_number(connection, places)]
        glimpses = with_disputes(connection, past.eyes, past.record_id, past.pseudonym, seen, past.point.number)
        around = Beside(surroundings=surroundings_of(connection, [past.record_id])[past.record_id])
        pairs = [
            (finding, told)
            for finding in listed
            if (told := render_finding(finding, glimpses, pack, named, past.reader, past.pseudonym, beside=around))
            is not None
        ]
        return cls(past, pairs, glimpses)

    def at(self, moment: datetime | None) -> list[tuple[StoredFinding, dict[str, Any]]]:
        """Those of which a statement holds at a moment; what is no more than a pointer says nothing of when."""
        if moment is None:
            return self.pairs
        held = {
            (entry_id(self.past.pseudonym, number), one["index"])
            for number, seen in self.glimpses.items()
            for one in claims_held(seen, moment)
        }
        return [(finding, told) for finding, told in self.pairs if told["withheld"] or _said_in(told) & held]


def _said_in(told: Mapping[str, Any]) -> set[tuple[str, int | None]]:
    return {(one["entry"], one.get("index")) for side in told["sides"] for one in side["statements"]}


def _as_raised(finding: StoredFinding) -> tuple[int, str]:
    return finding.opened_number, finding.finding_id


def with_alerts(past: Past, pairs: list[tuple[StoredFinding, dict[str, Any]]]) -> list[dict[str, Any]]:
    """Each with its alert, as far as that had come by then."""
    lives: dict[str, list[Seen]] = {}
    for entry in of_all(past.connection, past.record_id, KINDS, past.point.number):
        seen = past.look(entry)
        if seen.is_visible:
            lives.setdefault(str(seen.body.get(life.BY_PEOPLE.get(str(seen.kind), "alert"))), []).append(seen)

    def alert_of(finding: StoredFinding) -> dict[str, Any] | None:
        name = alert_id(finding.finding_id)
        steps = lives.get(name, [])
        raised_by = next((seen for seen in steps if seen.kind == life.RAISED), None)
        if raised_by is None:
            return None
        state = life.State.RAISED if finding.closed_number is None else life.State.RESOLVED
        for seen in steps:
            state = life.after(state, str(seen.kind))
        brought = [seen for seen in steps if seen.kind in life.BRINGS]
        taken = next((seen for seen in steps if seen.kind == life.ACKNOWLEDGED), None)
        return {
            "id": name,
            "entry": entry_id(past.pseudonym, raised_by.number),
            "to": brought[-1].body.get("to"),
            "state": state,
            "acknowledged": None if taken is None else entry_id(past.pseudonym, taken.number),
        }

    return [
        told
        | {
            "opened_by": entry_id(past.pseudonym, finding.opened_number),
            "closed_by": None if finding.closed_number is None else entry_id(past.pseudonym, finding.closed_number),
            "alert": alert_of(finding),
        }
        for finding, told in pairs
    ]
