"""What an agency's system sends of its webhooks, and what it and administrators are answered with."""

from marshmallow import Schema, fields, validate

from ledger.api.schemas import names
from ledger.api.schemas.answers import RECEIPT, SALT
from ledger.api.schemas.bodies import BodySchema
from ledger.api.schemas.fields import Items, OneOf, Text
from ledger.domain.feed import FEED_TYPES
from ledger.domain.webhook_url import CHARS_MAX
from ledger.services.sign_webhook import SIGNINGS

_TIME = {"format": "date-time"}
_TYPES = tuple(sorted(name for name, type_ in FEED_TYPES.items() if "agency" in type_.to))


class WebhookSchema(BodySchema):
    """Where your agency's systems are to be told, and how it is signed."""

    url = Text(
        "An https address on a public host that your agency's list has; port 443 or 8443.",
        most=CHARS_MAX,
        required=True,
    )
    signing = OneOf(
        SIGNINGS,
        "ed25519: you keep a public key, by which nobody can forge; hmac: both sides keep one secret.",
        required=True,
    )
    types = Items(
        OneOf(_TYPES), "What to be told of; everything when left out.", most=len(_TYPES), least=1, unique=True
    )


class TrialSchema(BodySchema):
    """Why an endpoint is tried. It is kept in the partnership's record: name no child in it."""

    reason = names.reason(required=True)


class RotationSchema(BodySchema):
    """Let another secret sign."""

    reason = names.reason(required=True)
    old_ends = OneOf(("in_a_day", "at_once"), "When what signs now ends; in_a_day when left out.")


class WebhookMadeSchema(Schema):
    """An endpoint, with what checks its signatures. A secret is told this once."""

    webhook = fields.String(required=True, metadata={"description": "Its id."})
    url = fields.String(required=True)
    signing = fields.String(required=True, validate=validate.OneOf(SIGNINGS))
    types = fields.List(fields.String(), required=True, allow_none=True)
    secret = fields.String(metadata={"description": "whsec_…, of hmac.", "format": "password"})
    public_key = fields.String(metadata={"description": "whpk_…, of ed25519."})


class WebhookRotatedSchema(Schema):
    """Another secret of an endpoint. It is told this once."""

    webhook = fields.String(required=True)
    old_signs_until = fields.String(required=True, metadata=_TIME)
    secret = fields.String(metadata={"description": "whsec_…, of hmac.", "format": "password"})
    public_key = fields.String(metadata={"description": "whpk_…, of ed25519."})


class SignsSchema(Schema):
    """One of the secrets that sign now."""

    since = fields.String(required=True, metadata=_TIME)
    until = fields.String(required=True, allow_none=True, metadata=_TIME)
    public_key = fields.String(metadata={"description": "whpk_…, of ed25519."})


class MessagesSchema(Schema):
    """How an endpoint's messages of the last thirty days went, in counts."""

    sent = fields.Integer(required=True)
    waiting = fields.Integer(required=True)
    failed = fields.Integer(required=True, metadata={"description": "Given up after the last try."})
    last_sent_at = fields.String(required=True, allow_none=True, metadata=_TIME)
    last_fault = fields.String(
        required=True, allow_none=True, metadata={"description": "Why the newest that is not sent was not taken."}
    )


class _EndpointSchema(Schema):
    webhook = fields.String(required=True, metadata={"description": "Its id."})
    signing = fields.String(required=True, validate=validate.OneOf(SIGNINGS))
    types = fields.List(fields.String(), required=True, allow_none=True)
    made_at = fields.String(required=True, metadata=_TIME)
    ended_at = fields.String(required=True, allow_none=True, metadata=_TIME)
    ended_why = fields.String(required=True, allow_none=True, validate=validate.OneOf(("removed", "disabled", "gone")))


class OwnWebhookSchema(_EndpointSchema):
    """One of your agency's endpoints."""

    url = fields.String(required=True)
    signs = fields.List(fields.Nested(SignsSchema), required=True, metadata={"description": "The newest first."})
    messages = fields.Nested(MessagesSchema, required=True)


class OwnWebhooksSchema(Schema):
    """Your agency's endpoints, those in use first."""

    webhooks = fields.List(fields.Nested(OwnWebhookSchema), required=True)


class PartnersWebhookSchema(_EndpointSchema):
    """An endpoint of one of your partnership's agencies."""

    agency = fields.String(required=True)
    origin = fields.String(required=True, metadata={"description": "Where it listens, without its path."})


class PartnersWebhooksSchema(Schema):
    """The endpoints of your partnership's agencies."""

    webhooks = fields.List(fields.Nested(PartnersWebhookSchema), required=True)


class WebhookNotedSchema(Schema):
    """Where it stands that an endpoint was tried or ended."""

    number = fields.Integer(required=True, metadata={"description": "The entry's number in the partnership's record."})
    recorded_at = fields.String(required=True, metadata=_TIME)
    hash = fields.String(required=True, metadata={"description": "The entry's RFC 9162 leaf hash, hex."})
    receipt = fields.String(metadata=RECEIPT)
    salt = fields.String(metadata=SALT)
