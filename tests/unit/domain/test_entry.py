import base64
import json
import math
import struct
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.api.strict_json import BadJsonError, parse
from ledger.domain.entry import (
    FORMAT,
    GENESIS,
    ChainBrokenError,
    Envelope,
    canonical,
    commitment_of,
    content_bytes,
    entry_id,
    leaf_hash,
    meets,
    new_pseudonym,
    parse_entry_id,
    verify_chain,
    written_time,
)
from tests.sizes import examples

#: Published vectors, where somebody has laid them beside the checkout.
VECTORS = Path(__file__).resolve().parents[3].parent / "shared" / "vectors" / "jcs"
published = pytest.mark.skipif(
    not VECTORS.is_dir(), reason="the published RFC 8785 vectors are not beside the checkout"
)

PSEUDONYM = "abcdefghijklmnopqrstuvwxyz"
START = datetime(2023, 10, 5, 9, tzinfo=UTC)

hashes = st.binary(min_size=32, max_size=32)
#: Whole hours, half hours and odd minutes from UTC.
zones = st.builds(timezone, st.integers(-1_439, 1_439).map(lambda minutes: timedelta(minutes=minutes)))
moments = st.datetimes(datetime(1970, 1, 2), datetime(9999, 12, 30), timezones=zones)  # noqa: DTZ001 - zones are given
numbers = st.integers(1, 2**53 - 1)
pseudonyms = st.binary(min_size=16, max_size=16).map(lambda drawn: new_pseudonym(lambda _count: drawn))
envelopes = st.builds(Envelope, pseudonyms, numbers, hashes, moments, hashes)
texts = st.text(st.characters(codec="utf-8"), max_size=20)
finite = st.floats(allow_nan=False, allow_infinity=False)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts | finite,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)


def chain_of(length: int, pseudonym: str = PSEUDONYM) -> list[Envelope]:
    """A record's envelopes, a minute apart."""
    made: list[Envelope] = []
    previous = GENESIS
    for number in range(1, length + 1):
        commitment = sha256(f"{pseudonym} {number}".encode()).digest()
        made.append(Envelope(pseudonym, number, previous, START + timedelta(minutes=number), commitment))
        previous = leaf_hash(made[-1].to_bytes())
    return made


def read_json(text: bytes) -> Any:
    """JSON as RFC 8785 has it: every number is a double, however it is written."""
    return json.loads(text, parse_int=float)


def stored(chain: list[Envelope]) -> list[tuple[bytes, Envelope]]:
    return [(envelope.to_bytes(), envelope) for envelope in chain]


def relinked(chain: list[Envelope]) -> list[Envelope]:
    """The chain with every `previous` made to fit again, as a forger who controls the rest would."""
    made: list[Envelope] = []
    previous = GENESIS
    for envelope in chain:
        made.append(replace(envelope, previous=previous))
        previous = leaf_hash(made[-1].to_bytes())
    return made


# --- the envelope ----------------------------------------------------------------------------------------------------


@settings(max_examples=examples())
@given(envelopes)
def test_an_envelope_is_written_as_rfc_8785_would(envelope: Envelope) -> None:
    """The bytes written by hand are the canonical bytes of the same six members, whatever they hold."""
    members: dict[str, Any] = {
        "format": FORMAT,
        "record": envelope.record,
        "number": envelope.number,
        "previous": envelope.previous.hex(),
        "recorded_at": written_time(envelope.recorded_at),
        "commitment": envelope.commitment.hex(),
    }
    assert envelope.to_bytes() == rfc8785.dumps(members)


@settings(max_examples=examples())
@given(envelopes)
def test_an_envelope_reads_back(envelope: Envelope) -> None:
    """What was written is read as the same envelope, to the microsecond, and writes the same bytes again."""
    read = Envelope.from_members(json.loads(envelope.to_bytes()))
    assert read == replace(envelope, recorded_at=envelope.recorded_at.astimezone(UTC))
    assert read.to_bytes() == envelope.to_bytes()


@pytest.mark.parametrize("member", ["commitment", "format", "number", "previous", "record", "recorded_at"])
def test_an_envelope_with_a_member_missing_is_none(member: str) -> None:
    """Each of the six members is needed, and nothing raises but ValueError."""
    members = json.loads(chain_of(1)[0].to_bytes())
    del members[member]
    with pytest.raises(ValueError, match="envelope"):
        Envelope.from_members(members)


@pytest.mark.parametrize(
    ("member", "value"),
    [("format", "ledger-entry/2"), ("extra", 1), ("number", None), ("previous", 7), ("recorded_at", None)],
)
def test_a_strange_envelope_is_none(member: str, value: object) -> None:
    """Another format, a member too many and a member of the wrong type are refused."""
    with pytest.raises(ValueError, match="envelope"):
        Envelope.from_members(json.loads(chain_of(1)[0].to_bytes()) | {member: value})


