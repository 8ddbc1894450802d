"""The family summary: the newest version with what each agency says to it, earlier ones, and what came since."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from ledger.domain.entry import parse_entry_id
from ledger.domain.role import Right
from ledger.services.reach import may_there
from ledger.services.read_summary import read_summary
from ledger.services.refusal import EVENT_ID_REUSED, RefusedError
from ledger.services.sign_in import SignedIn
from ledger.services.sum_up_family import answer, sum_up
from ledger.store.people import directory
from ledger.web.child_frame import render_child
from ledger.web.known_on import known_on_asked
from ledger.web.sent import author_of, event_of, too_long, words_sent
from ledger.web.sessions import acting, check_form, reader_of
from ledger.web.words import context

#: As long as the interface takes it.
TEXT_CHARS_MAX: Final = 20_000
#: So many of what was recorded since are listed; the rest is counted.
SINCE_MOST: Final = 20
ANSWERS: Final[Mapping[str, str]] = {"confirmed": "We confirm it", "disputed": "We dispute it"}


@dataclass(frozen=True, slots=True)
class _Said:
    """What a form says, how that is recorded, and beside which field it is said why it was not."""

    store: Callable[..., object]
    kind: str
    words: Mapping[str, Any]
    field: str


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    address = "/children/<uuid:record_id>/summary"
    blueprint.get(address, endpoint="child_summary")(show_summary)
    blueprint.post(address, endpoint="sum_up")(press_sum_up)
    blueprint.post(f"{address}/answers", endpoint="answer_summary")(press_answer)


def show_summary(record_id: UUID) -> tuple[str, int]:
    """The summary as known now, or at the end of a day."""
    return _page(record_id, {}, {})


def press_sum_up(record_id: UUID) -> Response | tuple[str, int]:
    """Write a new version. Pressing twice is pressing once."""
    person, sent = _sent(("text",))
    errors = too_long(sent, {"text": TEXT_CHARS_MAX})
    if not sent["text"]:
        errors["text"] = "Write the summary: who the family is, and what all of you know of it"
    said = _Said(sum_up, "family_summary", {"text": sent["text"]}, "text")
    return _record(record_id, person, said, sent, errors)


def press_answer(record_id: UUID) -> Response | tuple[str, int]:
    """Confirm another agency's version, or dispute it. Pressing twice is pressing once."""
    person, sent = _sent(("of", "answer", "says"))
    errors = too_long(sent, {"says": TEXT_CHARS_MAX})
    if sent["answer"] not in ANSWERS or parse_entry_id(sent["of"]) is None:
        errors["answer"] = "Choose whether your agency confirms it or disputes it"
    if sent["answer"] == "disputed" and not sent["says"]:
        errors["says"] = "Enter what your agency disputes in it"
    words = {name: sent[name] for name in ("of", "answer", "says") if sent[name]}
    return _record(record_id, person, _Said(answer, "summary_answer", words, "answer"), sent, errors)


def _sent(names: tuple[str, ...]) -> tuple[SignedIn, dict[str, str]]:
    with acting() as (_, person):
        check_form(person)
    return person, words_sent(names)


def _record(
    record_id: UUID, person: SignedIn, said: _Said, sent: Mapping[str, str], errors: Mapping[str, str]
) -> Response | tuple[str, int]:
    """Record what was said as its agency's, and show the summary; or the page again, with what is amiss."""
    if errors:
        return _page(record_id, sent, errors)
    event_id = event_of(said.kind, person, record_id, said.words)
    body = {"event_id": event_id, "author": author_of(person), **said.words}
    try:
        said.store(context(), person.caller, record_id, body)
    except RefusedError as error:
        if error.refusal.code != EVENT_ID_REUSED.code:
            return _page(record_id, sent, {said.field: error.refusal.detail})
    return redirect(url_for("web.child_summary", record_id=record_id), 303)


def _page(record_id: UUID, sent: Mapping[str, str], errors: Mapping[str, str]) -> tuple[str, int]:
    given, known_on = context(), known_on_asked()
    with acting() as (connection, person):
        told = read_summary(
            connection,
            reader_of(person),
            record_id,
            known_on.point,
            pack=given.pack,
            chance=given.chance,
            directory=directory(connection),
        )
        wrong = {**known_on.errors, **errors}
        page = render_child(
            "summary.html",
            connection,
            person,
            record_id,
            "web.child_people",
            told=told,
            answers=ANSWERS,
            mine=person.agency,
            may_write=may_there(connection, reader_of(person), record_id, Right.WORK) and known_on.day is None,
            text_chars_max=TEXT_CHARS_MAX,
            since_most=SINCE_MOST,
            at=request.form.get("at") or told["as_of"]["number"],
            sent=sent,
            known_on=known_on,
            errors=wrong,
        )
    return page, 400 if wrong else 200
