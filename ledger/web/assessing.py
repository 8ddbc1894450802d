"""A child's assessments: who was asked and has replied, who was not, and what somebody here can do next about each."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, redirect, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from ledger.domain.body_assessing import ASSESSMENT_ANSWERS
from ledger.domain.role import Right
from ledger.services.assess import ASSESSING
from ledger.services.reach import reaches
from ledger.services.read_assessments import read_assessments
from ledger.services.refusal import AGENCY_NOT_KNOWN, RefusedError
from ledger.services.refuse_assessment import (
    ASKED_ALREADY,
    ASKED_MUST_SEE,
    ASSESSES_ITSELF,
    HISTORY_NOT_OPENED,
    JUDGEMENT_NOT_KNOWN,
    NEVER_ASKED,
    NOT_YOURS_TO_ASK,
    NOT_YOURS_TO_SIGN,
    SIGNED_ALREADY,
    SIGNS_OWN,
)
from ledger.services.refuse_sharing import SAY_WHO_MAY_SEE
from ledger.services.refuse_work import AGENCY_ENDED
from ledger.services.sign_in import SignedIn
from ledger.store.identity import named_lead
from ledger.store.people import names_by_ref
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
    too_long,
    words_sent,
)
from ledger.web.sessions import acting, check_form, reader_of
from ledger.web.words import context

HERE: Final = "web.child_assessments"
_AT: Final = "/children/<uuid:record_id>/assessments"
_MOST: Final = {"reason": REASON_CHARS_MAX}
_SIGNED: Final = "This assessment was signed meanwhile, and stands so"
#: What a refusal is on the page, and beside which field it stands.
_REFUSED: Final[Mapping[str, tuple[str, str]]] = {
    **dict.fromkeys((AGENCY_NOT_KNOWN.code, AGENCY_ENDED.code), ("agency", "This agency can no longer be asked")),
    ASSESSES_ITSELF.code: ("agency", "This agency assesses: it asks others"),
    ASKED_ALREADY.code: ("agency", "This agency was asked already: ring it, if its answer is late"),
    ASKED_MUST_SEE.code: ("agency", "The assessment is kept from this agency, so it could not answer"),
    NOT_YOURS_TO_ASK.code: ("agency", "The agency that assesses asks others, or whoever leads: ring them"),
    NEVER_ASKED.code: ("answer", "Your agency was not asked for this assessment"),
    SAY_WHO_MAY_SEE.code: ("entries", "An entry that is named here is kept from others: leave it out"),
    NOT_YOURS_TO_SIGN.code: ("reason", "A second person of the agency that assesses signs it"),
    SIGNED_ALREADY.code: ("reason", _SIGNED),
    SIGNS_OWN.code: ("reason", "Whoever wrote it does not sign it: ask a second person of your agency"),
    HISTORY_NOT_OPENED.code: ("reason", "Open the child’s history first, then sign"),
    JUDGEMENT_NOT_KNOWN.code: ("judgement", "Enter the number of an entry in this record that you may see"),
}


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get(_AT, endpoint="child_assessments")(show_assessments)
    blueprint.post(f"{_AT}/<int:number>/asks", endpoint="ask_for_assessment")(press_ask)
    blueprint.post(f"{_AT}/<int:number>/replies", endpoint="reply_to_assessment")(press_reply)
    blueprint.post(f"{_AT}/<int:number>/signatures", endpoint="sign_assessment")(press_sign)


def show_assessments(record_id: UUID) -> tuple[str, int]:
    """The assessments, the newest first, as known at the end of a day or now."""
    with acting() as (connection, person):
        return _page(connection, person, record_id, {}, {})


def press_ask(record_id: UUID, number: int) -> Response | tuple[str, int]:
    """One tap: one more agency is asked for what it holds."""
    sent = words_sent(("agency",)) | {"form": f"ask-{number}"}
    errors = {} if sent["agency"] else {"agency": "Choose the agency that is asked"}
    return _press(record_id, number, "assessment_asked", sent, errors)


def press_reply(record_id: UUID, number: int) -> Response | tuple[str, int]:
    """What one's agency answers, to the entry that asked it."""
    sent = words_sent(("asked", "answer", "reason", "entries")) | {"form": f"reply-{number}"}
    errors = too_long(sent, _MOST)
    if sent["answer"] not in ASSESSMENT_ANSWERS:
        errors["answer"] = "Choose what your agency answers"
    if sent["answer"] == "refused" and not sent["reason"]:
        errors["reason"] = "Enter why it is refused"
    return _press(record_id, number, "assessment_reply", sent, errors)


