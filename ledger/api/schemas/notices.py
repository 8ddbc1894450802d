"""What the feed of notices answers with, for its description."""

from marshmallow import Schema, fields, validate

from ledger.domain.feed import FEED_TYPES


class NoticeDataSchema(Schema):
    """What one event is about, as far as the reader may see it."""

    meaning = fields.String(metadata={"description": "What this type means."})
    tier = fields.String(metadata={"description": "Of an alert: interrupt or queue."})
    child = fields.String(metadata={"description": "The child's record."})
    no_part = fields.Boolean(metadata={"description": "That you have no part in the record now."})
    withheld = fields.Boolean(metadata={"description": "That what it is about is not for you to see."})
    ended = fields.Boolean(metadata={"description": "Of a prompt: that it is answered by now."})
    words = fields.String()
    alert = fields.String(metadata={"description": "Read it at /alerts/{id}."})
    finding = fields.String()
    entry = fields.Dict(metadata={"description": "The entry, as a timeline would show it to you."})
    prompt = fields.Dict(metadata={"description": "The prompt, as a post would be answered with it now."})


class NoticeSchema(Schema):
    """A CloudEvent (CloudEvents 1.0). `id` is the same however often it is asked for."""

    specversion = fields.String(required=True, validate=validate.Equal("1.0"))
    id = fields.String(required=True)
    source = fields.String(required=True)
    type = fields.String(required=True, validate=validate.OneOf(list(FEED_TYPES)))
    time = fields.String(required=True, metadata={"format": "date-time"})
    subject = fields.String(metadata={"description": "What it is about, by its id: an entry, an alert, a finding."})
    sequence = fields.String(
        required=True, metadata={"description": "Its number in your feed: 1, 2, 3 …, without a gap."}
    )
    datacontenttype = fields.String(required=True)
    data = fields.Nested(NoticeDataSchema, required=True)


class WaitingItemSchema(Schema):
    """One thing that waits, by type and name."""

    sequence = fields.Integer(required=True)
    id = fields.String(required=True)
    type = fields.String(required=True)
    time = fields.String(required=True, metadata={"format": "date-time"})


class WaitingSchema(Schema):
    """What waits in your agency's feed."""

    waiting = fields.Integer(required=True, metadata={"description": "How many your agency has not confirmed."})
    items = fields.List(fields.Nested(WaitingItemSchema), required=True, metadata={"description": "The first of them."})
    next = fields.String(required=True, metadata={"description": "Where to read them."})
