"""The alerts of the signed-in person, one alert, and acknowledging it."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ledger.services.acknowledge import acknowledge_as
from ledger.services.read_alerts import LIMIT_MAX, read_alert, read_alerts
from ledger.services.refusal import EVENT_ID_REUSED, RefusedError
from ledger.web.sessions import acting, check_form, reader_of
from ledger.web.words import context

NOTE_CHARS_MAX = 500
_WEIGHTS = {"high": 0, None: 1, "medium": 2, "low": 3}


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get("/", endpoint="alerts")(list_alerts)
    blueprint.get("/alerts/<alert_id>", endpoint="alert")(show_alert)
    blueprint.post("/alerts/<alert_id>/acknowledgements", endpoint="acknowledge")(press_acknowledge)


def list_alerts() -> str:
    """Open alerts: what nobody has acknowledged first, the weightiest and newest first among equals."""
    given = context()
    after = request.args.get("after")
    with acting() as (connection, person):
        answer = read_alerts(
            connection, reader_of(person), pack=given.pack, chance=given.chance, after=after, limit=LIMIT_MAX
        )
    found = sorted(answer["alerts"], key=_order)
    waiting = sum(alert["acknowledged"] is None for alert in found)
    return render_template("alerts.html", alerts=found, waiting=waiting, following=answer["next"])


def show_alert(alert_id: str) -> str:
    """One alert: the statements side by side, whom to ring, what could still be so, why it is checked."""
    given = context()
    with acting() as (connection, person):
        alert = read_alert(connection, reader_of(person), alert_id, pack=given.pack, chance=given.chance)
    return render_template("alert.html", alert=alert, note_chars_max=NOTE_CHARS_MAX)


def press_acknowledge(alert_id: str) -> Response:
    """Acknowledge, with a note if one is given; pressing twice is pressing once."""
    given = context()
    with acting() as (connection, person):
        check_form(person)
        read_alert(connection, reader_of(person), alert_id, pack=given.pack, chance=given.chance)
    note = request.form.get("note", "").strip()[:NOTE_CHARS_MAX]
    try:
        acknowledge_as(given, person.agency, person.person_id, alert_id, note or None)
    except RefusedError as error:
        if error.refusal.code != EVENT_ID_REUSED.code:
            raise
    return redirect(url_for("web.alert", alert_id=alert_id), 303)


def _order(alert: dict[str, Any]) -> tuple[bool, int]:
    return alert["acknowledged"] is not None, _WEIGHTS.get(alert["finding"]["severity"], 1)