def press_sign(record_id: UUID, number: int) -> Response | tuple[str, int]:
    """Sign as the second person, once the child's history was opened."""
    sent = words_sent(("reason", "judgement")) | {"form": f"sign-{number}"}
    return _press(record_id, number, "assessment_signed", sent, too_long(sent, _MOST))


def _press(
    record_id: UUID, number: int, kind: str, sent: Mapping[str, str], errors: dict[str, str]
) -> Response | tuple[str, int]:
    with acting() as (connection, person):
        check_form(person)
        of = number_sent("asked") or number
        body: dict[str, Any] = {"of": entry_at(connection, record_id, of)}
        body |= {name: sent[name] for name in ("agency", "answer", "reason") if sent.get(name)}
        if sent.get("answer") == "replied":
            body |= entries_sent(connection, record_id, sent["entries"], errors)
        if sent.get("judgement"):
            named = entries_sent(connection, record_id, sent["judgement"], errors, "judgement").get("judgement", [])
            if len(named) == 1:
                body["judgement"] = named[0]
            else:
                errors["judgement"] = "Enter the number of one entry"
        if errors:
            return _page(connection, person, record_id, sent, errors)
    body["author"] = author_of(person)
    event = {"event_id": event_of(kind, person, record_id, body)}
    try:
        ASSESSING[kind](context(), person.caller, record_id, event | body)
    except RefusedError as error:
        wrong = amiss(error, _REFUSED)
        if wrong:
            with acting() as (connection, person):
                return _page(connection, person, record_id, sent, wrong)
    return redirect(url_for(HERE, record_id=record_id, _anchor=f"assessment-{number}"), 303)


def _page(
    connection: Connection, person: SignedIn, record_id: UUID, sent: Mapping[str, str], errors: Mapping[str, str]
) -> tuple[str, int]:
    given, known_on = context(), known_on_asked()
    told = read_assessments(
        connection, reader_of(person), record_id, known_on.point, pack=given.pack, chance=given.chance
    )
    lead = named_lead(connection, record_id)
    may_work = known_on.day is None and reaches(connection, reader_of(person), record_id, Right.WORK)
    wrong = {**errors, **known_on.errors}
    html = render_child(
        "assessments.html",
        connection,
        person,
        record_id,
        HERE,
        **answered(told),
        names=names_by_ref(connection, _refs(told)),
        next_for={
            one["entry"]: _next(one, person, None if lead is None else lead.agency) if may_work else {}
            for one in told["assessments"]
        },
        known_on=known_on,
        may_work=may_work,
        sent=sent,
        errors=wrong,
        reason_chars_max=REASON_CHARS_MAX,
    )
    return html, 400 if wrong else 200


def _refs(told: Mapping[str, Any]) -> list[str]:
    found = [one["author"]["ref"] for one in told["assessments"]]
    found += [look["person"] for one in told["assessments"] for look in one["history"]["by"]]
    found += [one["signed"]["author"]["ref"] for one in told["assessments"] if one["signed"]]
    return sorted({str(ref) for ref in found if ref})


def _next(one: Mapping[str, Any], person: SignedIn, leads: str | None) -> dict[str, Any]:
    """What somebody can do next about an assessment: ask, reply, read the history, sign."""
    is_theirs, is_open = one["agency"] == person.agency, one["signed"] is None
    asked = next((each for each in one["asked"] if each["agency"] == person.agency), None)
    author = one["author"]["ref"]
    readers = {look["person"] for look in one["history"]["by"] if look["agency"] == one["agency"]}
    has_read = bool(readers & {None, author, person.ref})
    return {
        "ask": is_open and person.agency in {one["agency"], leads},
        "reply": None if asked is None else asked["asked"]["entry"].rsplit(".", 1)[-1],
        "is_author": is_theirs and is_open and author == person.ref,
        "read": is_theirs and is_open and not has_read,
        "sign": is_theirs and is_open and has_read and author != person.ref,
    }
