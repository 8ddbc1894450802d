"""In which children's records an adult is known, and who may be; what is said of it is posted with the other bodies."""

import re
from typing import Any, Final
from uuid import UUID

from flask import Response
from flask_smorest import Blueprint
from marshmallow import Schema
from werkzeug.exceptions import NotFound

from ledger.api.answers import as_json
from ledger.api.as_known import AsKnownSchema
from ledger.api.refusals import reads
from ledger.api.requests import StrictParser
from ledger.api.schemas.adults import ADULT_PATTERN, AdultProposalsSchema, AdultSchema, AdultsOfRecordSchema
from ledger.api.timelines import Moment, point_of
from ledger.services.context import Context
from ledger.services.find_as_of import PointAsked
from ledger.services.follow_adult import follow_adult
from ledger.services.read_adult_proposals import read_adult_proposals
from ledger.services.read_adults import read_adults

_ADULT: Final = re.compile(ADULT_PATTERN)


class KnownAtSchema(Schema):
    """As known when."""

    known_at = Moment(end_of_day=True, description="As known at this moment: links that were recorded by then.")


def child_adults_blueprint(context: Context, parser: StrictParser) -> Blueprint:
    """The routes of one record's adults in other records."""
    blueprint = Blueprint(
        "adults_of_child", __name__, url_prefix="/api/v1/children", description="Who is known in other records."
    )
    blueprint.ARGUMENTS_PARSER = parser

    @blueprint.get("/<uuid:record_id>/adults")  # type: ignore[untyped-decorator]
    @blueprint.arguments(AsKnownSchema, location="query")  # type: ignore[untyped-decorator]
    @blueprint.response(200, AdultsOfRecordSchema)  # type: ignore[untyped-decorator]
    def get_adults(asked: dict[str, Any], record_id: UUID) -> Response:
        """Who of this record is known in another child's record, and whom to ring; nothing of what is held there.

        This reading is itself recorded.
        """
        with reads(context) as (connection, reader):
            point = PointAsked(**point_of(asked))
            answer = read_adults(
                connection, reader, record_id, point, pack=context.pack, chance=context.chance, auditor=context.auditor
            )
        return as_json(answer)

    @blueprint.get("/<uuid:record_id>/adult-proposals")  # type: ignore[untyped-decorator]
    @blueprint.response(200, AdultProposalsSchema)  # type: ignore[untyped-decorator]
    def get_adult_proposals(record_id: UUID) -> Response:
        """Who of this record may be in another record too, and why: for whoever may read both, desk and auditors.

        Nothing is linked by it; only somebody's entry links. This reading is itself recorded, in each of the records.
        """
        with reads(context) as opened:
            answer = read_adult_proposals(context, opened, record_id)
        return as_json(answer)

    return blueprint


def adults_blueprint(context: Context, parser: StrictParser) -> Blueprint:
    """The route of one adult in all records."""
    blueprint = Blueprint("adults", __name__, url_prefix="/api/v1/adults", description="An adult in many records.")
    blueprint.ARGUMENTS_PARSER = parser

    @blueprint.get("/<adult>")  # type: ignore[untyped-decorator]
    @blueprint.arguments(KnownAtSchema, location="query")  # type: ignore[untyped-decorator]
    @blueprint.response(200, AdultSchema)  # type: ignore[untyped-decorator]
    def get_adult(asked: dict[str, Any], adult: str) -> Response:
        """Every child whom this adult has ever been linked to, as known at a moment, as far as you may know of it.

        `adult` is what a record's adults are named by there. This reading is recorded in each record that is named.
        """
        if not _ADULT.fullmatch(adult):
            raise NotFound
        with reads(context) as opened:
            answer = follow_adult(context, opened, adult, asked.get("known_at"))
        return as_json(answer)

    return blueprint
