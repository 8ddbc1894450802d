"""Alerts brought to the caller's agency, and acknowledging them."""

from typing import Any

from flask import Response, g
from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from ledger.api.answers import as_json, recorded_response
from ledger.api.refusals import calling, reads
from ledger.api.requests import StrictParser
from ledger.api.schemas.answers import ConcludedSchema, RecordedSchema
from ledger.api.schemas.outcomes import AcknowledgementSchema, OutcomeSchema
from ledger.services.acknowledge import acknowledge
from ledger.services.conclude import conclude
from ledger.services.context import Context
from ledger.services.read_alerts import LIMIT, LIMIT_MAX, read_alert, read_alerts


class AlertPageSchema(Schema):
    """Which page of the alerts."""

    after = fields.String(validate=validate.Length(1, 200), metadata={"description": "Taken from the Link header."})
    limit = fields.Integer(load_default=LIMIT, validate=validate.Range(1, LIMIT_MAX))


def alerts_blueprint(context: Context, parser: StrictParser) -> Blueprint:
    """The routes of the alerts."""
    blueprint = Blueprint("alerts", __name__, url_prefix="/api/v1/alerts", description="What is yours to act on.")
    blueprint.ARGUMENTS_PARSER = parser

    @blueprint.get("")  # type: ignore[untyped-decorator]
    @blueprint.arguments(AlertPageSchema, location="query")  # type: ignore[untyped-decorator]
    @blueprint.response(200, description="Open alerts, newest first.")  # type: ignore[untyped-decorator]
    def get_alerts(page: dict[str, Any]) -> Response:
        """Open alerts brought to your agency; what is shown of each child is recorded as a reading."""
        with reads(context) as (connection, reader):
            answer = read_alerts(
                connection,
                reader,
                pack=context.pack,
                chance=context.chance,
                after=page.get("after"),
                limit=page["limit"],
            )
        following = answer["next"]
        link = f'</api/v1/alerts?after={following}&limit={page["limit"]}>; rel="next"'
        return as_json(answer, headers={"Link": link} if following else None)

    @blueprint.get("/<alert_id>")  # type: ignore[untyped-decorator]
    @blueprint.response(200, description="The alert.")  # type: ignore[untyped-decorator]
    def get_alert(alert_id: str) -> Response:
        """One alert brought to your agency."""
        with reads(context) as (connection, reader):
            answer = read_alert(connection, reader, alert_id, pack=context.pack, chance=context.chance)
        return as_json(answer)

    @blueprint.post("/<alert_id>/acknowledgements")  # type: ignore[untyped-decorator]
    @blueprint.arguments(AcknowledgementSchema)  # type: ignore[untyped-decorator]
    @blueprint.alt_response(200, schema=RecordedSchema, description="Sent before.")  # type: ignore[untyped-decorator]
    @blueprint.response(201, RecordedSchema, description="Acknowledged.")  # type: ignore[untyped-decorator]
    def post_acknowledgement(_loaded: Any, alert_id: str) -> Response:
        """Say that your agency has taken the alert on. Acknowledged is not acted on."""
        return recorded_response(context, acknowledge(context, calling(), alert_id, g.body))

    @blueprint.post("/<alert_id>/outcomes")  # type: ignore[untyped-decorator]
    @blueprint.arguments(OutcomeSchema)  # type: ignore[untyped-decorator]
    @blueprint.alt_response(200, schema=ConcludedSchema, description="Sent before.")  # type: ignore[untyped-decorator]
    @blueprint.response(201, ConcludedSchema, description="Recorded; detection closes the finding in its turn.")  # type: ignore[untyped-decorator]
    def post_outcome(_loaded: Any, alert_id: str) -> Response:
        """Say what the finding came to. It closes, and only new evidence raises it again."""
        return recorded_response(context, conclude(context, calling(), alert_id, g.body))

    return blueprint
