"""An agency's webhooks: registered, rotated, tried and removed by its system; seen and disabled by administrators."""

from typing import Any

from flask import Response, g
from flask_smorest import Blueprint

from ledger.api.answers import as_json, received
from ledger.api.clients import NOT_STORED
from ledger.api.refusals import calling
from ledger.api.requests import StrictParser
from ledger.api.schemas.administration import TakenAwaySchema, TakenSchema
from ledger.api.schemas.webhooks import (
    OwnWebhooksSchema,
    PartnersWebhooksSchema,
    RotationSchema,
    TrialSchema,
    WebhookMadeSchema,
    WebhookNotedSchema,
    WebhookRotatedSchema,
    WebhookSchema,
)
from ledger.domain.entry import written_time
from ledger.services.context import Context
from ledger.services.end_webhook import disable_webhook, remove_webhook
from ledger.services.read_webhooks import read_partnership_webhooks, read_webhooks
from ledger.services.register_webhook import register_webhook, rotate_webhook
from ledger.services.try_webhook import try_webhook
from ledger.store.append import Stored


def webhooks_blueprint(context: Context, parser: StrictParser) -> Blueprint:
    """The routes that agencies' systems have."""
    blueprint = Blueprint(
        "webhooks", __name__, url_prefix="/api/v1/webhooks", description="Where your agency's systems are told."
    )
    blueprint.ARGUMENTS_PARSER = parser

    @blueprint.get("")  # type: ignore[untyped-decorator]
    @blueprint.response(200, OwnWebhooksSchema)  # type: ignore[untyped-decorator]
    def get_webhooks() -> Response:
        """Your agency's endpoints, what signs, and how the messages to each went; never a secret."""
        return as_json(read_webhooks(context, calling()))

    @blueprint.post("")  # type: ignore[untyped-decorator]
    @blueprint.arguments(WebhookSchema)  # type: ignore[untyped-decorator]
    @blueprint.response(201, WebhookMadeSchema, description="Registered.")  # type: ignore[untyped-decorator]
    def post_webhook(_loaded: Any) -> Response:
        """Register an endpoint. Its secret is told this once: whoever loses it rotates it."""
        return as_json(register_webhook(context, calling(), g.body), 201, NOT_STORED)

    @blueprint.post("/<webhook_id>/rotations")  # type: ignore[untyped-decorator]
    @blueprint.arguments(RotationSchema)  # type: ignore[untyped-decorator]
    @blueprint.response(201, WebhookRotatedSchema, description="Rotated.")  # type: ignore[untyped-decorator]
    def post_rotation(_loaded: Any, webhook_id: str) -> Response:
        """Let another secret sign, and the old one beside it for a day."""
        return as_json(rotate_webhook(context, calling(), webhook_id, g.body), 201, NOT_STORED)

    @blueprint.post("/<webhook_id>/trials")  # type: ignore[untyped-decorator]
    @blueprint.arguments(TrialSchema)  # type: ignore[untyped-decorator]
    @blueprint.response(201, WebhookNotedSchema, description="On its way.")  # type: ignore[untyped-decorator]
    def post_trial(_loaded: Any, webhook_id: str) -> Response:
        """Have a message of the type webhook.trial sent, the way that all go."""
        return _noted(context, try_webhook(context, calling(), webhook_id, g.body["reason"]), 201)

    @blueprint.delete("/<webhook_id>")  # type: ignore[untyped-decorator]
    @blueprint.response(200, WebhookNotedSchema, description="Ended.")  # type: ignore[untyped-decorator]
    def delete_webhook(webhook_id: str) -> Response:
        """End an endpoint for good; what waits for it is not sent."""
        return _noted(context, remove_webhook(context, calling(), webhook_id), 200)

    return blueprint


def partnership_webhooks_blueprint(context: Context, parser: StrictParser) -> Blueprint:
    """The routes that only administrators have."""
    blueprint = Blueprint(
        "partnership_webhooks",
        __name__,
        url_prefix="/api/v1/administration/webhooks",
        description="Where agencies' systems are told, as metadata.",
    )
    blueprint.ARGUMENTS_PARSER = parser

    @blueprint.get("")  # type: ignore[untyped-decorator]
    @blueprint.response(200, PartnersWebhooksSchema)  # type: ignore[untyped-decorator]
    def get_all() -> Response:
        """The endpoints of your partnership's agencies: where each listens, without its path, and since when."""
        return as_json(read_partnership_webhooks(context, calling()))

    @blueprint.post("/<webhook_id>/endings")  # type: ignore[untyped-decorator]
    @blueprint.arguments(TakenAwaySchema)  # type: ignore[untyped-decorator]
    @blueprint.response(201, TakenSchema, description="Disabled.")  # type: ignore[untyped-decorator]
    def post_ending(_loaded: Any, webhook_id: str) -> Response:
        """Disable an endpoint for good. Its agency is told, in its feed."""
        return _noted(context, disable_webhook(context, calling(), webhook_id, g.body["reason"]), 201)

    return blueprint


def _noted(context: Context, stored: Stored, status: int) -> Response:
    told = {
        "number": stored.number,
        "recorded_at": written_time(stored.recorded_at),
        "hash": stored.hash.hex(),
        **received(stored, context.receipts),
    }
    return as_json(told, status)
