"""A child's chronology: every entry in the order recorded, as known on a day, and of a day in the child's life."""

from datetime import date, datetime, timedelta
from uuid import UUID

from flask import Blueprint, render_template, request

from ledger.domain.civil_day import day_stretch
from ledger.services.child_told import child_told
from ledger.services.describe_entry import Names, describe, ids_in, refs_in
from ledger.services.name_child import name_child
from ledger.services.read_timeline import LIMIT_MAX, Question, read_timeline
from ledger.services.refusal import RefusedError
from ledger.services.see import open_eyes
from ledger.store.people import directory, names, names_by_ref
from ledger.web.sessions import acting, reader_of
from ledger.web.words import context

_YEARS = range(1900, 2200)
_NOT_A_DAY = "Enter a real day, such as 5 October 2022"


def register(blueprint: Blueprint) -> None:
    """Add the route."""
    blueprint.get("/children/<uuid:record_id>/chronology", endpoint="chronology")(show_chronology)


def show_chronology(record_id: UUID) -> str | tuple[str, int]:
    """The chronology, as known at the end of a day or now; a day that cannot be read is said and not used."""
    given, errors = context(), dict[str, str]()
    known_on, so_on = _day("known_on", errors), _day("so_on", errors)
    question = Question(
        known_at=day_stretch(known_on)[1] - timedelta(microseconds=1) if known_on else None,
        number=None if known_on else _number("as_of"),
        valid_at=_noon(so_on) if so_on else None,
        after=_number("after") or 0,
        limit=LIMIT_MAX,
    )
    with acting() as (connection, person):
        agencies = directory(connection)
        timeline = read_timeline(
            connection,
            reader_of(person),
            record_id,
            question,
            pack=given.pack,
            chance=given.chance,
            directory=agencies,
        )
        eyes = open_eyes(connection, reader_of(person), [record_id])
        details = child_told(connection, eyes, [record_id]).get(record_id, {})
        people = names_by_ref(connection, refs_in(timeline["entries"]))
        signed_in = names(connection, ids_in(timeline["entries"]))
    known = Names(
        {agency_id: agency.name for agency_id, agency in agencies.items()},
        people,
        {str(person_id): name for person_id, name in signed_in.items()},
    )
    return render_template(
        "chronology.html",
        child=name_child(details),
        record_id=record_id,
        timeline=timeline,
        entries=[describe(entry, known) for entry in timeline["entries"]],
        known_on=known_on,
        so_on=so_on,
        sent=request.args,
        errors=errors,
    ), 400 if errors else 200


def _day(name: str, errors: dict[str, str]) -> date | None:
    text = request.args.get(name, "").strip()
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.year not in _YEARS:
        errors[name] = _NOT_A_DAY
        return None
    return day


def _noon(day: date) -> datetime:
    start, end = day_stretch(day)
    return start + (end - start) / 2


def _number(name: str) -> int | None:
    text = request.args.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= 15):
        raise RefusedError("not_a_number", f"{name} is the number of an entry", f"/{name}")
    return int(text)
