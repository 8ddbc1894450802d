"""One alert, acknowledging it, and saying what its finding came to; and one finding, whosever its alert is."""

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ledger.services.acknowledge import acknowledge_as
from ledger.services.act_on_alert import note_opened
from ledger.services.conclude import conclude_as
from ledger.services.line_of_finding import line_of_finding
from ledger.services.read_alerts import read_alert
from ledger.services.read_finding import read_finding
from ledger.services.refusal import EVENT_ID_REUSED, FINDING_CLOSED, SAME_PERSON, RefusedError
from ledger.services.word_alert import ACTION_WORDS, STAGE_WORDS
from ledger.services.word_outcome import OUTCOME_WORDS, outcomes_for
from ledger.web.child_frame import render_child
from ledger.web.known_on import known_on_asked
from ledger.web.sessions import acting, check_form, reader_of
from ledger.web.words import context

NOTE_CHARS_MAX = 500
REASON_CHARS_MAX = 2_000
_NO_OUTCOME = "Choose what it came to"
_NO_REASON = "Enter the reason"
_LONG_REASON = f"The reason must be {REASON_CHARS_MAX:,} characters or fewer"
_CLOSED_MEANWHILE = "The finding had closed before this outcome reached the ledger, so nothing was recorded"
_SIGNED_ALREADY = "You have signed this already: a second person, another, closes it"


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get("/alerts/<alert_id>", endpoint="alert")(show_alert)
    blueprint.post("/alerts/<alert_id>/acknowledgements", endpoint="acknowledge")(press_acknowledge)
    blueprint.post("/alerts/<alert_id>/outcomes", endpoint="conclude")(press_conclude)
    blueprint.get("/children/<uuid:record_id>/findings/<finding_id>", endpoint="finding")(show_finding)


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


def show_finding(record_id: UUID, finding_id: str) -> str | tuple[str, int]:
    """One finding of a child, as known on a day or now, for whoever may read the record: whose alert it is, is said."""
    given, known_on = context(), known_on_asked()
    with acting() as (connection, person):
        reader = reader_of(person)
        read = read_finding(
            connection, reader, record_id, finding_id, known_on.point, pack=given.pack, chance=given.chance
        )
        to = (read["finding"].get("alert") or {}).get("to") or {}
        values = {
            "read": read,
            "known_on": known_on,
            "errors": known_on.errors,
            "is_theirs": (to.get("agency"), to.get("person")) == (person.agency, person.ref),
        }
        page = render_child("finding.html", connection, person, record_id, None, **values)
    return page if known_on.error is None else (page, 400)


def alert_page(alert_id: str, sent: Mapping[str, str], errors: Mapping[str, str]) -> str:
    """One alert's page, with what was entered in its forms and what is amiss with it, by field."""
    given = context()
    with acting() as (connection, person):
        alert = read_alert(connection, reader_of(person), alert_id, pack=given.pack, chance=given.chance)
    return render_template(
        "alert.html",
        alert=alert,
        line=line_of_finding(alert["finding"], given.pack),
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
