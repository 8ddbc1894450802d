"""Open alerts of one agency or one professional, newest first, each finding rendered for whoever reads.

An alert has one accountable person; the others involved see the finding in the child's chronology. Each record that an
answer says anything of gets its access record.
"""

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from ledger.domain.entry import Chance, entry_id, written_time
from ledger.domain.pack import Pack
from ledger.services.name_child import name_child
from ledger.services.note_access import note_access
from ledger.services.refusal import RefusedError
from ledger.services.render_finding import places_of, render_finding
from ledger.services.see import NotKnownError, Reader, Seen, Sight, open_eyes
from ledger.store.access import child_details
from ledger.store.alerts import Cursor, StoredAlert, one_alert, open_alerts
from ledger.store.findings import StoredFinding, by_id
from ledger.store.people import Agency, directory, names
from ledger.store.timeline import by_number, heads_of

_ALERT_ID = re.compile(r"[A-Za-z0-9_.:-]{1,128}\Z")
LIMIT_MAX = 200
LIMIT = 50


def read_alerts(
    connection: Connection,
    reader: Reader,
    *,
    pack: Pack,
    chance: Chance,
    after: str | None = None,
    limit: int = LIMIT,
) -> dict[str, Any]:
    """One page of the reader's open alerts, and the cursor of the next. The connection acts for the reader's agency."""
    if not 1 <= limit <= LIMIT_MAX:
        raise RefusedError("limit_out_of_range", f"limit runs from 1 to {LIMIT_MAX}", "/limit")
    cursor = None if after is None else _read_cursor(after)
    found = open_alerts(connection, reader.agency, reader.person_ref, after=cursor, limit=limit + 1)
    shown = found[:limit]
    return {
        "alerts": _render(connection, reader, shown, "alerts", pack, chance),
        "next": _write_cursor(shown[-1]) if len(found) > limit else None,
    }


def read_alert(connection: Connection, reader: Reader, alert_id: str, *, pack: Pack, chance: Chance) -> dict[str, Any]:
    """One alert of the reader's, open or ended. Raises NotKnownError."""
    alert = one_alert(connection, reader.agency, reader.person_ref, alert_id)
    if alert is None:
        raise NotKnownError
    return _render(connection, reader, [alert], "alert", pack, chance)[0]


@dataclass(frozen=True, slots=True)
class _Loaded:
    """Everything that the alerts of one answer are rendered from, as their reader sees it."""

    reader: Reader
    pack: Pack
    heads: Mapping[UUID, tuple[str, int]]
    findings: Mapping[str, StoredFinding]
    seen: Mapping[UUID, Mapping[int, Seen]]
    details: Mapping[UUID, Mapping[str, Any]]
    agencies: Mapping[str, Agency]
    people: Mapping[UUID, str]


def _render(
    connection: Connection, reader: Reader, alerts: Sequence[StoredAlert], what: str, pack: Pack, chance: Chance
) -> list[dict[str, Any]]:
    records = sorted({alert.record_id for alert in alerts})
    if not records:
        return []
    heads = heads_of(connection, records)
    note_access(connection, reader, {record_id: heads[record_id][1] for record_id in records}, what, chance)
    findings = by_id(connection, {alert.finding_id for alert in alerts})
    seen = _look(connection, reader, alerts, findings)
    loaded = _Loaded(
        reader,
        pack,
        heads,
        findings,
        seen,
        child_details(connection, records),
        directory(connection),
        names(
            connection, {person for entries in seen.values() for entry in entries.values() if (person := _by(entry))}
        ),
    )
    return [_alert(alert, loaded) for alert in alerts]


def _look(
    connection: Connection, reader: Reader, alerts: Sequence[StoredAlert], findings: Mapping[str, StoredFinding]
) -> dict[UUID, dict[int, Seen]]:
    places = {(finding.record_id, number) for finding in findings.values() for number in places_of(finding)}
    places |= {(alert.record_id, alert.acknowledged_number) for alert in alerts if alert.acknowledged_number}
    records = {alert.record_id for alert in alerts}
    eyes = open_eyes(connection, reader, records)
    seen: dict[UUID, dict[int, Seen]] = {record_id: {} for record_id in records}
    for entry in by_number(connection, places):
        seen[entry.record_id][entry.number] = eyes.look(entry)
    return seen


def _alert(alert: StoredAlert, loaded: _Loaded) -> dict[str, Any]:
    pseudonym, _ = loaded.heads[alert.record_id]
    return {
        "id": alert.alert_id,
        "raised_at": written_time(alert.raised_at),
        "to": {"agency": alert.to_agency, "person": alert.to_person},
        "child": {"id": str(alert.record_id), "name": name_child(loaded.details.get(alert.record_id, {}))},
        "acknowledged": _acknowledged(alert, loaded),
        "ended": alert.ended_number is not None,
        "finding": render_finding(
            loaded.findings[alert.finding_id],
            loaded.seen[alert.record_id],
            loaded.pack,
            loaded.agencies,
            loaded.reader,
            pseudonym,
        ),
    }


def _acknowledged(alert: StoredAlert, loaded: _Loaded) -> dict[str, Any] | None:
    if alert.acknowledged_number is None:
        return None
    told: dict[str, Any] = {"entry": entry_id(loaded.heads[alert.record_id][0], alert.acknowledged_number)}
    entry = loaded.seen[alert.record_id].get(alert.acknowledged_number)
    if entry is None or entry.sight is not Sight.FULL:
        return told
    person, agency = _by(entry), loaded.agencies.get(entry.agency)
    return told | {
        "at": written_time(entry.recorded_at),
        "agency": entry.agency,
        "agency_name": agency.name if agency else entry.agency,
        "person": loaded.people.get(person) if person else None,
        "note": entry.body.get("note"),
    }


def _by(entry: Seen) -> UUID | None:
    """The professional who acknowledged, where a signed-in person did."""
    try:
        return UUID(entry.body["person"])
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def _write_cursor(alert: StoredAlert) -> str:
    return base64.urlsafe_b64encode(f"{alert.raised_at.isoformat()}|{alert.alert_id}".encode()).decode().rstrip("=")


def _read_cursor(text: str) -> Cursor:
    try:
        moment, _, alert_id = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode().partition("|")
        read = datetime.fromisoformat(moment)
    except (ValueError, binascii.Error):
        read, alert_id = None, ""
    if read is None or read.tzinfo is None or not _ALERT_ID.match(alert_id):
        raise RefusedError("bad_cursor", "after is not a cursor that this ledger gave", "/after")
    return read, alert_id
