"""Answering a request for information that another agency put to one's own."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from ledger.domain.body_part import INFORMATION_ANSWERS
from ledger.domain.entry import parse_entry_id
from ledger.domain.lawful_basis import BASES
from ledger.services.refusal import EVENT_ID_REUSED, NOT_KNOWN, RefusedError
from ledger.services.share import SHARING
from ledger.store.sharing import place_of_request
from ledger.web.sent import REASON_CHARS_MAX, author_of, entry_at, event_of, too_long, words_sent
from ledger.web.sessions import acting, check_form
from ledger.web.words import context
from ledger.web.work_pages import works_page

_FIELDS: Final = ("answer", "lawful_basis", "reason")
_NEEDS_REASON: Final = frozenset({"refused", "in_part"})
_NO_ANSWER: Final = "Choose an answer"
_NO_BASIS: Final = "Choose on what lawful basis you answer, or refuse"
_NO_REASON: Final = "Enter why: whoever asked has to know what to do instead"
#: What a refusal is on the page; of what was sent before under the same press nothing is said.
_REFUSED: Final[Mapping[str, dict[str, str]]] = {EVENT_ID_REUSED.code: {}}


def register(blueprint: Blueprint) -> None:
    """Add the route."""
    address = "/children/<uuid:record_id>/requests/<int:number>/answers"
    blueprint.post(address, endpoint="answer_request")(press_answer)


def press_answer(record_id: UUID, number: int) -> Response | tuple[str, int]:
    """Record an answer, or a refusal with its reason; what is amiss is said, and nothing recorded."""
    sent = words_sent(_FIELDS)
    errors = _amiss(sent)
    with acting() as (connection, person):
        check_form(person)
        of = entry_at(connection, record_id, number)
        named = parse_entry_id(of)
        if named is None or place_of_request(connection, person.agency, side="to", named=named) is None:
            raise RefusedError(NOT_KNOWN.code, NOT_KNOWN.detail, record_id=record_id)
    if not errors:
        said = {name: sent[name] for name in _FIELDS if sent[name]}
        body = {"of": of, **said, "author": author_of(person)}
        event = {"event_id": event_of("information_answer", person, record_id, body)}
        try:
            SHARING["information_answer"](context(), person.caller, record_id, event | body)
        except RefusedError as error:
            if error.refusal.code not in _REFUSED:
                raise
            errors = _REFUSED[error.refusal.code]
    if errors:
        with acting() as (connection, person):
            return works_page(connection, person, sent, errors, f"r-{record_id}-{number}"), 400
    return redirect(url_for("web.works", side="owed_by_us", done="information_answer"), 303)


def _amiss(sent: Mapping[str, str]) -> dict[str, str]:
    errors = too_long(sent, {"reason": REASON_CHARS_MAX})
    if sent["answer"] not in INFORMATION_ANSWERS:
        errors["answer"] = _NO_ANSWER
    if sent["lawful_basis"] not in BASES:
        errors["lawful_basis"] = _NO_BASIS
    if sent["answer"] in _NEEDS_REASON and not sent["reason"]:
        errors["reason"] = _NO_REASON
    return errors
