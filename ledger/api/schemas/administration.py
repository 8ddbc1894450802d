"""What administrators and operators send, and what they are answered with: nothing that anybody wrote about anybody."""

from marshmallow import Schema, fields, validate

from ledger.api.schemas import names
from ledger.api.schemas.answers import RECEIPT, SALT
from ledger.api.schemas.bodies import BodySchema
from ledger.domain.role import Role

_TIME = {"format": "date-time"}


class TakenAwaySchema(BodySchema):
    """Why something is taken away. It is kept in the partnership's record: name no child in it."""

    reason = names.reason(required=True)


class KeySchema(Schema):
    """An agency's key, without what would open anything."""

    key = fields.String(required=True, metadata={"description": "Its id."})
    agency = fields.String(required=True)
    scopes = fields.List(fields.String(), required=True)
    issued_at = fields.String(required=True, metadata=_TIME)
    expires_at = fields.String(required=True, metadata=_TIME)
    revoked_at = fields.String(required=True, allow_none=True, metadata=_TIME)
    is_bound = fields.Boolean(required=True, metadata={"description": "To a client certificate."})


class KeysSchema(Schema):
    """A page of the keys of your partnership's agencies, by their ids."""

    keys = fields.List(fields.Nested(KeySchema), required=True)
    next = fields.String(required=True, allow_none=True, metadata={"description": "Send it as `after`."})


class PersonSchema(Schema):
    """Somebody who can sign in."""

    person = fields.UUID(required=True)
    agency = fields.String(required=True)
    ref = fields.String(required=True, metadata={"description": "Their agency's reference for them."})
    name = fields.String(required=True)
    office = fields.String(required=True, metadata={"description": "In their agency's words."})
    roles = fields.List(fields.String(validate=validate.OneOf([*Role])), required=True)
    sessions = fields.Integer(required=True, metadata={"description": "How many were not ended."})
    seen_at = fields.String(
        required=True, allow_none=True, metadata={"description": "When they were last signed in.", **_TIME}
    )


class PeopleSchema(Schema):
    """A page of the people of your partnership, by their ids."""

    people = fields.List(fields.Nested(PersonSchema), required=True)
    next = fields.String(required=True, allow_none=True, metadata={"description": "Send it as `after`."})


class TakenSchema(Schema):
    """Where it stands that something was taken away."""

    number = fields.Integer(required=True, metadata={"description": "The entry's number in the partnership's record."})
    recorded_at = fields.String(required=True, metadata=_TIME)
    hash = fields.String(required=True, metadata={"description": "The entry's RFC 9162 leaf hash, hex."})
    receipt = fields.String(metadata=RECEIPT)
    salt = fields.String(metadata=SALT)


class SchemaStateSchema(Schema):
    """Which schema the database has, and which this process was made for."""

    revision = fields.String(required=True, allow_none=True)
    newest = fields.String(required=True)


class DetectionStateSchema(Schema):
    """How far detection is behind, by the ledger's clock."""

    records_due = fields.Integer(required=True)
    lag_s = fields.Float(required=True, metadata={"description": "How long the one that waits longest has been due."})


class LogStateSchema(Schema):
    """How far sealing is behind in one of the two logs, by the real clock."""

    unsealed = fields.Integer(required=True, metadata={"description": "How many wait to be sealed, up to 100,000."})
    lag_s = fields.Float(required=True, metadata={"description": "For how long the one that waits longest has."})
    checkpoint_age_s = fields.Float(
        required=True,
        allow_none=True,
        metadata={"description": "How long ago the last checkpoint was signed; null before the first."},
    )


class SealingStateSchema(Schema):
    """How far the log is behind, and whether the ledger takes entries."""

    entries = fields.Nested(LogStateSchema, required=True)
    access = fields.Nested(LogStateSchema, required=True)
    closed = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Why no entry is taken, as a code; null while entries are taken."},
    )


class SelfAuditSchema(Schema):
    """What one look of the ledger through itself found. Problems are counted, and the first is placed in its log."""

    scope = fields.String(required=True, metadata={"description": "lately: the last 10,000 of each log; all: all."})
    ended_at = fields.String(required=True, metadata={"description": "By the real clock.", **_TIME})
    age_s = fields.Float(required=True)
    entries = fields.Integer(required=True)
    reads = fields.Integer(required=True)
    holds = fields.Boolean(required=True)
    problems = fields.Integer(required=True, metadata={"description": "How many were named, up to 100."})
    first_index = fields.Integer(required=True, allow_none=True)
    first_log = fields.String(required=True, allow_none=True)


class TroubleSchema(Schema):
    """Something that is or lately was wrong with the machinery, by the real clock."""

    trouble = fields.String(required=True, metadata={"description": "As a code."})
    words = fields.String(required=True)
    remedy = fields.String(required=True, metadata={"description": "What to do about it."})
    began_at = fields.String(required=True, metadata=_TIME)
    ended_at = fields.String(required=True, allow_none=True, metadata={"description": "null: it stands.", **_TIME})


class ProcessSchema(Schema):
    """One process of the ledger that was heard of within the last hour."""

    part = fields.String(required=True)
    called = fields.String(required=True)
    host = fields.String(required=True)
    pid = fields.Integer(required=True)
    release = fields.String(required=True, metadata={"description": "Which program it runs."})
    began_at = fields.String(required=True, metadata=_TIME)
    heard_s = fields.Float(required=True, metadata={"description": "How long ago it was last heard."})
    ended = fields.Boolean(required=True, metadata={"description": "It ended in good order then."})


class LateDetectionSchema(Schema):
    """How late detection is by the real clock, and on how many records it has been given up."""

    lag_s = fields.Float(required=True)
    parked = fields.Integer(required=True)


class TellingSchema(Schema):
    """Entries that wait to be told."""

    untold = fields.Integer(required=True)
    lag_s = fields.Float(required=True)


class SendingSchema(Schema):
    """What waits to leave by one channel, and what was given up within a day."""

    channel = fields.String(required=True)
    waiting = fields.Integer(required=True)
    lag_s = fields.Float(required=True)
    dead = fields.Integer(required=True)


class ToldSchema(Schema):
    """Something else that operators were told: of what type, and when."""

    type = fields.String(required=True)
    words = fields.String(required=True)
    at = fields.String(required=True, metadata=_TIME)


class MachinerySchema(Schema):
    """What is wrong and lately was, which processes live, what waits, and what else operators were told of late."""

    troubles = fields.List(fields.Nested(TroubleSchema), required=True)
    processes = fields.List(fields.Nested(ProcessSchema), required=True)
    detection = fields.Nested(LateDetectionSchema, required=True)
    telling = fields.Nested(TellingSchema, required=True)
    sending = fields.List(fields.Nested(SendingSchema), required=True)
    told = fields.List(fields.Nested(ToldSchema), required=True)


class OperationSchema(Schema):
    """How the ledger runs. It names no child, no person and no agency."""

    schema = fields.Nested(SchemaStateSchema, required=True)
    detection = fields.Nested(DetectionStateSchema, required=True)
    checks_failing = fields.Integer(required=True, metadata={"description": "Checks that could not be run so far."})
    sealing = fields.Nested(SealingStateSchema, required=True)
    self_audits = fields.List(fields.Nested(SelfAuditSchema), required=True)
    clock = fields.String(required=True, metadata={"description": "The ledger's clock.", **_TIME})
    machinery = fields.Nested(MachinerySchema, required=True)
