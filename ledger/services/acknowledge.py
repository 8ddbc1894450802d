"""Acknowledge an alert: an entry in the child's record, by the agency that the alert was brought to.

Acknowledged is not acted on: no clock stops here.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from ledger.domain.role import Right
from ledger.services.authenticate import authenticate
from ledger.services.context import Context
from ledger.services.project import project
from ledger.services.record import record_one
from ledger.services.refusal import NOT_KNOWN, RefusedError
from ledger.services.submission import Recorded, Submission
from ledger.services.told import Told
from ledger.store.alerts import one_alert
from ledger.store.append import Caller, Credential, Locked, Statement, Stored

KIND = "acknowledgement"


def acknowledge(context: Context, credential: Credential | Caller, alert_id: str, body: Mapping[str, Any]) -> Recorded:
    """By an agency's system or a person; `body` is what was sent, `event_id` included. Raises RefusedError."""
    with context.engine.begin() as connection:
        caller = authenticate(connection, credential, Right.WORK)
        alert = one_alert(connection, caller.agency, caller.person_ref, alert_id)
    if alert is None:
        raise RefusedError(NOT_KNOWN.code, NOT_KNOWN.detail)
    # The address names the alert, and the entry must: what was acknowledged is told by entries alone.
    return _record(context, caller, alert.record_id, {**body, "of": alert_id, **named(caller)})


def acknowledge_as(context: Context, person: Caller, alert_id: str, note: str | None) -> Recorded:
    """By a signed-in professional, for their agency; a second press answers as the first did."""
    body = {"event_id": f"acknowledged.{alert_id}"} | ({"note": note} if note else {})
    return acknowledge(context, person, alert_id, body)


def named(caller: Caller) -> dict[str, str]:
    """What names a person in a body of their own."""
    return {} if caller.person_id is None else {"person": str(caller.person_id)}


def _record(context: Context, caller: Caller, record_id: UUID, body: Mapping[str, Any]) -> Recorded:
    def effect(caller: Caller, _locked: Locked, entry: Stored) -> list[Statement]:
        return project(Told.of(entry, caller.agency, KIND, body))

    submission = Submission(KIND, body["event_id"], body, names=(record_id,), is_due=False)
    return record_one(context, caller, submission, "work", effect=effect)
