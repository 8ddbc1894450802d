"""Which client certificate a key is bound to: its SHA-256 thumbprint, RFC 8705's x5t#S256."""

import base64
import binascii
import hashlib
import re

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from ledger.services.refusal import RefusedError

_HEX = re.compile(r"(?:[0-9a-fA-F]{2}:?){31}[0-9a-fA-F]{2}\Z")
_BASE64URL = re.compile(r"[A-Za-z0-9_-]{43}=?\Z")


def thumbprint_of(der: bytes) -> bytes:
    """The thumbprint of a certificate's DER."""
    return hashlib.sha256(der).digest()


def read_certificate(data: bytes) -> bytes:
    """The thumbprint of the one certificate in a file, PEM or DER. Raises RefusedError."""
    try:
        if b"-----BEGIN" not in data:
            return thumbprint_of(x509.load_der_x509_certificate(data).public_bytes(Encoding.DER))
        certificates = x509.load_pem_x509_certificates(data)
    except ValueError:
        raise RefusedError("not_a_certificate", "the file holds no X.509 certificate, as PEM or DER") from None
    if len(certificates) != 1:
        raise RefusedError("not_a_certificate", "the file holds several certificates: give the client's own alone")
    return thumbprint_of(certificates[0].public_bytes(Encoding.DER))


def read_thumbprint(text: str) -> bytes:
    """A SHA-256 thumbprint as people have it: hexadecimal, colons or none, or base64url. Raises RefusedError."""
    if _HEX.match(text):
        return bytes.fromhex(text.replace(":", ""))
    if _BASE64URL.match(text):
        return base64.urlsafe_b64decode(text.rstrip("=") + "=")
    raise RefusedError(
        "not_a_thumbprint",
        "a thumbprint is a SHA-256, as 64 hexadecimal digits (openssl x509 -fingerprint -sha256) or as base64url",
    )


def read_client_cert(header: str | None) -> bytes | None:
    """The thumbprint of the certificate in a Client-Cert header, RFC 9440; None where there is none of that form."""
    value = (header or "").strip()
    if len(value) < 3 or not (value.startswith(":") and value.endswith(":")):
        return None
    try:
        return thumbprint_of(base64.b64decode(value[1:-1], validate=True))
    except (binascii.Error, ValueError):
        return None
