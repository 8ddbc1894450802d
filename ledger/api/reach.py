"""Who knows what of a child: who is involved, who has not seen what, what rests on little, and what was borne out."""

from typing import Any, ClassVar
from uuid import UUID

from flask import Response
from flask_smorest import Blueprint
from marshmallow import fields, validate

from ledger.api.answers import as_json
from ledger.api.as_known import AsKnownSchema, answer_as_known
from ledger.api.refusals import reads
from ledger.api.requests import StrictParser
from ledger.api.timelines import PointSchema, point_of
from ledger.services.context import Context
from ledger.services.find_as_of import PointAsked
from ledger.services.read_corroboration import read_corroboration
from ledger.services.read_involved import LIMIT, LIMIT_MAX, UnseenAsked, read_involved, read_unseen
from ledger.services.read_sources import read_sources


class UnseenPointSchema(PointSchema):
    """Which point of the record, and which page."""

    after = fields.Integer(load_default=0, validate=validate.Range(0))
    limit = fields.Integer(load_default=LIMIT, validate=validate.Range(1, LIMIT_MAX))

    class Meta:
        exclude: ClassVar = ("valid_at",)


def reach_blueprint(context: Context, parser: StrictParser) -> Blueprint:
    """The routes of who knows what."""
    blueprint = Blueprint("reach", __name__, url_prefix="/api/v1/children", description="Who knows what.")
    blueprint.ARGUMENTS_PARSER = parser

    @blueprint.get("/<uuid:record_id>/involved")  # type: ignore[untyped-decorator]
    @blueprint.arguments(AsKnownSchema, location="query")  # type: ignore[untyped-decorator]
    @blueprint.response(200, description="Who leads, and every agency that has or had a part.")  # type: ignore[untyped-decorator]
    def get_involved(asked: dict[str, Any], record_id: UUID) -> Response:
        """Who is involved with a child: in what role, since when, whom to ring, when they last posted and looked."""
        with reads(context) as (connection, reader):
            point = PointAsked(**point_of(asked))
            told = read_involved(connection, reader, record_id, point, auditing=context.auditor, chance=context.chance)
        return as_json(told)

    @blueprint.get("/<uuid:record_id>/unseen")  # type: ignore[untyped-decorator]
    @blueprint.arguments(UnseenPointSchema, location="query")  # type: ignore[untyped-decorator]
    @blueprint.response(200, description="Counts by agency, and the entries.")  # type: ignore[untyped-decorator]
    def get_unseen(asked: dict[str, Any], record_id: UUID) -> Response:
        """Which entries that you may see somebody involved has not: by no recorded reading, and by nothing sent."""
        question = UnseenAsked(**point_of(asked), after=asked["after"], limit=asked["limit"])
        with reads(context) as (connection, reader):
            told = read_unseen(connection, reader, record_id, question, auditing=context.auditor, chance=context.chance)
        return as_json(told)

    @blueprint.get("/<uuid:record_id>/sources")  # type: ignore[untyped-decorator]
    @blueprint.arguments(AsKnownSchema, location="query")  # type: ignore[untyped-decorator]
    @blueprint.response(200, description="What rests on little.")  # type: ignore[untyped-decorator]
    def get_sources(asked: dict[str, Any], record_id: UUID) -> Response:
        """What one agency alone holds, and by topic what rests on one person's word alone, as far as you may see."""
        return answer_as_known(context, asked, record_id, read_sources)

    @blueprint.get("/<uuid:record_id>/corroboration")  # type: ignore[untyped-decorator]
    @blueprint.arguments(AsKnownSchema, location="query")  # type: ignore[untyped-decorator]
    @blueprint.response(200, description="Claims that somebody was asked to bear out.")  # type: ignore[untyped-decorator]
    def get_corroboration(asked: dict[str, Any], record_id: UUID) -> Response:
        """The claims that an agency was asked to bear out, with what came back and what else the record says."""
        return answer_as_known(context, asked, record_id, read_corroboration)

    return blueprint
