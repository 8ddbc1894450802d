"""The decisions about a child, and what one would rest on; they are posted with the other bodies of a child."""

from functools import partial
from typing import Any, ClassVar
from uuid import UUID

from flask import Response
from flask_smorest import Blueprint
from marshmallow import fields, validate

from ledger.api import limits
from ledger.api.answers import as_json
from ledger.api.as_known import AsKnownSchema, answer_as_known
from ledger.api.refusals import reads
from ledger.api.requests import StrictParser
from ledger.api.schemas.deciding import DecisionPreviewSchema, DecisionsSchema
from ledger.api.timelines import PointSchema, point_of
from ledger.services.context import Context
from ledger.services.find_as_of import PointAsked
from ledger.services.read_decisions import LIMIT, LIMIT_MAX, DecisionsPage, preview_decision, read_decisions

_STATEMENT = rf"{limits.ENTRY_ID_PATTERN}:[0-9]{{1,3}}\Z"


class DecisionsPageSchema(PointSchema):
    """As known at which point of the record, and which page."""

    before = fields.Integer(
        validate=validate.Range(1), metadata={"description": "Only decisions before this number: `next` of an answer."}
    )
    limit = fields.Integer(load_default=LIMIT, validate=validate.Range(1, LIMIT_MAX))

    class Meta:
        exclude: ClassVar = ("valid_at", "after")


class PreviewAskedSchema(AsKnownSchema):
    """A decision that is thought of: its kind, and what it would rely on."""

    kind = fields.String(
        required=True,
        validate=validate.Regexp(limits.WORD_PATTERN + r"\Z", error="This must be one word, as step_down."),
        metadata={"description": "What kind of decision, for example step_down."},
    )
    relies_on = fields.List(
        fields.String(validate=validate.Regexp(_STATEMENT, error="This must be an entry's id, a colon and a place.")),
        load_default=[],
        validate=validate.Length(max=limits.RELIES_ON_MAX),
        metadata={
            "description": "A statement that it would rely on, as <entry id>:<place in it>; as often as there are some."
        },
    )


def decisions_blueprint(context: Context, parser: StrictParser) -> Blueprint:
    """The routes of the decisions about a child."""
    blueprint = Blueprint(
        "decisions", __name__, url_prefix="/api/v1/children", description="What was decided, and what it rests on."
    )
    blueprint.ARGUMENTS_PARSER = parser

    @blueprint.get("/<uuid:record_id>/decisions")  # type: ignore[untyped-decorator]
    @blueprint.arguments(DecisionsPageSchema, location="query")  # type: ignore[untyped-decorator]
    @blueprint.response(200, DecisionsSchema, description="The decisions, the newest first.")  # type: ignore[untyped-decorator]
    def get_decisions(asked: dict[str, Any], record_id: UUID) -> Response:
        """The decisions about a child that yours is involved with: what each rested on, and what has come up since.

        This reading is itself recorded.
        """
        page = DecisionsPage(asked.get("before"), asked["limit"])
        return answer_as_known(context, asked, record_id, partial(read_decisions, page=page))

    @blueprint.get("/<uuid:record_id>/decisions/preview")  # type: ignore[untyped-decorator]
    @blueprint.arguments(PreviewAskedSchema, location="query")  # type: ignore[untyped-decorator]
    @blueprint.response(200, DecisionPreviewSchema, description="What it would rest on.")  # type: ignore[untyped-decorator]
    def get_preview(asked: dict[str, Any], record_id: UUID) -> Response:
        """What a decision of your agency would rest on, without deciding: only this reading is recorded."""
        with reads(context) as (connection, reader):
            answer = preview_decision(
                connection,
                reader,
                record_id,
                PointAsked(**point_of(asked)),
                (asked["kind"], asked["relies_on"]),
                pack=context.pack,
                chance=context.chance,
            )
        return as_json(answer)

    return blueprint