def test_the_leaf_hash_is_that_of_rfc_9162() -> None:
    """A leaf is hashed after a zero byte; the hash of the empty leaf is the published one."""
    assert leaf_hash(b"").hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert leaf_hash(b"envelope") == sha256(b"\x00envelope").digest()


@settings(max_examples=examples())
@given(pseudonyms, st.integers(1, 10**15 - 1))
def test_an_entry_id_reads_back(pseudonym: str, number: int) -> None:
    """Every pseudonym is 26 characters, and an id names its record and number and nothing else."""
    assert len(pseudonym) == 26
    assert parse_entry_id(entry_id(pseudonym, number)) == (pseudonym, number)


@pytest.mark.parametrize(
    "text", ["", PSEUDONYM, f"{PSEUDONYM}.0", f"{PSEUDONYM}.01", f"{PSEUDONYM}.1\n", "x.1", f"{PSEUDONYM}.-1"]
)
def test_what_is_no_entry_id_names_nothing(text: str) -> None:
    """Numbers begin at one, without leading zeros, and nothing may follow."""
    assert parse_entry_id(text) is None


# --- the commitment --------------------------------------------------------------------------------------------------


@settings(max_examples=examples())
@given(hashes, st.binary(max_size=200), st.binary(min_size=1, max_size=200))
def test_a_commitment_is_met_by_its_content_alone(salt: bytes, content: bytes, other: bytes) -> None:
    """The salt and content committed to meet it; another content, salt or commitment does not."""
    commitment = commitment_of(salt, content)
    assert commitment == sha256(salt + content).digest()
    assert meets(commitment, salt, content)
    assert not meets(commitment, salt, content + other)
    assert not meets(commitment, bytes(byte ^ 1 for byte in salt), content)
    assert not meets(bytes(byte ^ 1 for byte in commitment), salt, content)


@settings(max_examples=examples())
@given(st.dictionaries(texts, values, max_size=5))
def test_content_holds_the_body_as_sent(body: dict[str, Any]) -> None:
    """Kind, sender, event id and body come back from the content unchanged, and their order in the body is nothing."""
    content = content_bytes("observation", "hv", "e1", body)
    assert read_json(content) == {"kind": "observation", "agency": "hv", "event_id": "e1", "body": body}
    assert content_bytes("observation", "hv", "e1", dict(reversed(body.items()))) == content


def test_content_tells_kinds_senders_and_events_apart() -> None:
    """The same body of another kind, agency or event is other content."""
    contents = {
        content_bytes(*parts, {"observed": "2023-10-05"})
        for parts in [("contact", "hv", "e1"), ("void", "hv", "e1"), ("contact", "gp", "e1"), ("contact", "hv", "e2")]
    }
    assert len(contents) == 4


# --- the chain -------------------------------------------------------------------------------------------------------


def test_an_unbroken_chain_verifies() -> None:
    """Every prefix of a chain verifies, and the answer is the hash of its last entry."""
    chain = chain_of(6)
    assert verify_chain([]) == GENESIS
    for length in range(1, 7):
        assert verify_chain(stored(chain[:length])) == leaf_hash(chain[length - 1].to_bytes())


def test_a_flipped_bit_is_found_at_its_entry() -> None:
    """Any one bit changed in the stored bytes of an entry is found there, whether or not it still reads."""
    chain = stored(chain_of(4))
    original = chain[2][0]
    for place in range(len(original)):
        flipped = original[:place] + bytes([original[place] ^ 1]) + original[place + 1 :]
        try:
            read = Envelope.from_members(json.loads(flipped))
        except ValueError:
            read = chain[2][1]  # unreadable bytes beside the envelope that was once read from them
        with pytest.raises(ChainBrokenError) as caught:
            verify_chain([*chain[:2], (flipped, read), chain[3]])
        assert caught.value.number in {3, 4}, place


def dropped(chain: list[Envelope]) -> list[Envelope]:
    return [*chain[:2], *chain[3:]]


def swapped(chain: list[Envelope]) -> list[Envelope]:
    return [*chain[:2], chain[3], chain[2], *chain[4:]]


def renumbered(chain: list[Envelope]) -> list[Envelope]:
    return [replace(envelope, number=place) for place, envelope in enumerate(dropped(chain), start=1)]


def foreign(chain: list[Envelope]) -> list[Envelope]:
    other = chain_of(6, PSEUDONYM[::-1])[2]
    return relinked([*chain[:2], other, *chain[3:]])


def backwards(chain: list[Envelope]) -> list[Envelope]:
    return relinked([*chain[:2], replace(chain[2], recorded_at=START), *chain[3:]])


def replaced(chain: list[Envelope]) -> list[Envelope]:
    return [*chain[:2], replace(chain[2], commitment=bytes(32)), *chain[3:]]


def begun_late(chain: list[Envelope]) -> list[Envelope]:
    return chain[2:]


