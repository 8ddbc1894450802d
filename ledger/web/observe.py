"""Post an observation, for people without a system of their own: what was seen first, and then what it says in claims.

Two steps of one form, which carries all that was entered: the narrative, and then the claims, of which those that plain
rules find in it are offered and none is added unless it is ticked. Who has no more time posts after the first. What was
typed is not lost where a session has ended: the answer is the form again, with a way to sign in beside it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from ledger.domain.civil_day import civil_date
from ledger.domain.question import digest_of
from ledger.domain.role import Right
from ledger.services.name_people import LOOK, ROLES, Nameable, name_people, people_in
from ledger.services.observe import observe
from ledger.services.past import Past, look_again
from ledger.services.reach import reaches
from ledger.services.refusal import CHILD_NOT_KNOWN, EVENT_ID_REUSED, NOT_KNOWN, OBSERVED_IN_FUTURE, RefusedError
from ledger.services.sign_in import SignedIn, is_csrf
from ledger.store.clock import now
from ledger.store.identity import is_of_partnership
from ledger.store.people import agency_kinds, directory
from ledger.web.child_frame import render_child
from ledger.web.claim_rows import HOW_WORDS, WHEN_WORDS, Row, attributes_by_topic, sentence_of, unknown_values
from ledger.web.named_people import with_people
from ledger.web.observation_form import (
    DEPTHS,
    NARRATIVE_CHARS_MAX,
    NEW_PEOPLE_MAX,
    STATEMENTS,
    Form,
    Newcomer,
    body_of,
    form_of,
)
from ledger.web.sent import author_of
from ledger.web.sessions import NotSignedInError, acting, check_same_site, reader_of
from ledger.web.suggested import with_suggestions
from ledger.web.words import context

_IN_FUTURE: Final = "This is later than the ledger’s clock. For what is planned choose the statement Plan or Intention"
_POSTED: Final = (
    "This page was posted already, and what it posted then stands. If this is a further observation, press Post again; "
    "to put the first one right, open it in the chronology"
)
#: What is said where the form came from an earlier session.
RELOADED: Final = "Nothing was posted: you have signed in anew since you opened this page. Look it over and press Post"
#: What a browser's tab keeps of a page goes by who typed it and about whom, without saying either.
_DRAFT: Final = "draft"


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get("/children/<uuid:record_id>/observe", endpoint="observe")(show_observe)
    blueprint.post("/children/<uuid:record_id>/observe", endpoint="press_observe")(press_observe)


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody writes: whose record it is, whether they may read it, and whom they may name there."""

    person: SignedIn
    record_id: UUID
    is_involved: bool
    people: Sequence[Nameable]
    #: Names and kinds of the other agencies.
    agencies: Mapping[str, str]
    kinds: Mapping[str, str]


def show_observe(record_id: UUID) -> str:
    """An empty form, of today."""
    with acting() as (connection, person):
        place = place_of(connection, person, record_id)
        today = civil_date(now(connection)).isoformat()
        return page(connection, place, Form({"day": today, "page": _token(), "narrative": ""}), step=1)


def press_observe(record_id: UUID) -> Response | tuple[str, int] | str:
    """Look what the narrative says, add a statement, or post; whatever is wrong, all that was entered stays."""
    form = form_of(request.form, request.form.getlist("present"), context().pack)
    try:
        with acting() as (connection, person):
            check_same_site()
            place = place_of(connection, person, record_id)
            if not is_csrf(person, request.form.get("csrf", "")):
                return page(connection, place, form, {"narrative": RELOADED}), 400
            if request.form.get("step") != "post":
                return page(connection, place, further(form, place))
            body, errors = body_of(form, str(record_id), author_of(person), context().pack)
            if errors:
                return page(connection, place, with_rows_wrong(form, errors), errors), 400
    except NotSignedInError:
        return signed_out(form)
    return _post(place, form, body)


def signed_out(form: Form) -> tuple[str, int]:
    """What was entered, given back to whoever sent it without a session, with a way to sign in."""
    return render_template("observe_again.html", sent=request.form, narrative=form.sent["narrative"]), 401


def place_of(connection: Connection, person: SignedIn, record_id: UUID, past: Past | None = None) -> Place:
    """Where this person writes. Whoever may read the record has its people to choose from, which is recorded.

    ``past``: the record as it is now, where the page has opened it already.
    """
    reader, given = reader_of(person), context()
    if not is_of_partnership(connection, record_id, person.agency):
        raise RefusedError(NOT_KNOWN.code, NOT_KNOWN.detail, record_id=record_id)
    is_involved = reaches(connection, reader, record_id, Right.READ)
    people: Sequence[Nameable] = ROLES
    if past is not None:
        people = people_in(look_again(past, LOOK, given.chance), given.pack)
    elif is_involved:
        people = name_people(connection, reader, record_id, pack=given.pack, chance=given.chance)
    others = {name: one.name for name, one in directory(connection).items() if name != person.agency}
    kinds = {name: given.pack.agency_kind(kind) for name, kind in agency_kinds(connection).items() if name in others}
    return Place(person, record_id, is_involved, people, others, kinds)


