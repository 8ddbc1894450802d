"""What is sent to and answered by the two addresses of RFC 6749 and RFC 7009."""

from collections.abc import Mapping
from typing import Any, Final

from marshmallow import Schema, fields

from ledger.services.authenticate import SCOPES

#: By which calls are made: a key, a token that was got with one, and to get it, the key as a client.
SECURITY_SCHEMES: Final[Mapping[str, dict[str, Any]]] = {
    "key": {"type": "http", "scheme": "bearer", "description": "A key of the sending agency."},
    "token": {
        "type": "oauth2",
        "description": "A token that was got with a key, good for minutes.",
        "flows": {
            "clientCredentials": {
                "tokenUrl": "/oauth/token",
                "scopes": {
                    "observe": "Post observations, correct one's own, and read back one's own entries.",
                    "register": "Register children and change their details.",
                    "read": "Read what others wrote.",
                    "work": "Record what is done about a child that one is involved with.",
                    "monitor": "Follow the whole of the log.",
                },
            }
        },
    },
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "__Host-ledger",
        "description": "Somebody who is signed in; what changes something carries X-CSRF-Token, too.",
    },
    "client": {"type": "http", "scheme": "basic", "description": "A key's id and its secret."},
}
_CLIENT: Final = {
    "client_id": {"type": "string", "description": "The key's id, unless HTTP Basic gives it."},
    "client_secret": {
        "type": "string",
        "format": "password",
        "description": "The key's secret, or the whole key, unless HTTP Basic gives it.",
    },
}


def form_of(fields_sent: dict[str, Any], required: str) -> dict[str, Any]:
    """A request body of OpenAPI: a form with these fields and the client's."""
    shape = {"type": "object", "required": [required], "properties": {**fields_sent, **_CLIENT}}
    return {"required": True, "content": {"application/x-www-form-urlencoded": {"schema": shape}}}


TOKEN_FORM: Final = form_of(
    {
        "grant_type": {"type": "string", "enum": ["client_credentials"]},
        "scope": {
            "type": "string",
            "description": "Some of the key's scopes, separated by spaces; all of them when left out.",
            "examples": [" ".join(SCOPES[:2])],
        },
    },
    "grant_type",
)
REVOCATION_FORM: Final = form_of(
    {
        "token": {"type": "string", "format": "password", "description": "The token to end."},
        "token_type_hint": {"type": "string", "description": "Taken and not needed."},
    },
    "token",
)


class TokenSchema(Schema):
    """A token, told this once (RFC 6749, section 5.1)."""

    access_token = fields.String(required=True, metadata={"description": "Send it as `Authorization: Bearer …`."})
    token_type = fields.String(required=True, metadata={"enum": ["Bearer"]})
    expires_in = fields.Integer(required=True, metadata={"description": "Seconds for which it is good."})
    scope = fields.String(required=True, metadata={"description": "The scopes that it carries."})


class TokenRefusalSchema(Schema):
    """Why no token was given, or none taken back (RFC 6749, section 5.2)."""

    error = fields.String(
        required=True,
        metadata={
            "enum": [
                "invalid_request", "invalid_client", "invalid_scope", "unsupported_grant_type",
                "unsupported_token_type",
            ]
        },
    )  # fmt: skip
    error_description = fields.String(required=True)


class NothingSchema(Schema):
    """An answer without a word."""
