"""How rules fare, and what an operator sends to put one into shadow or bring it live."""

from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import Schema, fields, validate

from ledger.api.pointers import Refusal
from ledger.api.schemas import names
from ledger.api.schemas.bodies import BodySchema
from ledger.api.schemas.fields import CheckedField
from ledger.domain.shadow import WHY

_TIME = {"format": "date-time"}
_MOST = 10_000_000
_SHARE = {"description": "A share from 0 to 1, to three places; null where there is nothing to divide by."}


class HowMany(CheckedField):
    """A whole number of something."""

    documentation: ClassVar[Mapping[str, Any]] = {"type": "integer", "minimum": 0, "maximum": _MOST}

    def refusal(self, value: object) -> Refusal | None:
        if type(value) is int and 0 <= value <= _MOST:
            return None
        return Refusal(f"This must be a whole number from 0 to {_MOST}.", "count")


class ShadowedSchema(BodySchema):
    """Why a rule is to alert nobody. It is kept in the partnership's record: name no child in it."""

    reason = names.reason(required=True)


class LiveSchema(ShadowedSchema):
    """Why a rule is to alert again, and how many open findings that brings."""

    findings = HowMany("`waiting` of the rule, to say that you know what coming live sets off.", required=True)


class FloorSchema(Schema):
    """Below which precision a rule goes into shadow by itself."""

    precision = fields.String(required=True, metadata=_SHARE)
    of_at_least = fields.Integer(required=True, metadata={"description": "Of so many decided alerts, and no fewer."})
    over_days = fields.Integer(required=True, metadata={"description": "Over so many days up to now."})


class RuleSchema(Schema):
    """One rule. What it counts began when it last came live, or when the time looked back over did."""

    rule = fields.String(required=True)
    meaning = fields.String(
        required=True, allow_none=True, metadata={"description": "Null where the pack in use has it no more."}
    )
    is_fixed = fields.Boolean(required=True, metadata={"description": "It never goes into shadow by itself."})
    state = fields.String(required=True, validate=validate.OneOf(["live", "shadow"]))
    since = fields.String(
        required=True, allow_none=True, metadata={"description": "Null where it was always live.", **_TIME}
    )
    why = fields.String(required=True, allow_none=True, validate=validate.OneOf([*WHY]))
    counted_since = fields.String(required=True, allow_none=True, metadata=_TIME)
    raised = fields.Integer(required=True, metadata={"description": "Findings that are more than prompts."})
    alerted = fields.Integer(required=True, metadata={"description": "Those that somebody was alerted to."})
    acted = fields.Integer(required=True, metadata={"description": "Alerts of which something came."})
    dismissed = fields.Integer(required=True, metadata={"description": "Alerts of which somebody said: nothing to do."})
    waiting = fields.Integer(
        required=True,
        metadata={"description": "Open findings that nobody was alerted to: coming live brings them."},
    )
    precision = fields.String(required=True, allow_none=True, metadata=_SHARE)
    override_rate = fields.String(required=True, allow_none=True, metadata=_SHARE)
    median_s = fields.Integer(
        required=True, allow_none=True, metadata={"description": "From an alert to the first action, in seconds."}
    )


class RulesSchema(Schema):
    """How each rule fares in your partnership: counts alone."""

    counted_at = fields.String(
        required=True, allow_none=True, metadata={"description": "By the real clock; null before the first.", **_TIME}
    )
    floor = fields.Nested(FloorSchema, required=True)
    rules = fields.List(fields.Nested(RuleSchema), required=True)
