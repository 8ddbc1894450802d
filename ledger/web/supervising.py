"""Supervision of the work with a child: what is open since the last one, what was said, and recording another."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, redirect, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from ledger.domain.lawful_basis import BASES
from ledger.domain.role import Right
from ledger.services.raise_concern import supervise
from ledger.services.reach import reaches
from ledger.services.read_supervisions import read_supervisions
from ledger.services.refusal import RefusedError
from ledger.services.sign_in import SignedIn
from ledger.services.word_awaited import word_awaited
from ledger.store.people import directory, names_by_ref
from ledger.web.assessing import HERE
from ledger.web.child_frame import render_child
from ledger.web.known_on import known_on_asked
from ledger.web.sent import (
    NAME_CHARS_MAX,
    REASON_CHARS_MAX,
    amiss,
    answered,
    author_of,
    event_of,
    shared_with,
    too_long,
    words_sent,
)
from ledger.web.sessions import acting, check_form, reader_of
from ledger.web.words import context

_AT: Final = "/children/<uuid:record_id>/supervisions"
_FIELDS: Final = ("with_agency", "with_person", "about", "notes", "who_sees", "lawful_basis")
_MOST: Final = {"with_person": NAME_CHARS_MAX, "about": REASON_CHARS_MAX, "notes": REASON_CHARS_MAX}
#: What is held back comes first: nobody here can tell how grave it is.
_WEIGHTS: Final = {"high": 1, "medium": 2, "low": 3}
#: How many of each part of what is open are shown before the rest is counted.
SHOWN: Final = 15


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get(_AT, endpoint="child_supervisions")(show_supervisions)
    blueprint.post(_AT, endpoint="supervise")(press_supervise)


def show_supervisions(record_id: UUID) -> tuple[str, int]:
    """What is open, new since the last supervision or from before; and the supervisions, the newest first."""
    with acting() as (connection, person):
        return _page(connection, person, record_id, {}, {})


def press_supervise(record_id: UUID) -> Response | tuple[str, int]:
    """Record that the work was talked over; what is amiss is said, and nothing recorded."""
    sent = words_sent(_FIELDS)
    errors = too_long(sent, _MOST)
    if not sent["with_person"]:
        errors["with_person"] = "Enter with whom it was talked over"
    if not sent["about"] and not sent["notes"]:
        errors["about"] = "Enter what it was about, or what was said"
    sharing = shared_with(sent, errors)
    with acting() as (connection, person):
        check_form(person)
        if sent["with_agency"] not in directory(connection):
            errors["with_agency"] = "Choose the agency"
        if errors:
            return _page(connection, person, record_id, sent, errors)
    body: dict[str, Any] = {"with": {"agency": sent["with_agency"], "person": sent["with_person"]}}
    body |= {name: sent[name] for name in ("about", "notes") if sent[name]} | sharing
    body["author"] = author_of(person)
    try:
        supervise(
            context(), person.caller, record_id, {"event_id": event_of("supervised", person, record_id, body)} | body
        )
    except RefusedError as error:
        amiss(error, {})
    return redirect(url_for("web.child_supervisions", record_id=record_id, _anchor="supervisions"), 303)


def _page(
    connection: Connection, person: SignedIn, record_id: UUID, sent: Mapping[str, str], errors: Mapping[str, str]
) -> tuple[str, int]:
    given, known_on = context(), known_on_asked()
    told = read_supervisions(
        connection, reader_of(person), record_id, known_on.point, pack=given.pack, chance=given.chance
    )
    agencies = directory(connection)
    wrong = {**errors, **known_on.errors}
    refs = sorted({str(one["author"]["ref"]) for one in told["supervisions"] if one["author"]["ref"]})
    html = render_child(
        "supervisions.html",
        connection,
        person,
        record_id,
        HERE,
        **answered(told) | {"open": _open(told["open"])},
        names=names_by_ref(connection, refs),
        agency_names={name: one.name for name, one in agencies.items()},
        agencies=sorted(agencies.values(), key=lambda one: one.name),
        bases=BASES,
        known_on=known_on,
        may_work=known_on.day is None and reaches(connection, reader_of(person), record_id, Right.WORK),
        shown=SHOWN,
        sent=sent,
        errors=wrong,
        reason_chars_max=REASON_CHARS_MAX,
    )
    return html, 400 if wrong else 200


def _open(parts: Mapping[str, list[dict[str, Any]] | None]) -> dict[str, list[dict[str, Any]] | None]:
    """What is open, in words: the gravest findings first, and of what is awaited what that is."""
    findings, awaited = parts["findings"], parts["expectations"]
    return {
        **parts,
        "findings": findings and sorted(findings, key=lambda one: _WEIGHTS.get(one["severity"], 0)),
        "expectations": awaited and [{**one, "words": word_awaited(one["topic"])} for one in awaited],
    }
