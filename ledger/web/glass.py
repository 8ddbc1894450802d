"""Broken glass on the pages: breaking it, who did, and reviewing that."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ledger.domain.entry import entry_id
from ledger.domain.glass import HOURS, HOURS_MAX, LETTERS_LEAST, VERDICTS, says_why
from ledger.domain.role import Right, Role, at_most
from ledger.services.break_glass import break_glass
from ledger.services.read_glass import read_glass
from ledger.services.refusal import (
    CHILD_NOT_KNOWN,
    EVENT_ID_REUSED,
    GLASS_NOT_NEEDED,
    GLASS_REVIEWED,
    NOT_KNOWN,
    OWN_BREAKING,
    RefusedError,
)
from ledger.services.review_glass import review_glass
from ledger.services.sign_in import SignedIn
from ledger.services.submission import Name, identify_nhs
from ledger.services.word_verdict import VERDICT_WORDS
from ledger.store.timeline import heads_of
from ledger.web.sessions import acting, check_form, reader_of
from ledger.web.words import context

_REASON_CHARS_MAX: Final = 2_000
_NHS_DIGITS: Final = 10
_NO_REASON: Final = f"Say why, in two words or more and at least {LETTERS_LEAST} letters"
_NO_CHILD: Final = "Enter the child’s NHS number, or the id of the record"
_NO_VERDICT: Final = "Choose what the review came to"
#: What a refusal is on the page, and beside which field it stands.
_REFUSED: Final = {
    CHILD_NOT_KNOWN.code: ("child", "No child by this number or id can be found here"),
    NOT_KNOWN.code: ("child", "No child by this number or id can be found here"),
    GLASS_NOT_NEEDED.code: (
        "child",
        "Your agency is involved with this child already: open the record as usual",
    ),
    OWN_BREAKING.code: ("review", "Nobody reviews what they did themselves"),
    EVENT_ID_REUSED.code: ("review", "This was sent once before, in other words: what was recorded then stands"),
    GLASS_REVIEWED.code: ("review", "Somebody has reviewed this meanwhile, and the first review stands"),
}


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get("/glass", endpoint="glass")(show_glass)
    blueprint.post("/glass", endpoint="break_glass")(press_break)
    blueprint.post("/glass/<uuid:record_id>/<int:number>/reviews", endpoint="review_glass")(press_review)


def show_glass() -> str:
    """The breakings that one is told of, a form to review each, and one to break the glass."""
    return _page({}, {})


def press_break() -> Response | tuple[str, int]:
    """Break the glass, and go to the record; what is amiss is said, and nothing recorded."""
    given = context()
    with acting() as (_, person):
        check_form(person)
    sent = {name: request.form.get(name, "").strip() for name in ("child", "reason", "hours", "once")}
    name, errors = _name(sent["child"]), dict[str, str]()
    if name is None:
        errors["child"] = _NO_CHILD
    if not says_why(sent["reason"]) or len(sent["reason"]) > _REASON_CHARS_MAX:
        errors["reason"] = _NO_REASON
    hours = int(sent["hours"]) if sent["hours"] in map(str, range(1, HOURS_MAX + 1)) else HOURS
    if errors or name is None:
        return _page(sent, errors), 400
    body = {"event_id": _once(sent["once"], "glass"), "reason": sent["reason"], "hours": hours}
    try:
        recorded = break_glass(given, person.caller, name, body)
    except RefusedError as error:
        return _page(sent, _amiss(error)), 409
    return redirect(url_for("web.chronology", record_id=recorded.entry.record_id), 303)


def press_review(record_id: UUID, number: int) -> Response | tuple[str, int]:
    """Record a review; what is amiss is said, and nothing recorded."""
    given = context()
    with acting() as (connection, person):
        check_form(person)
        head = heads_of(connection, [record_id]).get(record_id)
    is_auditor = Role.AUDITOR in person.roles
    sent = {name: request.form.get(name, "").strip() for name in ("verdict", "reason")}
    sent["of"] = f"{record_id}.{number}"
    errors = {}
    if sent["verdict"] not in VERDICTS:
        errors["verdict"] = _NO_VERDICT
    if not says_why(sent["reason"]) or len(sent["reason"]) > _REASON_CHARS_MAX:
        errors["reason"] = _NO_REASON
    if not errors:
        body = {
            "event_id": f"reviewed.{record_id.hex[:20]}.{number}.{person.person_id.hex[:12]}",
            "of": entry_id(head[0], number) if head else "",
            "verdict": sent["verdict"],
            "reason": sent["reason"],
        }
        try:
            review_glass(given, person.caller, record_id, body)
        except RefusedError as error:
            errors = _amiss(error)
    if errors and not is_auditor:
        return _page(sent, errors), 400
    return redirect(url_for("web.audit" if is_auditor else "web.glass", amiss="yes" if errors else None), 303)


def _page(sent: Mapping[str, str], errors: Mapping[str, str]) -> str:
    given = context()
    with acting() as (connection, person):
        found = read_glass(connection, reader_of(person), is_open=None, chance=given.chance)
    return render_template("glass.html", **_shown(found, person), sent=sent, errors=errors)


def _shown(found: Mapping[str, Any], person: SignedIn) -> dict[str, Any]:
    return {
        "breakings": found["breakings"],
        "waiting": found["waiting"],
        "overdue": found["overdue"],
        "may_break": bool(at_most(person.roles, Right.GLASS)),
        "verdicts": VERDICT_WORDS,
        "reason_chars_max": _REASON_CHARS_MAX,
        "hours_max": HOURS_MAX,
        "once": context().chance(8).hex(),
    }


def _name(text: str) -> Name | None:
    """How a child is named on the form: by the record's id or an NHS number."""
    digits = text.replace(" ", "").replace("-", "")
    if digits.isascii() and digits.isdigit() and len(digits) == _NHS_DIGITS:
        return identify_nhs(digits)
    try:
        return UUID(text)
    except ValueError:
        return None


def _once(token: str, kind: str) -> str:
    """An event id that the form carries, so that pressing twice is pressing once."""
    return f"{kind}.{token}" if token.isalnum() and len(token) <= 32 else f"{kind}.{context().chance(8).hex()}"


def _amiss(error: RefusedError) -> dict[str, str]:
    if error.refusal.code not in _REFUSED:
        raise error
    field, words = _REFUSED[error.refusal.code]
    return {field: words}
