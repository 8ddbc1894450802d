"""What the interface answers with, for its description; the answers themselves are made without a detour."""

from typing import Final

from marshmallow import Schema, fields, validate

from ledger.api.schemas.notices import WaitingSchema
from ledger.domain.door import CODES
from ledger.domain.gap import STATES_OF_GAP

#: What is given to an entry's author alone.
RECEIPT: Final = {
    "description": (
        "A signed note (c2sp.org/signed-note): the ledger's word that it took in this entry. Keep it, with the salt "
        "and what you sent."
    )
}
SALT: Final = {
    "description": "32 bytes, hex: SHA-256 of them and the entry's content is its commitment. Tell it to nobody else.",
    "format": "password",
}


class WarningSchema(Schema):
    """What in a body does not fit the dates that are held. It was stored as it was sent."""

    code = fields.String(required=True, validate=validate.OneOf(CODES))
    pointer = fields.String(required=True, metadata={"description": "Where in the body, as RFC 6901 has it."})
    detail = fields.String(required=True)
    fix = fields.String(required=True, metadata={"description": "What to do about it."})


class EnquirySchema(Schema):
    """That your agency is to answer, since others were refused."""

    due = fields.String(required=True, metadata={"format": "date-time", "description": "By when."})


class PromptSchema(Schema):
    """What your agency could find out at its next contact. It ends by an answer, never by a dismissal."""

    gap = fields.String(required=True, metadata={"description": "The id of the finding."})
    topic = fields.String(required=True, metadata={"description": "The attribute that is not known."})
    about = fields.String(
        required=True, metadata={"description": "Of whom: child, mother, father, or your own reference."}
    )
    item = fields.String(metadata={"description": "Which of several, in the rule pack's words."})
    state = fields.String(required=True, validate=validate.OneOf(STATES_OF_GAP))
    why = fields.String(required=True, metadata={"description": "Why it is asked."})
    ask = fields.String(required=True, metadata={"description": "Words in which to ask."})
    asked_before = fields.Integer(required=True, metadata={"description": "How often somebody tried to find out."})
    refused_before = fields.Integer(
        required=True, metadata={"description": "How often whoever was asked gave no answer."}
    )
    since = fields.String(required=True, metadata={"format": "date-time"})
    enquiry = fields.Nested(EnquirySchema)


class RecordedSchema(Schema):
    """Where an entry stands. A retry answers the same, with status 200, and with the prompts of its own time."""

    id = fields.String(required=True, metadata={"description": "The entry's id.", "examples": ["kq4…h7a.17"]})
    child = fields.UUID(required=True, metadata={"description": "The child's record."})
    number = fields.Integer(required=True, metadata={"description": "The entry's number in that record."})
    recorded_at = fields.String(required=True, metadata={"format": "date-time"})
    hash = fields.String(required=True, metadata={"description": "The entry's RFC 9162 leaf hash, hex."})
    receipt = fields.String(metadata=RECEIPT)
    salt = fields.String(metadata=SALT)
    warnings = fields.List(
        fields.Nested(WarningSchema),
        metadata={"description": "What does not fit the dates that are held; left out where all fits."},
    )
    prompts = fields.List(
        fields.Nested(PromptSchema),
        metadata={"description": "What to ask at your next contact: the few open gaps; left out where there are none."},
    )
    not_seen_by = fields.List(
        fields.String(),
        metadata={
            "description": "Of an observation, where your agency is involved: the other agencies involved, none of "
            "which had seen it when it was stored; left out where there are none. "
            "GET /children/{id}/unseen says how it stands since."
        },
    )
    held_only_here = fields.List(
        fields.Integer(),
        metadata={
            "description": "The places of claims that matter and that no other agency holds, as far as yours may see; "
            "left out where there are none."
        },
    )
    notices = fields.Nested(
        WaitingSchema, metadata={"description": "What waits in your agency's feed; left out where nothing does."}
    )
    also = fields.List(
        fields.Nested(lambda: RecordedSchema(exclude=("also", "notices"))),
        metadata={"description": "The entries made in siblings' records."},
    )


class ConcludedSchema(RecordedSchema):
    """Where an outcome stands. Where it takes two people, how many have signed with it."""

    signed = fields.Integer(metadata={"description": "Left out where one person closes the finding."})
    needs = fields.Integer()


class ItemErrorSchema(Schema):
    pointer = fields.String(required=True)
    detail = fields.String(required=True)
    code = fields.String(required=True)


class ItemSchema(RecordedSchema):
    """What became of one item of a batch: stored (201), known (200), or refused (4xx) with its errors."""

    class Meta:
        exclude = ("notices",)

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
    notices = fields.Nested(
        WaitingSchema, metadata={"description": "What waits in your agency's feed; left out where nothing does."}
    )


class OwnEntrySchema(RecordedSchema):
    """One of your own entries as it was stored; `body` is null once its content has been erased by order."""

    class Meta:
        # At an address of their own, with the proof: /receipts.
        exclude = ("receipt", "salt", "notices")

    kind = fields.String(allow_none=True)
    event_id = fields.String(required=True)
    body = fields.Dict(allow_none=True)


class OwnEntriesSchema(Schema):
    """A page of your own entries."""

    entries = fields.List(fields.Nested(OwnEntrySchema), required=True)


class BracketSchema(Schema):
    """The last checkpoint that a witness cosigned without your entry, and that the log only grew from there."""

    cosigned_at = fields.String(required=True, metadata={"format": "date-time"})
    log_size = fields.Integer(required=True)
    checkpoint = fields.String(required=True, metadata={"description": "A signed note (c2sp.org/tlog-checkpoint)."})
    consistency = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "The consistency proof (RFC 9162) from it to the proof's checkpoint: hashes, base64."},
    )


class BracketsSchema(Schema):
    """Between which cosignatures your entry was added to the log."""

    after = fields.Nested(BracketSchema)
    by = fields.String(
        metadata={"format": "date-time", "description": "When the first checkpoint with your entry was cosigned."}
    )


class ReceiptSchema(Schema):
    """What you can show of one of your own entries, to anybody and without this ledger."""

    entry = fields.String(required=True, metadata={"description": "The entry's id."})
    receipt = fields.String(required=True, metadata=RECEIPT)
    salt = fields.String(metadata={**SALT, "description": f"{SALT['description']} Left out once it has been erased."})
    sealed = fields.Boolean(
        required=True, metadata={"description": "Whether it stands in the log; if not, ask again after Retry-After."}
    )
    index = fields.Integer(metadata={"description": "Its place in the log, from 0."})
    log_size = fields.Integer(metadata={"description": "How many entries the proof's checkpoint covers."})
    proof = fields.String(
        metadata={"description": "The offline proof (c2sp.org/tlog-proof@v1), with the signed checkpoint in it."}
    )
    witnessed = fields.Boolean(
        metadata={"description": "Whether as many witnesses as the operator's policy asks for cosigned it."}
    )
    brackets = fields.Nested(BracketsSchema)
