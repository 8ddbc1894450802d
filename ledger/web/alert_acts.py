"""What a press on an alert's page, or on the list, records: what was done about it, or that it is put off."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any, Final

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from ledger.domain.alert import NO_ACTION
from ledger.domain.civil_day import LONDON
from ledger.domain.question import digest_of
from ledger.services.act_on_alert import act_on_alert, snooze_alert
from ledger.services.read_alerts import read_alert
from ledger.services.refusal import EVENT_ID_REUSED, Refusal, RefusedError
from ledger.services.refuse_alerts import SNOOZE_IN_PAST, SNOOZE_TOO_LONG
from ledger.services.sign_in import SignedIn
from ledger.services.word_alert import ACTION_WORDS
from ledger.web.alerts import NOTE_CHARS_MAX, REASON_CHARS_MAX, alert_page
from ledger.web.inbox import back_to_list
from ledger.web.sessions import acting, check_form, reader_of
from ledger.web.words import context

#: At which time of its day what is put off on a page comes back.
COMES_BACK: Final = time(9)
PEOPLE: Final = ("mother", "father", "child")
_NO_ACTION: Final = "Choose what was done"
_NO_REASON: Final = "Enter the reason"
_LONG: Final = f"This must be {NOTE_CHARS_MAX} characters or fewer"
_NO_DAY: Final = "Enter the day on which it is to come back"
_WHERE: Final = {SNOOZE_IN_PAST.code: "until", SNOOZE_TOO_LONG.code: "until"}


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.post("/alerts/<alert_id>/actions", endpoint="act")(press_act)
    blueprint.post("/alerts/<alert_id>/snoozes", endpoint="snooze")(press_snooze)


def press_act(alert_id: str) -> Response | tuple[str, int]:
    """Record what was done: with one tap whom somebody rang. Pressing twice is pressing once."""
    person = _look(alert_id)
    sent = {name: request.form.get(name, "").strip() for name in ("action", "whom", "did", "why_none")}
    errors = {}
    if sent["action"] not in ACTION_WORDS:
        errors["action"] = _NO_ACTION
    if sent["action"] == NO_ACTION and not sent["why_none"]:
        errors["why_none"] = _NO_REASON
    errors |= {name: _LONG for name in ("did", "why_none") if len(sent[name]) > NOTE_CHARS_MAX}
    if errors:
        return alert_page(alert_id, sent, errors), 400
    body = _said({"action": sent["action"], "note": sent["did"], "reason": sent["why_none"]}) | _whom(sent["whom"])
    return _press(alert_id, person, "acted", body, sent, "action")


def press_snooze(alert_id: str) -> Response | tuple[str, int]:
    """Put it off to nine in the morning of a day, for a reason; whoever presses owns that."""
    person = _look(alert_id)
    sent = {name: request.form.get(name, "").strip() for name in ("until", "put_off_because")}
    day, errors = _day(sent["until"]), {}
    if day is None:
        errors["until"] = _NO_DAY
    if not sent["put_off_because"]:
        errors["put_off_because"] = _NO_REASON
    elif len(sent["put_off_because"]) > REASON_CHARS_MAX:
        errors["put_off_because"] = f"The reason must be {REASON_CHARS_MAX:,} characters or fewer"
    if errors or day is None:
        return alert_page(alert_id, sent, errors), 400
    until = datetime.combine(day, COMES_BACK, LONDON).isoformat()
    owner = {"agency": person.agency, "person": person.ref}
    body = {"reason": sent["put_off_because"], "until": until, "owner": owner}
    return _press(alert_id, person, "put-off", body, sent, "until")


def _look(alert_id: str) -> SignedIn:
    given = context()
    with acting() as (connection, person):
        check_form(person)
        read_alert(connection, reader_of(person), alert_id, pack=given.pack, chance=given.chance)
    return person


def _press(
    alert_id: str, person: SignedIn, what: str, body: Mapping[str, Any], sent: Mapping[str, str], field: str
) -> Response | tuple[str, int]:
    # The same press on the same page is the same event; another, or after something else was done, is another.
    pressed = digest_of([alert_id, str(person.person_id), body, request.form.get("at", "")])
    event = {"event_id": f"{what}.{pressed}"[:64]}
    record = act_on_alert if what == "acted" else snooze_alert
    try:
        record(context(), person.caller, alert_id, event | dict(body))
    except RefusedError as error:
        if error.refusal.code != EVENT_ID_REUSED.code:
            return _refused(alert_id, error.refusal, sent, field)
    if request.form.get("list"):
        return redirect(back_to_list(request.form, "acted" if what == "acted" else "put_off"), 303)
    return redirect(url_for("web.alert", alert_id=alert_id), 303)


def _refused(alert_id: str, refusal: Refusal, sent: Mapping[str, str], field: str) -> tuple[str, int]:
    where = _WHERE.get(refusal.code, field)
    return alert_page(alert_id, sent, {where: refusal.detail}), 403 if not refusal.pointer else 400


def _whom(sent: str) -> dict[str, Any]:
    """With whom: an agency whose statement the finding rests on, or one of the family."""
    sort, _, name = sent.partition(":")
    if sort == "agency" and name:
        return {"whom": {"agency": name}}
    return {"whom": name} if sort == "person" and name in PEOPLE else {}


def _said(body: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in body.items() if value}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
