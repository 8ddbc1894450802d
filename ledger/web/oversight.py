"""One record as an auditor sees it: who opened it beside when what was recorded, and whether its proofs hold now."""

from datetime import date
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ledger.domain.role import Right
from ledger.services.audit_record import audit_record
from ledger.services.check_proofs import Checked, check_record
from ledger.services.reading import reading
from ledger.services.sign_in import SignedIn
from ledger.store.exports import record_named
from ledger.store.party import AUDITOR, act_for
from ledger.web.sessions import NoPurposeError, acting, check_form
from ledger.web.words import context

_CHARS_MAX: Final = 64
_NOT_FOUND: Final = "There is no record by this id or pseudonym in your partnership"
_NO_RECORD: Final = "Enter a record’s id, or the pseudonym that its entries’ ids begin with"


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.post("/audit/records", endpoint="find_record")(press_find)
    blueprint.get("/audit/records/<uuid:record_id>", endpoint="audit_record")(show_record)
    blueprint.post("/audit/records/<uuid:record_id>/proofs", endpoint="check_record")(press_check)


def press_find() -> Response | tuple[str, int]:
    """Go to the record that is named by its id or its pseudonym; whether it is one of theirs is asked there."""
    named = request.form.get("record", "").strip()[:_CHARS_MAX]
    with acting() as (_, person):
        check_form(person)
    found = _named(named) if named else None
    if found is None:
        told = _NOT_FOUND if named else _NO_RECORD
        return render_template("find_record.html", sent=named, errors={"record": told}), 404 if named else 400
    return redirect(url_for("web.audit_record", record_id=found), 303)


def show_record(record_id: UUID) -> str:
    """Its readers and its days, with the way to its pages as they were known."""
    return _page(record_id, _purposeful(), None)


def press_check(record_id: UUID) -> str:
    """The same, with its proofs held to now: green, or the first entry that fails."""
    person = _purposeful(is_form=True)
    assert person.purpose is not None, "asked for"
    return _page(record_id, person, check_record(context(), person.caller, record_id, purpose=person.purpose))


def _page(record_id: UUID, person: SignedIn, checked: Checked | None) -> str:
    given = context()
    with reading(given, person.caller, Right.OVERSEE, purpose=person.purpose) as (connection, reader):
        found = audit_record(connection, reader, record_id, before=_before(), chance=given.chance)
    return render_template("audit_record.html", record_id=record_id, found=found, checked=checked, before=_before())


def _purposeful(*, is_form: bool = False) -> SignedIn:
    """The auditor, who has said why they look."""
    with acting() as (_, person):
        if is_form:
            check_form(person)
    if person.purpose is None:
        raise NoPurposeError
    return person


def _before() -> date | None:
    """The day before which days are told; one that cannot be read is none."""
    try:
        return date.fromisoformat(request.args.get("before", ""))
    except ValueError:
        return None


def _named(named: str) -> UUID | None:
    try:
        return UUID(named)
    except ValueError:
        pass
    auditor: Any = context().auditor
    if auditor is None:
        return None
    with auditor.begin() as connection:
        act_for(connection, AUDITOR)
        return record_named(connection, named.partition(".")[0].lower())
