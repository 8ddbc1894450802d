"""What findings at a point, differences and sizes of the log are answered with, for their description."""

from typing import Any

from marshmallow import Schema, fields

from ledger.api.schemas.pictures import PicturePackSchema, PicturePointSchema

_TIME = {"format": "date-time"}


def _time(description: str, **more: Any) -> fields.String:
    return fields.String(required=True, metadata={"description": description, **_TIME}, **more)


def _some(description: str) -> fields.List[Any]:
    return fields.List(fields.Dict(), required=True, metadata={"description": description})


class _FindingsAnswerSchema(Schema):
    child = fields.UUID(required=True)
    as_of = fields.Nested(PicturePointSchema, required=True)


class FindingsSchema(_FindingsAnswerSchema):
    """What had been found by a point: each finding as an alert has it, with its alert and what opened and closed it."""

    valid_at = _time("Of which moment; null: of any.", allow_none=True)
    pack = fields.Nested(PicturePackSchema, required=True)
    findings = _some("In the order in which they were raised.")


class WithTodaysPackSchema(Schema):
    """What today's rule pack leaves open there."""

    pack = fields.Nested(PicturePackSchema, required=True)
    added = _some("What was not open then. found_at: when the ledger came to find it; null: it never did.")
    gone = fields.List(fields.String(), required=True, metadata={"description": "The ids of what would not be open."})
    same = fields.List(fields.String(), required=True, metadata={"description": "The ids of what would be, too."})


class FindingsThenSchema(_FindingsAnswerSchema):
    """What was open at a point, and what today's rule pack makes of what was known then."""

    at = _time("The moment at which clocks were read.")
    found = _some("What was open.")
    with_todays_pack = fields.Nested(WithTodaysPackSchema, required=True)


class PointInTimeSchema(PicturePointSchema):
    """A point of the record, and its time."""

    at = _time("The moment of the point.")


class MovedSchema(Schema):
    """Findings, by what became of them."""

    raised = _some("Raised between the two points.")
    joined = _some("To which something was added.")
    closed = _some("Closed, and why.")


class GapsMovedSchema(Schema):
    """What came to be not known, and what came to be known."""

    opened = _some("Gaps that opened.")
    closed = _some("Gaps that closed.")


class LeadsMovedSchema(Schema):
    """Who led."""

    before = fields.Dict(required=True, allow_none=True)
    after = fields.Dict(required=True, allow_none=True)
    named = _some("Each entry that named somebody.")


class InvolvementsMovedSchema(Schema):
    """Agencies' parts."""

    begun = _some("Recorded between the two points.")
    ended = _some("Ended between the two moments.")


class AwaitedMovedSchema(Schema):
    """What must follow."""

    started = _some("Awaited since.")
    lapsed = _some("Late since.")
    refused = _some("Refused since.")
    fulfilled = _some("Came since.")


class DifferencesSchema(Schema):
    """What differs between two points."""

    child = fields.UUID(required=True)
    from_ = fields.Nested(PointInTimeSchema, required=True, data_key="from")
    to = fields.Nested(PointInTimeSchema, required=True)
    valid_at = _time("The moment of which what is held is compared.")
    pack = fields.Nested(PicturePackSchema, required=True)
    entries = _some("What was recorded between, each with how much of it you see.")
    beliefs = _some("Cells of the picture that differ: who held what before and after, and in words.")
    findings = fields.Nested(MovedSchema, required=True)
    gaps = fields.Nested(GapsMovedSchema, required=True)
    leads = fields.Nested(LeadsMovedSchema, required=True)
    involvements = fields.Nested(InvolvementsMovedSchema, required=True)
    expectations = fields.Nested(AwaitedMovedSchema, required=True)


class LogSizeSchema(Schema):
    """A size of the log of entries, and the root of the tree of that size."""

    size = fields.Integer(required=True)
    root = fields.String(required=True, metadata={"description": "64 hex digits."})
    known_at = _time("The moment for which it stands.")
