"""What decisions are answered with: whether they stand, and everything that they rest on."""

from typing import Any, Final

from marshmallow import Schema, fields, validate

from ledger.api.schemas.answers import RecordedSchema
from ledger.api.schemas.pictures import PicturePackSchema, PicturePointSchema

STANDINGS: Final = ("standing", "not_standing", "overridden")
STATES: Final = ("contested", "open", "uncorroborated", "unasked", "stale")
_TIME: Final = {"format": "date-time"}


def _words(description: str, **more: Any) -> fields.String:
    return fields.String(metadata={"description": description}, **more)


class DecisionRingSchema(Schema):
    """Whom to ring."""

    agency = fields.String()
    name = fields.String()
    contact = fields.String(allow_none=True)


class DecisionPlaceSchema(Schema):
    """A statement: its entry, and its place in it."""

    entry = fields.String()
    index = fields.Integer()


class DecisionMatterSchema(Schema):
    """What it is about."""

    about = fields.String()
    attribute = fields.String()
    with_ = fields.String(data_key="with", allow_none=True)
    thing = fields.String(allow_none=True)
    item = fields.String(allow_none=True)
    label = _words("In words.")


class DecisionStatementSchema(DecisionPlaceSchema):
    """One agency's statement: what it says, who said or saw it, of when."""

    agency = fields.String()
    agency_name = fields.String()
    author_role = fields.String(allow_none=True)
    words = fields.String()
    said = _words("Whether it was told, seen or measured, and by whom.")
    basis = fields.String()
    statement = fields.String()
    not_known = fields.String(allow_none=True)
    informant = fields.String(allow_none=True)
    informant_label = fields.String(allow_none=True)
    observed = fields.String()
    observed_words = fields.String(allow_none=True)
    valid = fields.String(allow_none=True)
    valid_words = fields.String(allow_none=True)
    recorded_at = fields.String(metadata={**_TIME, "description": "Since when the agency has held it."})


class DecisionAssumptionSchema(Schema):
    """One thing that the decision rests on."""

    item = _words("`stated`: the decision says it itself; else the rule pack's name for what such decisions rest on.")
    meaning = fields.String()
    question = fields.Nested(DecisionMatterSchema, allow_none=True)
    relied_on = fields.Nested(DecisionPlaceSchema, allow_none=True)
    states = fields.List(fields.String(validate=validate.OneOf(STATES)), metadata={"description": "Empty: it holds."})
    grave = fields.Boolean(metadata={"description": "A decision does not stand at once while it is so."})
    words = fields.String()
    latest = fields.List(
        fields.Nested(DecisionStatementSchema), metadata={"description": "Each agency's latest word on it."}
    )
    against = fields.List(fields.Nested(DecisionStatementSchema), metadata={"description": "What speaks against it."})
    ask = _words("Words in which to ask.", allow_none=True)
    source = _words("Why decisions rest on it.", allow_none=True)
    ring = fields.List(fields.Nested(DecisionRingSchema))


class WeighedSchema(Schema):
    """Whether a decision stands, as far as you may see the record, and what it rests on."""

    kind = fields.String()
    standing = fields.String(
        allow_none=True, validate=validate.OneOf(STANDINGS), metadata={"description": "null: it could not be told."}
    )
    standing_words = fields.String(allow_none=True)
    why = fields.String()
    assumptions = fields.List(fields.Nested(DecisionAssumptionSchema), metadata={"description": "The gravest first."})
    withheld = fields.List(
        fields.Dict(), metadata={"description": "Agencies that hold what you do not see, and whom to ring."}
    )


class DecisionNotToldSchema(Schema):
    """Why what the decision rests on is not told; it is recorded all the same."""

    code = fields.String()
    detail = fields.String()


class DecidedSchema(RecordedSchema):
    """Where a decision stands in the record, and whether it stands, by what was in the record before it."""

    decision = fields.Nested(WeighedSchema, allow_none=True)
    decision_not_told = fields.Nested(DecisionNotToldSchema)


class DecisionFoundSchema(Schema):
    """What detection found of it; of what is held back from you that it is there, and whom to ring."""

    finding = fields.String()
    raised_at = fields.String(metadata=_TIME)
    at_once = fields.Boolean(metadata={"description": "It was raised by the decision itself, and not by what came up."})
    closed = fields.Boolean()
    withheld = fields.Boolean()
    severity = fields.String(allow_none=True)
    headline = fields.String()
    ring = fields.List(fields.Nested(DecisionRingSchema))


class DecisionOverriddenSchema(Schema):
    """That two people took it all the same."""

    entry = fields.String()
    agency = fields.String()
    recorded_at = fields.String(metadata=_TIME)
    reason = fields.String(allow_none=True)
    second = fields.Raw(allow_none=True)


class DecisionViewSchema(WeighedSchema):
    """One decision: what it rested on when it was made, and what has come up since."""

    entry = fields.String()
    number = fields.Integer()
    agency = fields.String()
    agency_name = fields.String()
    author_role = fields.String(allow_none=True)
    recorded_at = fields.String(metadata=_TIME)
    words = fields.String()
    to = fields.String(allow_none=True)
    reason = fields.String(allow_none=True)
    since = fields.List(
        fields.Nested(DecisionAssumptionSchema), metadata={"description": "What was said against its basis since."}
    )
    questioned = fields.Boolean(metadata={"description": "Something of weight has come up since."})
    findings = fields.List(fields.Nested(DecisionFoundSchema))
    overrides = fields.List(fields.Nested(DecisionOverriddenSchema))
    ended_by = _words("The decision that took its place.", allow_none=True)


class DecisionsAnswerSchema(Schema):
    child = fields.UUID(required=True)
    as_of = fields.Nested(PicturePointSchema, required=True)
    pack = fields.Nested(PicturePackSchema, required=True)


class DecisionsSchema(DecisionsAnswerSchema):
    """The decisions about a child, the newest first."""

    decisions = fields.List(fields.Nested(DecisionViewSchema), required=True)
    next = fields.Integer(
        required=True, allow_none=True, metadata={"description": "There are more before this number; null: no more."}
    )


class DecisionPreviewSchema(DecisionsAnswerSchema):
    """What a decision would rest on, and whether it would stand at once."""

    decision = fields.Nested(WeighedSchema, required=True)
