import pytest

from ledger.domain.grading import word_grading


def test_a_grading_is_told_in_words_with_its_code() -> None:
    """Source, intelligence and handling, and under which conditions."""
    graded = {"source": 2, "intelligence": "B", "handling": "C", "conditions": "not to family"}
    assert word_grading(graded) == (
        "2BC: source untested; known indirectly to the source, and corroborated; "
        "may be shared under conditions: not to family"
    )


@pytest.mark.parametrize("sent", [None, "2BC", {}, {"source": True, "intelligence": "A", "handling": "P"}])
def test_what_is_no_grading_is_none(sent: object) -> None:
    """Nothing is made up of what cannot be read."""
    assert word_grading(sent) is None
