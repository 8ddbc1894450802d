"""Attach files to a child's record, and hand them out again: never as a page, and never without a record of it."""

from typing import Final
from uuid import UUID

from flask import Response, request
from flask_smorest import Blueprint

from ledger.api.answers import recorded_response
from ledger.api.limits import ATTACHMENT_BYTES_MAX
from ledger.api.multipart import read_form
from ledger.api.problems import Problem
from ledger.api.refusals import calling, reads
from ledger.api.requests import StrictParser, refused_fields
from ledger.api.schemas.answers import RecordedSchema
from ledger.api.schemas.attachments import AttachmentSchema
from ledger.domain.media import TAKEN
from ledger.services.attach import attach, check_caller
from ledger.services.context import Context
from ledger.services.read_attachment import read_attachment

_FORM: Final = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "properties": {"entry": AttachmentSchema, "file": {"type": "string", "format": "binary"}},
                "required": ["entry", "file"],
                "additionalProperties": False,
            },
            "encoding": {"entry": {"contentType": "application/json"}, "file": {"contentType": ", ".join(TAKEN)}},
        }
    },
}
_BINARY: Final = {"schema": {"type": "string", "format": "binary"}}


def attachments_blueprint(context: Context, parser: StrictParser, most: int = ATTACHMENT_BYTES_MAX) -> Blueprint:
    """The two routes for attachments; `most` is the largest file taken, in bytes."""
    blueprint = Blueprint("attachments", __name__, url_prefix="/api/v1", description="Photographs, body maps, letters.")
    blueprint.ARGUMENTS_PARSER = parser

    @blueprint.post("/children/<uuid:record_id>/attachments")  # type: ignore[untyped-decorator]
    @blueprint.response(201, RecordedSchema, description="Stored.")  # type: ignore[untyped-decorator]
    @blueprint.alt_response(200, schema=RecordedSchema, description="Sent before.")  # type: ignore[untyped-decorator]
    @blueprint.doc(requestBody=_FORM)  # type: ignore[untyped-decorator]
    def post_attachment(record_id: UUID) -> Response:
        """Attach a file: the entry says what it is and commits to its bytes."""
        check_caller(context, calling())
        body, data = read_form(request, most=most)
        errors = refused_fields(parser.bound(AttachmentSchema), body)
        if errors:
            raise Problem("invalid", errors=errors)
        assert isinstance(body, dict), "the schema passes nothing else"
        return recorded_response(context, attach(context, calling(), record_id, body, data))

    @blueprint.get("/attachments/<entry_id>")  # type: ignore[untyped-decorator]
    @blueprint.response(200, description="The file.")  # type: ignore[untyped-decorator]
    @blueprint.doc(responses={"200": {"content": dict.fromkeys(TAKEN, _BINARY)}})  # type: ignore[untyped-decorator]
    def get_attachment(entry_id: str) -> Response:
        """An attachment's file, by its entry's id; this reading is itself recorded."""
        with reads(context) as (connection, reader):
            found = read_attachment(connection, reader, entry_id, chance=context.chance)
        return Response(found.bytes, headers=found.headers, mimetype=found.media_type)

    return blueprint
