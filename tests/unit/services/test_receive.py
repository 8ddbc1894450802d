import base64
import hashlib
from datetime import UTC, datetime

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from ledger.domain.entry import GENESIS, Envelope
from ledger.services.receive import ReceiptSigner

SEED = bytes(range(32))
PUBLIC = Ed25519PrivateKey.from_private_bytes(SEED).public_key()
ENVELOPE = Envelope("a" * 26, 1, GENESIS, datetime(2024, 11, 10, 12, tzinfo=UTC), bytes(32)).to_bytes()


def test_a_receipt_is_a_signed_note() -> None:
    """By C2SP's words alone: a text, an empty line, and one line with name, key id and the signature of the text."""
    text, _, line = ReceiptSigner(SEED, "ledger.example.org").receipt(ENVELOPE).rpartition("\n\n")
    dash, name, encoded = line.removesuffix("\n").split(" ")
    blob = base64.b64decode(encoded, validate=True)
    assert (dash, name) == ("—", "ledger.example.org/receipts")
    assert text == f"ledger.example.org/receipts\n{ENVELOPE.decode()}"
    assert blob[:4] == hashlib.sha256(name.encode() + b"\n\x01" + PUBLIC.public_bytes_raw()).digest()[:4]
    PUBLIC.verify(blob[4:], f"{text}\n".encode())


def test_another_envelope_is_not_vouched_for() -> None:
    """The signature is of this envelope: with one character of it changed it does not verify."""
    text, _, line = ReceiptSigner(SEED, "ledger.example.org").receipt(ENVELOPE).rpartition("\n\n")
    blob = base64.b64decode(line.split(" ")[2])
    with pytest.raises(InvalidSignature):
        PUBLIC.verify(blob[4:], f"{text}\n".replace('"number":1', '"number":2').encode())


def test_a_receipt_is_the_same_for_ever() -> None:
    """Nothing of chance or time is in it: another process with the same key makes the same bytes."""
    one, other = (ReceiptSigner(SEED, "ledger.example.org") for _ in range(2))
    assert one.receipt(ENVELOPE) == other.receipt(ENVELOPE)


def test_the_key_is_told_as_others_read_it() -> None:
    """The verifier key has the name, the id and the public key, as c2sp.org/signed-note writes them."""
    name, key_id, encoded = ReceiptSigner(SEED, "ledger.example.org").vkey.split("+", 2)
    assert name == "ledger.example.org/receipts"
    assert base64.b64decode(encoded) == b"\x01" + PUBLIC.public_bytes_raw()
    assert key_id == hashlib.sha256(f"{name}\n".encode() + base64.b64decode(encoded)).hexdigest()[:8]
    assert Ed25519PublicKey.from_public_bytes(base64.b64decode(encoded)[1:]) == PUBLIC


def test_the_origin_is_found_out_once() -> None:
    """What knows the ledger's name is asked when it is first needed, and then never again."""
    asked: list[str] = []

    def origin() -> str:
        asked.append("once")
        return "ledger.example.org"

    signer = ReceiptSigner(SEED, origin)
    assert asked == []
    assert signer.receipt(ENVELOPE) == ReceiptSigner(SEED, "ledger.example.org").receipt(ENVELOPE)
    assert signer.vkey
    assert asked == ["once"]


@pytest.mark.parametrize("seed", [b"", bytes(31), bytes(33)])
def test_a_key_of_another_length_is_refused(seed: bytes) -> None:
    """A key is 32 bytes; whatever else was set is a mistake, and is told before anything is signed."""
    with pytest.raises(ValueError, match="32 bytes"):
        ReceiptSigner(seed, "ledger.example.org")


def test_nothing_but_a_text_is_signed() -> None:
    """A note's text ends with a newline; without it the signature would be of something that no note can hold."""
    with pytest.raises(ValueError, match="newline"):
        ReceiptSigner(SEED, "ledger.example.org").sign("no end")
