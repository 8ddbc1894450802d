"""A child's chronology: swim-lanes by agency over time, and every entry in words, as known on a day."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from flask import Blueprint

from ledger.domain.civil_day import civil_date
from ledger.domain.pack import Pack
from ledger.domain.role import Right, Role
from ledger.domain.significance import MEANS
from ledger.services.describe_entry import describe, word_kind
from ledger.services.lanes import OF_THE_LEDGER, Lanes, lanes_of, word_silence
from ledger.services.names_in_entries import names_in_entries
from ledger.services.reach import reaches
from ledger.services.read_chronology import PAGE, Chronology, open_chronology
from ledger.services.sign_in import SignedIn
from ledger.services.word_dates import word_day
from ledger.services.word_text import capital, plain
from ledger.store.people import Agency, directory
from ledger.web.child_frame import render_child
from ledger.web.chronology_asked import AXES, SILENCES, chronology_asked, step_days
from ledger.web.chronology_asked import Asked as Sent
from ledger.web.draw_lanes import SHORT, draw_lanes
from ledger.web.sessions import acting, reader_of
from ledger.web.words import context

HERE: Final = "web.chronology"


def register(blueprint: Blueprint) -> None:
    """Add the route, and the filter of its template."""
    blueprint.app_template_filter("of_day")(word_day)
    blueprint.get("/children/<uuid:record_id>/chronology", endpoint="chronology")(show_chronology)


def show_chronology(record_id: UUID) -> str | tuple[str, int]:
    """The chronology, as known at the end of a day or now; a day that cannot be read is said and not used."""
    given, sent = context(), chronology_asked()
    with acting() as (connection, person):
        agencies = directory(connection)
        opened = open_chronology(
            connection,
            reader_of(person),
            record_id,
            sent.question(given.auditor),
            pack=given.pack,
            chance=given.chance,
            directory=agencies,
        )
        chronology = opened.show(sent.wanted, sent.leaf)
        known = names_in_entries(connection, chronology.items, agencies)
        page = render_child(
            "chronology.html",
            connection,
            person,
            record_id,
            HERE,
            chronology=chronology,
            entries=[describe(item, known) for item in chronology.items],
            **_pictured(sent, chronology, agencies),
            **_choices(chronology, agencies, given.pack),
            **_known_by(person, chronology, agencies),
            **_stepped(sent, chronology),
            asked=sent,
            page_size=PAGE,
            may_print=reaches(connection, reader_of(person), record_id, Right.EXPORT),
            printed=_printed(person, agencies),
            errors=sent.errors,
        )
    return page, 400 if sent.errors else 200


def _pictured(sent: Sent, chronology: Chronology, agencies: Mapping[str, Agency]) -> dict[str, Any]:
    """The lanes as a picture, and the same as rows of a table."""
    lanes = lanes_of(chronology, sent.wanted, sent.days_min)
    if lanes is None:
        return {"picture": None, "lane_rows": [], "nobody": [], "shapes": SHORT, "meanings": MEANS}
    until = None if sent.wanted.last or not chronology.index.days else chronology.index.days[-1][0]
    picture = draw_lanes(lanes, lambda one: _name(one, agencies), known_on=sent.known_on.day, until=until)
    nobody = [word_silence(one) for one in lanes.nobody]
    rows = _lane_rows(lanes, agencies, sent.known_by)
    return {"picture": picture, "lane_rows": rows, "nobody": nobody, "shapes": SHORT, "meanings": MEANS}


def _lane_rows(lanes: Lanes, agencies: Mapping[str, Agency], known_by: str | None) -> list[dict[str, Any]]:
    return [
        {
            "agency": lane.agency,
            "name": _name(lane.agency, agencies),
            "entries": len(lane.rows),
            "standing_out": lane.standing_out,
            "first": min((day for day, _ in lane.rows), default=None),
            "last": max((day for day, _ in lane.rows), default=None),
            "silences": [word_silence(one, _name(lane.agency, agencies)) for one in lane.silences],
            "is_ledger": lane.agency == OF_THE_LEDGER,
            "is_told": known_by in (None, lane.agency),
        }
        for lane in lanes.lanes
    ]


def _name(agency: str, agencies: Mapping[str, Agency]) -> str:
    return "The ledger" if agency == OF_THE_LEDGER else agencies[agency].name if agency in agencies else plain(agency)


def _choices(chronology: Chronology, agencies: Mapping[str, Agency], pack: Pack) -> dict[str, Any]:
    """What the filters offer: what there is in what the reader sees, each with how many entries have it."""
    rows = chronology.index.rows
    about = sorted({name for row in rows for name in row.about}, key=lambda one: (one not in pack.topics, plain(one)))
    return {
        "agency_choices": _offered([(row.agency, _name(row.agency, agencies)) for row in rows]),
        "kind_choices": _offered([(row.kind, word_kind(row.kind)) for row in rows if row.kind is not None]),
        "about_choices": [(one, _about(one, pack)) for one in about],
        "axes": AXES,
        "silence_choices": SILENCES,
    }


def _known_by(person: SignedIn, chronology: Chronology, agencies: Mapping[str, Agency]) -> dict[str, Any]:
    """Whose knowledge may be asked for: an auditor's question is of any agency, everybody else's of their own."""
    involved = [part.agency for part in chronology.parts]
    whose = sorted(set(involved)) if Role.AUDITOR in person.roles else [person.agency]
    knowledge = chronology.past.knowledge
    return {
        "known_by_choices": [(one, _name(one, agencies)) for one in whose],
        "known_by": None if knowledge is None else _name(knowledge.agency, agencies),
        "known_by_words": None if knowledge is None else knowledge.as_json()["words"],
    }


def _about(name: str, pack: Pack) -> str:
    return f"{capital(plain(name))} (everything on it)" if name in pack.topics else capital(plain(name))


def _offered(found: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    counts: dict[tuple[str, str], int] = {}
    for one in found:
        counts[one] = counts.get(one, 0) + 1
    return [
        (value, f"{words} ({count:,})") for (value, words), count in sorted(counts.items(), key=lambda one: one[0][1])
    ]


def _stepped(sent: Sent, chronology: Chronology) -> dict[str, Any]:
    """The days on which anything was recorded, for the slider: the first, and the others by how long after it."""
    days = chronology.index.days
    before, after = step_days([day for day, _ in days], sent.known_on.day)
    first = days[0][0] if days else None
    return {
        "days": " ".join(f"{(day - days[0][0]).days}:{count}" for day, count in days),
        "first_day": first,
        "last_day": days[-1][0] if days else None,
        "day_before": before,
        "day_after": after,
    }


def _printed(person: SignedIn, agencies: Mapping[str, Agency]) -> dict[str, Any]:
    """Who prints the page, and when: for the foot of a printed page."""
    at = civil_date(context().real_now())
    return {"by": person.name, "agency": agencies[person.agency].name if person.agency in agencies else "", "on": at}
