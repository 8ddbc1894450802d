"""Break the glass on a child whom the body names, and who is told of which breakings."""

from typing import Any

from flask import Response, g
from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from ledger.api.answers import as_json, recorded_response
from ledger.api.refusals import calling, reads
from ledger.api.requests import StrictParser
from ledger.api.schemas.answers import RecordedSchema
from ledger.api.schemas.glass import NamedGlassSchema
from ledger.services.break_glass import break_glass
from ledger.services.context import Context
from ledger.services.observe import name_of
from ledger.services.read_glass import LIMIT, read_glass


class GlassListSchema(Schema):
    """Which breakings."""

    open = fields.String(
        validate=validate.OneOf(("yes", "no")),
        metadata={"description": "yes: those that wait for a review; no: those that were reviewed."},
    )


def glass_blueprint(context: Context, parser: StrictParser) -> Blueprint:
    """The routes for breakings of the glass that stand below no child's address."""
    blueprint = Blueprint(
        "glass", __name__, url_prefix="/api/v1/glass-breakings", description="Seeing without a part in it, and who did."
    )
    blueprint.ARGUMENTS_PARSER = parser

    @blueprint.post("")  # type: ignore[untyped-decorator]
    @blueprint.arguments(NamedGlassSchema)  # type: ignore[untyped-decorator]
    @blueprint.response(201, RecordedSchema, description="Broken: the record is open to you.")  # type: ignore[untyped-decorator]
    @blueprint.alt_response(200, schema=RecordedSchema, description="Sent before.")  # type: ignore[untyped-decorator]
    def post_glass(_loaded: Any) -> Response:
        """Break the glass on a child named by NHS number, by your own reference, or by its record's id."""
        who = calling()
        return recorded_response(context, break_glass(context, who, name_of(g.body["child"], who.agency), g.body))

    @blueprint.get("")  # type: ignore[untyped-decorator]
    @blueprint.arguments(GlassListSchema, location="query")  # type: ignore[untyped-decorator]
    @blueprint.response(200, description="Those that you are told of; not reviewed first, the longest due of them.")  # type: ignore[untyped-decorator]
    def get_glass(asked: dict[str, Any]) -> Response:
        """Breakings of the glass: of children whom you lead, by your agency's people if you are a manager, your own."""
        is_open = {"yes": True, "no": False}.get(asked.get("open", ""))
        with reads(context) as (connection, reader):
            answer = read_glass(connection, reader, is_open=is_open, chance=context.chance, limit=LIMIT)
        return as_json(answer)

    return blueprint
