"""Administrators' pages about people: who there is, adding somebody, roles, ways in, and who has left or is away."""

from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ledger.domain.glass import says_why
from ledger.domain.role import STANDING, Role
from ledger.services.administer import LIMIT, read_people, sign_out_everywhere
from ledger.services.give import can_give, change_role, give_link, give_person
from ledger.services.people_leave import come_back, leads_held, leave
from ledger.services.people_read import read_agency_people
from ledger.services.people_say import be_absent, be_back
from ledger.services.read_administration import read_agencies, read_person
from ledger.services.refusal import NOT_KNOWN, RefusedError
from ledger.services.sign_in import LINK_LASTS, SignedIn
from ledger.web.sessions import acting, check_form
from ledger.web.words import context

_CHARS_MAX: Final = 200
_REASON_CHARS_MAX: Final = 500
_MISSING: Final = {
    "agency": "Choose their agency",
    "name": "Enter their name",
    "ref": "Enter the reference by which their agency knows them",
    "office": "Enter their office, in their agency’s words",
}
_ROLE_DEEDS: Final = frozenset({"give", "take"})
_NO_ROLE: Final = "Choose at least one role"
_NOT_WHY: Final = f"Say why, in two words or more and at most {_REASON_CHARS_MAX} characters"
_NO_DAY: Final = "Enter a real day, such as 2024-10-05"
#: What ends on a page that asks first.
_ENDINGS: Final = ("sessions", "leaving")


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get("/administration/people", endpoint="staff")(show_people)
    blueprint.get("/administration/new-person", endpoint="new_person")(ask_person)
    blueprint.post("/administration/new-person", endpoint="add_person")(press_person)
    one = "/administration/people/<uuid:person_id>"
    blueprint.get(one, endpoint="staff_member")(show_person)
    blueprint.post(f"{one}/roles", endpoint="change_role")(press_role)
    blueprint.post(f"{one}/links", endpoint="make_link")(press_link)
    blueprint.post(f"{one}/absences", endpoint="say_absence")(press_absence)
    blueprint.get(f"{one}/endings/<what>", endpoint="ask_ending")(ask_ending)
    blueprint.post(f"{one}/endings/<what>", endpoint="press_ending")(press_ending)


def show_people() -> str:
    """The people of the partnership, or of one of its agencies."""
    with acting() as (_, person):
        pass
    given, agency = context(), request.args.get("agency") or None
    found = read_people(given, person.caller, after=_after(), limit=LIMIT, agency=agency)
    found["people"].sort(key=lambda one: (one["agency"], one["name"]))
    return render_template(
        "staff.html", found=found, agency=agency, agencies=_agencies(person), can_give=can_give(given)
    )


def ask_person() -> str:
    """The form that adds somebody."""
    with acting() as (_, person):
        pass
    return _new_page(person, {"agency": request.args.get("agency", "")}, [Role.PRACTITIONER], {})


def press_person() -> Response | tuple[str, int]:
    """Add somebody to an agency of the partnership: an entry in its record for them and for each role."""
    with acting() as (_, person):
        check_form(person)
    sent = {name: request.form.get(name, "").strip() for name in _MISSING}
    roles = [Role(one) for one in request.form.getlist("roles") if one in STANDING]
    errors = {name: words for name, words in _MISSING.items() if not sent[name] or len(sent[name]) > _CHARS_MAX}
    if not roles:
        errors["roles"] = _NO_ROLE
    if errors:
        return _new_page(person, sent, roles, errors), 400
    try:
        added = give_person(context(), person.caller, **sent, roles=roles)
    except RefusedError as error:
        field = {"roles_exclude": "roles", NOT_KNOWN.code: "agency"}.get(error.refusal.code, "form")
        return _new_page(person, sent, roles, {field: error.refusal.detail}), 409
    return redirect(url_for("web.staff_member", person_id=added, said="added"), 303)


def show_person(person_id: UUID) -> str:
    """One person: their roles, ways in and sessions, as metadata."""
    return _person_page(person_id, {}, {})


def press_role(person_id: UUID) -> Response | tuple[str, int]:
    """Give a role or take it away."""
    with acting() as (_, person):
        check_form(person)
    named, do = request.form.get("role", ""), request.form.get("do", "")
    if named not in STANDING or do not in _ROLE_DEEDS:
        return _person_page(person_id, {}, {"role": _NO_ROLE}), 400
    try:
        change_role(context(), person.caller, person_id, Role(named), is_given=do == "give")
    except RefusedError as error:
        return _refused(person_id, error, "role")
    return redirect(url_for("web.staff_member", person_id=person_id, said="role"), 303)


def press_link(person_id: UUID) -> str | tuple[str, int]:
    """Make a link that signs them in once, and show it this once."""
    with acting() as (_, person):
        check_form(person)
    given = context()
    try:
        token = give_link(given, person.caller, person_id)
    except RefusedError as error:
        return _refused(person_id, error, "form")
    address = (given.sign_in.base_url or request.host_url.rstrip("/")) + url_for("web.open_link", token=token)
    one = read_person(given, person.caller, person_id)
    return render_template("link_once.html", one=one, address=address, days=LINK_LASTS.days)


