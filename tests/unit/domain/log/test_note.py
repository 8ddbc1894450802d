import base64
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.domain.log.checkpoint import cosignature_blob, cosigned_message
from ledger.domain.log.ed25519 import verify_ed25519
from ledger.domain.log.note import (
    COSIGNATURE,
    ED25519,
    BadSignature,
    Verifier,
    key_id,
    opened,
    parse_note,
    parse_vkey,
    signature_line,
    vkey_of,
)
from tests import sizes
from tests.standard_vectors import own, standard

SEED = bytes(range(32))
KEY = Ed25519PrivateKey.from_private_bytes(SEED)
PUBLIC = KEY.public_key().public_bytes_raw()
TEXT = "ledger.example/log\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"


def verifier(name: str, kind: int = ED25519, public: bytes = PUBLIC) -> Verifier:
    return Verifier(name, key_id(name, kind, public), kind, public)


def signed(text: str, name: str) -> str:
    return signature_line(name, key_id(name, ED25519, PUBLIC), KEY.sign(text.encode()))


def cosigned(text: str, name: str, at: int) -> str:
    blob = cosignature_blob(at, KEY.sign(cosigned_message(at, text)))
    return signature_line(name, key_id(name, COSIGNATURE, PUBLIC), blob)


names = st.text(st.characters(exclude_characters="+", exclude_categories=("Z", "C")), min_size=1, max_size=20)


@settings(max_examples=sizes.examples())
@given(names, st.sampled_from([ED25519, COSIGNATURE]), st.binary(min_size=32, max_size=32))
def test_a_key_is_read_as_it_is_handed_out(name: str, kind: int, public: bytes) -> None:
    """A key's text gives back name, type and bytes; the id is that of all three."""
    assert parse_vkey(vkey_of(name, public, kind)) == verifier(name, kind, public)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u2003b", "a\x00", "a\n"])
def test_names_that_a_note_cannot_carry_are_refused(name: str) -> None:
    """No key and no signature line is made for a name that could not be read back."""
    with pytest.raises(ValueError, match="name"):
        vkey_of(name, PUBLIC)
    with pytest.raises(ValueError, match="name"):
        signature_line(name, b"1234", b"x")


def test_known_keys_are_verified_and_unknown_ones_passed_over() -> None:
    """Of a log's, a witness's and a stranger's line, those of the known keys come back, each once."""
    text = TEXT + "\n" + signed(TEXT, "log") * 2 + cosigned(TEXT, "witness", 7) + signed(TEXT, "stranger")
    note = parse_note(text)
    found = opened(note, [verifier("log"), verifier("witness", COSIGNATURE)], verify_ed25519)
    assert [signature.name for signature in found] == ["log", "witness"]
    assert str(note) == text
    assert opened(note, [verifier("nobody")], verify_ed25519) == []


def test_a_log_key_does_not_pass_for_a_witness() -> None:
    """One key under two types has two ids, so a signature of one type is unknown to the other."""
    note = parse_note(TEXT + "\n" + signed(TEXT, "both"))
    assert opened(note, [verifier("both", COSIGNATURE)], verify_ed25519) == []
    # With the id forged, the line counts as the known key's, and does not fit.
    forged = signature_line("both", key_id("both", COSIGNATURE, PUBLIC), KEY.sign(TEXT.encode()))
    with pytest.raises(BadSignature):
        opened(parse_note(TEXT + "\n" + forged), [verifier("both", COSIGNATURE)], verify_ed25519)


def test_a_bad_signature_of_a_known_key_spoils_the_note() -> None:
    """However many good ones there are; the name of the key is told."""
    bad = signature_line("log", key_id("log", ED25519, PUBLIC), KEY.sign(b"another text"))
    note = parse_note(TEXT + "\n" + signed(TEXT, "log") + bad)
    with pytest.raises(BadSignature) as caught:
        opened(note, [verifier("log")], verify_ed25519)
    assert caught.value.name == "log"


