"""What records officers have before them; what they do is posted with the other bodies of a child."""

from datetime import datetime
from typing import Any

from flask import Response
from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from ledger.api.answers import as_json
from ledger.api.refusals import reads
from ledger.api.requests import StrictParser
from ledger.api.timelines import Moment
from ledger.domain.civil_day import civil_date
from ledger.domain.role import Right
from ledger.services.context import Context
from ledger.services.read_retention import read_retention


class RetentionPageSchema(Schema):
    """Up to which day, and how much."""

    until = Moment(end_of_day=False, description="Reviews that are due by this day; left out, by today.")
    orders = fields.String(
        load_default="open",
        validate=validate.OneOf(["open", "all"], error="This must be open or all."),
        metadata={"description": "all: also orders that were carried out or refused."},
    )


def retention_blueprint(context: Context, parser: StrictParser) -> Blueprint:
    """The route of the records officer's list."""
    blueprint = Blueprint(
        "retention", __name__, url_prefix="/api/v1", description="How long records are kept, and what is erased."
    )
    blueprint.ARGUMENTS_PARSER = parser

    @blueprint.get("/retention")  # type: ignore[untyped-decorator]
    @blueprint.arguments(RetentionPageSchema, location="query")  # type: ignore[untyped-decorator]
    @blueprint.response(200, description="Reviews, holds and orders to erase.")  # type: ignore[untyped-decorator]
    def get_retention(asked: dict[str, Any]) -> Response:
        """Records whose review is due, holds that stand and orders to erase, in the records of your agency."""
        until = asked.get("until")
        day = civil_date(until) if isinstance(until, datetime) else None
        with reads(context, Right.RETAIN) as (connection, _reader):
            answer = read_retention(connection, until=day, everything=asked["orders"] == "all")
        return as_json(answer)

    return blueprint