def press_absence(person_id: UUID) -> Response | tuple[str, int]:
    """Say of somebody of one's own agency that they are away, are back, or have returned after they had left."""
    with acting() as (_, person):
        check_form(person)
    one, given = _of_own_agency(person, person_id), context()
    do = request.form.get("do", "")
    sent = {name: request.form.get(name, "").strip() for name in ("since", "until", "cover")}
    try:
        if do == "back":
            be_back(given.engine, person.caller, one["ref"], chance=given.chance)
        elif do == "return":
            come_back(given.engine, person.caller, one["ref"], chance=given.chance)
        else:
            errors = {name: _NO_DAY for name in ("since", "until") if not _is_day(sent[name], name)}
            if errors:
                return _person_page(person_id, sent, errors), 400
            said = {name: value for name, value in sent.items() if value}
            be_absent(given.engine, person.caller, one["ref"], said, chance=given.chance)
    except RefusedError as error:
        return _refused(person_id, error, (error.refusal.pointer or "/since").split("/")[1], sent)
    return redirect(url_for("web.staff_member", person_id=person_id, said=do if do == "back" else "absence"), 303)


def ask_ending(person_id: UUID, what: str) -> str:
    """What ends, in numbers, before the button: every session of somebody, or their part here altogether."""
    return _ending_page(person_id, what, "", {})


def press_ending(person_id: UUID, what: str) -> Response | tuple[str, int]:
    """End it."""
    with acting() as (_, person):
        check_form(person)
    reason, given = request.form.get("reason", "").strip(), context()
    if not says_why(reason) or len(reason) > _REASON_CHARS_MAX:
        return _ending_page(person_id, what, reason, {"reason": _NOT_WHY}), 400
    try:
        if what == "leaving":
            ref = _of_own_agency(person, person_id)["ref"]
            leave(given.engine, person.caller, ref, chance=given.chance, now=given.real_now(), reason=reason)
        else:
            sign_out_everywhere(given, person.caller, person_id, reason)
    except RefusedError as error:
        if error.refusal.code == NOT_KNOWN.code:
            raise
        return _ending_page(person_id, what, reason, {"form": error.refusal.detail}), 409
    return redirect(url_for("web.staff_member", person_id=person_id, said=what), 303)


def _refused(person_id: UUID, error: RefusedError, field: str, sent: dict[str, str] | None = None) -> tuple[str, int]:
    if error.refusal.code == NOT_KNOWN.code:
        raise error
    return _person_page(person_id, sent or {}, {field: error.refusal.detail}), 409


def _of_own_agency(person: SignedIn, person_id: UUID) -> dict[str, Any]:
    """Whom it is about, where they are of the administrator's own agency: of others their agency says it."""
    one = read_person(context(), person.caller, person_id)
    if not one["is_own_agency"]:
        raise RefusedError(NOT_KNOWN.code, NOT_KNOWN.detail)
    return one


def _new_page(person: SignedIn, sent: dict[str, str], roles: list[Role], errors: dict[str, str]) -> str:
    return render_template(
        "new_person.html", sent=sent, roles=roles, every=sorted(STANDING), errors=errors, agencies=_agencies(person)
    )


def _person_page(person_id: UUID, sent: dict[str, str], errors: dict[str, str]) -> str:
    with acting() as (_, person):
        pass
    given = context()
    one = read_person(given, person.caller, person_id)
    absences: list[dict[str, Any]] = []
    if one["is_own_agency"]:
        of_agency = read_agency_people(given.engine, person.caller)["people"]
        told: list[dict[str, Any]] = next(
            (found["absences"] for found in of_agency if found["person"] == one["ref"]), []
        )
        absences = [{**away, "last": _last(away["until"])} for away in told]
    return render_template(
        "staff_member.html", one=one, absences=absences, sent=sent, errors=errors, said=request.args.get("said")
    )


def _ending_page(person_id: UUID, what: str, reason: str, errors: dict[str, str]) -> str:
    with acting() as (_, person):
        pass
    if what not in _ENDINGS:
        raise RefusedError(NOT_KNOWN.code, NOT_KNOWN.detail)
    given = context()
    one = read_person(given, person.caller, person_id)
    leads = None
    if what == "leaving":
        leads = leads_held(given.engine, person.caller, _of_own_agency(person, person_id)["ref"])
    return render_template("end_person.html", one=one, what=what, leads=leads, reason=reason, errors=errors)


def _last(until: str | None) -> str | None:
    """The last moment of an absence: one that is to a day's end is so to the last of that day."""
    return None if until is None else (datetime.fromisoformat(until) - timedelta(seconds=1)).isoformat()


def _agencies(person: SignedIn) -> list[dict[str, Any]]:
    return [one for one in read_agencies(context(), person.caller)["agencies"] if not one["has_ended"]]


def _after() -> UUID | None:
    try:
        return UUID(request.args.get("after", ""))
    except ValueError:
        return None


def _is_day(text: str, name: str) -> bool:
    if not text:
        return name == "until"
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