def test_a_hundred_signatures_are_read_and_no_more() -> None:
    """The limit is a hundred lines, far above the sixteen that must be read."""
    assert len(parse_note(TEXT + "\n" + signed(TEXT, "log") * 100).signatures) == 100
    with pytest.raises(ValueError, match="too many"):
        parse_note(TEXT + "\n" + signed(TEXT, "log") * 101)


@settings(max_examples=sizes.examples())
@given(st.text(max_size=60))
def test_reading_any_text_gives_a_note_or_a_refusal(text: str) -> None:
    """No text makes the reader stumble; what it reads, it writes out the same."""
    for candidate in (text, TEXT + "\n" + text, text + "\n" + signed(TEXT, "log")):
        try:
            note = parse_note(candidate)
        except ValueError:
            continue
        assert str(note) == candidate


def test_own_note() -> None:
    """A key's text, a signature and a cosignature over one text are pinned, byte for byte."""
    vector = own("note.json")
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(vector["seed"]))
    public = key.public_key().public_bytes_raw()
    assert vkey_of(vector["name"], public) == vector["vkey"]
    assert vkey_of(vector["name"], public, COSIGNATURE) == vector["cosigner_vkey"]
    note = parse_note(vector["note"])
    keys = [parse_vkey(vector["vkey"]), parse_vkey(vector["cosigner_vkey"])]
    assert [signature.line for signature in opened(note, keys, verify_ed25519)] == vector["lines"]
    blob = cosignature_blob(vector["time"], key.sign(cosigned_message(vector["time"], note.text)))
    assert vector["lines"] == [
        signature_line(vector["name"], keys[0].key_id, key.sign(note.text.encode())),
        signature_line(vector["name"], keys[1].key_id, blob),
    ]


def test_published_keys() -> None:
    """Published keys are read, and every substring or changed byte of one is refused."""
    vectors = standard("note/signed-note.json")
    for text in vectors["vkey_ok"]:
        key = parse_vkey(text)
        assert vkey_of(key.name, key.public, key.kind) == text
    first = vectors["vkey_ok"][0]
    shorter = [first[i:j] for i in range(len(first)) for j in range(i, len(first) + 1) if j - i < len(first)]
    changed = [first[:at] + chr(ord(first[at]) + 1) + first[at + 1 :] for at in range(len(first))]
    for text in (*vectors["vkey_reject"], *shorter, *changed):
        with pytest.raises(ValueError, match=r"key|base64"):
            parse_vkey(text)
    assert parse_vkey(standard("checkpoint/signed.json")["cosigner_vkey_ok"][0]).kind == COSIGNATURE


def test_published_notes() -> None:
    """Published notes open to the published signers, or are refused where they must be."""
    for case in standard("note/signed-note.json")["open"]:
        assert _open(case) == (case.get("verified") if case["ok"] else None), case["name"]


def _open(case: dict[str, Any]) -> list[str] | None:
    keys = [parse_vkey(text) for text in case["verifiers"]]
    try:
        note = parse_note(base64.b64decode(case["note"]).decode())
        found = opened(note, keys, verify_ed25519)
    except ValueError:
        return None
    known = {(key.name, key.key_id) for key in keys}
    lines = {item.line: item.name for item in note.signatures if (item.name, item.key_id) not in known}
    if case["ok"]:
        assert list(lines.values()) == case["unverified"], case["name"]
    return [signature.name for signature in found] or None


def test_published_signing() -> None:
    """Signing the published text with the published key gives the published note."""
    for case in standard("note/signed-note.json")["sign"]:
        seed = base64.b64decode(case["skey"].split("+", 4)[4])[1:]
        key, verifier = Ed25519PrivateKey.from_private_bytes(seed), parse_vkey(case["vkey"])
        line = signature_line(verifier.name, verifier.key_id, key.sign(case["text"].encode()))
        assert case["text"] + "\n" + line == case["signed"]
    for text in standard("note/signed-note.json")["sign_reject_text"]:
        with pytest.raises(ValueError, match="note"):
            parse_note(text + "\n" + signed(text, "log"))
