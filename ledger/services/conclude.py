"""Say what a finding came to: an entry in the child's record, by the agency that its alert was brought to.

An outcome closes the finding from when it is recorded, and is remembered: what the finding rested on does not raise it
again, and new evidence does. It settles nothing for anybody else, and no statement is changed by it.
"""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from ledger.services.authenticate import authenticate
from ledger.services.context import Context
from ledger.services.record import record_one
from ledger.services.refusal import FINDING_CLOSED, NOT_FOR_AN_OUTCOME, NOT_KNOWN, RefusedError
from ledger.services.say_findings import CHECK_FAILED
from ledger.services.submission import Recorded, Submission
from ledger.store.append import Caller, Credential, Locked, Statement, Stored
from ledger.store.party import act_for

KIND: Final = "outcome"
_ALERT: Final = """
    SELECT a.record_id, a.finding_id, f.kind FROM ledger.alerts a JOIN ledger.findings f USING (finding_id)
    WHERE a.alert_id = :alert AND a.to_agency = :agency"""
_OPEN: Final = "SELECT closed_number FROM ledger.findings WHERE record_id = %s AND finding_id = %s"


def conclude(context: Context, credential: Credential, alert_id: str, body: Mapping[str, Any]) -> Recorded:
    """By an agency's system; `body` is what it sent, `event_id`, `outcome` and `reason`. Raises RefusedError."""
    with context.engine.begin() as connection:
        caller = authenticate(connection, credential, "work")
        record_id, finding = _found(connection, alert_id, caller.agency)
    return _record(context, caller, record_id, {**body, "of": alert_id, "finding": finding})


def conclude_as(context: Context, agency: str, person_id: UUID, alert_id: str, outcome: str, reason: str) -> Recorded:
    """By a signed-in professional, for their agency; a second press answers as the first did.

    Raises RefusedError: also where another outcome was recorded of it before (`event_id_reused`), and where it has
    closed (`finding_closed`).
    """
    with context.engine.begin() as connection:
        act_for(connection, agency)
        record_id, finding = _found(connection, alert_id, agency)
        partnership = connection.scalar(
            text("SELECT partnership_id FROM ledger.agencies WHERE agency_id = :agency"), {"agency": agency}
        )
    caller = Caller(agency, str(partnership), frozenset({"work"}))
    body = {
        "event_id": f"concluded.{alert_id}",
        "of": alert_id,
        "finding": finding,
        "outcome": outcome,
        "reason": reason,
        "person": str(person_id),
    }
    return _record(context, caller, record_id, body)


def _found(connection: Any, alert_id: str, agency: str) -> tuple[UUID, str]:
    """The record and the finding of an alert that was brought to the agency."""
    row = connection.execute(text(_ALERT), {"alert": alert_id, "agency": agency}).one_or_none()
    if row is None:
        raise RefusedError(NOT_KNOWN.code, NOT_KNOWN.detail)
    if row.kind == CHECK_FAILED:
        raise RefusedError(NOT_FOR_AN_OUTCOME.code, NOT_FOR_AN_OUTCOME.detail)
    return row.record_id, row.finding_id


def _record(context: Context, caller: Caller, record_id: UUID, body: Mapping[str, Any]) -> Recorded:
    def effect(_caller: Caller, locked: Locked, _entry: Stored) -> list[Statement]:
        # Detection closes the finding, in its turn; one that has ended by now needs no outcome.
        if locked.answers[0] and locked.answers[0][0][0] is not None:
            raise RefusedError(FINDING_CLOSED.code, FINDING_CLOSED.detail)
        return []

    submission = Submission(KIND, body["event_id"], body, names=(record_id,))
    reads: list[Statement] = [(_OPEN, (record_id, body["finding"]))]
    return record_one(context, caller, submission, "work", reads=reads, effect=effect)
