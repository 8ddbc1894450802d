"""The digest of the day for who reads it: alerts on which an action is awaited, clocks that run out, what to ask.

The mail of a digest counts; here stand the names, as far as its reader may see them now. Each record that the answer
says anything of gets its access record.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection

from ledger.domain.alert import State
from ledger.domain.civil_day import civil_date
from ledger.domain.entry import Chance, written_time
from ledger.domain.pack import Pack
from ledger.domain.role import Role
from ledger.services.child_told import child_told
from ledger.services.find_introductions import find_introductions
from ledger.services.gather_disputes import with_disputes
from ledger.services.make_digests import clocks_until
from ledger.services.name_child import name_child
from ledger.services.note_access import note_access
from ledger.services.read_alerts import LIMIT_MAX, read_alerts
from ledger.services.render_finding import Beside, places_of, render_finding
from ledger.services.render_statement import claims_by_place
from ledger.services.see import Eyes, Reader, Seen, open_eyes
from ledger.store.clock import now
from ledger.store.findings import StoredFinding, by_id
from ledger.store.people import directory, surroundings_of
from ledger.store.prompts import open_prompts
from ledger.store.reaching import hours_here
from ledger.store.timeline import by_number, heads_of

#: More than this is not shown at once; that there is more is said.
MOST: Final = LIMIT_MAX
_AWAITED: Final = frozenset({State.RAISED, State.SENT, State.LAPSED, State.OPENED, State.ACKNOWLEDGED})


def read_digest(connection: Connection, reader: Reader, *, pack: Pack, chance: Chance) -> dict[str, Any]:
    """What there is for the reader today: a person's own, a system's agency's. The connection acts for the agency."""
    moment = now(connection)
    until = clocks_until(moment, hours_here(connection, reader.home or reader.agency))
    own = replace(reader, roles=reader.roles - {Role.MANAGER})
    page = read_alerts(connection, own, pack=pack, chance=chance, limit=MOST)
    alerts = [_thin(alert, until) for alert in page["alerts"] if alert["state"] in _AWAITED]
    prompts, more = _prompts(connection, own, moment, pack, chance)
    return {
        "day": civil_date(moment).isoformat(),
        "clocks_until": written_time(until),
        "counts": {
            "interrupt": sum(alert["tier"] == "interrupt" for alert in alerts),
            "queue": sum(alert["tier"] == "queue" for alert in alerts),
            "prompts": len(prompts),
            "clocks": sum(alert["runs_out"] for alert in alerts),
        },
        "alerts": alerts,
        "prompts": prompts,
        "more": more or page["next"] is not None,
    }


def _thin(alert: dict[str, Any], until: datetime) -> dict[str, Any]:
    act_by = alert["act_by"]
    return {
        **{name: alert[name] for name in ("id", "tier", "state", "act_by", "is_late", "child")},
        "headline": alert["finding"]["headline"],
        "runs_out": act_by is not None and datetime.fromisoformat(act_by) <= until,
    }


def _prompts(
    connection: Connection, reader: Reader, moment: datetime, pack: Pack, chance: Chance
) -> tuple[list[dict[str, Any]], bool]:
    """What only needs asking, as far as the reader may know of it; and whether there is more than is shown."""
    at_desk = reader.person_ref is None or Role.DUTY_DESK in reader.roles
    found = open_prompts(connection, reader.agency, reader.person_ref, at_desk=at_desk, limit=MOST + 1)
    records = sorted({record_id for _, record_id in found[:MOST]})
    if not records:
        return [], False
    heads = heads_of(connection, records)
    note_access(connection, reader, {record_id: heads[record_id][1] for record_id in records}, "digest", chance)
    findings = by_id(connection, {finding for finding, _ in found[:MOST]})
    eyes = open_eyes(connection, reader, records)
    seen = _look(connection, eyes, findings, heads)
    claims = {
        record_id: [claim for group in claims_by_place(of.values()).values() for claim in group]
        for record_id, of in seen.items()
    }
    around = find_introductions(connection, eyes, claims)
    children, agencies = child_told(connection, eyes, records), directory(connection)
    surroundings = surroundings_of(connection, records)
    told = []
    for finding_id, record_id in found[:MOST]:
        beside = Beside(around[record_id], surroundings[record_id], moment)
        rendered = render_finding(
            findings[finding_id], seen[record_id], pack, agencies, reader, heads[record_id][0], beside=beside
        )
        if rendered is not None:
            child = {"id": str(record_id), "name": name_child(children.get(record_id, {}))}
            told.append({name: rendered[name] for name in ("finding", "headline", "ask")} | {"child": child})
    return told, len(found) > MOST


def _look(
    connection: Connection,
    eyes: Eyes,
    findings: dict[str, StoredFinding],
    heads: dict[UUID, tuple[str, int]],
) -> dict[UUID, dict[int, Seen]]:
    """The entries that the findings rest on, as they are seen, with what stands against them."""
    looked: dict[UUID, dict[int, Seen]] = {record_id: {} for record_id in heads}
    places = {(finding.record_id, number) for finding in findings.values() for number in places_of(finding)}
    for entry in by_number(connection, places):
        looked[entry.record_id][entry.number] = eyes.look(entry)
    return {
        record_id: with_disputes(connection, eyes, record_id, heads[record_id][0], of.values(), heads[record_id][1])
        for record_id, of in looked.items()
    }
