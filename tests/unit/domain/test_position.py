import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.domain.position import CHARS_MAX, PositionError, earliest, read_position, resume, write_position

PARTIES = st.sampled_from(["person:1", "person:2", "desk:hv", "desk:csc", "agency:hv", "operator"])
SEQS = st.dictionaries(PARTIES, st.integers(0, 10**12), min_size=1, max_size=3)


@given(SEQS)
def test_a_name_says_each_number(read: dict[str, int]) -> None:
    """What is written is read back, whatever order the feeds were named in, and is fit for a header and an address."""
    name = write_position(read)
    assert write_position(dict(reversed(read.items()))) == name
    assert sorted(read_position(name).values()) == sorted(read.values())
    assert set(name) <= set(string.ascii_lowercase + string.digits + "-.")
    assert len(name) <= CHARS_MAX


@given(SEQS, st.data())
def test_a_reader_goes_on_where_they_were(last: dict[str, int], data: st.DataObject) -> None:
    """From any earlier position of the same feeds each number is as it was, and nothing was missed before it."""
    read = {party: data.draw(st.integers(0, seq)) for party, seq in last.items()}
    found = resume(write_position(read), last)
    assert found.read == read
    assert found.is_sure


def test_without_a_name_they_begin_with_what_comes_next() -> None:
    """Nobody asked for what was told before they came."""
    found = resume(None, {"person:1": 7, "desk:hv": 0})
    assert (found.read, found.is_sure) == ({"person:1": 7, "desk:hv": 0}, True)


@pytest.mark.parametrize(
    ("named", "read"),
    [
        ({"person:2": 3}, {"person:1": 7}),  # another person's
        ({"person:1": 8}, {"person:1": 7}),  # of a database that held more
        ({"desk:hv": 2}, {"person:1": 7}),  # a feed that was not followed then
    ],
)
def test_what_the_name_cannot_tell_is_not_sure(named: dict[str, int], read: dict[str, int]) -> None:
    """Then they go on from now, and are told that something may have been missed."""
    found = resume(write_position(named), {"person:1": 7})
    assert (found.read, found.is_sure) == (read, False)


@given(st.text(max_size=40))
def test_any_other_text_is_refused(text: str) -> None:
    """It is a position's name or an error, and never anything else."""
    try:
        found = read_position(text)
    except PositionError:
        return
    assert found


@pytest.mark.parametrize(
    "text", ["", "7", "a7", "a7-0123456", "A7-01234567", "a٣-01234567", "a1-01234567,a", "a" * 300]
)
def test_near_misses_are_refused(text: str) -> None:
    """Digits of other scripts, other cases, other lengths."""
    with pytest.raises(PositionError):
        read_position(text)


def test_the_earliest_of_several() -> None:
    """Of each feed the lowest number that any reader of it has reached."""
    assert earliest([{"a": 3, "b": 1}, {"a": 2}, {"c": 9}]) == {"a": 2, "b": 1, "c": 9}
    assert earliest([]) == {}
