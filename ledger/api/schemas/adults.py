"""Adults in several children's records: saying that they are one, or two, and what is answered of them."""

from typing import Final

from marshmallow import Schema, fields

from ledger.api.pointers import Refusal
from ledger.api.schemas import names
from ledger.api.schemas.bodies import BodySchema
from ledger.api.schemas.elsewhere import ElsewhereSchema, RungElsewhereSchema
from ledger.api.schemas.fields import Object, Pattern
from ledger.api.schemas.observations import SentSchema
from ledger.api.schemas.people import PointOfRecordSchema
from ledger.api.schemas.seen_by import SharingSchema

#: The name of what was said of an adult in two records.
ADULT_PATTERN: Final = r"[0-9a-f]{32}"
_RECORD: Final = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_NOT_A_RECORD: Final = Refusal("This must be the id of a child's record.", "record_id")


def _person(description: str) -> Pattern:
    return names.linked(f"{description} `mother`, `father`, your own reference, or another agency’s.", required=True)


class OtherRecordSchema(BodySchema):
    """The other child's record, and who the adult is there."""

    child = Pattern(_RECORD, _NOT_A_RECORD, "The id of the other child's record.", required=True)
    person = _person("Who they are in that record.")


class AdultLinkSchema(SentSchema):
    """An adult of this record is in another child’s record too. Each then says that they are known in another one."""

    person = _person("Who they are in this record.")
    other = Object(OtherRecordSchema, "Where else they are.", required=True)
    reason = names.reason(required=True)
    sharing = Object(SharingSchema, "Who may see it, in both records.")


class AdultApartSchema(AdultLinkSchema):
    """Two who look like one are two people: they are not proposed again."""


class AdultUnlinkSchema(SentSchema):
    """What an entry said of an adult in two records was wrong; in both it stands as taken back."""

    of = names.entry("The entry that is taken back, by its id in this record.")
    reason = names.reason(required=True)


class _KnownSchema(Schema):
    person = fields.String(required=True, metadata={"description": "Who it is, as GET people names them."})
    elsewhere = fields.List(fields.Nested(ElsewhereSchema), required=True)


class AdultsOfRecordSchema(Schema):
    """The adults of a record who are known in other children's records."""

    child = fields.String(required=True)
    as_of = fields.Nested(PointOfRecordSchema, required=True)
    adults = fields.List(fields.Nested(_KnownSchema), required=True)


class _LinkedSchema(Schema):
    adult = fields.String(metadata={"description": "The name of this link."})
    entry = fields.String()
    agency = fields.String()
    since = fields.String(metadata={"format": "date-time"})
    until = fields.String(allow_none=True, metadata={"format": "date-time", "description": "When it was taken back."})
    reason = fields.String(allow_none=True, metadata={"description": "For whoever may read both of its records."})


class _ChildOfAdultSchema(Schema):
    """One child to whom the adult is, or was, linked. Of whom may not be told there is whom to ring, and no more."""

    child = fields.String(metadata={"description": "The record’s id, for whoever may know it."})
    as_of = fields.Nested(PointOfRecordSchema)
    people = fields.List(fields.String(), metadata={"description": "Who the adult is in that record."})
    links = fields.List(fields.Nested(_LinkedSchema))
    stands = fields.Boolean(required=True, metadata={"description": "Whether a link to this child stands."})
    ring = fields.List(fields.Nested(RungElsewhereSchema), required=True)
    words = fields.String(required=True)


class AdultSchema(Schema):
    """Every child whom an adult has ever been linked to, as known at a moment."""

    adult = fields.String(required=True)
    known_at = fields.String(required=True, metadata={"format": "date-time"})
    children = fields.List(fields.Nested(_ChildOfAdultSchema), required=True)


class _ProposalSchema(Schema):
    """Two people of two records who may be one. Nothing follows from it until somebody records a link."""

    person = fields.String(required=True)
    other = fields.Dict(required=True, metadata={"description": "The other child's record, and the person there."})
    level = fields.String(required=True, metadata={"enum": ["likely", "possible"]})
    score = fields.Float(required=True)
    why = fields.List(fields.String(), required=True)
    found_by = fields.String(required=True, metadata={"enum": ["comparison", "splink"]})
    ring = fields.List(fields.Nested(RungElsewhereSchema), required=True)


class AdultProposalsSchema(Schema):
    """Who of this record may be in another child's record too, likeliest first."""

    child = fields.String(required=True)
    as_of = fields.Nested(PointOfRecordSchema, required=True)
    compared = fields.Dict(allow_none=True, metadata={"description": "When all records were last compared."})
    proposals = fields.List(fields.Nested(_ProposalSchema), required=True)
