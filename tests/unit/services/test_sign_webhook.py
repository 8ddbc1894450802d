import os
from datetime import UTC, datetime
from typing import Any

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from ledger.services.sign_webhook import BadSecretError, Secret, is_signed, new_secret, read_secret, sign, signed_text
from tests.standard_vectors import own, standard

PUBLISHED = "webhooks/standard-webhooks.json"
OWN: dict[str, Any] = own("webhooks.json")
BODY = b'{"data":{"id":"x.1"},"timestamp":"2026-11-22T08:00:00.000000Z","type":"alert.raised"}'


@pytest.mark.parametrize("case", OWN["sign"], ids=lambda case: str(case["id"]))
def test_own_vectors_are_signed_alike(case: dict[str, Any]) -> None:
    """HMAC and Ed25519, letter by letter; of Ed25519 the public key too."""
    secret = read_secret(case["secret"])
    assert secret.sign(case["id"], case["timestamp"], case["payload"].encode()) == case["signature"]
    assert (secret.text, secret.public) == (case["secret"], case["public"])


@pytest.mark.parametrize("case", OWN["verify"], ids=lambda case: str(case["name"]))
def test_own_vectors_are_verified_alike(case: dict[str, Any]) -> None:
    """With both versions, while one is rotated, and whatever is changed."""
    assert is_signed(case["key"], case["headers"], case["payload"].encode(), case["now"]) is case["ok"]


def test_published_vectors_are_signed_and_verified_alike() -> None:
    """Those of the libraries of Standard Webhooks; skipped where they do not lie beside this checkout."""
    vectors = standard(PUBLISHED)
    for case in vectors["sign"]:
        made = read_secret(case["secret"]).sign(case["id"], case["timestamp"], case["payload"].encode())
        assert made == case["signature"]
    for case in vectors["verify"]:
        held = is_signed(case["secret"], case["headers"], case["payload"].encode(), case["now"])
        assert held is case["ok"], case["name"]
    for text in vectors["secret_reject"]:
        with pytest.raises(BadSecretError):
            read_secret(text)
    for text in vectors["secret_unpadded_ok"]:
        assert read_secret(text).raw


@pytest.mark.parametrize("at", range(5))
def test_the_public_library_takes_what_is_signed(at: int) -> None:
    """With the secret as it is shown; while it is rotated with the old and with the new one, and with no other."""
    old, new, other = (new_secret("hmac", os.urandom) for _ in range(3))
    headers = sign([new, old], f"msg_{at}", int(datetime.now(UTC).timestamp()), BODY)
    for secret in (old, new):
        assert Webhook(secret.text).verify(BODY, headers)["type"] == "alert.raised"
    with pytest.raises(WebhookVerificationError):
        Webhook(other.text).verify(BODY, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(old.text).verify(BODY.replace(b"x.1", b"x.2"), headers)


def test_secrets_are_not_shown_by_accident() -> None:
    """No representation holds one, and of Ed25519 what is shown cannot sign."""
    for signing in ("hmac", "ed25519"):
        secret = new_secret(signing, os.urandom)
        assert secret.raw.hex() not in repr(secret)
        assert repr(secret.raw) not in repr(secret)
    made = new_secret("ed25519", os.urandom)
    assert made.public is not None
    assert made.public.startswith("whpk_")
    assert made.text.startswith("whsk_")
    assert made.public[5:] != made.text[5:]


@pytest.mark.parametrize("text", ["whsk_AAAA", "whsec_!!", "whsk_", "whsec_é"])
def test_what_is_no_secret_is_refused(text: str) -> None:
    """Too short for Ed25519, not base64, or nothing."""
    with pytest.raises(BadSecretError):
        read_secret(text)


@pytest.mark.parametrize(("message_id", "at"), [("a.b", 1), ("", 1), ("ä", 1), ("a", -1)])
def test_nothing_ambiguous_is_signed(message_id: str, at: int) -> None:
    """A full stop in an id would let one signed text be read as another message."""
    with pytest.raises(ValueError, match="id is ASCII"):
        signed_text(message_id, at, b"x")


def test_a_secret_without_prefix_is_of_hmac() -> None:
    """As the libraries take it."""
    assert read_secret("AAAA") == Secret("hmac", b"\0\0\0")
