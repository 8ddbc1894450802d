"""The disagreements between agencies about a child; they are posted with the other bodies of a child."""

from typing import Any
from uuid import UUID

from flask import Response
from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from ledger.api.answers import as_json
from ledger.api.refusals import reads
from ledger.api.requests import StrictParser
from ledger.api.schemas.disagreements import DisagreementsSchema
from ledger.services.context import Context
from ledger.services.read_disagreements import read_disagreements


class DisagreementListSchema(Schema):
    """Which disagreements."""

    state = fields.String(
        load_default="all",
        validate=validate.OneOf(["open", "settled", "all"]),
        metadata={"description": "open: those that are not settled."},
    )


def disagreements_blueprint(context: Context, parser: StrictParser) -> Blueprint:
    """The route of the disagreements about a child."""
    blueprint = Blueprint(
        "disagreements", __name__, url_prefix="/api/v1/children", description="Where agencies do not agree."
    )
    blueprint.ARGUMENTS_PARSER = parser

    @blueprint.get("/<uuid:record_id>/disagreements")  # type: ignore[untyped-decorator]
    @blueprint.arguments(DisagreementListSchema, location="query")  # type: ignore[untyped-decorator]
    @blueprint.response(200, DisagreementsSchema, description="The disagreements, the newest first.")  # type: ignore[untyped-decorator]
    def get_disagreements(asked: dict[str, Any], record_id: UUID) -> Response:
        """Where agencies do not agree about a child that yours is involved with: at which stage, and who is asked.

        This reading is itself recorded.
        """
        with reads(context) as (connection, reader):
            answer = read_disagreements(
                connection, reader, record_id, pack=context.pack, chance=context.chance, state=asked["state"]
            )
        return as_json(answer)

    return blueprint
