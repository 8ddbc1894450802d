"""The alerts of the signed-in person, one alert, acknowledging it, and saying what its finding came to."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ledger.domain.rule import GLASS_BROKEN
from ledger.services.acknowledge import acknowledge_as
from ledger.services.conclude import conclude_as
from ledger.services.read_alerts import LIMIT_MAX, read_alert, read_alerts
from ledger.services.read_glass import count_glass
from ledger.services.read_involvements import read_involvements
from ledger.services.refusal import EVENT_ID_REUSED, FINDING_CLOSED, SAME_PERSON, RefusedError
from ledger.services.word_outcome import OUTCOME_WORDS, outcomes_for
from ledger.web.sessions import acting, check_form, reader_of
from ledger.web.words import context

NOTE_CHARS_MAX = 500
REASON_CHARS_MAX = 2_000
_NO_OUTCOME = "Choose what it came to"
_NO_REASON = "Enter the reason"
_LONG_REASON = f"The reason must be {REASON_CHARS_MAX:,} characters or fewer"
_CLOSED_MEANWHILE = "The finding had closed before this outcome reached the ledger, so nothing was recorded"
_SIGNED_ALREADY = "You have signed this already: a second person, another, closes it"
_WEIGHTS = {"high": 0, None: 1, "medium": 2, "low": 3}


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get("/", endpoint="alerts")(list_alerts)
    blueprint.get("/alerts/<alert_id>", endpoint="alert")(show_alert)
    blueprint.post("/alerts/<alert_id>/acknowledgements", endpoint="acknowledge")(press_acknowledge)
    blueprint.post("/alerts/<alert_id>/outcomes", endpoint="conclude")(press_conclude)


def list_alerts() -> str:
    """Open alerts: what nobody has acknowledged first, the weightiest and newest first among equals."""
    given = context()
    after = request.args.get("after")
    with acting() as (connection, person):
        answer = read_alerts(
            connection, reader_of(person), pack=given.pack, chance=given.chance, after=after, limit=LIMIT_MAX
        )
        glass = count_glass(connection, reader_of(person))
        joined = read_involvements(connection, reader_of(person), chance=given.chance)
    found = sorted(answer["alerts"], key=_order)
    waiting = sum(alert["acknowledged"] is None for alert in found)
    return render_template(
        "alerts.html", alerts=found, waiting=waiting, following=answer["next"], glass=glass, joined=joined
    )


def show_alert(alert_id: str) -> str:
    """One alert: the statements side by side, whom to ring, what could still be so, why it is checked."""
    return _page(alert_id, {}, {})


def press_acknowledge(alert_id: str) -> Response:
    """Acknowledge, with a note if one is given; pressing twice is pressing once."""
    given = context()
    with acting() as (connection, person):
        check_form(person)
        read_alert(connection, reader_of(person), alert_id, pack=given.pack, chance=given.chance)
    note = request.form.get("note", "").strip()[:NOTE_CHARS_MAX]
    try:
        acknowledge_as(given, person.caller, alert_id, note or None)
    except RefusedError as error:
        if error.refusal.code != EVENT_ID_REUSED.code:
            raise
    return redirect(url_for("web.alert", alert_id=alert_id), 303)


def press_conclude(alert_id: str) -> Response | tuple[str, int]:
    """Record what the finding came to; pressing twice is pressing once. What is amiss is said, and nothing recorded."""
    given = context()
    with acting() as (connection, person):
        check_form(person)
        read_alert(connection, reader_of(person), alert_id, pack=given.pack, chance=given.chance)
    sent = {name: request.form.get(name, "").strip() for name in ("outcome", "reason")}
    errors = _amiss(sent)
    if errors:
        return _page(alert_id, sent, errors), 400
    try:
        conclude_as(given, person.caller, alert_id, sent["outcome"], sent["reason"])
    except RefusedError as error:
        if error.refusal.code == FINDING_CLOSED.code:
            return _page(alert_id, {}, {"closing": _CLOSED_MEANWHILE}), 409
        if error.refusal.code == SAME_PERSON.code:
            return _page(alert_id, {}, {"closing": _SIGNED_ALREADY}), 409
        if error.refusal.code != EVENT_ID_REUSED.code:
            raise
    return redirect(url_for("web.alert", alert_id=alert_id), 303)


def _page(alert_id: str, sent: Mapping[str, str], errors: Mapping[str, str]) -> str:
    given = context()
    with acting() as (connection, person):
        alert = read_alert(connection, reader_of(person), alert_id, pack=given.pack, chance=given.chance)
    return render_template(
        "alert.html",
        alert=alert,
        note_chars_max=NOTE_CHARS_MAX,
        reason_chars_max=REASON_CHARS_MAX,
        outcomes=outcomes_for(alert["finding"]["kind"]),
        sent=sent,
        errors=errors,
    )


def _amiss(sent: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with a form that says what a finding came to, by field."""
    errors = {}
    if sent["outcome"] not in OUTCOME_WORDS:
        errors["outcome"] = _NO_OUTCOME
    if not sent["reason"]:
        errors["reason"] = _NO_REASON
    elif len(sent["reason"]) > REASON_CHARS_MAX:
        errors["reason"] = _LONG_REASON
    return errors


def _order(alert: dict[str, Any]) -> tuple[bool, bool, int]:
    """A review that is overdue comes first, acknowledged or not: nothing but the review moves it."""
    finding = alert["finding"]
    is_overdue = finding.get("rule") == GLASS_BROKEN and bool((finding.get("awaited") or {}).get("lapsed"))
    return not is_overdue, alert["acknowledged"] is not None, _WEIGHTS.get(alert["finding"]["severity"], 1)
