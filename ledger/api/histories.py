"""A child's record over time: how services were used, who had care and where it slept, what the family summary says."""

from typing import Any, ClassVar
from uuid import UUID

from flask import Response
from flask_smorest import Blueprint

from ledger.api.answers import as_json
from ledger.api.refusals import reads
from ledger.api.requests import StrictParser
from ledger.api.schemas.histories import CareSchema, EngagementSchema, FamilySummaryViewSchema
from ledger.api.timelines import KnownBySchema, Moment, known_by_of, point_of
from ledger.services.context import Context
from ledger.services.find_as_of import PointAsked
from ledger.services.read_care import read_care
from ledger.services.read_engagement import read_engagement
from ledger.services.read_picture import Asked
from ledger.services.read_summary import read_summary


class UpToSchema(KnownBySchema):
    """Which point of the record, and up to which moment of the child's life."""

    valid_at = Moment(
        end_of_day=True,
        description="Up to this moment; left out, up to the time of the point that is asked for, or to now.",
    )

    class Meta:
        exclude: ClassVar = ("after", "limit")


class SummaryAskedSchema(KnownBySchema):
    """Which point of the record."""

    class Meta:
        exclude: ClassVar = ("after", "limit", "valid_at")


def histories_blueprint(context: Context, parser: StrictParser) -> Blueprint:
    """The routes of what is told over time."""
    blueprint = Blueprint("histories", __name__, url_prefix="/api/v1/children", description="A child's life over time.")
    blueprint.ARGUMENTS_PARSER = parser

    @blueprint.get("/<uuid:record_id>/engagement")  # type: ignore[untyped-decorator]
    @blueprint.arguments(UpToSchema, location="query")  # type: ignore[untyped-decorator]
    @blueprint.response(200, EngagementSchema, description="Services by how far they got.")  # type: ignore[untyped-decorator]
    def get_engagement(asked: dict[str, Any], record_id: UUID) -> Response:
        """Which services were offered to each person, taken up, missed, turned down and ended, with dates and entries.

        It is what was recorded, service by service, and no word for anybody. This reading is itself recorded.
        """
        with reads(context) as (connection, reader):
            answer = read_engagement(
                connection, reader, record_id, _asked(asked, context), pack=context.pack, chance=context.chance
            )
        return as_json(answer)

    @blueprint.get("/<uuid:record_id>/care")  # type: ignore[untyped-decorator]
    @blueprint.arguments(UpToSchema, location="query")  # type: ignore[untyped-decorator]
    @blueprint.response(200, CareSchema, description="Stretches of time, side by side.")  # type: ignore[untyped-decorator]
    def get_care(asked: dict[str, Any], record_id: UUID) -> Response:
        """Who had care of a child and where it slept, what was in force and what was seen, with the gaps.

        What differs stands side by side, and what goes against an order is named. This reading is itself recorded.
        """
        with reads(context) as (connection, reader):
            answer = read_care(
                connection, reader, record_id, _asked(asked, context), pack=context.pack, chance=context.chance
            )
        return as_json(answer)

    @blueprint.get("/<uuid:record_id>/family-summary")  # type: ignore[untyped-decorator]
    @blueprint.arguments(SummaryAskedSchema, location="query")  # type: ignore[untyped-decorator]
    @blueprint.response(200, FamilySummaryViewSchema, description="The newest version first.")  # type: ignore[untyped-decorator]
    def get_family_summary(asked: dict[str, Any], record_id: UUID) -> Response:
        """The family summary: its newest version, who confirms and who disputes it, and what was recorded since.

        This reading is itself recorded.
        """
        with reads(context) as (connection, reader):
            answer = read_summary(
                connection,
                reader,
                record_id,
                PointAsked(**point_of(asked)),
                pack=context.pack,
                chance=context.chance,
                known_by=known_by_of(asked, context),
            )
        return as_json(answer)

    return blueprint


def _asked(asked: dict[str, Any], context: Context) -> Asked:
    return Asked(**point_of(asked), valid_at=asked.get("valid_at"), known_by=known_by_of(asked, context))
