import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.domain.log.checkpoint import (
    Checkpoint,
    cosignature_blob,
    cosigned_message,
    parse_checkpoint,
    parse_cosignature,
    split_checkpoint,
)
from ledger.domain.log.ed25519 import verify_ed25519
from ledger.domain.log.merkle import verify_consistency
from ledger.domain.log.note import BadSignature, Verifier, key_id, opened, parse_note, parse_vkey
from ledger.domain.log.strict import hash_of
from tests import sizes
from tests.standard_vectors import standard

lines = st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=30)


@settings(max_examples=sizes.examples())
@given(lines, st.integers(0, 2**63 - 1), st.binary(min_size=32, max_size=32), st.lists(lines, max_size=3))
def test_a_checkpoint_is_read_as_it_is_written(origin: str, size: int, root: bytes, more: list[str]) -> None:
    """Text and checkpoint stand for each other."""
    checkpoint = Checkpoint(origin, size, root, tuple(more))
    assert parse_checkpoint(checkpoint.to_text()) == checkpoint


@settings(max_examples=sizes.examples())
@given(st.text(alphabet="a0195+/=\n", max_size=70))
def test_what_is_read_is_spelt_as_it_is_written(text: str) -> None:
    """Any text is refused, or is exactly what would be written for what it is read as."""
    try:
        checkpoint = parse_checkpoint(text)
    except ValueError:
        return
    assert checkpoint.to_text() == text


def test_a_checkpoint_of_other_shape_is_not_made() -> None:
    """No origin, two lines in one, a short root, an empty extension: none can be written down."""
    for arguments in (("", 0, bytes(32)), ("a\nb", 0, bytes(32)), ("a", -1, bytes(32)), ("a", 0, bytes(31))):
        with pytest.raises(ValueError, match="checkpoint"):
            Checkpoint(*arguments)
    with pytest.raises(ValueError, match="extension"):
        Checkpoint("a", 0, bytes(32), ("",))


def test_a_cosignature_carries_its_time() -> None:
    """Eight bytes of time and the signature; anything else is refused."""
    blob = cosignature_blob(1_679_315_147, bytes(64))
    assert parse_cosignature(blob) == (1_679_315_147, bytes(64))
    for other in (b"", blob[:-1], blob + b"\x00", b"\xff" * 72):
        with pytest.raises(ValueError, match="cosignature"):
            parse_cosignature(other)
    for time, signature in ((-1, bytes(64)), (2**63, bytes(64)), (1, bytes(63))):
        with pytest.raises(ValueError, match="cosignature"):
            cosignature_blob(time, signature)


def test_published_bodies() -> None:
    """The grammar is the published one; lines after the root may not be empty."""
    for case in standard("checkpoint/parse.json")["cases"]:
        if not case["ok"]:
            with pytest.raises(ValueError, match=r"line|number|base64|newline"):
                split_checkpoint(case["body"])
            continue
        origin, size, _, extensions = split_checkpoint(case["body"])
        assert (origin, size) == (case["origin"], case["size"])
        assert "".join(f"{line}\n" for line in extensions) == case["rest"]


def test_published_checkpoints() -> None:
    """Published checkpoints verify by their keys and not by others; two of them are consistent."""
    vectors = standard("checkpoint/signed.json")
    for case in vectors["verify"]:
        note = parse_note(case["checkpoint"])
        assert bool(opened(note, [parse_vkey(case["vkey"])], verify_ed25519)) is case["ok"], case["name"]
        assert parse_checkpoint(note.text).origin == case["origin"]
    for case in vectors["consistency"]:
        proof = [bytes.fromhex(item) for item in case["proof_hex"]]
        old_root, new_root = hash_of(case["root1_b64"]), hash_of(case["root2_b64"])
        assert verify_consistency(case["size1"], case["size2"], old_root, new_root, proof) is case["ok"]


def test_published_cosignatures() -> None:
    """A witness's published line verifies with its time; the published example has the published message."""
    vectors = standard("checkpoint/signed.json")
    for case in vectors["cosignature"]:
        note = parse_note(case["checkpoint"])
        [signature] = opened(note, [parse_vkey(case["cosigner_vkey"])], verify_ed25519)
        assert parse_cosignature(signature.blob)[0] == case["time"]
    example, with_time, without = vectors["format_only"]
    note = parse_note(example["checkpoint"])
    assert parse_cosignature(note.signatures[1].blob)[0] == example["cosignature_time"]
    message = cosigned_message(example["cosignature_time"], note.text)
    assert message == (example["signed_message_header"] + note.text).encode()
    assert parse_cosignature(base64.b64decode(with_time["signature_b64"])[4:])[0] == with_time["cosignature_time"]
    with pytest.raises(ValueError, match="cosignature"):
        parse_cosignature(base64.b64decode(without["signature_b64"])[4:])


def test_published_conversation_with_a_witness() -> None:
    """The parts decide the published requests as they must be: signature, size held, consistency, in this order."""
    vectors = standard("witness/add-checkpoint.json")
    origin, public = vectors["log"]["origin"], bytes.fromhex(vectors["log"]["ed25519_public_key_hex"])
    key = Verifier(origin, key_id(origin, 1, public), 1, public)
    size, root = 0, b""
    for step in vectors["steps"]:
        request, _, text = step["body"].partition("\n\n")
        first, *proof = request.split("\n")
        note = parse_note(text)
        head, old = parse_checkpoint(note.text), int(first.removeprefix("old "))
        try:
            is_signed = bool(opened(note, [key], verify_ed25519))
        except BadSignature:
            is_signed = False
        if head.origin != origin:
            status = 404
        elif not is_signed:
            status = 403
        elif old != size:
            status = 409
        elif old and not verify_consistency(old, head.size, root, head.root, [hash_of(line) for line in proof]):
            status = 422
        else:
            status, size, root = 200, head.size, head.root
        assert status == step.get("c2sp_status", step["status"])
