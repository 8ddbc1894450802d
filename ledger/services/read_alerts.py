"""Open alerts of one agency or one professional, newest first, each finding rendered for whoever reads.

An alert has one accountable person; the others involved see the finding in the child's chronology. Each record that an
answer says anything of gets its access record.
"""

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from ledger.domain.alert import OUTCOME
from ledger.domain.claim import Claim
from ledger.domain.entry import Chance, entry_id, written_time
from ledger.domain.pack import Pack
from ledger.domain.record_state import Surroundings
from ledger.domain.role import Role
from ledger.services.child_told import child_told
from ledger.services.find_introductions import find_introductions
from ledger.services.gather_disputes import with_disputes
from ledger.services.managers_to_ring import with_managers
from ledger.services.name_child import name_child
from ledger.services.note_access import note_access
from ledger.services.refusal import RefusedError
from ledger.services.render_alert import Life, lives, render_life, steps_of
from ledger.services.render_closing import Regard, by_whom, outcome_places, render_closing
from ledger.services.render_finding import Beside, places_of, render_finding
from ledger.services.render_statement import claims_by_place
from ledger.services.see import Eyes, NotKnownError, Reader, Seen, Sight, open_eyes
from ledger.store.alerts import Cursor, StoredAlert, Wanted, any_alert, one_alert, open_alerts, passed_on
from ledger.store.clock import now
from ledger.store.findings import StoredFinding, by_id
from ledger.store.people import Agency, directory, names, surroundings_of
from ledger.store.timeline import by_number, heads_of, of_all

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
    wanted: Wanted | None = None,
) -> dict[str, Any]:
    """One page of the reader's open alerts, and the cursor of the next. The connection acts for the reader's agency."""
    if not 1 <= limit <= LIMIT_MAX:
        raise RefusedError("limit_out_of_range", f"limit runs from 1 to {LIMIT_MAX}", "/limit")
    cursor = None if after is None else _read_cursor(after)
    items, found = list[tuple[StoredAlert, dict[str, Any]]](), list[StoredAlert]()
    # A page is filled from what its reader may know of: how full it is tells nothing of the rest.
    while len(items) <= limit and (not found or len(found) > limit):
        found = open_alerts(connection, reader.agency, whose(reader), after=cursor, limit=limit + 1, wanted=wanted)
        if not found:
            break
        told = {alert["id"]: alert for alert in render_alerts(connection, reader, found, "alerts", pack, chance)}
        items += [(alert, told[alert.alert_id]) for alert in found if alert.alert_id in told]
        cursor = (found[-1].raised_at, found[-1].alert_id)
    following = _write_cursor(items[limit - 1][0]) if len(items) > limit else None
    return {"alerts": [alert for _, alert in items[:limit]], "next": following}


def read_alert(connection: Connection, reader: Reader, alert_id: str, *, pack: Pack, chance: Chance) -> dict[str, Any]:
    """One alert of the reader's, open or ended. Raises NotKnownError."""
    alert = one_alert(connection, reader.agency, _whose_one(reader), alert_id, formerly=True)
    if alert is None:
        raise NotKnownError
    told = render_alerts(connection, reader, [alert], "alert", pack, chance)
    if not told:
        raise NotKnownError
    return told[0]


def read_passed_on(
    connection: Connection, reader: Reader, *, pack: Pack, chance: Chance, of_led: bool = False
) -> list[dict[str, Any]]:
    """Open alerts that the reader held and that are another's now: that they went on is for them to see.

    With `of_led` also what somebody in their place had from the beginning, of the records that they lead.
    """
    found = passed_on(connection, reader.agency, whose(reader), limit=LIMIT, of_led=of_led)
    return render_alerts(connection, reader, found, "alerts", pack, chance)


def may_know(connection: Connection, reader: Reader, alert_id: str, *, pack: Pack, chance: Chance) -> bool:
    """Whether a reader may know that there is such an alert, whosever it is: its finding says something to them."""
    alert = any_alert(connection, alert_id)
    return alert is not None and bool(render_alerts(connection, reader, [alert], "alerts", pack, chance))


def _whose_one(reader: Reader) -> str | None:
    """Of one alert that is named: the duty desk may read any of its agency's too."""
    return None if Role.DUTY_DESK in reader.roles else whose(reader)


def whose(reader: Reader) -> str | None:
    """Whose alerts a reader reads: a person their own, a manager and an agency's system all of their agency's."""
    return None if Role.MANAGER in reader.roles else reader.person_ref


@dataclass(frozen=True, slots=True)
class _Loaded:
    """Everything that the alerts of one answer are rendered from, as their reader sees it."""

    reader: Reader
    pack: Pack
    heads: Mapping[UUID, tuple[str, int]]
    findings: Mapping[str, StoredFinding]
    seen: Mapping[UUID, Mapping[int, Seen]]
    #: Entries that say who the people in the findings are.
    around: Mapping[UUID, Sequence[Seen]]
    #: The outcomes that were recorded, by the findings they are of; only where one alert is asked for.
    outcomes: Mapping[str, Sequence[Seen]]
    details: Mapping[UUID, Mapping[str, Any]]
    agencies: Mapping[str, Agency]
    surroundings: Mapping[UUID, Surroundings]
    now: datetime
    people: Mapping[UUID, str]
    life: Life


