"""Which certificate a key is bound to, as people and headers give it."""

import base64
import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from ledger.services.read_certificate import read_certificate, read_client_cert, read_thumbprint
from ledger.services.refusal import RefusedError


@pytest.fixture(scope="module")
def certificate() -> x509.Certificate:
    """A client's certificate, signed by its own key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hv.example")])
    began = datetime(2026, 1, 1, tzinfo=UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(7).not_valid_before(began).not_valid_after(began + timedelta(days=30))
    return made.sign(key, hashes.SHA256())


def test_each_form_of_a_certificate_gives_one_thumbprint(certificate: x509.Certificate) -> None:
    """PEM, PEM after words, DER and the header are one certificate, and its thumbprint is OpenSSL's fingerprint."""
    pem, der = certificate.public_bytes(Encoding.PEM), certificate.public_bytes(Encoding.DER)
    expected = certificate.fingerprint(hashes.SHA256())
    assert hashlib.sha256(der).digest() == expected
    for data in (pem, b"subject=hv.example\n" + pem, der):
        assert read_certificate(data) == expected
    assert read_client_cert(f":{base64.b64encode(der).decode()}:") == expected


@pytest.mark.parametrize("data", [b"", b"nothing", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
def test_what_is_no_certificate_is_refused(data: bytes) -> None:
    """A key must not be bound to what no client can show."""
    with pytest.raises(RefusedError) as refused:
        read_certificate(data)
    assert refused.value.refusal.code == "not_a_certificate"


def test_a_chain_is_refused(certificate: x509.Certificate) -> None:
    """Of several, which is the client's own would be a guess."""
    pem = certificate.public_bytes(Encoding.PEM)
    with pytest.raises(RefusedError, match="not_a_certificate"):
        read_certificate(pem + pem)


def test_each_form_of_a_thumbprint_is_read() -> None:
    """As OpenSSL prints it, without its colons, and as RFC 8705 writes it."""
    expected = bytes(range(200, 232))
    encoded = base64.urlsafe_b64encode(expected).decode()
    for text in (expected.hex(":").upper(), expected.hex(), encoded, encoded.rstrip("=")):
        assert read_thumbprint(text) == expected


@pytest.mark.parametrize("text", ["", "00", "zz" * 32, "a" * 40, "a" * 44, "00:" * 32, "a" * 43 + "\n", " " + "a" * 43])
def test_what_is_no_thumbprint_is_refused(text: str) -> None:
    """A SHA-1, a short one, one with something after it."""
    with pytest.raises(RefusedError) as refused:
        read_thumbprint(text)
    assert refused.value.refusal.code == "not_a_thumbprint"


@pytest.mark.parametrize("header", [None, "", ":", "::", "AAAA", ":AAAA", "AAAA:", ":A:", ":AA AA:", ":AAAA:;a", ":é:"])
def test_a_header_of_another_form_is_no_certificate(header: str | None) -> None:
    """It is never guessed at: the request then counts as having come with none."""
    assert read_client_cert(header) is None
