"""Work that agencies ask of one another; it is posted with the other bodies of a child."""

from typing import Any
from uuid import UUID

from flask import Response
from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from ledger.api import limits
from ledger.api.answers import as_json
from ledger.api.as_known import AsKnownSchema, answer_as_known
from ledger.api.refusals import reads
from ledger.api.requests import StrictParser
from ledger.api.schemas.work import AllWorkSchema, WorkSchema
from ledger.services.context import Context
from ledger.services.read_work import LIMIT, LIMIT_MAX, SIDES, STATES, read_all_work, read_work


class WorkPageSchema(Schema):
    """Which work, and which page of it."""

    side = fields.String(
        load_default="owed_by_us",
        validate=validate.OneOf(SIDES),
        metadata={"description": "owed_by_us: asked of your agency. owed_to_us: asked by your agency."},
    )
    state = fields.String(
        load_default="open",
        validate=validate.OneOf(STATES),
        metadata={"description": "open: of which something can still come, an accepted action until it is done."},
    )
    after = fields.String(
        load_default=None,
        validate=validate.Regexp(limits.ENTRY_ID_PATTERN + r"\Z", error="This must be an entry's id."),
        metadata={"description": "Taken from the Link header."},
    )
    limit = fields.Integer(load_default=LIMIT, validate=validate.Range(1, LIMIT_MAX))


def work_blueprint(context: Context, parser: StrictParser) -> Blueprint:
    """The routes of work that is asked for."""
    blueprint = Blueprint("work", __name__, url_prefix="/api/v1", description="What agencies ask of one another.")
    blueprint.ARGUMENTS_PARSER = parser

    @blueprint.get("/children/<uuid:record_id>/work")  # type: ignore[untyped-decorator]
    @blueprint.arguments(AsKnownSchema, location="query")  # type: ignore[untyped-decorator]
    @blueprint.response(200, WorkSchema, description="Referrals, actions and hand-overs, the newest first.")  # type: ignore[untyped-decorator]
    def get_child_work(asked: dict[str, Any], record_id: UUID) -> Response:
        """What was asked of whom for a child that yours is involved with, whose it is now, and by when it is due.

        This reading is itself recorded.
        """
        return answer_as_known(context, asked, record_id, read_work)

    @blueprint.get("/work")  # type: ignore[untyped-decorator]
    @blueprint.arguments(WorkPageSchema, location="query")  # type: ignore[untyped-decorator]
    @blueprint.response(200, AllWorkSchema, description="Work across records, the newest first.")  # type: ignore[untyped-decorator]
    def get_work(page: dict[str, Any]) -> Response:
        """What your agency owes others, or is owed, across records.

        Being offered something shows you the offer's own words, and nothing else of a record in which you have no part.
        """
        with reads(context) as (connection, reader):
            answer = read_all_work(connection, reader, pack=context.pack, chance=context.chance, **page)
        following, side, state = answer["next"], page["side"], page["state"]
        link = f'</api/v1/work?side={side}&state={state}&after={following}&limit={page["limit"]}>; rel="next"'
        return as_json(answer, headers={"Link": link} if following else None)

    return blueprint