def render_alerts(
    connection: Connection,
    reader: Reader,
    alerts: Sequence[StoredAlert],
    what: str,
    pack: Pack,
    chance: Chance,
    *,
    has_managers: bool = True,
) -> list[dict[str, Any]]:
    """These alerts, in this order, without those of which the reader may not know. Writes the access records.

    `what` is as what it is read: of one `alert` all is told that was done about it. The managers on both sides of a
    disagreement are looked up for each; without them queries are as many for one alert as for hundreds.
    """
    records = sorted({alert.record_id for alert in alerts})
    if not records:
        return []
    heads = heads_of(connection, records)
    note_access(connection, reader, {record_id: heads[record_id][1] for record_id in records}, what, chance)
    findings = by_id(connection, {alert.finding_id for alert in alerts})
    eyes = open_eyes(connection, reader, records)
    seen = {
        record_id: with_disputes(connection, eyes, record_id, heads[record_id][0], of.values(), heads[record_id][1])
        for record_id, of in _look(connection, eyes, alerts, findings).items()
    }
    outcomes = _outcomes(connection, eyes, alerts[0], seen, heads) if what == "alert" else {}
    steps = steps_of(connection, eyes, alerts[0], heads[alerts[0].record_id][1]) if what == "alert" else []
    acted = [
        *(entry for of in seen.values() for entry in of.values()),
        *(one for of in outcomes.values() for one in of),
        *steps,
    ]
    agencies = directory(connection)
    people = names(connection, {person for entry in acted if (person := by_whom(entry))})
    life = lives(connection, alerts, steps, agencies, pack if what == "alert" else None)
    loaded = _Loaded(
        reader,
        pack,
        heads,
        findings,
        seen,
        find_introductions(connection, eyes, {record_id: _claims(seen[record_id]) for record_id in records}),
        outcomes,
        child_told(connection, eyes, records),
        agencies,
        surroundings_of(connection, records),
        now(connection),
        people,
        replace(life, people=people),
    )
    rendered = [(told, alert) for alert in alerts if (told := _alert(alert, loaded)) is not None]
    if has_managers:
        sides = [findings[alert.finding_id].sides for _, alert in rendered]
        with_managers(connection, [told for told, _ in rendered], sides, pack, agencies)
    return [told for told, _ in rendered]


def _look(
    connection: Connection, eyes: Eyes, alerts: Sequence[StoredAlert], findings: Mapping[str, StoredFinding]
) -> dict[UUID, dict[int, Seen]]:
    places = {(finding.record_id, number) for finding in findings.values() for number in places_of(finding)}
    places |= {(alert.record_id, alert.acknowledged_number) for alert in alerts if alert.acknowledged_number}
    places |= {(one.record_id, one.closed_number) for one in findings.values() if one.closed_number is not None}
    seen: dict[UUID, dict[int, Seen]] = {alert.record_id: {} for alert in alerts}
    for entry in by_number(connection, places):
        seen[entry.record_id][entry.number] = eyes.look(entry)
    return seen


def _claims(seen: Mapping[int, Seen]) -> list[Claim]:
    return [claim for group in claims_by_place(seen.values()).values() for claim in group]


def _outcomes(
    connection: Connection,
    eyes: Eyes,
    alert: StoredAlert,
    seen: Mapping[UUID, Mapping[int, Seen]],
    heads: Mapping[UUID, tuple[str, int]],
) -> dict[str, list[Seen]]:
    """The outcomes of one alert's finding: those that the reader sees to be of it, and the one that closed it."""
    stored = of_all(connection, alert.record_id, (OUTCOME,), heads[alert.record_id][1])
    closing = outcome_places(seen[alert.record_id].values())
    looked = [eyes.look(entry) for entry in stored]
    return {
        alert.finding_id: [
            entry for entry in looked if entry.body.get("finding") == alert.finding_id or entry.number in closing
        ]
    }


def _alert(alert: StoredAlert, loaded: _Loaded) -> dict[str, Any] | None:
    """One alert; None where its reader may no longer know of what it rests on, as when another leads now."""
    pseudonym, _ = loaded.heads[alert.record_id]
    stored, seen = loaded.findings[alert.finding_id], loaded.seen[alert.record_id]
    finding = render_finding(
        stored,
        seen,
        loaded.pack,
        loaded.agencies,
        loaded.reader,
        pseudonym,
        beside=Beside(loaded.around[alert.record_id], loaded.surroundings[alert.record_id], loaded.now),
    )
    if finding is None:
        return None
    return {
        "id": alert.alert_id,
        "raised_at": written_time(alert.raised_at),
        "to": {"agency": alert.to_agency, "person": alert.to_person},
        "child": {"id": str(alert.record_id), "name": name_child(loaded.details.get(alert.record_id, {}))},
        **render_life(alert, loaded.life, loaded.reader, pseudonym, loaded.now, is_pointer=bool(finding["withheld"])),
        "acknowledged": _acknowledged(alert, loaded),
        "ended": alert.ended_number is not None,
        "closing": render_closing(
            seen.get(stored.closed_number) if stored.closed_number is not None else None,
            loaded.outcomes.get(alert.finding_id, ()),
            pseudonym,
            loaded.agencies,
            loaded.people,
            Regard(
                is_pointer=bool(finding["withheld"]),
                kind=finding["kind"],
                needs_two=bool((finding.get("awaited") or {}).get("needs_two")),
                reader=loaded.reader.person_id,
            ),
        ),
        "finding": finding,
    }


def _acknowledged(alert: StoredAlert, loaded: _Loaded) -> dict[str, Any] | None:
    if alert.acknowledged_number is None:
        return None
    told: dict[str, Any] = {"entry": entry_id(loaded.heads[alert.record_id][0], alert.acknowledged_number)}
    entry = loaded.seen[alert.record_id].get(alert.acknowledged_number)
    if entry is None or entry.sight is not Sight.FULL:
        return told
    person, agency = by_whom(entry), loaded.agencies.get(entry.agency)
    return told | {
        "at": written_time(entry.recorded_at),
        "agency": entry.agency,
        "agency_name": agency.name if agency else entry.agency,
        "person": loaded.people.get(person) if person else None,
        "note": entry.body.get("note"),
    }


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
