"""Acknowledge an alert: an entry in the child's record, by the agency that the alert was brought to.

Acknowledged is not acted on: no clock stops here.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import text

from ledger.services.authenticate import authenticate
from ledger.services.context import Context
from ledger.services.record import record_one
from ledger.services.refusal import NOT_KNOWN, RefusedError
from ledger.services.submission import Recorded, Submission
from ledger.store.append import Caller, Credential, Locked, Statement, Stored
from ledger.store.party import act_for

KIND = "acknowledgement"


def acknowledge(context: Context, credential: Credential, alert_id: str, body: Mapping[str, Any]) -> Recorded:
    """By an agency's system; `body` is what it sent, `event_id` included. Raises RefusedError."""
    with context.engine.begin() as connection:
        caller = authenticate(connection, credential, "work")
        record_id = _record_of(connection, alert_id, caller.agency)
    # The address names the alert, and the entry must: what was acknowledged is told by entries alone.
    return _record(context, caller, record_id, alert_id, {**body, "of": alert_id})


def acknowledge_as(context: Context, agency: str, person_id: UUID, alert_id: str, note: str | None) -> Recorded:
    """By a signed-in professional, for their agency; a second press answers as the first did."""
    with context.engine.begin() as connection:
        act_for(connection, agency)
        record_id = _record_of(connection, alert_id, agency)
        partnership = connection.scalar(
            text("SELECT partnership_id FROM ledger.agencies WHERE agency_id = :agency"), {"agency": agency}
        )
    caller = Caller(agency, str(partnership), frozenset({"work"}))
    body = {"event_id": f"acknowledged.{alert_id}", "of": alert_id, "person": str(person_id)}
    return _record(context, caller, record_id, alert_id, body | ({"note": note} if note else {}))


def _record_of(connection: Any, alert_id: str, agency: str) -> UUID:
    record_id: UUID | None = connection.scalar(
        text("SELECT record_id FROM ledger.alerts WHERE alert_id = :alert AND to_agency = :agency"),
        {"alert": alert_id, "agency": agency},
    )
    if record_id is None:
        raise RefusedError(NOT_KNOWN.code, NOT_KNOWN.detail)
    return record_id


def _record(context: Context, caller: Caller, record_id: UUID, alert_id: str, body: Mapping[str, Any]) -> Recorded:
    def effect(_caller: Caller, _locked: Locked, entry: Stored) -> list[Statement]:
        return [
            (
                "UPDATE ledger.alerts SET acknowledged_number = %s WHERE alert_id = %s AND acknowledged_number IS NULL",
                (entry.number, alert_id),
            )
        ]

    submission = Submission(KIND, body["event_id"], body, names=(record_id,), is_due=False)
    return record_one(context, caller, submission, "work", effect=effect)
