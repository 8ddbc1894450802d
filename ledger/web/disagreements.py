"""Where agencies do not agree about a child: opening a disagreement, answering, taking it up a stage, how it ended."""

import re
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, redirect, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from ledger.domain.disagreement import ANSWERS, KINDS, OUTCOMES
from ledger.domain.marking import RESTRICTED
from ledger.domain.role import Right
from ledger.services.disagree import DISAGREEMENTS
from ledger.services.reach import reaches
from ledger.services.read_disagreements import read_disagreements
from ledger.services.refusal import EVENT_ID_REUSED, RefusedError
from ledger.services.refuse_disagreement import (
    ABOUT_NOT_KNOWN,
    DISAGREEMENT_NOT_YOURS,
    LAST_STAGE,
    NO_PART_IN_IT,
    NOT_ASKED,
    NOT_YOURS_TO_WITHDRAW,
    OTHERS_MUST_SEE,
    SAY_WHO_MAY_READ,
    SETTLED_ALREADY,
)
from ledger.services.refuse_work import AGENCY_ENDED
from ledger.services.sign_in import SignedIn
from ledger.services.word_disagreement import ANSWER_WORDS, OUTCOME_WORDS
from ledger.services.word_text import capital
from ledger.store.disagreements import parts_there
from ledger.store.people import directory
from ledger.web.child_frame import render_child
from ledger.web.sent import REASON_CHARS_MAX, author_of, entry_at, event_of, too_long, words_sent
from ledger.web.sessions import acting, check_form, reader_of
from ledger.web.words import context

HERE: Final = "web.disagreements"
#: A finding or an alert, or an entry.
_ABOUT: Final = re.compile(r"[0-9a-f]{32}|[a-z2-7]{26}\.[1-9][0-9]{0,14}")
_MOST: Final = {"view": REASON_CHARS_MAX, "wants": REASON_CHARS_MAX}
_REFUSED: Final[Mapping[str, tuple[str, str]]] = {
    NO_PART_IN_IT.code: ("with", "An agency that you chose has, and had, no part in this child’s record: ask it first"),
    AGENCY_ENDED.code: ("with", "An agency that you chose has ended: choose the one that took over its work"),
    ABOUT_NOT_KNOWN.code: ("view", "There is nothing by this id in the record that you may read"),
    OTHERS_MUST_SEE.code: ("with", "Who you chose may not read what it is about, and could not answer"),
    SAY_WHO_MAY_READ.code: ("with", "What it is about is held back from some: only those you choose will read it"),
    DISAGREEMENT_NOT_YOURS.code: ("view", "Your agency is not one of those who disagree here"),
    NOT_ASKED.code: ("view", "Your agency brought it to this stage: the answer is for the others"),
    SETTLED_ALREADY.code: ("view", "This was settled meanwhile, and stands so. Where you disagree again, open another"),
    LAST_STAGE.code: ("view", "This is at the last stage: record how it was settled there"),
    NOT_YOURS_TO_WITHDRAW.code: ("outcome", "Only the agency that opened it withdraws it: say how it was settled"),
}


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    address = "/children/<uuid:record_id>/disagreements"
    blueprint.get(address, endpoint="disagreements")(show_disagreements)
    blueprint.post(address, endpoint="disagree")(press_disagree)
    blueprint.post(f"{address}/<int:number>/moves", endpoint="move_disagreement")(press_move)


def show_disagreements(record_id: UUID) -> str | tuple[str, int]:
    """All of them, the newest first, each with its stage, its clocks and what was said; and a form to open one."""
    with acting() as (connection, person):
        about = request.args.get("about", "")
        return _page(connection, person, record_id, {"about": about if _ABOUT.fullmatch(about) else ""}, {})


def press_disagree(record_id: UUID) -> Response | str | tuple[str, int]:
    """Record that one's agency disagrees; what is amiss is said, and nothing recorded."""
    sent: dict[str, Any] = words_sent(("kind", "view", "wants", "about"))
    sent["with"] = request.form.getlist("with")
    errors = too_long(sent, _MOST)
    if sent["kind"] not in KINDS:
        errors["kind"] = "Choose what it is about"
    if not sent["view"]:
        errors["view"] = "Enter your view, and what it rests on"
    if not sent["with"]:
        errors["with"] = "Choose whose view differs from yours"
    if sent["about"] and not _ABOUT.fullmatch(sent["about"]):
        errors["view"] = _REFUSED[ABOUT_NOT_KNOWN.code][1]
    said = {name: sent[name] for name in ("with", "kind", "view", "wants", "about") if sent[name]}
    sharing = {"marking": RESTRICTED, "to": sent["with"], "lawful_basis": "public_task"}
    # Where what it is about is held back from some, what is said of it is too.
    return _press(record_id, "disagreement", said, sent, errors, otherwise={"sharing": sharing})


