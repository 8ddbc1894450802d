"""What is answered of the people and things of a record, for its description; the answer is made without a detour."""

from marshmallow import Schema, fields

from ledger.api.schemas.elsewhere import ElsewhereSchema


class PointOfRecordSchema(Schema):
    """A point of the record: its last entry's number and hash."""

    number = fields.Integer(required=True)
    hash = fields.String(required=True)


class PlacedSchema(Schema):
    """Which entry says it, whose it is, and since when."""

    entry = fields.String(required=True, metadata={"description": "The entry's id."})
    agency = fields.String(required=True)
    recorded_at = fields.String(required=True, metadata={"format": "date-time"})


class DeclaredSchema(PlacedSchema):
    """Who an agency says somebody is, as it was sent."""

    key = fields.String(required=True, metadata={"description": "The name by which that agency refers to them."})
    role = fields.String()
    name = fields.String()
    born = fields.String()
    description = fields.String()


class LinkEntrySchema(PlacedSchema):
    """An entry that joined keys or took them apart: a link, an unlink, or one that declares somebody's role."""

    how = fields.String(required=True, metadata={"enum": ["link", "unlink", "declared_role"]})
    keys = fields.List(fields.String(), required=True)
    reason = fields.String()


class ResolvedSchema(Schema):
    """One person or thing: every key under which it was named, and what has joined them."""

    id = fields.String(required=True, metadata={"description": "The key by which it is compared."})
    keys = fields.List(fields.String(), required=True)
    links = fields.List(fields.Nested(LinkEntrySchema), required=True)
    unlinks = fields.List(fields.Nested(LinkEntrySchema), required=True)


class ResolvedPersonSchema(ResolvedSchema):
    """One person of the record."""

    roles = fields.List(fields.String(), required=True)
    declared = fields.List(fields.Nested(DeclaredSchema), required=True)
    elsewhere = fields.List(fields.Nested(ElsewhereSchema), metadata={"description": "In which other records, if any."})


class SaidSchema(Schema):
    """One claim on a thing."""

    entry = fields.String(required=True)
    agency = fields.String(required=True)
    about = fields.String(required=True)
    attribute = fields.String(required=True)
    value = fields.String()
    not_known = fields.String()


class ResolvedThingSchema(ResolvedSchema):
    """One injury, incident, allegation or other thing of the record."""

    said = fields.List(fields.Nested(SaidSchema), required=True)


class ProposalSchema(Schema):
    """Two that may be one, and why. Only a link joins them, and an unlink says that they are two."""

    of = fields.String(required=True, metadata={"enum": ["people", "things"]})
    ids = fields.List(fields.String(), required=True)
    level = fields.String(required=True, metadata={"enum": ["likely", "possible"]})
    score = fields.Float(required=True, metadata={"minimum": 0, "maximum": 1})
    why = fields.List(fields.String(), required=True)


class PeopleOfRecordSchema(Schema):
    """The people and things of a record as you may see them."""

    child = fields.UUID(required=True)
    as_of = fields.Nested(PointOfRecordSchema, required=True)
    people = fields.List(fields.Nested(ResolvedPersonSchema), required=True)
    things = fields.List(fields.Nested(ResolvedThingSchema), required=True)
    proposals = fields.List(fields.Nested(ProposalSchema), required=True)
