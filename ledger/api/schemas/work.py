"""Work that agencies ask of one another, as it is answered."""

from marshmallow import Schema, fields

from ledger.domain.work import SHOWN


class WorkPartySchema(Schema):
    """An agency, and whom to ring there; a sort of agency as it was written has no one to ring."""

    agency = fields.String()
    name = fields.String()
    ring = fields.String(allow_none=True)


class WorkAnswerSchema(Schema):
    """What came of it last, as far as the reader may read that."""

    id = fields.String()
    at = fields.String()
    by = fields.Nested(WorkPartySchema)
    answer = fields.String()
    reason = fields.String()


class WorkItemSchema(Schema):
    """A referral, an action or a hand-over: whose it is, how it stands, and by when it is late."""

    id = fields.String(metadata={"description": "The entry that asked for it: what a reply or done names."})
    kind = fields.String(metadata={"enum": ["referral", "action", "handover"]})
    of = fields.String(allow_none=True, metadata={"enum": ["lead", "work", "record", None]})
    about = fields.String(allow_none=True, metadata={"description": "The piece of work that is handed over."})
    asked_at = fields.String()
    asked_by = fields.Nested(WorkPartySchema)
    owed_by = fields.Nested(WorkPartySchema, allow_none=True)
    accountable = fields.Nested(
        WorkPartySchema, allow_none=True, metadata={"description": "Whose it is now: until it is accepted, who had it."}
    )
    said = fields.Dict()
    state = fields.String(metadata={"enum": list(SHOWN)})
    due = fields.String(allow_none=True)
    due_by_rule = fields.String(
        allow_none=True, metadata={"description": "The rule of the pack whose clock it is; none where a day was named."}
    )
    overdue = fields.Boolean()
    answer = fields.Nested(WorkAnswerSchema, allow_none=True)


class WorkSchema(Schema):
    """Everything asked in one record."""

    child = fields.String()
    as_of = fields.Dict()
    work = fields.List(fields.Nested(WorkItemSchema))


class WorkOfChildSchema(WorkItemSchema):
    child = fields.String()


class AllWorkSchema(Schema):
    """One page of work across records."""

    work = fields.List(fields.Nested(WorkOfChildSchema))
    next = fields.String(allow_none=True)
