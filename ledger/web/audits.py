"""The auditor's page: what is unusual first, then who looked at what."""

from datetime import date
from typing import Final
from uuid import UUID

from flask import Blueprint, render_template, request

from ledger.domain.civil_day import Stretch, day_stretch
from ledger.domain.role import Right
from ledger.services.audit_access import audit_access
from ledger.services.find_unusual import find_unusual
from ledger.services.read_glass import read_glass
from ledger.services.reading import reading
from ledger.services.refusal import RefusedError
from ledger.services.word_verdict import VERDICT_WORDS
from ledger.store.audit import Asked, record_of_partnership, staff
from ledger.store.people import directory
from ledger.web.sessions import acting
from ledger.web.words import context

#: Why an auditor looks, where the page itself says it.
_PURPOSE: Final = "oversight of access, on the auditors' page"
_SHOWN: Final = 50
_WHATS: Final = {
    "alert": "one alert",
    "alerts": "list of alerts",
    "record": "the record",
}
_REFUSALS: Final = {
    "not_involved": "no part in it",
    "too_many_children": "too many children",
}
_NOT_A_DAY: Final = "Enter a real day, such as 2024-10-05"
_NOT_A_RECORD: Final = "Enter the id of a child’s record"


def register(blueprint: Blueprint) -> None:
    """Add the route."""
    blueprint.get("/audit", endpoint="audit")(show_audit)


def show_audit() -> str | tuple[str, int]:
    """Unusual access, reviews that wait, and a search in all access."""
    given, errors = context(), dict[str, str]()
    asked = _asked(errors)
    with acting() as (_, person):
        pass
    with reading(given, person.caller, Right.OVERSEE, purpose=_PURPOSE) as (connection, reader):
        home = reader.home or reader.agency
        unusual = find_unusual(connection, reader, since=None, until=given.real_now(), chance=given.chance)
        glass = read_glass(connection, reader, is_open=True, chance=given.chance)
        agencies = {name: agency.name for name, agency in directory(connection).items()}
        people = [(str(person_id), agency, name) for person_id, agency, name in staff(connection, home)]
        own = str(record_of_partnership(connection, home))
        try:
            found = audit_access(connection, reader, asked, after=request.args.get("after"), chance=given.chance)
        except RefusedError:
            found = {"access": [], "next": None}
    page = render_template(
        "audit.html",
        unusual=unusual["unusual"],
        since=unusual["since"],
        breakings=glass["breakings"],
        verdicts=VERDICT_WORDS,
        access=[{**look, "is_child": look["record"] != own} for look in found["access"]],
        following=found["next"],
        agencies=agencies,
        people=people,
        sent={name: request.args.get(name, "") for name in ("child", "agency", "who", "since", "until")},
        errors=errors,
        amiss=request.args.get("amiss") == "yes",
        whats=_WHATS,
        refusals=_REFUSALS,
    )
    return (page, 400) if errors else page


def _asked(errors: dict[str, str]) -> Asked:
    """What the search asks for; what cannot be read is said and not used."""
    since, until = _day("since", errors), _day("until", errors)
    agency = request.args.get("agency", "").strip() or None
    return Asked(
        child=_id("child", errors),
        agency=agency,
        person=_id("who", errors),
        since=since[0] if since else None,
        until=until[1] if until else None,
        limit=_SHOWN,
    )


def _id(name: str, errors: dict[str, str]) -> UUID | None:
    written = request.args.get(name, "").strip()
    try:
        return UUID(written) if written else None
    except ValueError:
        errors[name] = _NOT_A_RECORD
        return None


def _day(name: str, errors: dict[str, str]) -> Stretch | None:
    """A whole day of London's; None where none was given, or none that can be read."""
    written = request.args.get(name, "").strip()
    if not written:
        return None
    try:
        return day_stretch(date.fromisoformat(written))
    except ValueError:
        errors[name] = _NOT_A_DAY
        return None
