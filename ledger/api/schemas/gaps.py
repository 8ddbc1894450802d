"""What gaps and expectations are answered with, for their description; the answers are made without a detour."""

from typing import Any

from marshmallow import Schema, fields, validate

from ledger.api.schemas.pictures import PicturePackSchema, PicturePointSchema
from ledger.domain.gap import STATES_OF_GAP
from ledger.services.read_expectations import STATES

_TIME = {"format": "date-time"}


def _text(description: str, **more: Any) -> fields.String:
    return fields.String(required=True, metadata={"description": description}, **more)


def _time(description: str, **more: Any) -> fields.String:
    return fields.String(required=True, metadata={"description": description, **_TIME}, **more)


class StandsSchema(Schema):
    """Where an entry stands."""

    entry = _text("The entry's id.")
    agency = fields.String(required=True)
    recorded_at = _time("When it was recorded.")


class AttemptSchema(StandsSchema):
    """One attempt to find out: who, when, how, and what came of it."""

    index = fields.Integer(required=True, metadata={"description": "Its place among the entry's claims."})
    role = _text("The author's office.", allow_none=True)
    observed = _text("When it was made, as sent.")
    state = _text("What came of it.", validate=validate.OneOf(STATES_OF_GAP))
    how = _text("The depth of the contact, or the basis.")
    asked_of = _text("Who was asked, where that was said.", allow_none=True)
    refused = fields.Boolean(required=True, metadata={"description": "Whether whoever was asked gave no answer."})
    words = _text("What was recorded of it: the reason that was given, if one was.", allow_none=True)


class GapEnquirySchema(Schema):
    """What became of a question that was refused too often: another agency is to answer."""

    agency = _text("Which; null: there is nobody left to ask.", allow_none=True)
    due = _time("By when.")
    overdue = fields.Boolean(required=True)


class GapSchema(Schema):
    """Something that is not known and should be. An answer ends it, and nothing else does."""

    gap = _text("The id of the finding.")
    rule = _text("The rule that found it.")
    topic = _text("The attribute that is not known.")
    about = _text("Of whom: child, mother, father, your own reference, or another agency's as agency/reference.")
    thing = fields.String(metadata={"description": "Of which thing, where it is of one."})
    with_ = fields.String(data_key="with", metadata={"description": "And whom else, where it is of two."})
    item = fields.String(metadata={"description": "Which of several."})
    state = _text("In what way it is not known.", validate=validate.OneOf(STATES_OF_GAP))
    since = _time("Since when it is open.")
    critical = fields.Boolean(required=True)
    why = _text("Why it is asked.")
    ask = _text("Words in which to ask.")
    shown_by = fields.List(
        fields.String(), required=True, metadata={"description": "The entries that show it, or make it necessary."}
    )
    attempts = fields.List(fields.Nested(AttemptSchema), required=True)
    refusals = fields.Integer(required=True)
    ask_again = _time("Until when your agency, which has tried, is not asked; null: it may ask now.", allow_none=True)
    enquiry = fields.Nested(GapEnquirySchema, required=True, allow_none=True)
    asks = fields.List(
        fields.String(), required=True, metadata={"description": "The sorts of agency that can find out; empty: any."}
    )
    can_close = fields.List(
        fields.String(), required=True, metadata={"description": "The agencies involved that are of these sorts."}
    )


class _AnswerSchema(Schema):
    child = fields.UUID(required=True)
    as_of = fields.Nested(PicturePointSchema, required=True)
    at = _time("The moment at which clocks were read.")
    pack = fields.Nested(PicturePackSchema, required=True)


class GapsSchema(_AnswerSchema):
    """The open gaps: enquiries to your agency first, then what is critical, then the oldest."""

    gaps = fields.List(fields.Nested(GapSchema), required=True)


class TriggerSchema(StandsSchema):
    """What started it."""

    index = fields.Integer(required=True, metadata={"description": "Its place among the entry's claims."})


class CameSchema(Schema):
    """What came; of an entry that you may not see only that it did."""

    entry = fields.String()
    agency = fields.String()
    recorded_at = fields.String(metadata=_TIME)
    withheld = fields.Boolean()


class ExpectationSchema(Schema):
    """One thing that must follow."""

    rule = _text("The rule that awaits it.")
    topic = _text("What is awaited.")
    state = _text("How it stands.", validate=validate.OneOf(STATES))
    about = _text("About whom.")
    trigger = fields.Nested(TriggerSchema, required=True)
    owed_by = _text("The agency from which it must come; null: that cannot be told.", allow_none=True)
    started = _time("When its clock began.")
    warn = _time("When whoever owes it is warned; null: not before it is due.", allow_none=True)
    due = _time("From when on it is late.")
    elapsed = fields.Float(required=True, metadata={"description": "Which share of its time is over; 1 when due."})
    met = fields.Nested(CameSchema, required=True, allow_none=True)
    refused = fields.Nested(CameSchema, required=True, allow_none=True)
    may_have_come = fields.Boolean(
        required=True,
        metadata={"description": "It may have come in something that is withheld from you: ring whoever holds that."},
    )
    needs_two = fields.Boolean(required=True, metadata={"description": "Whether two different people must close it."})
    meaning = _text("What the rule means.")
    source = _text("Where it is from.", allow_none=True)
    finding = _text("The open finding on it; null: there is none.", allow_none=True)


class ExpectationsSchema(_AnswerSchema):
    """What is awaited, the soonest due first, and then what came of late."""

    expectations = fields.List(fields.Nested(ExpectationSchema), required=True)
