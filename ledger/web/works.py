"""Answering work that agencies ask of one another, where it is shown: across records, and of one child.

What is asked is answered with one press; offering has a page of its own.
"""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, redirect, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from ledger.domain.entry import parse_entry_id
from ledger.services.hand_over import HANDING
from ledger.services.read_work import SIDES
from ledger.services.refusal import EVENT_ID_REUSED, NOT_KNOWN, RefusedError
from ledger.services.refuse_people import LEAD_STANDS, NOT_THE_ONE_OFFERED, OFFER_NOT_YOURS, OFFER_OVERTAKEN
from ledger.services.refuse_work import ANSWERED_FINALLY, DONE_BY_OTHERS, NEVER_ASKED, OFFER_LAPSED
from ledger.services.sign_in import SignedIn
from ledger.store.work import place_of_item
from ledger.web.sent import REASON_CHARS_MAX, author_of, entry_at, event_of, too_long, words_sent
from ledger.web.sessions import acting, check_form
from ledger.web.words import context
from ledger.web.work_pages import HERE, child_page, word_of, works_page

ANSWERS: Final = ("acknowledged", "accepted", "declined")
_NO_ANSWER: Final = "Choose an answer"
_NO_REASON: Final = "Enter why you decline: whoever asked has to know what to do instead"
#: What a refusal is on the page.
_REFUSED: Final[Mapping[str, str]] = {
    ANSWERED_FINALLY.code: "This was answered, or done, before, and the first answer stands. Have it asked for anew.",
    NEVER_ASKED.code: "Nothing like this was asked for in this record.",
    OFFER_NOT_YOURS.code: "This was not offered to your agency, or not to you.",
    NOT_THE_ONE_OFFERED.code: "The lead was offered to another person of your agency by name: let them accept it.",
    OFFER_OVERTAKEN.code: "Somebody has been named lead since this was offered. Have it offered anew.",
    LEAD_STANDS.code: "Another agency leads by now. Ring whoever leads.",
    OFFER_LAPSED.code: "The day by which it was to be accepted is over. Have it offered anew.",
    DONE_BY_OTHERS.code: "Whoever asked for it, or owes it, says that it is done. Say what you know in an observation.",
}


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get("/work", endpoint="works")(show_works)
    blueprint.get("/children/<uuid:record_id>/work", endpoint="child_work")(show_child_work)
    blueprint.post("/children/<uuid:record_id>/owed/<int:number>/answers", endpoint="answer_work")(press_answer)
    blueprint.post("/children/<uuid:record_id>/owed/<int:number>/done", endpoint="finish_work")(press_done)


def show_works() -> str:
    """What one's agency owes others, or is owed, across records; and what it was asked for, or asked."""
    with acting() as (connection, person):
        return works_page(connection, person, {}, {})


def show_child_work(record_id: UUID) -> str | tuple[str, int]:
    """What must follow in one record, what was asked of whom and whose it is now, as known on a day or now."""
    with acting() as (connection, person):
        return child_page(connection, person, record_id, {}, {})


def press_answer(record_id: UUID, number: int) -> Response | tuple[str, int]:
    """Accept, acknowledge or decline what was asked; what is amiss is said, and nothing recorded."""
    sent = words_sent(("answer", "reason"))
    errors = too_long(sent, {"reason": REASON_CHARS_MAX})
    if sent["answer"] not in ANSWERS:
        errors["answer"] = _NO_ANSWER
    if sent["answer"] == "declined" and not sent["reason"]:
        errors["reason"] = _NO_REASON
    body = {"answer": sent["answer"]} | ({"reason": sent["reason"]} if sent["reason"] else {})
    return _press(record_id, number, "reply", body, sent, errors)


def press_done(record_id: UUID, number: int) -> Response | tuple[str, int]:
    """Record that a referral or an action is done."""
    return _press(record_id, number, "done", {}, {}, {})


def _press(
    record_id: UUID, number: int, kind: str, said: Mapping[str, Any], sent: Mapping[str, str], errors: Mapping[str, str]
) -> Response | tuple[str, int]:
    with acting() as (connection, person):
        check_form(person)
        of = entry_at(connection, record_id, number)
    if not errors:
        body = {"of": of, **said, "author": author_of(person)}
        try:
            event = {"event_id": event_of(kind, person, record_id, body)}
            HANDING[kind](context(), person.caller, record_id, event | body)
        except RefusedError as error:
            errors = _amiss(error)
    is_list = request.form.get("list") == "yes"
    if errors:
        key = f"{record_id}-{number}"
        with acting() as (connection, person):
            if is_list:
                _must_be_listed(connection, person, record_id, of)
                return works_page(connection, person, sent, errors, key), 400
            page = child_page(connection, person, record_id, sent, errors, key)
            return page if isinstance(page, tuple) else (page, 400)
    if is_list:
        return redirect(url_for("web.works", side=word_of("side", SIDES), done=kind), 303)
    return redirect(url_for(HERE, record_id=record_id, _anchor=f"work-{number}"), 303)


def _must_be_listed(connection: Connection, person: SignedIn, record_id: UUID, of: str) -> None:
    """Raise RefusedError where this stands on no list of theirs: whether there is such a record is not told."""
    named = parse_entry_id(of)
    if named is None or place_of_item(connection, named, [person.agency, person.agency_kind]) is None:
        raise RefusedError(NOT_KNOWN.code, NOT_KNOWN.detail, record_id=record_id)


def _amiss(error: RefusedError) -> dict[str, str]:
    if error.refusal.code == EVENT_ID_REUSED.code:
        return {}
    if error.refusal.code not in _REFUSED:
        raise error
    return {"reason": _REFUSED[error.refusal.code]}
