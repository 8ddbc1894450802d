"""How far each person's use of each service got: a matrix of what was recorded, never a word for anybody."""

from uuid import UUID

from flask import Blueprint

from ledger.services.read_engagement import read_engagement
from ledger.services.read_picture import Asked
from ledger.store.people import directory
from ledger.web.child_frame import render_child
from ledger.web.known_on import known_on_asked
from ledger.web.sessions import acting, reader_of
from ledger.web.words import context


def register(blueprint: Blueprint) -> None:
    """Add the route."""
    blueprint.get("/children/<uuid:record_id>/engagement", endpoint="child_engagement")(show_engagement)


def show_engagement(record_id: UUID) -> tuple[str, int]:
    """By person and service, each step that was recorded with its day and its entry."""
    given, known_on = context(), known_on_asked()
    with acting() as (connection, person):
        told = read_engagement(
            connection,
            reader_of(person),
            record_id,
            Asked(known_on.known_at),
            pack=given.pack,
            chance=given.chance,
            directory=directory(connection),
        )
        page = render_child(
            "engagement.html",
            connection,
            person,
            record_id,
            "web.child_engagement",
            told=told,
            known_on=known_on,
            errors=known_on.errors,
        )
    return page, 400 if known_on.error else 200
