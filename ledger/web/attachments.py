"""An attachment's file, for who is signed in: saved by the browser, never shown as a page."""

from flask import Blueprint, Response

from ledger.services.read_attachment import read_attachment
from ledger.web.sessions import acting, reader_of
from ledger.web.words import context


def register(blueprint: Blueprint) -> None:
    """Add the route."""
    blueprint.get("/attachments/<entry_id>", endpoint="attachment")(hand_over)


def hand_over(entry_id: str) -> Response:
    """The file of an attachment, by its entry's id; that it was opened is recorded first."""
    given = context()
    with acting() as (connection, person):
        found = read_attachment(connection, reader_of(person), entry_id, chance=given.chance)
    return Response(found.bytes, headers=found.headers, mimetype=found.media_type)
