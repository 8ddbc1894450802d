"""Alerts brought to the caller's agency, and what is done about them."""

from typing import Any

from flask import Response, g
from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from ledger.api.answers import as_json, recorded_response
from ledger.api.refusals import calling, reads
from ledger.api.requests import StrictParser
from ledger.api.schemas.answers import ConcludedSchema, RecordedSchema
from ledger.api.schemas.outcomes import AcknowledgementSchema, AlertActionSchema, AlertSnoozeSchema, OutcomeSchema
from ledger.domain.alert import State
from ledger.services.acknowledge import acknowledge
from ledger.services.act_on_alert import act_on_alert, note_opened, snooze_alert
from ledger.services.conclude import conclude
from ledger.services.context import Context
from ledger.services.read_alerts import LIMIT, LIMIT_MAX, read_alert, read_alerts, read_passed_on
from ledger.store.alerts import Wanted


class AlertPageSchema(Schema):
    """Which page of the alerts."""

    after = fields.String(validate=validate.Length(1, 200), metadata={"description": "Taken from the Link header."})
    limit = fields.Integer(load_default=LIMIT, validate=validate.Range(1, LIMIT_MAX))
    tier = fields.String(
        validate=validate.OneOf(("interrupt", "queue")), metadata={"description": "Only those that interrupt, or wait."}
    )
    state = fields.String(
        validate=validate.OneOf([str(state) for state in State]),
        metadata={"description": "Only those that have come so far."},
    )
    went_on = fields.String(
        validate=validate.OneOf(("yes",)),
        metadata={"description": "yes: instead of yours those that you held and somebody else holds now, 50 at most."},
    )


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
            if page.get("went_on"):
                gone = read_passed_on(connection, reader, pack=context.pack, chance=context.chance)
                return as_json({"alerts": gone, "next": None})
            wanted = Wanted(page.get("tier"), page.get("state"))
            answer = read_alerts(
                connection,
                reader,
                pack=context.pack,
                chance=context.chance,
                after=page.get("after"),
                limit=page["limit"],
                wanted=wanted,
            )
        following = answer["next"]
        more = "".join(f"&{name}={page[name]}" for name in ("tier", "state") if page.get(name))
        link = f'</api/v1/alerts?after={following}&limit={page["limit"]}{more}>; rel="next"'
        return as_json(answer, headers={"Link": link} if following else None)

    @blueprint.get("/<alert_id>")  # type: ignore[untyped-decorator]
    @blueprint.response(200, description="The alert.")  # type: ignore[untyped-decorator]
    def get_alert(alert_id: str) -> Response:
        """One alert brought to your agency, or that it held before. A person's first reading is recorded as opening."""
        with reads(context) as (connection, reader):
            answer = read_alert(connection, reader, alert_id, pack=context.pack, chance=context.chance)
        if note_opened(context, calling(), answer):
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

    @blueprint.post("/<alert_id>/actions")  # type: ignore[untyped-decorator]
    @blueprint.arguments(AlertActionSchema)  # type: ignore[untyped-decorator]
    @blueprint.alt_response(200, schema=RecordedSchema, description="Sent before.")  # type: ignore[untyped-decorator]
    @blueprint.response(201, RecordedSchema, description="Recorded: the clock has stopped.")  # type: ignore[untyped-decorator]
    def post_action(_loaded: Any, alert_id: str) -> Response:
        """Say what was done about the alert. Only this, or an outcome, stops its clock."""
        return recorded_response(context, act_on_alert(context, calling(), alert_id, g.body))

    @blueprint.post("/<alert_id>/snoozes")  # type: ignore[untyped-decorator]
    @blueprint.arguments(AlertSnoozeSchema)  # type: ignore[untyped-decorator]
    @blueprint.alt_response(200, schema=RecordedSchema, description="Sent before.")  # type: ignore[untyped-decorator]
    @blueprint.response(201, RecordedSchema, description="Put off: it comes back by itself.")  # type: ignore[untyped-decorator]
    def post_snooze(_loaded: Any, alert_id: str) -> Response:
        """Put the alert off, with a reason, an end and somebody who owns that."""
        return recorded_response(context, snooze_alert(context, calling(), alert_id, g.body))

    @blueprint.post("/<alert_id>/outcomes")  # type: ignore[untyped-decorator]
    @blueprint.arguments(OutcomeSchema)  # type: ignore[untyped-decorator]
    @blueprint.alt_response(200, schema=ConcludedSchema, description="Sent before.")  # type: ignore[untyped-decorator]
    @blueprint.response(201, ConcludedSchema, description="Recorded; detection closes the finding in its turn.")  # type: ignore[untyped-decorator]
    def post_outcome(_loaded: Any, alert_id: str) -> Response:
        """Say what the finding came to. It closes, and only new evidence raises it again."""
        return recorded_response(context, conclude(context, calling(), alert_id, g.body))

    return blueprint
