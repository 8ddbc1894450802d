"""A child's page: who holds what side by side, what does not fit, who leads, and what is not to be relied on."""

from uuid import UUID

from flask import Blueprint, current_app, request

from ledger.services.read_child import count_uncertain, read_child
from ledger.services.read_picture import Asked
from ledger.store.people import directory
from ledger.web.child_frame import render_child
from ledger.web.draw_matrix import SHOWS, sheets_of
from ledger.web.known_on import known_on_asked
from ledger.web.sessions import acting, reader_of
from ledger.web.words import context

#: What is found is listed as far as this, and then counted.
FINDINGS_MOST = 12


def register(blueprint: Blueprint) -> None:
    """Add the route."""
    blueprint.get("/children/<uuid:record_id>", endpoint="child")(show_child)


def show_child(record_id: UUID) -> tuple[str, int]:
    """The picture, as known now or at the end of a day; narrowed, or whole where there is much of it."""
    given, known_on = context(), known_on_asked()
    show = request.args.get("show")
    show = show if show in SHOWS else None
    with acting() as (connection, person):
        told = read_child(
            connection,
            reader_of(person),
            record_id,
            Asked(known_on.known_at),
            pack=given.pack,
            chance=given.chance,
            directory=directory(connection),
            auditor=given.auditor,
        )
        page = render_child(
            "child.html",
            connection,
            person,
            record_id,
            "web.child",
            picture=told,
            sheets=sheets_of(told["people"], show=show, whole=request.args.get("all") == "yes"),
            uncertain=count_uncertain(told["people"]),
            show=show,
            known_on=known_on,
            errors=known_on.errors,
            most=FINDINGS_MOST,
            has=current_app.view_functions,
        )
    return page, 400 if known_on.error else 200
