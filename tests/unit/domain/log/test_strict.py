import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.domain.log.strict import base64_of, bytes_of, hash_of, number_of
from tests import sizes


@settings(max_examples=sizes.examples())
@given(st.binary(max_size=60), st.text(max_size=20))
def test_bytes_have_one_spelling(data: bytes, text: str) -> None:
    """What is read is spelt as it would be written; anything else is refused."""
    assert bytes_of(base64_of(data)) == data
    try:
        assert base64_of(bytes_of(text)) == text
    except ValueError:
        return


@settings(max_examples=sizes.examples())
@given(st.integers(0, 2**63 - 1))
def test_numbers_have_one_spelling(number: int) -> None:
    """Digits without leading zeroes."""
    assert number_of(str(number)) == number
    with pytest.raises(ValueError, match="number"):
        number_of(f"0{number}")


@pytest.mark.parametrize(
    "text", ["", "-1", "+1", "1.0", "1e3", " 1", "1\n", "\u0661", "\u00b2", str(2**63), "9" * 5_000]
)
def test_other_numbers_are_refused(text: str) -> None:
    """Signs, spaces, other digits, and what is too large, however long it is."""
    with pytest.raises(ValueError, match="number"):
        number_of(text)


@pytest.mark.parametrize("text", ["AAA", "AAB=", "AA==\n", "A A=", "é", "AA-_", base64_of(bytes(31))])
def test_other_hashes_are_refused(text: str) -> None:
    """Missing padding, bits beyond the end, other alphabets, other lengths."""
    with pytest.raises(ValueError, match=r"base64|hash"):
        hash_of(text)
