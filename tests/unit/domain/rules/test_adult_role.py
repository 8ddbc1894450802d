"""What roles say of who somebody may be."""

import pytest

from ledger.domain.facts import Facts
from ledger.domain.rules.adult_role import Part, may_be_one, part_of
from tests.saying import steps
from tests.unit.domain.rules.adults import met, pack, stepped


def facts_of(*people: tuple[str, str]) -> Facts:
    return Facts(stepped(steps(*(met(agency, 1, "one", role) for agency, role in people))), pack())


@pytest.mark.parametrize(
    ("role", "part"),
    [
        ("friend of the family", Part.OPEN),
        ("unknown male", Part.OPEN),
        ("man presented as a friend", Part.OPEN),
        ("mother's partner", Part.PARTNER),
        ("partner of the mother", Part.PARTNER),
        ("step-father", Part.PARTNER),
        ("named as the father", Part.FATHER),
        ("maternal grandfather", Part.KIN),
        ("great-grandmother", Part.KIN),
        ("mother's brother", Part.KIN),
        ("sister of the father", Part.KIN),
        ("grandmother's partner", Part.KIN),
        ("paternal uncle", Part.KIN),
        ("older brother", Part.PLAIN),
        ("foster carer, an aunt", Part.PLAIN),
        ("health visitor", Part.PLAIN),
        ("solicitor", Part.PLAIN),
    ],
)
def test_what_part_a_role_gives(role: str, part: Part) -> None:
    """An open word leaves open who it is; adults of the family are kin, a sibling and a professional somebody plain."""
    assert part_of("hv/one", facts_of(("hv", role))) is part


def test_nothing_said_is_not_an_open_word() -> None:
    """Somebody of whom only a reference is known may be anybody."""
    assert part_of("hv/k7", facts_of()) is Part.UNSAID


@pytest.mark.parametrize(
    ("one", "other", "may_be"),
    [
        ("friend", "mother's partner", True),
        ("friend", "father", True),
        ("boyfriend", "partner", True),
        ("partner", "father", False),
        ("friend", "uncle", False),
        ("woman", "boyfriend", False),
        ("female friend", "male visitor", False),
    ],
)
def test_who_may_be_one(one: str, other: str, may_be: bool) -> None:
    """Only where no word tells them apart."""
    facts = facts_of(("csc", one), ("hv", other))
    assert may_be_one(facts.person("csc/one", ""), facts.person("hv/one", ""), facts) is may_be
