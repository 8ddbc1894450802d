"""What an agency was asked for, and what it asked for itself; both are posted with the other bodies of a child."""

from typing import Any

from flask import Response
from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from ledger.api import limits
from ledger.api.answers import as_json
from ledger.api.refusals import reads
from ledger.api.requests import StrictParser
from ledger.domain.role import Right
from ledger.services.context import Context
from ledger.services.read_rectifications import LIMIT as OWED
from ledger.services.read_rectifications import LIMIT_MAX as OWED_MAX
from ledger.services.read_rectifications import read_rectifications
from ledger.services.read_requests import LIMIT, LIMIT_MAX, read_requests


class RequestPageSchema(Schema):
    """Which requests for information, and which page of them."""

    side = fields.String(
        load_default="to",
        validate=validate.OneOf(["to", "by"]),
        metadata={"description": "to: put to your agency. by: made by your agency."},
    )
    state = fields.String(
        load_default="open",
        validate=validate.OneOf(["open", "answered", "all"]),
        metadata={"description": "open: without any answer yet. A refusal is an answer."},
    )
    after = fields.String(
        load_default=None,
        validate=validate.Regexp(limits.ENTRY_ID_PATTERN + r"\Z", error="This must be an entry's id."),
        metadata={"description": "Taken from the Link header."},
    )
    limit = fields.Integer(load_default=LIMIT, validate=validate.Range(1, LIMIT_MAX))


class OwedPageSchema(Schema):
    """How many."""

    limit = fields.Integer(load_default=OWED, validate=validate.Range(1, OWED_MAX))


def sharing_blueprint(context: Context, parser: StrictParser) -> Blueprint:
    """The route of the requests for information."""
    blueprint = Blueprint("sharing", __name__, url_prefix="/api/v1", description="What is asked for between agencies.")
    blueprint.ARGUMENTS_PARSER = parser

    @blueprint.get("/requests")  # type: ignore[untyped-decorator]
    @blueprint.arguments(RequestPageSchema, location="query")  # type: ignore[untyped-decorator]
    @blueprint.response(200, description="Requests for information, the newest first.")  # type: ignore[untyped-decorator]
    def get_requests(page: dict[str, Any]) -> Response:
        """Requests put to your agency, or made by it. Being asked shows you a request's own words and nothing else."""
        with reads(context) as (connection, reader):
            answer = read_requests(connection, reader, pack=context.pack, chance=context.chance, **page)
        following, side, state = answer["next"], page["side"], page["state"]
        link = f'</api/v1/requests?side={side}&state={state}&after={following}&limit={page["limit"]}>; rel="next"'
        return as_json(answer, headers={"Link": link} if following else None)

    @blueprint.get("/rectifications")  # type: ignore[untyped-decorator]
    @blueprint.arguments(OwedPageSchema, location="query")  # type: ignore[untyped-decorator]
    @blueprint.response(200, description="Requests that your agency owes an answer.")  # type: ignore[untyped-decorator]
    def get_rectifications(page: dict[str, Any]) -> Response:
        """What your agency was asked to put right and has not answered, the first due first; for records officers."""
        with reads(context, Right.DISCLOSE) as (connection, reader):
            answer = read_rectifications(connection, reader, limit=page["limit"], chance=context.chance)
        return as_json(answer)

    return blueprint
