"""Which agencies took a part in the records that one's agency leads."""

from typing import Any

from flask import Response
from flask_smorest import Blueprint
from marshmallow import Schema

from ledger.api.answers import as_json
from ledger.api.refusals import reads
from ledger.api.requests import StrictParser
from ledger.api.timelines import Moment
from ledger.services.context import Context
from ledger.services.read_involvements import LIMIT, read_involvements


class InvolvementListSchema(Schema):
    """Recorded within which stretch of the ledger's time."""

    since = Moment(end_of_day=False, description="From this moment on; left out, the last 14 days.")
    until = Moment(end_of_day=True, description="Before this moment: where there are `more`, the last one's `at`.")


def involvements_blueprint(context: Context, parser: StrictParser) -> Blueprint:
    """The route by which whoever leads is told; involvements are posted with the other bodies of a child."""
    blueprint = Blueprint(
        "involvements", __name__, url_prefix="/api/v1/involvements", description="Who came to have a part."
    )
    blueprint.ARGUMENTS_PARSER = parser

    @blueprint.get("")  # type: ignore[untyped-decorator]
    @blueprint.arguments(InvolvementListSchema, location="query")  # type: ignore[untyped-decorator]
    @blueprint.response(200, description=f"Others' parts, the newest first, at most {LIMIT}.")  # type: ignore[untyped-decorator]
    def get_involvements(asked: dict[str, Any]) -> Response:
        """Other agencies that took a part in records that you lead, with role and reason. Broken glass is not here."""
        with reads(context) as (connection, reader):
            answer = read_involvements(connection, reader, chance=context.chance, **asked)
        return as_json(answer)

    return blueprint
