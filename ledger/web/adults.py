"""Adults of a child's record who are, or may be, in another child's too: who says so, whom to ring, and saying it."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from ledger.domain.adult import APART, LINK, UNLINK
from ledger.domain.entry import parse_entry_id
from ledger.domain.role import Right
from ledger.services.gather_people import gather_people
from ledger.services.link_adults import ADULTS
from ledger.services.name_people import LOOK
from ledger.services.past import Past, look_again
from ledger.services.reach import may_there, reaches
from ledger.services.read_adult_proposals import look_for_adults
from ledger.services.read_people import render_gathered
from ledger.services.refusal import RefusedError
from ledger.services.refuse_adults import (
    ADULT_NOT_KNOWN,
    LINKED_ALREADY,
    OTHER_CHILD_NOT_KNOWN,
    SAID_TO_BE_TWO,
    SAYS_NOTHING_OF_ADULTS,
    TAKE_BACK_FIRST,
    TAKEN_BACK_ALREADY,
)
from ledger.services.see import NotKnownError
from ledger.store.people import directory
from ledger.web.child_frame import render_child
from ledger.web.sent import REASON_CHARS_MAX, amiss, author_of, event_of, too_long, words_sent
from ledger.web.sessions import acting, check_form, reader_of
from ledger.web.words import context

_ACTS: Final = (LINK, APART, UNLINK)
_NO_REASON: Final = "Enter how this is known"
_AMISS: Final[Mapping[str, tuple[str, str]]] = {
    OTHER_CHILD_NOT_KNOWN.code: ("act", "Only an agency involved with both children can say this: ring whoever leads"),
    ADULT_NOT_KNOWN.code: ("act", "One of the two records knows nobody by this name any more: open the page again"),
    LINKED_ALREADY.code: ("act", "Somebody has said so already"),
    SAID_TO_BE_TWO.code: ("act", "Somebody said that these are two people: take that back first, if it is wrong"),
    TAKE_BACK_FIRST.code: ("act", "Somebody said that these are one person: take that back below, if it is wrong"),
    SAYS_NOTHING_OF_ADULTS.code: ("act", "Only an agency involved with both children can take this back"),
    TAKEN_BACK_ALREADY.code: ("act", "This was taken back before"),
}


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get("/children/<uuid:record_id>/adults", endpoint="child_adults")(show_adults)
    blueprint.post("/children/<uuid:record_id>/adults", endpoint="link_adults")(press_adults)


def show_adults(record_id: UUID) -> tuple[str, int]:
    """Who is known elsewhere, and who looks alike; each record that is named learns that it was looked at."""
    return _page(record_id, {}, {})


def press_adults(record_id: UUID) -> Response | tuple[str, int]:
    """Say of two that they are one or two people, or take that back. Pressing twice is pressing once."""
    with acting() as (connection, person):
        check_form(person)
        # The page is also shown to a duty desk without a part in the record, which may say nothing of it.
        if not reaches(connection, reader_of(person), record_id, Right.WORK):
            raise NotKnownError(record_id)
    sent = words_sent(("act", "person", "other_child", "other_person", "of", "reason"))
    errors = too_long(sent, {"reason": REASON_CHARS_MAX})
    if not sent["reason"]:
        errors["reason"] = _NO_REASON
    said = _said(sent)
    if said is None:
        errors["act"] = "Choose one of the two in the list"
    if errors or said is None:
        return _page(record_id, sent, errors)
    body = {"event_id": event_of(sent["act"], person, record_id, said), "author": author_of(person), **said}
    try:
        ADULTS[sent["act"]](context(), person.caller, record_id, body)
    except RefusedError as error:
        errors = amiss(error, _AMISS)
        if errors:
            return _page(record_id, sent, errors)
    return redirect(url_for("web.child_adults", record_id=record_id), 303)


def _said(sent: Mapping[str, str]) -> dict[str, Any] | None:
    """The body that a press asks for; None where the form was not one of the page's."""
    if sent["act"] == UNLINK:
        return {"of": sent["of"], "reason": sent["reason"]} if parse_entry_id(sent["of"]) else None
    try:
        other = str(UUID(sent["other_child"]))
    except ValueError:
        return None
    if sent["act"] not in _ACTS or not sent["person"] or not sent["other_person"]:
        return None
    both = {"person": sent["person"], "other": {"child": other, "person": sent["other_person"]}}
    return {**both, "reason": sent["reason"]}


def _page(record_id: UUID, sent: Mapping[str, str], errors: Mapping[str, str]) -> tuple[str, int]:
    given = context()
    with acting() as (connection, person):
        reader = reader_of(person)
        past, found = look_for_adults(given, (connection, reader), record_id)
        people = _people(past)
        page = render_child(
            "adults.html",
            connection,
            person,
            record_id,
            "web.child_people",
            found=found,
            labels={one["id"]: _label(one) for one in people},
            known=[one for one in people if one.get("elsewhere")],
            named=directory(connection),
            may_link=may_there(connection, reader, record_id, Right.WORK),
            acts={"one": LINK, "two": APART, "back": UNLINK},
            sent=sent,
            errors=errors,
        )
    return page, 400 if errors else 200


def _people(past: Past | None) -> list[dict[str, Any]]:
    """The people of the record; none for a duty desk that may not read it, which is told of likenesses all the same."""
    if past is None:
        return []
    given = context()
    found = gather_people(look_again(past, LOOK, given.chance).seen(), given.pack)
    people: list[dict[str, Any]] = render_gathered(past, found, given.pack, given.auditor, firsts=True)["people"]
    return people


def _label(person: Mapping[str, Any]) -> str:
    """What somebody is called: by name, else by role, else as the record names them."""
    for part in ("name", "role"):
        for one in person["declared"]:
            if part in one:
                return str(one[part])
    return f"the {person['id']}" if "/" not in person["id"] else str(person["id"])
