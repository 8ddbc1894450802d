"""The alerts of the signed-in person, one alert, acknowledging it, and saying what its finding came to."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ledger.domain.alert import State
from ledger.domain.entry import written_time
from ledger.domain.rule import GLASS_BROKEN
from ledger.services.acknowledge import acknowledge_as
from ledger.services.act_on_alert import note_opened
from ledger.services.conclude import conclude_as
from ledger.services.follow import position_now
from ledger.services.read_alerts import LIMIT_MAX, read_alert, read_alerts, read_passed_on
from ledger.services.read_glass import count_glass
from ledger.services.read_involvements import read_involvements
from ledger.services.read_machinery import late_since
from ledger.services.refusal import EVENT_ID_REUSED, FINDING_CLOSED, SAME_PERSON, RefusedError
from ledger.services.word_alert import ACTION_WORDS, STAGE_WORDS
from ledger.services.word_outcome import OUTCOME_WORDS, outcomes_for
from ledger.web.headers import STREAMS
from ledger.web.sessions import acting, check_form, reader_of
from ledger.web.words import context

NOTE_CHARS_MAX = 500
REASON_CHARS_MAX = 2_000
_NO_OUTCOME = "Choose what it came to"
_NO_REASON = "Enter the reason"
_LONG_REASON = f"The reason must be {REASON_CHARS_MAX:,} characters or fewer"
_CLOSED_MEANWHILE = "The finding had closed before this outcome reached the ledger, so nothing was recorded"
_SIGNED_ALREADY = "You have signed this already: a second person, another, closes it"
#: Nobody has to act on these now.
_AT_REST = frozenset({State.ACTED_ON, State.SNOOZED})
_WEIGHTS = {"high": 0, None: 1, "medium": 2, "low": 3}


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get("/", endpoint="alerts")(list_alerts)
    blueprint.get("/alerts/<alert_id>", endpoint="alert")(show_alert)
    blueprint.post("/alerts/<alert_id>/acknowledgements", endpoint="acknowledge")(press_acknowledge)
    blueprint.post("/alerts/<alert_id>/outcomes", endpoint="conclude")(press_conclude)


def list_alerts() -> str:
    """Open alerts: what interrupts first, then by the time left to act; and those that went on to somebody else."""
    given = context()
    after = request.args.get("after")
    streams = current_app.config.get(STREAMS)
    with acting() as (connection, person):
        # Read first: what comes while the page is made is offered to it, and not missed.
        position = position_now(connection, person.caller) if streams else None
        answer = read_alerts(
            connection, reader_of(person), pack=given.pack, chance=given.chance, after=after, limit=LIMIT_MAX
        )
        gone = read_passed_on(connection, reader_of(person), pack=given.pack, chance=given.chance)
        glass = count_glass(connection, reader_of(person))
        joined = read_involvements(connection, reader_of(person), chance=given.chance)
        late = late_since(connection)
    found = sorted(answer["alerts"], key=_order)
    waiting = sum(alert["state"] not in _AT_REST for alert in found)
    return render_template(
        "alerts.html",
        alerts=found,
        gone=gone,
        waiting=waiting,
        following=answer["next"],
        glass=glass,
        joined=joined,
        late_since=None if late is None else written_time(late),
        live={"at": streams, "after": position} if streams and not after else None,
    )


def show_alert(alert_id: str) -> str:
    """One alert: the statements side by side, whom to ring, what could still be so, why it is checked."""
    given = context()
    with acting() as (connection, person):
        alert = read_alert(connection, reader_of(person), alert_id, pack=given.pack, chance=given.chance)
    note_opened(given, person.caller, alert)
    return alert_page(alert_id, {}, {})


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
        return alert_page(alert_id, sent, errors), 400
    try:
        conclude_as(given, person.caller, alert_id, sent["outcome"], sent["reason"])
    except RefusedError as error:
        if error.refusal.code == FINDING_CLOSED.code:
            return alert_page(alert_id, {}, {"closing": _CLOSED_MEANWHILE}), 409
        if error.refusal.code == SAME_PERSON.code:
            return alert_page(alert_id, {}, {"closing": _SIGNED_ALREADY}), 409
        if error.refusal.code != EVENT_ID_REUSED.code:
            raise
    return redirect(url_for("web.alert", alert_id=alert_id), 303)


def alert_page(alert_id: str, sent: Mapping[str, str], errors: Mapping[str, str]) -> str:
    """One alert's page, with what was entered in its forms and what is amiss with it, by field."""
    given = context()
    with acting() as (connection, person):
        alert = read_alert(connection, reader_of(person), alert_id, pack=given.pack, chance=given.chance)
    return render_template(
        "alert.html",
        alert=alert,
        note_chars_max=NOTE_CHARS_MAX,
        reason_chars_max=REASON_CHARS_MAX,
        outcomes=outcomes_for(alert["finding"]["kind"]),
        actions=ACTION_WORDS,
        stages=STAGE_WORDS,
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


def _order(alert: dict[str, Any]) -> tuple[bool, bool, bool, str, int]:
    """What interrupts first, then by the time left to act; what rests, or was acted on, last.

    A review that is overdue comes before all: nothing but the review moves it.
    """
    finding, rests = alert["finding"], alert["state"] in _AT_REST
    is_overdue = finding.get("rule") == GLASS_BROKEN and bool((finding.get("awaited") or {}).get("lapsed"))
    clock = alert["act_by"] if alert["act_by"] and not rests else "9"
    return not is_overdue, rests, alert["tier"] != "interrupt", clock, _WEIGHTS.get(finding["severity"], 1)
