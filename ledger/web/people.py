"""Who belongs to a child: the genogram with the list that says the same, who knows of whom, and who may be one."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from ledger.domain.role import Right
from ledger.services.reach import may_there
from ledger.services.read_genogram import read_genogram
from ledger.services.read_picture import Asked
from ledger.services.refusal import EVENT_ID_REUSED, RefusedError
from ledger.services.work_on_record import work
from ledger.store.people import directory
from ledger.web.child_frame import render_child
from ledger.web.draw_genogram import draw_genogram
from ledger.web.known_on import known_on_asked
from ledger.web.people_words import group_people
from ledger.web.sent import REASON_CHARS_MAX, author_of, event_of, too_long, words_sent
from ledger.web.sessions import acting, check_form, reader_of
from ledger.web.words import context

#: What a form may say of people who are named apart, or as one.
LINKS: Final = ("link", "unlink")
_KEYS_MOST: Final = 20
_NO_REASON: Final = "Enter how this is known"
_TWO: Final = "Choose two different people"


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get("/children/<uuid:record_id>/people", endpoint="child_people")(show_people)
    blueprint.post("/children/<uuid:record_id>/people", endpoint="link_people")(press_link)


def show_people(record_id: UUID) -> tuple[str, int]:
    """The family as known now, or at the end of a day."""
    return _page(record_id, {}, {})


def press_link(record_id: UUID) -> Response | tuple[str, int]:
    """Say that people named apart are one, or that they are two. Pressing twice is pressing once."""
    with acting() as (_, person):
        check_form(person)
    sent = words_sent(("act", "reason"))
    keys = [key for key in request.form.getlist("person") if key][:_KEYS_MOST]
    errors = too_long(sent, {"reason": REASON_CHARS_MAX})
    if not sent["reason"]:
        errors["reason"] = _NO_REASON
    if len(set(keys)) < 2 or sent["act"] not in LINKS:
        errors["person"] = _TWO
    if errors:
        return _page(record_id, sent | {"keys": keys}, errors)
    said = {"people": list(dict.fromkeys(keys)), "reason": sent["reason"]}
    body = {"event_id": event_of(sent["act"], person, record_id, said), "author": author_of(person), **said}
    try:
        work(context(), person.caller, record_id, sent["act"], body)
    except RefusedError as error:
        if error.refusal.code != EVENT_ID_REUSED.code:
            return _page(record_id, sent | {"keys": keys}, {"person": error.refusal.detail})
    return redirect(url_for("web.child_people", record_id=record_id), 303)


def _page(record_id: UUID, sent: Mapping[str, Any], errors: Mapping[str, str]) -> tuple[str, int]:
    given, known_on = context(), known_on_asked()
    with acting() as (connection, person):
        agencies = directory(connection)
        told = read_genogram(
            connection,
            reader_of(person),
            record_id,
            Asked(known_on.known_at),
            pack=given.pack,
            chance=given.chance,
            directory=agencies,
            auditor=given.auditor,
        )
        wrong = {**known_on.errors, **errors}
        page = render_child(
            "people.html",
            connection,
            person,
            record_id,
            "web.child_people",
            told=told,
            drawing=draw_genogram(told),
            groups=group_people(told),
            labels={one["person"]: one["label"] for one in told["people"]},
            named=agencies,
            may_link=may_there(connection, reader_of(person), record_id, Right.WORK) and known_on.day is None,
            may_follow=may_there(connection, reader_of(person), record_id, Right.ADULTS),
            reason_chars_max=REASON_CHARS_MAX,
            sent=sent,
            known_on=known_on,
            errors=wrong,
        )
    return page, 400 if wrong else 200
