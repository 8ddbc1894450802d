"""Asking other agencies for work, and offering them what one has: the lead, a piece of work, the whole record."""

from collections.abc import Container, Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, redirect, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from ledger.domain.civil_day import civil_date
from ledger.domain.role import Right
from ledger.services.hand_over import HANDING
from ledger.services.judge_record import AsOf
from ledger.services.reach import reaches
from ledger.services.read_work import read_work
from ledger.services.refusal import EVENT_ID_REUSED, RefusedError
from ledger.services.refuse_people import NOT_YOURS_TO_OFFER, PERSON_LEFT
from ledger.services.refuse_work import (
    AGENCY_ELSEWHERE,
    AGENCY_ENDED,
    NOT_WORK,
    OFFERED_TO_ITSELF,
    RECORD_NOT_YOURS,
)
from ledger.services.sign_in import SignedIn
from ledger.services.word_work import word_work
from ledger.store.clock import now
from ledger.store.identity import named_lead
from ledger.store.people import directory, names_by_ref
from ledger.web.child_frame import render_child
from ledger.web.sent import NAME_CHARS_MAX, REASON_CHARS_MAX, author_of, event_of, too_long, words_sent
from ledger.web.sessions import acting, check_form, reader_of
from ledger.web.words import context

#: What can be asked or offered: its word in the form, what it is called, and what comes of it.
SORTS: Final[Mapping[str, tuple[str, str]]] = {
    "referral": ("Refer something", "You are accountable until they accept it."),
    "action": ("Note an agreed action", "It is theirs from the beginning, and due by its day."),
    "lead": (
        "Offer the lead",
        "You lead until they accept. From then on alerts about the child come to them and not to you.",
    ),
    "work": ("Hand over a piece of work", "It is still with you until they accept it."),
    "record": (
        "Hand over the whole record",
        "When they accept they lead, and all that your agency still has to do is theirs, in their partnership.",
    ),
}
_OFFERED: Final = frozenset({"lead", "work", "record"})
_FIELDS: Final = ("sort", "to", "who", "what", "why", "due", "entry")
_MOST: Final = {"who": NAME_CHARS_MAX, "what": REASON_CHARS_MAX, "why": REASON_CHARS_MAX}
_REFUSED: Final[Mapping[str, tuple[str, str]]] = {
    AGENCY_ENDED.code: ("to", "This agency has ended: choose the one that took over its work, or the duty desk"),
    AGENCY_ELSEWHERE.code: ("to", "This agency is of another partnership: the record itself has to be handed over"),
    OFFERED_TO_ITSELF.code: ("to", "This is your own agency: choose another"),
    PERSON_LEFT.code: ("who", "This person has left their agency: name somebody who is there"),
    NOT_YOURS_TO_OFFER.code: ("sort", "Only the agency that leads, or the duty desk, offers this: ask it to"),
    RECORD_NOT_YOURS.code: ("sort", "Only the agency that leads, or the duty desk, offers this: ask it to"),
    NOT_WORK.code: ("entry", "Choose a referral or an action that your agency has, and that is not done"),
}


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get("/children/<uuid:record_id>/offers", endpoint="offer_lead")(show_offer)
    blueprint.post("/children/<uuid:record_id>/offers", endpoint="press_offer")(press_offer)


def show_offer(record_id: UUID) -> str | tuple[str, int]:
    """The form, with who leads now and what comes of each."""
    with acting() as (connection, person):
        return _page(connection, person, record_id, {}, {})


def press_offer(record_id: UUID) -> Response | str | tuple[str, int]:
    """Record what is asked or offered; what is amiss is said, and nothing recorded."""
    sent = words_sent(_FIELDS)
    with acting() as (connection, person):
        check_form(person)
        errors = _amiss(sent, directory(connection), civil_date(now(connection)))
        if errors:
            return _page(connection, person, record_id, sent, errors)
    kind, said = _said(sent)
    body = {**said, "author": author_of(person)}
    try:
        HANDING[kind](context(), person.caller, record_id, {"event_id": event_of(kind, person, record_id, body)} | body)
    except RefusedError as error:
        if error.refusal.code != EVENT_ID_REUSED.code:
            if error.refusal.code not in _REFUSED:
                raise
            field, words = _REFUSED[error.refusal.code]
            with acting() as (connection, person):
                return _page(connection, person, record_id, sent, {field: words})
    return redirect(url_for("web.child_work", record_id=record_id, done="asked"), 303)


def _page(
    connection: Connection, person: SignedIn, record_id: UUID, sent: Mapping[str, str], errors: Mapping[str, str]
) -> str | tuple[str, int]:
    given, agencies = context(), directory(connection)
    read = read_work(connection, reader_of(person), record_id, AsOf(), pack=given.pack, chance=given.chance)
    lead = named_lead(connection, record_id)
    ours = {person.agency, person.agency_kind}
    known = {} if lead is None or lead.person is None else names_by_ref(connection, {lead.person})
    values: dict[str, Any] = {
        "sorts": SORTS,
        "agencies": sorted(agencies.values(), key=lambda one: one.name),
        "own": person.agency,
        "lead": None
        if lead is None
        else {
            "person": known.get((lead.agency, lead.person or ""), lead.person),
            "agency": agencies[lead.agency].name if lead.agency in agencies else lead.agency,
        },
        "work": [
            one | word_work(one)
            for one in read["work"]
            if one["kind"] != "handover"
            and one["state"] not in {"done", "declined"}
            and (one["owed_by"] or {}).get("agency") in ours
        ],
        "may_work": reaches(connection, reader_of(person), record_id, Right.WORK),
        "sent": sent,
        "errors": errors,
    }
    page = render_child("offer.html", connection, person, record_id, "web.child_work", **values)
    return (page, 400) if errors else page


def _amiss(sent: Mapping[str, str], agencies: Container[str], today: date) -> dict[str, str]:
    """What is wrong with the form, by field."""
    errors = too_long(sent, _MOST)
    if sent["sort"] not in SORTS:
        errors["sort"] = "Choose what you ask for, or offer"
    if sent["to"] not in agencies:
        errors["to"] = "Choose an agency"
    if sent["sort"] == "action" and not sent["what"]:
        errors["what"] = "Enter what is to be done"
    if sent["sort"] == "referral" and not sent["why"]:
        errors["why"] = "Enter why you refer"
    day = _day(sent["due"])
    if sent["due"] and day is None:
        errors["due"] = "Enter a real day, such as 5 October 2022"
    elif sent["sort"] == "record" and day is None:
        errors["due"] = "Enter the day by which the record is to be accepted"
    elif sent["sort"] in _OFFERED and day is not None and day < today:
        errors["due"] = "Enter a day that is not over: nobody could accept it by then"
    return errors


def _said(sent: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
    """The kind of entry, and its body."""
    sort = sent["sort"]
    party = {"agency": sent["to"]} | ({"person": sent["who"]} if sent["who"] else {})
    due = {"due": sent["due"]} if sent["due"] else {}
    why = {"reason": sent["why"]} if sent["why"] else {}
    what = {"what": sent["what"]} if sent["what"] else {}
    if sort == "referral":
        return "referral", {"to": sent["to"], "reason": sent["why"]}
    if sort == "action":
        return "action", {"what": sent["what"], "owner": party} | due
    entry = {"entry": sent["entry"]} if sort == "work" and sent["entry"] else {}
    return "handover", {"of": sort, "to": party} | due | why | what | entry


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == len("2022-10-05") else None
    except ValueError:
        return None
