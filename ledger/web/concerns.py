"""Concerns about a child: each open until it is answered as deeply as its topic takes, or is taken back."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, redirect, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from ledger.domain.body_assessing import CONCERN_ANSWERS, CONCERN_KNOWN_BY
from ledger.domain.lawful_basis import BASES
from ledger.domain.role import Right
from ledger.services.raise_concern import CONCERNS
from ledger.services.reach import reaches
from ledger.services.read_concerns import ConcernsAsked, read_concerns
from ledger.services.refusal import RefusedError
from ledger.services.refuse_assessment import (
    CONCERN_NOT_KNOWN,
    GOES_LESS_DEEP,
    NOT_YOURS_TO_TAKE_BACK,
    TOPIC_NOT_KNOWN,
)
from ledger.services.refuse_sharing import SAY_WHO_MAY_SEE
from ledger.services.sign_in import SignedIn
from ledger.services.word_assessing import KNOWN_BY_WORDS
from ledger.services.word_text import capital
from ledger.web.assessing import HERE
from ledger.web.child_frame import render_child
from ledger.web.known_on import known_on_asked
from ledger.web.sent import (
    REASON_CHARS_MAX,
    amiss,
    answered,
    author_of,
    entries_sent,
    entry_at,
    event_of,
    number_sent,
    shared_with,
    too_long,
    words_sent,
)
from ledger.web.sessions import acting, check_form, reader_of
from ledger.web.words import context

_AT: Final = "/children/<uuid:record_id>/concerns"
_MINE: Final = "web.child_concerns"
#: What an answer to a concern says, in the words of whoever gives it.
ANSWERS: Final[Mapping[str, tuple[str, str]]] = {
    "answered": ("It is answered", "What was to be found out was found out, as deeply as it takes"),
    "in_part": ("Answered in part", "It stays open"),
    "cannot_say": ("It cannot be said", "It stays open"),
    "withdrawn": ("It is taken back", "By the agency that raised it alone"),
}
_REFUSED: Final[Mapping[str, tuple[str, str]]] = {
    TOPIC_NOT_KNOWN.code: ("topic", "Choose a topic from the list, or none"),
    CONCERN_NOT_KNOWN.code: ("answer", "There is no such concern in this record that you may see"),
    NOT_YOURS_TO_TAKE_BACK.code: ("answer", "Only the agency that raised it takes it back: say what you found out"),
    GOES_LESS_DEEP.code: (
        "answer",
        "What answers this goes deeper: choose “Answered in part”. It is kept, and the concern stays open",
    ),
    SAY_WHO_MAY_SEE.code: ("entries", "An entry that is named here is kept from others: choose “My agency alone”"),
}
#: How many concerns are shown at once.
SHOWN: Final = 20


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get(_AT, endpoint="child_concerns")(show_concerns)
    blueprint.post(_AT, endpoint="raise_concern")(press_raise)
    blueprint.post(f"{_AT}/<int:number>/answers", endpoint="answer_concern")(press_answer)


def show_concerns(record_id: UUID) -> tuple[str, int]:
    """The concerns, open ones first and of these the newest, with all that was answered to each."""
    with acting() as (connection, person):
        return _page(connection, person, record_id, {}, {})


def press_raise(record_id: UUID) -> Response | tuple[str, int]:
    """Raise a concern; what is amiss is said, and nothing recorded."""
    sent = words_sent(("what", "topic", "entries", "who_sees", "lawful_basis")) | {"form": "raise"}
    errors = too_long(sent, {"what": REASON_CHARS_MAX})
    if not sent["what"]:
        errors["what"] = "Enter what the concern is"
    sharing = shared_with(sent, errors)
    with acting() as (connection, person):
        check_form(person)
        body: dict[str, Any] = {name: sent[name] for name in ("what", "topic") if sent[name]} | sharing
        body |= entries_sent(connection, record_id, sent["entries"], errors)
        if errors:
            return _page(connection, person, record_id, sent, errors)
    return _record(record_id, "concern", person, body, sent)


def press_answer(record_id: UUID, number: int) -> Response | tuple[str, int]:
    """Answer a concern: what goes less deep than its topic takes is refused as an answer, and kept as a part of one."""
    sent = words_sent(("answer", "reason", "entries")) | {"form": f"answer-{number}"}
    how = [one for one in dict.fromkeys(request.form.getlist("how")) if one in CONCERN_KNOWN_BY]
    errors = too_long(sent, {"reason": REASON_CHARS_MAX})
    if sent["answer"] not in CONCERN_ANSWERS:
        errors["answer"] = "Choose what it is"
    if sent["answer"] == "answered" and not how:
        errors["how"] = "Choose how it is known"
    if not sent["reason"]:
        errors["reason"] = "Enter what was found out"
    with acting() as (connection, person):
        check_form(person)
        body: dict[str, Any] = {"of": entry_at(connection, record_id, number)}
        body |= {name: sent[name] for name in ("answer", "reason") if sent[name]} | ({"how": how} if how else {})
        body |= entries_sent(connection, record_id, sent["entries"], errors)
        if errors:
            return _page(connection, person, record_id, sent, errors)
    return _record(record_id, "concern_answer", person, body, sent, number)


def _record(
    record_id: UUID,
    kind: str,
    person: SignedIn,
    said: Mapping[str, Any],
    sent: Mapping[str, str],
    of: int | None = None,
) -> Response | tuple[str, int]:
    body = {**said, "author": author_of(person)}
    number = of
    try:
        event = {"event_id": event_of(kind, person, record_id, body)}
        recorded = CONCERNS[kind](context(), person.caller, record_id, event | body)
        number = recorded.entry.number if of is None else of
    except RefusedError as error:
        wrong = amiss(error, _REFUSED)
        if wrong:
            with acting() as (connection, _):
                return _page(connection, person, record_id, sent, wrong)
    anchor = None if number is None else f"concern-{number}"
    return redirect(url_for(_MINE, record_id=record_id, _anchor=anchor), 303)


def _page(
    connection: Connection, person: SignedIn, record_id: UUID, sent: Mapping[str, str], errors: Mapping[str, str]
) -> tuple[str, int]:
    given, known_on = context(), known_on_asked()
    asked = ConcernsAsked(known_on.known_at)
    told = read_concerns(connection, reader_of(person), record_id, asked, pack=given.pack, chance=given.chance)
    ordered = sorted(told["concerns"], key=lambda one: str(one["state"] != "open"))
    start = _start(ordered, sent)
    wrong = {**errors, **known_on.errors}
    html = render_child(
        "concerns.html",
        connection,
        person,
        record_id,
        HERE,
        **answered(told) | {"concerns": ordered[start : start + SHOWN]},
        open_count=sum(one["state"] == "open" for one in ordered),
        count=len(ordered),
        next=start + SHOWN if start + SHOWN < len(ordered) else None,
        topics={
            name: f"{capital(name.replace('_', ' '))}: answered by {KNOWN_BY_WORDS.get(topic.answered_by, '')}"
            for name, topic in given.pack.topics.items()
        },
        answers=ANSWERS,
        how_words=KNOWN_BY_WORDS,
        how=request.form.getlist("how"),
        bases=BASES,
        known_on=known_on,
        may_work=known_on.day is None and reaches(connection, reader_of(person), record_id, Right.WORK),
        sent=sent,
        errors=wrong,
        reason_chars_max=REASON_CHARS_MAX,
    )
    return html, 400 if wrong else 200


def _start(ordered: list[dict[str, Any]], sent: Mapping[str, str]) -> int:
    """From where on they are shown: where a form was sent, from the concern on that it answers."""
    form = sent.get("form", "").rpartition("-")[2]
    if form.isdecimal():
        return next((place for place, one in enumerate(ordered) if one["entry"].endswith(f".{form}")), 0)
    return number_sent("start") or 0
