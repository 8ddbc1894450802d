"""What is not known about a child and should be, and what must follow and has not, as the caller may see it."""

from typing import Any, ClassVar
from uuid import UUID

from flask import Response
from flask_smorest import Blueprint
from marshmallow import fields, validate

from ledger.api.answers import as_json
from ledger.api.refusals import reads
from ledger.api.requests import StrictParser
from ledger.api.schemas.gaps import ExpectationsSchema, GapsSchema
from ledger.api.timelines import Moment, PointSchema, point_of
from ledger.services.context import Context
from ledger.services.judge_record import AsOf
from ledger.services.read_expectations import MET_DAYS, MET_DAYS_MOST, read_expectations
from ledger.services.read_gaps import read_gaps


class AsOfSchema(PointSchema):
    """Which point of the record, and at which moment of the child's life."""

    valid_at = Moment(
        end_of_day=False,
        description="The moment at which clocks are read, `at` in the answer; left out, that of the point, or now.",
    )

    class Meta:
        exclude: ClassVar = ("after", "limit")


class AwaitedSchema(AsOfSchema):
    """Which point of the record, and how far back."""

    met_days = fields.Integer(
        load_default=MET_DAYS,
        validate=validate.Range(0, MET_DAYS_MOST),
        metadata={"description": "What came is shown for this many days; 0: only what is still awaited."},
    )


def gaps_blueprint(context: Context, parser: StrictParser) -> Blueprint:
    """The routes of gaps and expectations."""
    blueprint = Blueprint(
        "gaps", __name__, url_prefix="/api/v1/children", description="What nobody asked, and what never followed."
    )
    blueprint.ARGUMENTS_PARSER = parser

    @blueprint.get("/<uuid:record_id>/gaps")  # type: ignore[untyped-decorator]
    @blueprint.arguments(AsOfSchema, location="query")  # type: ignore[untyped-decorator]
    @blueprint.response(200, GapsSchema, description="The open gaps.")  # type: ignore[untyped-decorator]
    def get_gaps(asked: dict[str, Any], record_id: UUID) -> Response:
        """What is not known about a child that yours is involved with, who tried, and who can find out.

        This reading is itself recorded.
        """
        with reads(context) as (connection, reader):
            answer = read_gaps(connection, reader, record_id, _point(asked), pack=context.pack, chance=context.chance)
        return as_json(answer)

    @blueprint.get("/<uuid:record_id>/expectations")  # type: ignore[untyped-decorator]
    @blueprint.arguments(AwaitedSchema, location="query")  # type: ignore[untyped-decorator]
    @blueprint.response(200, ExpectationsSchema, description="What is awaited.")  # type: ignore[untyped-decorator]
    def get_expectations(asked: dict[str, Any], record_id: UUID) -> Response:
        """What must follow what was done or said about a child that yours is involved with, from whom and by when.

        This reading is itself recorded.
        """
        with reads(context) as (connection, reader):
            answer = read_expectations(
                connection,
                reader,
                record_id,
                _point(asked),
                pack=context.pack,
                chance=context.chance,
                met_days=asked["met_days"],
            )
        return as_json(answer)

    return blueprint


def _point(asked: dict[str, Any]) -> AsOf:
    return AsOf(**point_of(asked), valid_at=asked.get("valid_at"))
