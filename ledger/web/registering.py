"""Registering a child, and recording one's agency's part: the two ways into a record for people without a system."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from stdnum.exceptions import ValidationError
from stdnum.gb import nhs
from werkzeug.wrappers import Response

from ledger.domain.edtf import EdtfError, parse
from ledger.domain.lawful_basis import BASES
from ledger.domain.question import digest_of
from ledger.domain.role import Reach, Right, reach_of
from ledger.services.reach import reaches
from ledger.services.refusal import EVENT_ID_REUSED, RefusedError
from ledger.services.register_child import register_child
from ledger.services.word_text import capital
from ledger.services.work_on_record import involve
from ledger.web.sessions import acting, check_form
from ledger.web.words import context

_NAME_MOST: Final = 200
_ROLE_MOST: Final = 100
_REASON_MOST: Final = 2_000
_FIELDS: Final = ("name", "born", "expected", "nhs_number", "reference", "mother")
_BORN_OR_EXPECTED: Final = "Enter the date of birth, or the day on which the child is expected: one of the two"
_NOT_NHS: Final = "Check this: it is no NHS number. Leave it empty where you do not know it"
_NOT_A_REFERENCE: Final = "Use letters, digits, dots, hyphens and colons, at most 64, beginning with a letter or digit"
#: What a refusal is on the page, in the words of people who fill in a form.
_WORDS: Final = {
    "born_in_future": "This is in the future. Of a child not born yet enter when it is expected",
    "number_held_elsewhere": "This number belongs to a child of another partnership. Check it at its source",
    "reference_taken": "Your agency uses this reference for another child",
}
_REFERENCE_MOST: Final = 64
_REFERENCE_BESIDE: Final = frozenset("._:-")


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get("/children/register", endpoint="register_child")(show_register)
    blueprint.post("/children/register", endpoint="press_register_child")(press_register)
    blueprint.get("/children/<uuid:record_id>/part", endpoint="take_part")(show_part)
    blueprint.post("/children/<uuid:record_id>/part", endpoint="press_take_part")(press_part)


def show_register() -> str:
    """The form."""
    with acting():
        pass
    return _form({}, {})


def press_register() -> Response | tuple[str, int]:
    """Register the child, or come to the record that holds this number already."""
    with acting() as (_, person):
        check_form(person)
    sent = {name: request.form.get(name, "").strip() for name in _FIELDS}
    errors = _amiss(sent)
    if errors:
        return _form(sent, errors), 400
    body = {name: value for name, value in sent.items() if value}
    once = digest_of([str(person.person_id), body, request.form.get("once", "")[:64]])
    try:
        recorded = register_child(context(), person.caller, {"event_id": f"register.{once}"[:64], **body})
    except RefusedError as error:
        field = error.refusal.pointer.strip("/") or "name"
        return _form(sent, {field: _WORDS.get(error.refusal.code, error.refusal.detail)}), 400
    record_id = recorded.entry.record_id
    with acting() as (connection, person):
        is_involved = reaches(connection, person.caller, record_id, Right.READ)
    if is_involved:
        return redirect(url_for("web.child", record_id=record_id), 303)
    if reach_of(person.roles, Right.INVOLVE) is not Reach.NONE:
        return redirect(url_for("web.take_part", record_id=record_id), 303)
    return redirect(url_for("web.children", registered=record_id), 303)


def show_part(record_id: UUID) -> str:
    """The form by which one's agency takes a part; it says nothing of the child, and not whether there is one."""
    with acting():
        pass
    return _part(record_id, {}, {})


def press_part(record_id: UUID) -> Response | tuple[str, int]:
    """Record the agency's part, and go to the child's page."""
    with acting() as (_, person):
        check_form(person)
    sent = {name: request.form.get(name, "").strip() for name in ("role", "reason", "lawful_basis")}
    errors = {}
    if not 0 < len(sent["role"]) <= _ROLE_MOST:
        errors["role"] = "Say what your agency does with the child, such as health visiting"
    if not 0 < len(sent["reason"]) <= _REASON_MOST:
        errors["reason"] = "Say why your agency needs to read the record"
    if sent["lawful_basis"] not in BASES:
        errors["lawful_basis"] = "Choose the lawful basis"
    if errors:
        return _part(record_id, sent, errors), 400
    body = {**sent, "lawful_basis": sent["lawful_basis"].replace("_", " ")}
    once = digest_of([str(record_id), str(person.person_id), body, request.form.get("once", "")[:64]])
    try:
        involve(context(), person.caller, record_id, {"event_id": f"part.{once}"[:64], **body})
    except RefusedError as error:
        if error.refusal.code != EVENT_ID_REUSED.code:
            return _part(record_id, sent, {"reason": error.refusal.detail}), 400
    return redirect(url_for("web.child", record_id=record_id), 303)


def _amiss(sent: Mapping[str, str]) -> dict[str, str]:
    errors = {}
    if bool(sent["born"]) == bool(sent["expected"]):
        errors["born"] = _BORN_OR_EXPECTED
    for name in ("born", "expected"):
        try:
            parse(sent[name] or "2000")
        except EdtfError as error:
            errors[name] = capital(error.reason)
    try:
        if sent["nhs_number"]:
            nhs.validate(sent["nhs_number"])
    except ValidationError:
        errors["nhs_number"] = _NOT_NHS
    if sent["reference"] and not _is_reference(sent["reference"]):
        errors["reference"] = _NOT_A_REFERENCE
    errors |= {
        name: f"This must be {_NAME_MOST} characters or fewer"
        for name in ("name", "mother")
        if len(sent[name]) > _NAME_MOST
    }
    return errors


def _is_reference(text: str) -> bool:
    letters = text.replace("_", "a")
    plain = all(one in _REFERENCE_BESIDE or (one.isascii() and one.isalnum()) for one in letters)
    return plain and text[0].isalnum() and len(text) <= _REFERENCE_MOST


def _form(sent: Mapping[str, Any], errors: Mapping[str, str]) -> str:
    once = request.form.get("once") or context().chance(8).hex()
    return render_template("register_child.html", sent=sent, errors=errors, once=once, name_most=_NAME_MOST)


def _part(record_id: UUID, sent: Mapping[str, Any], errors: Mapping[str, str]) -> str:
    return render_template(
        "take_part.html",
        record_id=record_id,
        bases=BASES,
        sent=sent,
        errors=errors,
        once=request.form.get("once") or context().chance(8).hex(),
        reason_most=_REASON_MOST,
    )