def press_move(record_id: UUID, number: int) -> Response | str | tuple[str, int]:
    """Answer, take up a stage, or say how it ended; what is amiss is said, and nothing recorded."""
    sent: dict[str, Any] = words_sent(("move", "answer", "view", "outcome"))
    errors = too_long(sent, {"view": REASON_CHARS_MAX})
    if not sent["view"]:
        errors["view"] = "Enter your view, or why"
    said: dict[str, Any] = {}
    match sent["move"]:
        case "reply":
            kind, said = "disagreement_reply", {"answer": sent["answer"], "view": sent["view"]}
            if sent["answer"] not in ANSWERS:
                errors["answer"] = "Choose whether you agree"
        case "step_up":
            kind, said = "disagreement_step_up", {"reason": sent["view"]}
        case "settled":
            kind, said = "disagreement_settled", {"outcome": sent["outcome"], "what": sent["view"]}
            if sent["outcome"] not in OUTCOMES:
                errors["outcome"] = "Choose how it ended"
        case _:
            kind, errors["move"] = "disagreement_reply", "Choose what you do"
    return _press(record_id, kind, said, sent, errors, number=number)


def _press(
    record_id: UUID,
    kind: str,
    said: Mapping[str, Any],
    sent: Mapping[str, Any],
    errors: Mapping[str, str],
    *,
    number: int | None = None,
    otherwise: Mapping[str, Any] | None = None,
) -> Response | str | tuple[str, int]:
    with acting() as (connection, person):
        check_form(person)
        of = {} if number is None else {"of": entry_at(connection, record_id, number)}
        if errors:
            return _page(connection, person, record_id, sent, errors, number)
    store, body = DISAGREEMENTS[kind], {**of, **said, "author": author_of(person)}
    event = {"event_id": event_of(kind, person, record_id, body)}
    try:
        try:
            store(context(), person.caller, record_id, event | body)
        except RefusedError as error:
            if error.refusal.code != SAY_WHO_MAY_READ.code or otherwise is None:
                raise
            store(context(), person.caller, record_id, event | body | dict(otherwise))
    except RefusedError as error:
        if error.refusal.code != EVENT_ID_REUSED.code:
            if error.refusal.code not in _REFUSED:
                raise
            field, words = _REFUSED[error.refusal.code]
            with acting() as (connection, person):
                return _page(connection, person, record_id, sent, {field: words}, number)
    return redirect(url_for(HERE, record_id=record_id, _anchor=f"disagreement-{number}" if number else None), 303)


def _page(
    connection: Connection,
    person: SignedIn,
    record_id: UUID,
    sent: Mapping[str, Any],
    errors: Mapping[str, str],
    number: int | None = None,
) -> str | tuple[str, int]:
    """The page; ``number``: the disagreement whose form was sent, None where it is the one that opens another."""
    given, agencies = context(), directory(connection)
    found = read_disagreements(connection, reader_of(person), record_id, pack=given.pack, chance=given.chance)
    names = {agency: one.name for agency, one in agencies.items()}
    there = parts_there(connection, record_id, agencies)
    values: dict[str, Any] = {
        "disagreements": [one | {"number": int(one["entry"].rpartition(".")[2])} for one in found["disagreements"]],
        "stages": found["stages"],
        "names": names,
        "agencies": sorted((agencies[one] for one in there if one != person.agency), key=_name),
        "own": person.agency,
        "may_work": reaches(connection, reader_of(person), record_id, Right.WORK),
        "kinds": {name: capital(words) for name, words in KINDS.items()},
        "answers": {name: f"We {_of_us(words)}" for name, words in ANSWER_WORDS.items()},
        "answer_words": ANSWER_WORDS,
        "outcomes": {name: capital(words) for name, words in OUTCOME_WORDS.items()},
        "sent": sent,
        "sent_number": number,
        # Each form has fields of its own: the error stands beside that of the form that was sent.
        "errors": {name if number is None else f"{name}-{number}": words for name, words in errors.items()},
    }
    page = render_child("disagreements.html", connection, person, record_id, "web.child_work", **values)
    return (page, 400) if errors else page


def _of_us(words: str) -> str:
    """The words of an answer, as they go on from “we”."""
    return words.replace("agrees", "agree").replace("does not", "do not")


def _name(one: Any) -> str:
    return str(one.name)
