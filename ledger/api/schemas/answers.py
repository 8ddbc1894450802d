"""What the interface answers with, for its description; the answers themselves are made without a detour."""

from marshmallow import Schema, fields


class RecordedSchema(Schema):
    """Where an entry stands. A retry answers the same, with status 200."""

    id = fields.String(required=True, metadata={"description": "The entry's id.", "examples": ["kq4…h7a.17"]})
    child = fields.UUID(required=True, metadata={"description": "The child's record."})
    number = fields.Integer(required=True, metadata={"description": "The entry's number in that record."})
    recorded_at = fields.String(required=True, metadata={"format": "date-time"})
    hash = fields.String(required=True, metadata={"description": "The entry's RFC 9162 leaf hash, hex."})
    also = fields.List(
        fields.Nested(lambda: RecordedSchema(exclude=("also",))),
        metadata={"description": "The entries made in siblings' records."},
    )


class ItemErrorSchema(Schema):
    pointer = fields.String(required=True)
    detail = fields.String(required=True)
    code = fields.String(required=True)


class ItemSchema(RecordedSchema):
    """What became of one item of a batch: stored (201), known (200), or refused (4xx) with its errors."""

    status = fields.Integer(required=True)
    id = fields.String()
    child = fields.UUID()
    number = fields.Integer()
    recorded_at = fields.String()
    hash = fields.String()
    code = fields.String()
    detail = fields.String()
    errors = fields.List(fields.Nested(ItemErrorSchema))


class BatchSchema(Schema):
    """One result for each item, in the order sent."""

    results = fields.List(fields.Nested(ItemSchema), required=True)


class OwnEntrySchema(RecordedSchema):
    """One of your own entries as it was stored; `body` is null once its content has been erased by order."""

    kind = fields.String(allow_none=True)
    event_id = fields.String(required=True)
    body = fields.Dict(allow_none=True)


class OwnEntriesSchema(Schema):
    """A page of your own entries."""

    entries = fields.List(fields.Nested(OwnEntrySchema), required=True)
