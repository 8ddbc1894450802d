"""The people and things of a child's record, as the caller may see them."""

from typing import Any
from uuid import UUID

from flask import Response
from flask_smorest import Blueprint

from ledger.api.answers import as_json
from ledger.api.as_known import AsKnownSchema
from ledger.api.refusals import reads
from ledger.api.requests import StrictParser
from ledger.api.schemas.people import PeopleOfRecordSchema
from ledger.api.timelines import point_of
from ledger.services.context import Context
from ledger.services.find_as_of import PointAsked
from ledger.services.read_people import read_people


def people_blueprint(context: Context, parser: StrictParser) -> Blueprint:
    """The route of people."""
    blueprint = Blueprint("people", __name__, url_prefix="/api/v1/children", description="Who is who in a record.")
    blueprint.ARGUMENTS_PARSER = parser

    @blueprint.get("/<uuid:record_id>/people")  # type: ignore[untyped-decorator]
    @blueprint.arguments(AsKnownSchema, location="query")  # type: ignore[untyped-decorator]
    @blueprint.response(200, PeopleOfRecordSchema)  # type: ignore[untyped-decorator]
    def get_people(asked: dict[str, Any], record_id: UUID) -> Response:
        """Who and what the record names, what has joined them, and who may be one; this reading is itself recorded."""
        with reads(context) as (connection, reader):
            point = PointAsked(**point_of(asked))
            answer = read_people(
                connection, reader, record_id, point, pack=context.pack, chance=context.chance, auditor=context.auditor
            )
        return as_json(answer)

    return blueprint
