"""What entries that detection wrote do to the projections: findings and alerts, as they say them."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final

from psycopg.types.json import Jsonb

from ledger.domain.alert import RERAISED as ALERT_RERAISED
from ledger.services.project_alerts import RERAISED
from ledger.services.told import Before, Projection, Told
from ledger.store.append import Statement
from ledger.store.detected import close_finding, end_alert, insert_alert, insert_finding, update_finding


def _rests_on(body: Mapping[str, Any]) -> tuple[Any, ...]:
    """Question, kind, sides, evidence, certain, change_since, is_stale, marks."""
    since = body.get("change_since")
    return (
        body["question"],
        body["kind"],
        Jsonb(body["sides"]),
        Jsonb(body["evidence"]),
        body["certain"],
        date.fromisoformat(since) if since else None,
        body.get("is_stale", False),
        Jsonb(body.get("marks", {})),
    )


def _raised(told: Told, _before: Before) -> Iterable[Statement]:
    body = told.body
    names = (body["finding"], body["rule"], body["pack_version"])
    yield insert_finding(told.place, names, _rests_on(body), datetime.fromisoformat(body["raised_at"]))


def _joined(told: Told, _before: Before) -> Iterable[Statement]:
    yield update_finding(told.body["finding"], _rests_on(told.body))


def _closed(told: Told, _before: Before) -> Iterable[Statement]:
    finding = told.body["finding"]
    yield close_finding(finding, told.number, told.body.get("outcome"))
    yield end_alert(finding, told.number)


def _alert(told: Told, _before: Before) -> Iterable[Statement]:
    body = told.body
    to = (body["to"]["agency"], body["to"]["person"])
    act_by = body.get("act_by")
    # Those of before there were clocks say nothing of them.
    clock = (body.get("tier", "queue"), body.get("stage", "lead"), datetime.fromisoformat(act_by) if act_by else None)
    raised_at = datetime.fromisoformat(body["raised_at"])
    yield insert_alert(told.place, (body["alert"], body["finding"]), to, raised_at, clock)


DETECTED: Final[Mapping[str, Projection]] = {
    "finding_raised": _raised,
    # That a rule does not run is a finding too, of a kind of its own.
    "check_failed": _raised,
    "finding_joined": _joined,
    "finding_closed": _closed,
    "alert_raised": _alert,
    ALERT_RERAISED: RERAISED,
}
