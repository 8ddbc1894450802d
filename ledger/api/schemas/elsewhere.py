"""That somebody is known in another child's record, as answers about a record give it."""

from marshmallow import Schema, fields


class RungElsewhereSchema(Schema):
    """Whom to ring."""

    agency = fields.String(required=True)
    name = fields.String(required=True)
    contact = fields.String(required=True)


class ElsewhereSchema(Schema):
    """That somebody is known in another child's record, and whom to ring: nothing of what is held there."""

    adult = fields.String(required=True, metadata={"description": "Names it, at GET /api/v1/adults/{adult}."})
    entry = fields.String(required=True, metadata={"description": "The entry of this record that says so."})
    agency = fields.String(required=True, metadata={"description": "Who recorded it."})
    since = fields.String(required=True, metadata={"format": "date-time"})
    words = fields.String(required=True)
    ring = fields.List(fields.Nested(RungElsewhereSchema), required=True)
    other = fields.String(metadata={"description": "The other child's record, for whoever may read it."})
