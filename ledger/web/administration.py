"""Administrators' pages about agencies: all with counts, adding one, how its desk is reached, and the end of one."""

from typing import Any, Final

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ledger.domain.glass import says_why
from ledger.services.administer import end
from ledger.services.enrol import Agency
from ledger.services.give import give_agency
from ledger.services.people_say import set_reach
from ledger.services.read_administration import read_agencies, read_agency
from ledger.services.refusal import NOT_KNOWN, RefusedError
from ledger.web.sessions import acting, check_form
from ledger.web.words import context

_CHARS_MAX: Final = 200
_REASON_CHARS_MAX: Final = 500
_MISSING: Final = {
    "name": "Enter its name",
    "ref": "Enter a reference: 1 to 32 of a-z, 0-9, - and _",
    "kind": "Choose what sort of agency it is",
    "contact": "Enter whom another professional rings, and how",
}
_NOT_WHY: Final = f"Say why, in two words or more and at most {_REASON_CHARS_MAX} characters"
_THERE: Final = "There is an agency by this reference already. Choose another"
#: To which field of a form a refusal belongs.
FIELDS: Final = {
    "bad_reference": "ref",
    "agency_reserved": "ref",
    "agency_taken": "ref",
    "agency_ended": "ref",
    "bad_address": "phone",
}


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get("/administration", endpoint="administration")(show_agencies)
    blueprint.get("/administration/new-agency", endpoint="new_agency")(ask_agency)
    blueprint.post("/administration/new-agency", endpoint="add_agency")(press_agency)
    blueprint.get("/administration/agencies/<agency_id>", endpoint="agency")(show_agency)
    blueprint.post("/administration/agencies/<agency_id>/desk", endpoint="set_desk")(press_desk)
    blueprint.get("/administration/agencies/<agency_id>/ending", endpoint="ask_agency_ending")(ask_ending)
    blueprint.post("/administration/agencies/<agency_id>/ending", endpoint="end_agency")(press_ending)


def show_agencies() -> str:
    """The partnership in figures, and its agencies."""
    with acting() as (_, person):
        pass
    found = read_agencies(context(), person.caller)
    return render_template("administration.html", found=found, said=request.args.get("said"))


def ask_agency() -> str:
    """The form that adds an agency."""
    with acting():
        pass
    return _new_page({}, {})


def press_agency() -> Response | tuple[str, int]:
    """Add an agency to the partnership: an entry in its record."""
    with acting() as (_, person):
        check_form(person)
    sent = {name: request.form.get(name, "").strip() for name in _MISSING}
    errors = {name: words for name, words in _MISSING.items() if not sent[name] or len(sent[name]) > _CHARS_MAX}
    if sent["kind"] not in kinds():
        errors["kind"] = _MISSING["kind"]
    if errors:
        return _new_page(sent, errors), 400
    try:
        is_new = give_agency(context(), person.caller, Agency(**sent))
    except RefusedError as error:
        return _new_page(sent, {FIELDS.get(error.refusal.code, "form"): error.refusal.detail}), 409
    if not is_new:
        return _new_page(sent, {"ref": _THERE}), 409
    return redirect(url_for("web.agency", agency_id=sent["ref"], said="added"), 303)


def show_agency(agency_id: str) -> str:
    """One agency, as it stands."""
    return _agency_page(agency_id, {}, {})


def press_desk(agency_id: str) -> Response | tuple[str, int]:
    """Say how one's own agency's desk is reached."""
    with acting() as (_, person):
        check_form(person)
    sent = {name: request.form.get(name, "").strip() for name in ("mail", "phone")}
    if agency_id != person.agency:
        raise RefusedError(NOT_KNOWN.code, NOT_KNOWN.detail)
    given = context()
    try:
        set_reach(
            given.engine, person.caller, None, mail=sent["mail"] or None, phone=sent["phone"] or None,
            chance=given.chance,
        )  # fmt: skip
    except RefusedError as error:
        return _agency_page(agency_id, sent, {(error.refusal.pointer or "/phone")[1:]: error.refusal.detail}), 400
    return redirect(url_for("web.agency", agency_id=agency_id, said="desk"), 303)


def ask_ending(agency_id: str) -> str:
    """What the end of an agency takes, in numbers, before the button."""
    return _ending_page(agency_id, "", {})


def press_ending(agency_id: str) -> Response | tuple[str, int]:
    """End an agency. There is no way back."""
    with acting() as (_, person):
        check_form(person)
    reason = request.form.get("reason", "").strip()
    if not says_why(reason) or len(reason) > _REASON_CHARS_MAX:
        return _ending_page(agency_id, reason, {"reason": _NOT_WHY}), 400
    try:
        end(context(), person.caller, agency_id, reason)
    except RefusedError as error:
        if error.refusal.code == NOT_KNOWN.code:
            raise
        return _ending_page(agency_id, reason, {"form": error.refusal.detail}), 409
    return redirect(url_for("web.administration", said="ended"), 303)


def kinds() -> dict[str, str]:
    """The sorts of agency that the pack knows, by name."""
    said = {"gp": "GP", "camhs": "CAMHS"}
    return {name: said.get(name, name.replace("_", " ").capitalize()) for name in sorted(context().pack.agencies)}


def _new_page(sent: dict[str, str], errors: dict[str, str]) -> str:
    return render_template("new_agency.html", sent=sent, errors=errors, kinds=kinds())


def _agency_page(agency_id: str, sent: dict[str, str], errors: dict[str, str]) -> str:
    with acting() as (_, person):
        pass
    found = read_agency(context(), person.caller, agency_id)
    said = request.args.get("said")
    return render_template("agency.html", one=found, sent=sent, errors=errors, said=said)


def _ending_page(agency_id: str, reason: str, errors: dict[str, Any]) -> str:
    with acting() as (_, person):
        pass
    found = read_agency(context(), person.caller, agency_id)
    return render_template("end_agency.html", one=found, reason=reason, errors=errors)