@pytest.mark.parametrize(
    ("change", "first_bad", "reason"),
    [
        (dropped, 3, "expected number 3, found 4"),
        (swapped, 3, "expected number 3, found 4"),
        (renumbered, 3, "does not follow"),
        (foreign, 3, "another record"),
        (backwards, 3, "recorded time"),
        (replaced, 4, "does not follow"),
        (begun_late, 1, "expected number 1, found 3"),
    ],
)
def test_a_changed_chain_names_its_first_bad_entry(
    change: Callable[[list[Envelope]], list[Envelope]], first_bad: int, reason: str
) -> None:
    """A gap, a swap, a cut in the middle, a foreign entry and time running backwards are found, at the first of them.

    An entry whose content was exchanged shows at the one after it: its own bytes are all of a piece.
    """
    with pytest.raises(ChainBrokenError, match=reason) as caught:
        verify_chain(stored(change(chain_of(6))))
    assert caught.value.number == first_bad


def test_bytes_that_are_not_canonical_do_not_verify() -> None:
    """The same members with a space between them are other bytes, and are found even at the chain's end."""
    chain = stored(chain_of(2))
    spaced = json.dumps(json.loads(chain[1][0])).encode()
    with pytest.raises(ChainBrokenError, match="canonical") as caught:
        verify_chain([chain[0], (spaced, chain[1][1])])
    assert caught.value.number == 2


def test_entries_of_one_moment_verify() -> None:
    """Time may stand still within a record; only running backwards breaks it."""
    chain = relinked([replace(envelope, recorded_at=START) for envelope in chain_of(3)])
    assert verify_chain(stored(chain)) == leaf_hash(chain[-1].to_bytes())


# --- canonical JSON --------------------------------------------------------------------------------------------------


@settings(max_examples=examples())
@given(values)
def test_canonical_bytes_are_the_librarys(value: Any) -> None:
    """However they are made, canonical bytes are those that the library writes, control characters and all."""
    assert canonical(value) == rfc8785.dumps(value)


@settings(max_examples=examples())
@given(values)
def test_canonical_bytes_are_a_fixed_point(value: Any) -> None:
    """Canonical bytes read back as the same value and are their own canonical form."""
    written = canonical(value)
    read = read_json(written)
    assert read == value
    assert canonical(read) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ({"b": 1, "a": 2}, b'{"a":2,"b":1}'),
        # UTF-16 order: the emoji's first unit, D83D, comes before E000's although its code point is larger.
        ({"\ue000": 1, "\U0001f600": 2}, '{"\U0001f600":2,"\ue000":1}'.encode()),
        (["\u007f", "é", "\u2028", "/"], '["\u007f","é","\u2028","/"]'.encode()),
        ('\x00\x1f\n\t"\\', b'"\\u0000\\u001f\\n\\t\\"\\\\"'),
        ([1.0, -0.0, 1e21, 1e-7, 0.000001, 333333333.33333329], b"[1,0,1e+21,1e-7,0.000001,333333333.3333333]"),
        ([True, None, {}, []], b"[true,null,{},[]]"),
    ],
)  # fmt: skip
def test_canonical_bytes_of_hard_cases(value: Any, written: bytes) -> None:
    """Names are sorted by UTF-16 unit, numbers are written as ECMAScript does, and only what must be is escaped."""
    assert canonical(value) == written


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 2**53, -(2**53), "\ud83d", ["\ude02"]])
def test_what_has_no_canonical_form_is_refused(value: Any) -> None:
    """NaN, infinities, whole numbers that a double cannot hold and lone surrogates have no canonical bytes."""
    with pytest.raises(rfc8785.CanonicalizationError):
        canonical(value)


@published
@pytest.mark.parametrize("name", ["arrays", "french", "structures", "unicode", "values", "weird"])
def test_published_documents(name: str) -> None:
    """The documents published with RFC 8785 have the published canonical bytes."""
    document = json.loads((VECTORS / "input" / f"{name}.json").read_bytes())
    assert canonical(document) == bytes.fromhex((VECTORS / "outhex" / f"{name}.txt").read_text())


@published
def test_published_numbers() -> None:
    """Ten thousand doubles, the published list's first, are written as published."""
    for line in (VECTORS / "es6-numbers-10k.txt").read_text().splitlines():
        bits, written = line.split(",")
        (number,) = struct.unpack(">d", bytes.fromhex(bits.zfill(16)))
        assert canonical(number) == written.encode(), bits


@published
def test_published_refusals() -> None:
    """Whatever RFC 8785 says has no canonical form is refused between arriving and being committed to."""
    for case in json.loads((VECTORS / "must-reject.json").read_text())["cases"]:
        with pytest.raises((BadJsonError, rfc8785.CanonicalizationError)):
            canonical(parse(base64.b64decode(case["in_b64"])))
