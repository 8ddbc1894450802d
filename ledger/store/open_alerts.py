"""The open alerts of one record: as detection finds them under its lock, and with whom each is now."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

from ledger.domain.line import Stage
from ledger.domain.pack_alerts import Tier
from ledger.store.append import Statement

_OPEN: Final = """
    SELECT finding_id, tier, state, stage, to_agency, to_person, act_by FROM ledger.alerts
    WHERE record_id = %s AND ended_number IS NULL"""

_HELD: Final = text("""
    SELECT finding_id, alert_id, to_agency, to_person, state, act_by, tier FROM ledger.alerts
    WHERE record_id = :record AND ended_number IS NULL""")


@dataclass(frozen=True, slots=True)
class HeldAlert:
    """With whom a finding's alert is now, how far it has come there, and when its clock runs out."""

    finding_id: str
    alert_id: str
    agency: str
    person: str | None
    state: str
    act_by: datetime | None
    tier: Tier


def held_alerts(connection: Connection, record_id: UUID) -> dict[str, HeldAlert]:
    """The open alerts of a record by their findings."""
    rows = connection.execute(_HELD, {"record": record_id})
    return {row.finding_id: HeldAlert(*row) for row in rows}


@dataclass(frozen=True, slots=True)
class OpenAlert:
    """Of one alert: what it is brought as, how far it has come, with whom it is, and when its clock runs out (UTC)."""

    finding_id: str
    tier: Tier
    state: str
    stage: Stage
    to_agency: str
    to_person: str | None
    act_by: datetime | None


def open_alerts_of(record_id: UUID) -> Statement:
    """The look-up of a record's open alerts: rows for `OpenAlert`."""
    return _OPEN, (record_id,)