def page(
    connection: Connection,
    place: Place,
    form: Form,
    errors: Mapping[str, str] | None = None,
    step: int = 2,
    **more: Any,
) -> str:
    """The form as it stands, with what is wrong with it."""
    offered = [*form.newcomers]
    taken = {one.name for one in offered}
    free = [str(place) for place in range(NEW_PEOPLE_MAX) if str(place) not in taken]
    if free:
        offered.append(Newcomer(free[0], {}))
    people: list[Nameable | Newcomer] = [*place.people, *(one for one in form.newcomers if one.words)]
    called = {one.value: one.words for one in people}
    sentences = {row.name: sentence_of(row, called, place.agencies) for row in form.rows}
    values = {
        "form": form, "sent": form.sent, "rows": form.rows, "errors": errors or {}, "step": step, "place": place,
        "people": people, "sentences": sentences, "newcomers": offered,
        "statements": STATEMENTS, "depths": DEPTHS, "how_words": HOW_WORDS, "when_words": WHEN_WORDS,
        "unknowns": unknown_values(), "groups": list(attributes_by_topic(context().pack)),
        "marked": marked(form), "chars_max": NARRATIVE_CHARS_MAX, "correcting": None,
        "draft": draft_of(place),
    } | more  # fmt: skip
    if place.is_involved:
        return render_child("observe.html", connection, place.person, place.record_id, None, **values)
    child = "A child in whose record your agency has no part"
    return render_template("observe.html", child=child, record_id=place.record_id, tabs=[], deeds=[], **values)


def draft_of(place: Place) -> str:
    """Under what name a browser's tab keeps what this person types about this child."""
    return digest_of([_DRAFT, str(place.person.person_id), str(place.record_id)])


def marked(form: Form) -> list[tuple[str, Row | None]]:
    """The narrative in pieces, each with the first row that was read from it."""
    narrative, pieces, at = form.sent.get("narrative", ""), list[tuple[str, Row | None]](), 0
    for row in form.rows:
        start, _, end = row.sent.get("at", "").partition("-")
        if not row.words or not start or int(start) < at:
            continue
        pieces += [(narrative[at : int(start)], None), (narrative[int(start) : int(end)], row)]
        at = int(end)
    return [*pieces, (narrative[at:], None)] if pieces else []


def with_rows_wrong(form: Form, errors: Mapping[str, str]) -> Form:
    """The form with each row's errors beside it."""
    rows = [
        replace(row, errors={part.removeprefix(f"{row.name}-"): words for part, words in errors.items()
                             if part.startswith(f"{row.name}-")})
        for row in form.rows
    ]  # fmt: skip
    return replace(form, rows=rows)


def further(form: Form, place: Place) -> Form:
    """The form with what its narrative suggests, and with the statement that was asked for."""
    given = context()
    form = with_suggestions(form, place.people, place.kinds, given.pack)
    attribute = given.pack.attributes.get(request.form.get("add", ""))
    if request.form.get("step") != "add" or attribute is None:
        return form
    place_of_row = max((int(one.name.rpartition("-")[2]) for one in form.rows), default=-1) + 1
    about = "child" if attribute.about == "child" else ""
    sent = {"attribute": attribute.name, "about": about, "how": form.sent.get("how", ""), "use": "yes", "when": "on"}
    return replace(form, rows=[*form.rows, Row(f"row-{place_of_row}", attribute, sent)])


def _post(place: Place, form: Form, body: dict[str, Any]) -> Response | tuple[str, int]:
    person, record_id = place.person, place.record_id
    told, links = with_people(body, form, place.people)
    event = f"page.{digest_of([str(record_id), str(person.person_id), form.token])}"[:56]
    try:
        recorded = observe(context(), person.caller, {"event_id": event, **told}, links if place.is_involved else ())
    except RefusedError as error:
        return _refused(place, form, error)
    return redirect(url_for("web.observed", record_id=record_id, number=recorded.entry.number), 303)


def _refused(place: Place, form: Form, error: RefusedError) -> tuple[str, int]:
    code = error.refusal.code
    if code == CHILD_NOT_KNOWN.code:
        raise error
    if code == EVENT_ID_REUSED.code:
        errors, form = {"narrative": _POSTED}, replace(form, sent={**form.sent, "page": _token()})
    elif code == OBSERVED_IN_FUTURE.code:
        errors = {"day": _IN_FUTURE}
    else:
        errors = {"narrative": error.refusal.detail}
    with acting() as (connection, _person):
        return page(connection, place, form, errors), 400


def _token() -> str:
    return context().chance(12).hex()
