"""Who asks for a token: the form and the client authentication of RFC 6749, and its errors.

The client is a key: its id is the key's id, its secret the key's secret or the whole key, in the header or in the body.
Nothing is taken from an address, which is written down on its way. No error repeats what was sent, and an id that was
never given out is answered as a wrong secret is.
"""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import parse_qsl, unquote_plus

from flask import Request, Response

from ledger.api.answers import as_json
from ledger.api.limits import FORM_BYTES_MAX, FORM_FIELDS_MAX
from ledger.api.problems import Problem
from ledger.api.requests import read_bytes
from ledger.services.authenticate import read_key
from ledger.services.context import Context
from ledger.services.read_certificate import read_client_cert
from ledger.store.append import Credential

NOT_STORED: Mapping[str, str] = {"Cache-Control": "no-store", "Pragma": "no-cache"}
FORM = "application/x-www-form-urlencoded"
_STATUS = {"invalid_client": 401}
_CHALLENGE = 'Basic realm="ledger", charset="UTF-8"'
_HOW = (
    "Send the key's id and its secret (of ledger.AGENCY.KEY.SECRET: AGENCY.KEY and SECRET) by HTTP Basic, or as "
    "client_id and client_secret in the body."
)


class OAuthError(Exception):
    """A refusal as RFC 6749, section 5.2, has it. The description is ASCII without quotes, and never what was sent."""

    def __init__(self, code: str, description: str) -> None:
        super().__init__(code)
        self.code = code
        self.description = description

    def as_response(self) -> Response:
        status = _STATUS.get(self.code, 400)
        headers = {**NOT_STORED, **({"WWW-Authenticate": _CHALLENGE} if status == 401 else {})}
        return as_json({"error": self.code, "error_description": self.description}, status, headers)


def read_form(req: Request) -> dict[str, str]:
    """The fields of a form, each sent at most once; one without a value counts as not sent. Raises OAuthError."""
    if req.query_string:
        raise OAuthError("invalid_request", "Send everything in the body, and nothing in the address.")
    if req.mimetype != FORM:
        raise OAuthError("invalid_request", f"Send the body as {FORM}.")
    try:
        fields = parse_qsl(
            read_bytes(req, FORM_BYTES_MAX).decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=FORM_FIELDS_MAX,
        )
    except Problem as problem:
        raise OAuthError("invalid_request", problem.title + ".") from None
    except ValueError:
        raise OAuthError("invalid_request", "The body cannot be read as a form in UTF-8.") from None
    form = dict(fields)
    if len(form) != len(fields):
        raise OAuthError("invalid_request", "Send each field once.")
    return {name: value for name, value in form.items() if value}


def read_client(context: Context, req: Request, form: Mapping[str, str]) -> Credential:
    """The key by which a client authenticates, with the certificate that it came with. Raises OAuthError."""
    header = req.headers.get("Authorization")
    sent_id, sent_secret = form.get("client_id", ""), form.get("client_secret", "")
    if header is None:
        client_id, secret = sent_id, sent_secret
    else:
        client_id, secret = _basic(header)
        if sent_secret or sent_id not in ("", client_id):
            raise OAuthError("invalid_request", "Authenticate in one way: by the header or in the body.")
    key = read_key(secret) or read_key(f"ledger.{client_id}.{secret}")
    if key is None or key.name != client_id:
        raise unknown_client()
    return replace(key, certificate_sha256=certificate_of(context, req))


def certificate_of(context: Context, req: Request) -> bytes | None:
    """The thumbprint of the client certificate that a request came with, where the ledger is told to believe it."""
    return read_client_cert(req.headers.get("Client-Cert")) if context.reads_client_certificates else None


def unknown_client() -> OAuthError:
    """The one answer to every id and secret that do not belong together."""
    return OAuthError("invalid_client", f"The client is not known by this id and secret. {_HOW}")


def _basic(header: str) -> tuple[str, str]:
    scheme, _, encoded = header.partition(" ")
    try:
        if scheme.lower() != "basic":
            raise unknown_client()
        client_id, _, secret = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        raise unknown_client() from None
    return unquote_plus(client_id), unquote_plus(secret)
