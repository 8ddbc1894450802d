"""A child's assessments, history, supervisions and concerns; they are posted with the other bodies of a child."""

from typing import Any
from uuid import UUID

from flask import Response
from flask_smorest import Blueprint
from marshmallow import fields, validate

from ledger.api.answers import as_json
from ledger.api.as_known import AsKnownSchema, answer_as_known
from ledger.api.refusals import reads
from ledger.api.requests import StrictParser
from ledger.api.schemas.assessment_answers import AssessmentsSchema, ConcernsSchema, HistorySchema, SupervisionsSchema
from ledger.api.timelines import point_of
from ledger.services.context import Context
from ledger.services.read_assessments import read_assessments
from ledger.services.read_concerns import ConcernsAsked, read_concerns
from ledger.services.read_history import read_history
from ledger.services.read_supervisions import read_supervisions


class ConcernListSchema(AsKnownSchema):
    """Which point of the record, and which concerns."""

    state = fields.String(
        load_default="all",
        validate=validate.OneOf(["open", "closed", "all"]),
        metadata={"description": "open: those that nothing has answered yet."},
    )


def assessments_blueprint(context: Context, parser: StrictParser) -> Blueprint:
    """The routes of assessments, a child's history, supervision and concerns."""
    blueprint = Blueprint(
        "assessments", __name__, url_prefix="/api/v1/children", description="Assessments, and what they are made of."
    )
    blueprint.ARGUMENTS_PARSER = parser

    @blueprint.get("/<uuid:record_id>/assessments")  # type: ignore[untyped-decorator]
    @blueprint.arguments(AsKnownSchema, location="query")  # type: ignore[untyped-decorator]
    @blueprint.response(200, AssessmentsSchema, description="The assessments, the newest first.")  # type: ignore[untyped-decorator]
    def get_assessments(asked: dict[str, Any], record_id: UUID) -> Response:
        """Of each assessment of a child: who was asked and replied, who was not, who opened the history, who signed.

        This reading is itself recorded.
        """
        return answer_as_known(context, asked, record_id, read_assessments)

    @blueprint.get("/<uuid:record_id>/history-pack")  # type: ignore[untyped-decorator]
    @blueprint.arguments(AsKnownSchema, location="query")  # type: ignore[untyped-decorator]
    @blueprint.response(200, HistorySchema, description="The child's history.")  # type: ignore[untyped-decorator]
    def get_history(asked: dict[str, Any], record_id: UUID) -> Response:
        """What was before: siblings, earlier episodes and what came of them, what was tried, injuries and findings.

        This reading is itself recorded, by a name of its own: an assessment is signed once somebody has opened this.
        """
        return answer_as_known(context, asked, record_id, read_history)

    @blueprint.get("/<uuid:record_id>/supervisions")  # type: ignore[untyped-decorator]
    @blueprint.arguments(AsKnownSchema, location="query")  # type: ignore[untyped-decorator]
    @blueprint.response(200, SupervisionsSchema, description="The supervisions, and what is open.")  # type: ignore[untyped-decorator]
    def get_supervisions(asked: dict[str, Any], record_id: UUID) -> Response:
        """The supervisions of the work with a child, and what is open: since the last one, and from before.

        This reading is itself recorded.
        """
        return answer_as_known(context, asked, record_id, read_supervisions)

    @blueprint.get("/<uuid:record_id>/concerns")  # type: ignore[untyped-decorator]
    @blueprint.arguments(ConcernListSchema, location="query")  # type: ignore[untyped-decorator]
    @blueprint.response(200, ConcernsSchema, description="The concerns, the newest first.")  # type: ignore[untyped-decorator]
    def get_concerns(asked: dict[str, Any], record_id: UUID) -> Response:
        """The concerns that were raised about a child that yours is involved with, each open until it is answered.

        This reading is itself recorded.
        """
        with reads(context) as (connection, reader):
            wanted = ConcernsAsked(**point_of(asked), state=asked["state"])
            answer = read_concerns(connection, reader, record_id, wanted, pack=context.pack, chance=context.chance)
        return as_json(answer)

    return blueprint
