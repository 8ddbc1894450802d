"""How many cosignatures a bracket needs."""

import pytest

from ledger.domain.log.note import vkey_of
from ledger.domain.log.policy import parse_policy
from ledger.services.brackets import least_witnesses

WITNESSES = "".join(f"witness {name} {vkey_of(name, bytes([at]) * 32, 4)}\n" for at, name in enumerate("abcde"))


@pytest.mark.parametrize(
    ("quorum", "least"),
    [
        ("quorum none", 1),
        ("quorum a", 1),
        ("group g 2 a b c\nquorum g", 2),
        ("group g all a b c d\nquorum g", 4),
        ("group g any a b\nquorum g", 1),
        ("group g all a b c\ngroup h 1 g d\nquorum h", 1),
        ("group g all a b c\ngroup h all g d\nquorum h", 4),
        ("group g 2 a b c\ngroup h any d e\ngroup i all g h\nquorum i", 3),
    ],
)
def test_the_fewest_that_meet_a_policy(quorum: str, least: int) -> None:
    """As many as the cheapest way through its groups asks for."""
    assert least_witnesses(parse_policy(f"{WITNESSES}{quorum}\n")) == least


def test_without_a_policy_one_is_a_bracket() -> None:
    """Whoever asked for nobody still learns from anybody."""
    assert least_witnesses(None) == 1
