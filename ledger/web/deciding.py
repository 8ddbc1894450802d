"""Deciding about a child: the kind, what it would rest on before any button, and then that it is recorded.

A decision is always recorded. What it rests on is shown first; where that has changed by the time of the press, nothing
is recorded and it is shown anew.
"""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from ledger.domain.role import Right
from ledger.services.decide import decide
from ledger.services.reading import reading
from ledger.services.refusal import RefusedError
from ledger.web.decision_thought import ALL_THE_SAME, AS_IT_IS, basis_page, kinds_page, preview, thought_of
from ledger.web.decisions import HERE
from ledger.web.second_person import SECOND, second_amiss
from ledger.web.sent import NAME_CHARS_MAX, REASON_CHARS_MAX, amiss, too_long, words_sent
from ledger.web.sessions import acting, check_form
from ledger.web.words import context

_FIELDS: Final = ("kind", "to", "reason", "taken", "why", "second_agency", "second_person", "basis", "at")
_MOST: Final = {
    "to": NAME_CHARS_MAX,
    "reason": REASON_CHARS_MAX,
    "why": REASON_CHARS_MAX,
    "second_person": NAME_CHARS_MAX,
}
_NO_KIND: Final = "Choose what is to be decided"
_CHANGED: Final = "What this decision rests on has changed since you opened the page: read it again below, then decide"


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get("/children/<uuid:record_id>/decide", endpoint="decide")(show_decide)
    blueprint.post("/children/<uuid:record_id>/decide", endpoint="record_decision")(press_decide)


def show_decide(record_id: UUID) -> str | tuple[str, int]:
    """What such a decision would rest on, before any button; without a kind, the kinds to choose from."""
    kind = request.args.get("kind", "").strip()
    with acting() as (connection, person):
        if kind not in context().pack.decisions.kinds:
            return kinds_page(connection, person, record_id, {"kind": _NO_KIND} if "kind" in request.args else {})
        sent, errors = {"kind": kind}, dict[str, str]()
        thought = thought_of(connection, person, record_id, sent, errors)
        told = preview(connection, person, record_id, sent, thought)
        return basis_page(connection, person, record_id, told, sent, errors), 400 if errors else 200


def press_decide(record_id: UUID) -> Response | str | tuple[str, int]:
    """Record the decision, and go to where it stands; what is amiss is said, and nothing recorded."""
    given, sent = context(), words_sent(_FIELDS)
    with acting() as (connection, person):
        check_form(person)
        if sent["kind"] not in given.pack.decisions.kinds:
            return kinds_page(connection, person, record_id, {"kind": _NO_KIND})
        errors = too_long(sent, _MOST)
        if not sent["reason"]:
            errors["reason"] = "Enter the reason for the decision"
        thought = thought_of(connection, person, record_id, sent, errors)
        told = preview(connection, person, record_id, sent, thought)
        if told["recorded"]:
            return _done(record_id)
        if told["basis_name"] != sent["basis"]:
            return basis_page(connection, person, record_id, told, sent, {"basis": _CHANGED, **errors}), 409
        if told["decision"]["standing"] == "not_standing":
            errors |= _override_amiss(sent)
        if errors:
            return basis_page(connection, person, record_id, told, sent, errors), 400
    try:
        recorded = decide(
            given, person.caller, record_id, thought.body, lambda: reading(given, person.caller, Right.READ)
        )
    except RefusedError as error:
        errors = amiss(error, SECOND)
        if not errors:
            return _done(record_id)
        with acting() as (connection, person):
            told = preview(connection, person, record_id, sent, thought)
            return basis_page(connection, person, record_id, told, sent, errors), 400
    return _done(record_id, recorded.entry.number)


def _override_amiss(sent: Mapping[str, str]) -> dict[str, str]:
    if sent["taken"] not in {AS_IT_IS, ALL_THE_SAME}:
        return {"taken": "Choose how it is recorded"}
    return second_amiss(sent) if sent["taken"] == ALL_THE_SAME else {}


def _done(record_id: UUID, number: int | None = None) -> Response:
    anchor = None if number is None else f"decision-{number}"
    return redirect(url_for(HERE, record_id=record_id, _anchor=anchor), 303)
