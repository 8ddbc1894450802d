"""Opening an assessment: what sort it is, which agencies are asked for what they hold, and by when it is signed."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, redirect, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from ledger.domain.role import Right
from ledger.services.assess import ASSESSING
from ledger.services.find_as_of import PointAsked
from ledger.services.past import open_past
from ledger.services.reach import reaches
from ledger.services.refusal import AGENCY_NOT_KNOWN, RefusedError
from ledger.services.refuse_assessment import ASSESSES_ITSELF
from ledger.services.refuse_work import AGENCY_ENDED
from ledger.services.sign_in import SignedIn
from ledger.store.parts import parts_of
from ledger.store.people import directory
from ledger.web.assessing import HERE
from ledger.web.child_frame import render_child
from ledger.web.sent import REASON_CHARS_MAX, amiss, author_of, event_of, too_long, words_sent
from ledger.web.sessions import acting, check_form, reader_of
from ledger.web.words import context

#: What assessments are mostly called; any other word of one's own will do.
KINDS: Final = ("child_and_family", "pre_birth", "early_help", "section_47", "parenting", "health_needs")
ANOTHER: Final = "another"
_WORD: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")
_LOOK: Final = "assessments"
_NOBODY: Final = "One of these agencies can no longer be asked: choose again"
_REFUSED: Final[Mapping[str, tuple[str, str]]] = {
    AGENCY_NOT_KNOWN.code: ("asks", _NOBODY),
    AGENCY_ENDED.code: ("asks", _NOBODY),
    ASSESSES_ITSELF.code: ("asks", "Your agency assesses: it asks others"),
}


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get("/children/<uuid:record_id>/assess", endpoint="assess")(show_form)
    blueprint.post("/children/<uuid:record_id>/assess", endpoint="open_assessment")(press_open)


def show_form(record_id: UUID) -> str:
    """What is said when an assessment is opened; everybody involved is ticked, and may be unticked."""
    with acting() as (connection, person):
        return _page(connection, person, record_id, {}, {})


def press_open(record_id: UUID) -> Response | tuple[str, int]:
    """Open it, and go to where it stands; what is amiss is said, and nothing recorded."""
    sent = words_sent(("kind", "called", "due", "reason"))
    errors = too_long(sent, {"reason": REASON_CHARS_MAX})
    body: dict[str, Any] = {"kind": _kind(sent, errors)}
    asks = list(dict.fromkeys(request.form.getlist("asks")))
    with acting() as (connection, person):
        check_form(person)
        if not set(asks) <= directory(connection).keys():
            errors["asks"] = _NOBODY
        if sent["due"] and not _is_day(sent["due"]):
            errors["due"] = "Enter a real day, such as 5 October 2026"
        if errors:
            return _page(connection, person, record_id, sent, errors), 400
    body |= {name: sent[name] for name in ("due", "reason") if sent[name]}
    body |= {"asks": asks} if asks else {}
    body["author"] = author_of(person)
    event = {"event_id": event_of("assesses", person, record_id, body)}
    number: int | None = None
    try:
        number = ASSESSING["assessment"](context(), person.caller, record_id, event | body).entry.number
    except RefusedError as error:
        wrong = amiss(error, _REFUSED)
        if wrong:
            with acting() as (connection, person):
                return _page(connection, person, record_id, sent, wrong), 400
    anchor = None if number is None else f"assessment-{number}"
    return redirect(url_for(HERE, record_id=record_id, _anchor=anchor), 303)


def _kind(sent: Mapping[str, str], errors: dict[str, str]) -> str:
    """The assessment's word: one of those offered, or one's own, as the ledger writes words."""
    if sent["kind"] in KINDS:
        return sent["kind"]
    if sent["kind"] != ANOTHER:
        errors["kind"] = "Choose what sort of assessment it is"
        return ""
    word = re.sub(r"[\s-]+", "_", sent["called"].lower())
    if _WORD.fullmatch(word) is None:
        errors["called"] = "Enter what it is called: letters and numbers, 64 at most, such as risk to siblings"
    return word


def _is_day(text: str) -> bool:
    try:
        return len(text) == len("2026-10-05") and date.fromisoformat(text).year > 2000
    except ValueError:
        return False


def _page(
    connection: Connection, person: SignedIn, record_id: UUID, sent: Mapping[str, str], errors: Mapping[str, str]
) -> str:
    past = open_past(connection, reader_of(person), record_id, PointAsked(), what=_LOOK, chance=context().chance)
    agencies = directory(connection)
    parts = parts_of(connection, record_id, past.point.number)
    involved = {part.agency for part in parts if part.until is None or part.until > past.moment}
    return render_child(
        "assess.html",
        connection,
        person,
        record_id,
        HERE,
        involved=sorted((agencies[one] for one in involved - {person.agency} if one in agencies), key=lambda a: a.name),
        others=sorted((one for name, one in agencies.items() if name not in involved), key=lambda a: a.name),
        asks=request.form.getlist("asks") if sent else sorted(involved),
        kinds=KINDS,
        another=ANOTHER,
        at=past.point.number,
        may_work=reaches(connection, reader_of(person), record_id, Right.WORK),
        sent=sent,
        errors=errors,
        reason_chars_max=REASON_CHARS_MAX,
    )
