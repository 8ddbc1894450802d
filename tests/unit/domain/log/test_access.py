import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.domain.entry import canonical
from ledger.domain.log.access import access_commitment, access_content, access_leaf, parse_access_leaf
from tests import sizes
from tests.standard_vectors import own

texts = st.text(st.characters(codec="utf-8"), max_size=20)
members = st.fixed_dictionaries(
    dict.fromkeys(("access", "agency", "at", "outcome", "purpose", "real_at", "record", "request", "what"), texts)
    | {name: st.none() | texts for name in ("person", "refused_for")}
    | {"by_glass": st.booleans(), "up_to": st.integers(0, 2**53 - 1)}
)
AT = "2026-11-22T01:25:09.000000Z"


@settings(max_examples=sizes.examples())
@given(members)
def test_content_is_canonical(read: dict[str, object]) -> None:
    """The bytes are those of RFC 8785."""
    assert access_content(read) == canonical(read)


@settings(max_examples=sizes.examples())
@given(st.binary(min_size=32, max_size=32))
def test_a_leaf_is_read_as_it_is_written(commitment: bytes) -> None:
    """Time and commitment come back, and the leaf is canonical."""
    leaf = access_leaf(AT, commitment)
    fields = parse_access_leaf(leaf)
    assert (fields.at, fields.commitment) == (AT, commitment.hex())
    assert canonical(json.loads(leaf)) == leaf


@pytest.mark.parametrize("change", [{"up_to": True}, {"up_to": -1}, {"up_to": 2**53}, {"person": 1}, {"more": "x"}])
def test_a_read_with_other_members_is_refused(change: dict[str, object]) -> None:
    """Each member is there, of its type, and nothing besides."""
    with pytest.raises(ValueError, match=r"member|number"):
        access_content(own("access.json")["members"] | change)
    with pytest.raises(ValueError, match="members"):
        access_content({})


@pytest.mark.parametrize("at", ["2026-11-22T01:25:09Z", "2026-02-30T01:25:09.000000Z", 'x"', ""])
def test_a_time_in_another_form_is_refused(at: str) -> None:
    """Six places, UTC, and a day that exists."""
    with pytest.raises(ValueError, match=r"read|day"):
        access_leaf(at, bytes(32))


def test_own_read() -> None:
    """Content, commitment and leaf of one read are pinned: the database must make the same."""
    vector = own("access.json")
    content = access_content(vector["members"])
    assert content.decode() == vector["content"]
    commitment = access_commitment(bytes.fromhex(vector["salt"]), content)
    assert commitment.hex() == vector["commitment"]
    assert access_leaf(vector["members"]["real_at"], commitment).decode() == vector["leaf"]
    with pytest.raises(ValueError, match="salt"):
        access_commitment(b"short", content)
