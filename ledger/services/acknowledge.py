"""Acknowledge an alert: an entry in the child's record, by whoever is in the alert's line.

Acknowledged is not acted on: no clock stops here.
"""

from collections.abc import Mapping
from typing import Any

from ledger.domain.alert import ACKNOWLEDGED
from ledger.services.act_on_alert import record_act
from ledger.services.context import Context
from ledger.services.submission import Recorded
from ledger.store.append import Caller, Credential


def acknowledge(context: Context, credential: Credential | Caller, alert_id: str, body: Mapping[str, Any]) -> Recorded:
    """By an agency's system or a person; `body` is what was sent, `event_id` included. Raises RefusedError."""
    return record_act(context, credential, alert_id, ACKNOWLEDGED, body)


def acknowledge_as(context: Context, person: Caller, alert_id: str, note: str | None) -> Recorded:
    """By a signed-in professional, for their agency; a second press answers as the first did."""
    body = {"event_id": f"acknowledged.{alert_id}"} | ({"note": note} if note else {})
    return acknowledge(context, person, alert_id, body)
