"""The list of children: one's own and one's agency's, and a way to find one of them without writing in the address."""

from typing import Any
from uuid import UUID

from flask import Blueprint, current_app, render_template, request

from ledger.domain.role import Right, at_most, reach_of
from ledger.services.note_access import note_refusal
from ledger.services.read_caseload import find_children, read_caseload
from ledger.services.see import NotKnownError
from ledger.services.sign_in import SignedIn
from ledger.web.sessions import acting, check_form, reader_of
from ledger.web.words import context

#: The list may be narrowed to whom one leads oneself, or is the deputy of.
OWN = "mine"
_WORDS_LEAST, _WORDS_MOST = 2, 100
_PAGES_MOST = 10_000
_NO_WORDS = "Enter an NHS number, your own reference, or at least two letters of the child’s name"


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get("/children", endpoint="children")(show_children)
    blueprint.post("/children", endpoint="find_child")(press_find)


def show_children() -> str:
    """The children whom one's agency has a part in, a page of them, those whom one leads first."""
    given, own = context(), request.args.get("whose") == OWN
    sent = request.args.get("page", "")
    page = min(int(sent), _PAGES_MOST) if sent.isascii() and sent.isdigit() and int(sent) > 0 else 1
    with acting() as (connection, person):
        told = read_caseload(connection, reader_of(person), pack=given.pack, chance=given.chance, own=own, page=page)
    return render_template(
        "children.html", **told, page=page, own=own, registered=_registered(), **_may(person), sent={}, errors={}
    )


def _registered() -> UUID | None:
    """The record to which somebody came by registering, who may not read it yet; nothing is looked up by it."""
    try:
        return UUID(request.args.get("registered", ""))
    except ValueError:
        return None


def press_find() -> str | tuple[str, int]:
    """Whom a number, a reference or a name means among them. What was asked for is in no address."""
    given, words = context(), request.form.get("words", "").strip()[:_WORDS_MOST]
    found, hidden = list[dict[str, Any]](), list[UUID]()
    with acting() as (connection, person):
        check_form(person)
        if is_enough := len(words) >= _WORDS_LEAST:
            found, hidden = find_children(connection, reader_of(person), words, pack=given.pack, chance=given.chance)
    if is_enough and not found:
        # Of a record that is there and of none it is done alike, so that neither words nor time tell which it was.
        for record_id in hidden or [UUID(bytes=given.chance(16), version=4)]:
            note_refusal(given, reader_of(person), NotKnownError(record_id))
    errors = {} if is_enough else {"words": _NO_WORDS}
    page = render_template("children.html", found=found, **_may(person), sent={"words": words}, errors=errors)
    return (page, 400) if errors else page


def _may(person: SignedIn) -> dict[str, Any]:
    return {
        "may_register": reach_of(person.roles, Right.REGISTER).value > 0,
        "may_break": bool(at_most(person.roles, Right.GLASS)),
        "has": current_app.view_functions,
    }
