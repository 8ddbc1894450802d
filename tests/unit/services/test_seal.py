import os

import pytest

from ledger.services.seal import SealBrokenError, Sealer

ONE, OTHER = b"1" * 32, b"2" * 32


def test_what_is_sealed_opens_for_its_purpose_alone() -> None:
    """The same each time it is opened, another text each time it is sealed, and nothing for another purpose."""
    sealer = Sealer([ONE])
    sealed = sealer.seal(b"secret", b"mine", os.urandom)
    assert sealer.open(sealed, b"mine") == b"secret"
    assert b"secret" not in sealed
    assert sealed != sealer.seal(b"secret", b"mine", os.urandom)
    with pytest.raises(SealBrokenError):
        sealer.open(sealed, b"yours")


@pytest.mark.parametrize("at", [0, 12, -1])
def test_what_was_changed_does_not_open(at: int) -> None:
    """Whichever byte it is."""
    sealer = Sealer([ONE])
    sealed = bytearray(sealer.seal(b"secret", b"mine", os.urandom))
    sealed[at] ^= 1
    with pytest.raises(SealBrokenError):
        sealer.open(bytes(sealed), b"mine")


@pytest.mark.parametrize("text", [b"", b"short", b"x" * 12, b"x" * 27])
def test_what_was_never_sealed_does_not_open(text: bytes) -> None:
    """It is refused as anything else is, whatever its length."""
    with pytest.raises(SealBrokenError):
        Sealer([ONE]).open(text, b"mine")


def test_a_key_can_be_changed() -> None:
    """The old one behind the new one opens what it sealed; the new one seals; without the old one nothing opens."""
    sealed = Sealer([ONE]).seal(b"secret", b"mine", os.urandom)
    both = Sealer([OTHER, ONE])
    assert both.open(sealed, b"mine") == b"secret"
    assert Sealer([OTHER]).open(both.seal(b"secret", b"mine", os.urandom), b"mine") == b"secret"
    with pytest.raises(SealBrokenError):
        Sealer([OTHER]).open(sealed, b"mine")


def test_names_are_the_same_and_say_nothing_without_the_key() -> None:
    """A bucket is found again, and another key names it otherwise."""
    assert Sealer([ONE]).name(b"192.0.2.1") == Sealer([ONE]).name(b"192.0.2.1")
    assert Sealer([ONE]).name(b"192.0.2.1") != Sealer([OTHER]).name(b"192.0.2.1")
