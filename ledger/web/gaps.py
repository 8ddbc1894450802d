"""What is not known about a child: each gap with the answers that take one press, and the form for one that is known.

An answer is an observation like any other, by whoever presses; asking another agency is a request for information. Not
getting an answer is one too: it is never a failing of whoever asked.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, redirect, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from ledger.domain.civil_day import civil_date
from ledger.domain.lawful_basis import BASES, CONSENT
from ledger.domain.question import digest_of
from ledger.domain.role import Right
from ledger.domain.vocabulary import Attribute
from ledger.services.name_people import ANOTHERS, Nameable
from ledger.services.observe import observe
from ledger.services.past import Past, open_past
from ledger.services.reach import reaches
from ledger.services.read_gap_sheet import read_gap_sheet
from ledger.services.refusal import EVENT_ID_REUSED, NOT_KNOWN, RefusedError
from ledger.services.share import SHARING
from ledger.services.sign_in import SignedIn
from ledger.services.word_text import capital, plain
from ledger.store.clock import now
from ledger.store.people import directory
from ledger.web.child_frame import render_child
from ledger.web.claim_rows import HOW_WORDS, OWN, UNKNOWN, WHEN_WORDS, Row, claim_of, unknown_values
from ledger.web.known_on import known_on_asked
from ledger.web.named_people import with_people
from ledger.web.observation_form import Form
from ledger.web.observe import Place, place_of
from ledger.web.sent import author_of, event_of
from ledger.web.sessions import acting, check_form, reader_of
from ledger.web.words import context

#: The answers that take one press: what is recorded, and what the button says.
TAPS: Final = {
    "declined": "Asked: declined to say",
    "evaded": "Asked: did not answer",
    "unknown": "Asked: not known",
    "not_asked": "Could not ask",
}
_ROW: Final = "row-0"
#: Which one was asked about, where a gap is about none in particular and an answer must say.
_ANY_ITEM: Final = "any"
_NO_TO: Final = "Choose the agency to ask"
_NO_BASIS: Final = "Choose on what lawful basis it is asked"


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get("/children/<uuid:record_id>/gaps", endpoint="child_gaps")(show_gaps)
    blueprint.post("/children/<uuid:record_id>/gaps", endpoint="answer_gap")(press_answer)


def show_gaps(record_id: UUID) -> str | tuple[str, int]:
    """The open gaps with their answers, and those that were answered."""
    with acting() as (connection, person):
        return _page(connection, person, record_id, {}), 200 if known_on_asked().error is None else 400


def press_answer(record_id: UUID) -> Response | tuple[str, int]:
    """Record what came of asking, what is known, or that another agency is asked. Pressing twice is pressing once."""
    with acting() as (connection, person):
        check_form(person)
        _, sheet = _sheet(connection, person, record_id)
        gap = next((one for one in sheet["gaps"] if one["gap"] == request.form.get("gap")), None)
        if gap is None:
            raise RefusedError(NOT_KNOWN.code, NOT_KNOWN.detail)
        place = place_of(connection, person, record_id)
        today = civil_date(now(connection)).isoformat()
    answer = request.form.get("answer", "")
    if answer == "enquire":
        errors = _enquire(place, gap)
    else:
        row = _tapped(answer, today) if answer in TAPS else _known(gap, today)
        errors = _answer(place, gap, row, today, at=request.form.get("at", ""))
    if errors:
        with acting() as (connection, person):
            return _page(connection, person, record_id, errors), 400
    anchor = f"gap-{gap['gap']}"
    return redirect(url_for("web.child_gaps", record_id=record_id, _anchor=anchor), 303)


def _page(connection: Connection, person: SignedIn, record_id: UUID, errors: Mapping[str, str]) -> str:
    known_on, pressed = known_on_asked(), request.form.get("gap", "")
    past, sheet = _sheet(connection, person, record_id)
    reader, is_now = reader_of(person), known_on.day is None
    place = place_of(connection, person, record_id, past if is_now else None)
    can_answer = is_now and reaches(connection, reader, record_id, Right.OBSERVE)
    called = {one.value: one.words for one in place.people}
    gaps = [
        one
        | {
            "title": _title(one, called),
            "row": _shown(one, called, errors if one["gap"] == pressed else {}),
            # To speak of somebody by another agency's reference takes a link, under which a gap is another question: a
            # press that says only that nothing is known must not end it.
            "takes_link": _whom(one, called).startswith(ANOTHERS),
            "is_pressed": one["gap"] == pressed and bool(errors),
            "closers": [place.agencies[name] for name in one["can_close"] if name in place.agencies],
        }
        for one in sheet["gaps"]
    ]
    return render_child(
        "gaps.html",
        connection,
        person,
        record_id,
        "web.child_gaps",
        gaps=gaps,
        answered=sheet["answered"],
        place=place,
        people=place.people,
        known_on=known_on,
        as_of=sheet["as_of"]["number"],
        can_answer=can_answer,
        can_ask=is_now and reaches(connection, reader, record_id, Right.WORK),
        taps=TAPS,
        bases={name: capital(plain(name)) for name in BASES if name != CONSENT},
        how_words=HOW_WORDS,
        when_words=WHEN_WORDS,
        unknowns=unknown_values(),
        sent=request.form,
        errors={**errors, **known_on.errors},
    )


def _sheet(connection: Connection, person: SignedIn, record_id: UUID) -> tuple[Past, dict[str, Any]]:
    """The record as it is opened for this page, and what is shown of it."""
    given, asked = context(), known_on_asked().point
    past = open_past(connection, reader_of(person), record_id, asked, what="gaps", chance=given.chance)
    return past, read_gap_sheet(past, pack=given.pack, chance=given.chance, directory=directory(connection))


def _title(gap: Mapping[str, Any], called: Mapping[str, str]) -> str:
    words = gap.get("words") or {}
    if words.get("what_words"):
        return capital(words["what_words"])
    return f"{called.get(_whom(gap, called), 'Somebody in the child’s life')}: {plain(gap['topic'])}"


def _whom(gap: Mapping[str, Any], called: Mapping[str, str]) -> str:
    """Whom a gap is about, as the form names them."""
    about = str(gap["about"])
    return about if about in called else f"{ANOTHERS}{about}"


def _shown(gap: Mapping[str, Any], called: Mapping[str, str], errors: Mapping[str, str]) -> Row | None:
    """The row in which to say what is known; None where that is no statement, as who leads."""
    attribute = context().pack.attributes.get(gap["topic"])
    if attribute is None:
        return None
    name = f"g{gap['gap'][:8]}"
    prefix = f"{name}-"
    sent = {
        "attribute": attribute.name, "about": _whom(gap, called), "item": gap.get("item", ""), "when": "still",
        "with": gap.get("with", ""), "use": "yes",
    }  # fmt: skip
    if errors:
        sent |= {part.removeprefix(prefix): text for part, text in request.form.items() if part.startswith(prefix)}
    told = {part.removeprefix(prefix): words for part, words in errors.items() if part.startswith(prefix)}
    return Row(name, attribute, sent, errors=told)


def _named(gap: Mapping[str, Any], people: Mapping[str, str]) -> dict[str, str]:
    """What every answer to a gap names, so that it meets the question."""
    named = {"about": _whom(gap, people), "item": str(gap.get("item", ""))}
    if gap.get("with"):
        named["with"] = gap["with"] if gap["with"] in people else f"{ANOTHERS}{gap['with']}"
    if gap.get("thing"):
        named["thing"] = str(gap["thing"])
    return named


def _tapped(answer: str, today: str) -> dict[str, str]:
    """What came of asking: nothing that is known. Of whom, where that is said."""
    whom = request.form.get("whom", "")
    how = f"told:{whom}" if whom and answer != "not_asked" else "own_record"
    return {"value": f"{UNKNOWN}{answer}", "how": how, "when": "on", "day": today}


def _known(gap: Mapping[str, Any], today: str) -> dict[str, str]:
    """What is known, as it was entered for this gap."""
    prefix = f"g{gap['gap'][:8]}-"
    return {
        name.removeprefix(prefix): text.strip() for name, text in request.form.items() if name.startswith(prefix)
    } | {"day": today}


def _answer(place: Place, gap: Mapping[str, Any], sent: Mapping[str, str], today: str, *, at: str) -> dict[str, str]:
    """Record an answer; what is wrong with it, by field."""
    given, person = context(), place.person
    attribute = given.pack.attributes.get(gap["topic"])
    if attribute is None:
        return {"gap": "This is not answered by a statement: see the Work tab"}
    people = {one.value: one.words for one in place.people}
    named = _named(gap, people)
    if "thing" in named:
        agency, _, key = named["thing"].partition("/")
        named["thing"] = f"{OWN}{key}" if agency == person.agency else f"{ANOTHERS}{named['thing']}"
    if _must_name_one(attribute, named, sent):
        named["item"] = _ANY_ITEM
    row = Row(_ROW, attribute, {"use": "yes", **sent, **{name: value for name, value in named.items() if value}})
    token = digest_of([gap["gap"], at])[:24]
    claim, wrong = claim_of(row, token, given.pack)
    if wrong:
        shown = f"g{gap['gap'][:8]}"
        return {f"{shown}-{part}": words for part, words in wrong.items()}
    body: dict[str, Any] = {
        "child": {"id": str(place.record_id)}, "observed": today, "statement": "fact", "claims": [claim],
        "author": author_of(person),
    }  # fmt: skip
    told, links = with_people(body, Form({"page": token}), _with_anothers(place.people, named, sent))
    event = event_of("gap", person, place.record_id, [gap["gap"], claim])
    try:
        observe(given, person.caller, {"event_id": event, **told}, links)
    except RefusedError as error:
        if error.refusal.code != EVENT_ID_REUSED.code:
            return {f"gap-{gap['gap']}": error.refusal.detail}
    return {}


def _must_name_one(attribute: Attribute, named: Mapping[str, str], sent: Mapping[str, str]) -> bool:
    """Whether what was pressed must say which one, and the gap is about none in particular."""
    return (
        attribute.item == "required"
        and not named["item"]
        and not sent.get("item")
        and sent.get("value", "").startswith(UNKNOWN)
    )


def _with_anothers(people: Sequence[Nameable], named: Mapping[str, str], sent: Mapping[str, str]) -> list[Nameable]:
    """Whom the form may name, and whom the gap is about though nobody described them."""
    known = {one.value for one in people}
    wanted = {named.get("about", ""), named.get("with", ""), sent.get("how", "").partition(":")[2]}
    return [*people, *(Nameable(one, one) for one in wanted - known if one.startswith(ANOTHERS))]


def _enquire(place: Place, gap: Mapping[str, Any]) -> dict[str, str]:
    """Ask another agency; what is wrong with that, by field."""
    to, basis = request.form.get("to", ""), request.form.get("lawful_basis", "")
    field = f"g{gap['gap'][:8]}"
    errors = {} if to in place.agencies else {f"{field}-to": _NO_TO}
    if basis not in BASES:
        errors[f"{field}-basis"] = _NO_BASIS
    if errors:
        return errors
    body = {
        "to": to,
        "asks": gap["ask"],
        "purpose": gap["why"],
        "lawful_basis": basis,
        "author": author_of(place.person),
    }
    event = event_of("enquiry", place.person, place.record_id, [gap["gap"], body])
    try:
        SHARING["information_request"](context(), place.person.caller, place.record_id, {"event_id": event, **body})
    except RefusedError as error:
        if error.refusal.code != EVENT_ID_REUSED.code:
            return {f"{field}-to": error.refusal.detail}
    return {}
