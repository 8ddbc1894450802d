import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.domain.log.ed25519 import verify_ed25519
from tests import sizes
from tests.standard_vectors import own

ORDER = 2**252 + 27742317777372353535851937790883648493


@settings(max_examples=sizes.examples() // 2, deadline=None)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=200), st.data())
def test_it_agrees_with_the_library(seed: bytes, message: bytes, data: st.DataObject) -> None:
    """What the library signs verifies; with any bit of key, signature or message changed it does not."""
    key = Ed25519PrivateKey.from_private_bytes(seed)
    parts = [key.public_key().public_bytes_raw(), key.sign(message), message]
    assert verify_ed25519(*parts)
    which = data.draw(st.sampled_from([0, 1, 2] if message else [0, 1]))
    at = data.draw(st.integers(0, 8 * len(parts[which]) - 1))
    changed = bytearray(parts[which])
    changed[at // 8] ^= 1 << at % 8
    parts[which] = bytes(changed)
    assert not verify_ed25519(*parts)


@settings(max_examples=sizes.examples(), deadline=None)
@given(st.binary(max_size=40), st.binary(max_size=70), st.binary(max_size=10))
def test_it_never_raises(public: bytes, signature: bytes, message: bytes) -> None:
    """Bytes of any length are an answer of no."""
    assert not verify_ed25519(public, signature, message)


def test_a_second_spelling_of_a_signature_is_refused() -> None:
    """Adding the order to the scalar gives other bytes for the same number; they do not verify."""
    key = Ed25519PrivateKey.from_private_bytes(bytes(32))
    public, signature = key.public_key().public_bytes_raw(), key.sign(b"a")
    scalar = int.from_bytes(signature[32:], "little") + ORDER
    assert verify_ed25519(public, signature, b"a")
    assert not verify_ed25519(public, signature[:32] + scalar.to_bytes(32, "little"), b"a")


@pytest.mark.parametrize("y", [2**255 - 19, 2**255 - 18, 2, 2**255 - 1])
def test_bytes_that_are_no_point_are_no_key(y: int) -> None:
    """Beyond the field, off the curve: no signature is by such a key."""
    assert not verify_ed25519(y.to_bytes(32, "little"), bytes(64), b"")
    assert not verify_ed25519((y | 1 << 255).to_bytes(32, "big")[::-1], bytes(64), b"")


def test_the_vectors_of_the_rfc() -> None:
    """RFC 8032 section 7.1."""
    for case in own("ed25519.json")["rfc8032"]:
        public, signature, message = (bytes.fromhex(case[name]) for name in ("public", "signature", "message"))
        assert verify_ed25519(public, signature, message)
        assert Ed25519PrivateKey.from_private_bytes(bytes.fromhex(case["secret"])).sign(message) == signature
