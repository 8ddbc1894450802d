"""Who had care of a child, where it slept, what was in force and who was seen, over time: a drawing and its table."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint

from ledger.services.read_care import read_care
from ledger.services.read_picture import Asked
from ledger.store.people import directory
from ledger.web.child_frame import render_child
from ledger.web.draw_care import STRETCHES_MOST, draw_care
from ledger.web.known_on import known_on_asked
from ledger.web.sessions import acting, reader_of
from ledger.web.words import context


def register(blueprint: Blueprint) -> None:
    """Add the route."""
    blueprint.get("/children/<uuid:record_id>/care", endpoint="child_care")(show_care)


def show_care(record_id: UUID) -> tuple[str, int]:
    """The timeline as known now, or at the end of a day."""
    given, known_on = context(), known_on_asked()
    with acting() as (connection, person):
        told = read_care(
            connection,
            reader_of(person),
            record_id,
            Asked(known_on.known_at),
            pack=given.pack,
            chance=given.chance,
            directory=directory(connection),
            most=STRETCHES_MOST,
        )
        page = render_child(
            "care.html",
            connection,
            person,
            record_id,
            "web.child_care",
            told=told,
            drawing=draw_care(told),
            by_place=_by_place(told),
            known_on=known_on,
            errors=known_on.errors,
        )
    return page, 400 if known_on.error else 200


def _by_place(told: Mapping[str, Any]) -> dict[tuple[str, int], Mapping[str, Any]]:
    """Each stretch by where its statement stands."""
    rows = [row for lane in told["lanes"] for row in lane["rows"]]
    return {(one["entry"], one["index"]): one for row in rows for one in row["stretches"]}
