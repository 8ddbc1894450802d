"""What an agency's word for somebody tells: the part, through whom, and the sex that the word goes with."""

import pytest

from ledger.domain.role_word import RoleWord, role_word


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mother's partner", RoleWord("partner", "mother")),
        ("partner of the mother", RoleWord("partner", "mother")),
        ("Mum’s ex-boyfriend", RoleWord("former_partner", "mother", "male")),
        ("boyfriend", RoleWord("partner", None, "male")),
        ("maternal grandmother", RoleWord("grandparent", "mother", "female")),
        ("mother's mother", RoleWord("grandparent", "mother", "female")),
        ("paternal_grandfather", RoleWord("grandparent", "father", "male")),
        ("mother's brother", RoleWord("aunt_or_uncle", "mother", "male")),
        ("half-sister", RoleWord("half_sibling", None, "female")),
        ("step-father", RoleWord("step_parent", None, "male")),
        ("birth father", RoleWord("parent", None, "male")),
        ("baby's aunt", RoleWord("aunt_or_uncle", None, "female")),
        ("foster carer", RoleWord("foster_carer")),
        ("siblings", RoleWord("sibling")),
    ],
)
def test_the_part_that_a_word_names(text: str, expected: RoleWord) -> None:
    """Whose part it is stands before or after it, in the ways that people write."""
    assert role_word(text) == expected


@pytest.mark.parametrize(
    ("text", "sex"),
    [
        ("sibling's father", "male"),
        ("father of one of her older children", "male"),
        ("mother's male friend", "male"),
        ("neighbour", None),
        ("health visitor", None),
        ("", None),
    ],
)
def test_no_part_is_guessed(text: str, sex: str | None) -> None:
    """Another child's father is not this one's, and a word that names no part leaves it open."""
    assert role_word(text) == RoleWord(sex=sex)  # type: ignore[arg-type]
