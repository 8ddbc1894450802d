"""How each rule fares; and for operators, putting one into shadow and bringing it live."""

from typing import Any

from flask import Response, g
from flask_smorest import Blueprint

from ledger.api.answers import as_json, received
from ledger.api.refusals import calling
from ledger.api.requests import StrictParser
from ledger.api.schemas.administration import TakenSchema
from ledger.api.schemas.rules import LiveSchema, RulesSchema, ShadowedSchema
from ledger.domain.entry import written_time
from ledger.domain.role import Right
from ledger.services.authenticate import authenticate
from ledger.services.context import Context
from ledger.services.read_rules import read_rules
from ledger.services.set_rule import Change, set_rule


def rules_blueprint(context: Context, parser: StrictParser) -> Blueprint:
    """The routes about rules."""
    blueprint = Blueprint("rules", __name__, url_prefix="/api/v1/rules", description="How rules fare, in counts.")
    blueprint.ARGUMENTS_PARSER = parser

    @blueprint.get("")  # type: ignore[untyped-decorator]
    @blueprint.response(200, RulesSchema)  # type: ignore[untyped-decorator]
    def get_rules() -> Response:
        """How often each rule was acted on and dismissed, how soon, and whether it is live."""
        with context.engine.begin() as connection:
            caller = authenticate(connection, calling(), Right.RULES)
            answer = read_rules(connection, caller.partnership, context.pack)
        return as_json(answer)

    @blueprint.post("/<rule>/shadow")  # type: ignore[untyped-decorator]
    @blueprint.arguments(ShadowedSchema)  # type: ignore[untyped-decorator]
    @blueprint.response(201, TakenSchema, description="It alerts nobody from now on.")  # type: ignore[untyped-decorator]
    def post_shadow(_loaded: Any, rule: str) -> Response:
        """Put a rule into shadow: what it finds stays found, and nobody is alerted to it."""
        return _set(context, Change(rule, is_live=False, reason=g.body["reason"]))

    @blueprint.post("/<rule>/live")  # type: ignore[untyped-decorator]
    @blueprint.arguments(LiveSchema)  # type: ignore[untyped-decorator]
    @blueprint.response(201, TakenSchema, description="It alerts again, also to what is open.")  # type: ignore[untyped-decorator]
    def post_live(_loaded: Any, rule: str) -> Response:
        """Bring a rule live: what it found that is open is brought to those accountable, as many as you say."""
        return _set(context, Change(rule, is_live=True, reason=g.body["reason"], findings=g.body["findings"]))

    return blueprint


def _set(context: Context, change: Change) -> Response:
    stored = set_rule(context, calling(), change)
    told = {
        "number": stored.number,
        "recorded_at": written_time(stored.recorded_at),
        "hash": stored.hash.hex(),
        **received(stored, context.receipts),
    }
    return as_json(told, 201)
