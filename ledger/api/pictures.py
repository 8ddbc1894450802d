"""What agencies hold about a child, side by side, as the caller may see it and as it was known at any point."""

from typing import Any, ClassVar
from uuid import UUID

from flask import Response
from flask_smorest import Blueprint
from marshmallow import fields, validate

from ledger.api.answers import as_json
from ledger.api.refusals import reads
from ledger.api.requests import StrictParser
from ledger.api.schemas.pictures import PictureSchema
from ledger.api.timelines import KnownBySchema, Moment, known_by_of, point_of
from ledger.services.context import Context
from ledger.services.read_picture import Asked, read_picture


class AskedSchema(KnownBySchema):
    """Which point of the record, and which moment of the child's life."""

    valid_at = Moment(
        end_of_day=False,
        description="What was held of this moment; left out, of the time of the point that is asked for, or of now.",
    )
    history = fields.String(
        load_default="no",
        validate=validate.OneOf(["yes", "no"], error="This must be yes or no."),
        metadata={"description": "`yes`: every stretch of time, and not only what bears on `valid_at`."},
    )

    class Meta:
        exclude: ClassVar = ("after", "limit")


def pictures_blueprint(context: Context, parser: StrictParser) -> Blueprint:
    """The route of the picture."""
    blueprint = Blueprint(
        "pictures", __name__, url_prefix="/api/v1/children", description="What is held, side by side."
    )
    blueprint.ARGUMENTS_PARSER = parser

    @blueprint.get("/<uuid:record_id>/picture")  # type: ignore[untyped-decorator]
    @blueprint.arguments(AskedSchema, location="query")  # type: ignore[untyped-decorator]
    @blueprint.response(200, PictureSchema, description="Attributes by agencies.")  # type: ignore[untyped-decorator]
    def get_picture(asked: dict[str, Any], record_id: UUID) -> Response:
        """What agencies hold about a child that yours is involved with, side by side; this reading is itself recorded.

        Who holds what about whom, from whom, since when and on what basis, and what of it cannot all be so.
        """
        question = Asked(
            **point_of(asked),
            valid_at=asked.get("valid_at"),
            history=asked["history"] == "yes",
            known_by=known_by_of(asked, context),
        )
        with reads(context) as (connection, reader):
            answer = read_picture(
                connection,
                reader,
                record_id,
                question,
                pack=context.pack,
                chance=context.chance,
                auditor=context.auditor,
            )
        return as_json(answer)

    return blueprint
