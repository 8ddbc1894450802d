import pytest

from ledger.domain.outcome import OUTCOMES
from ledger.services.word_outcome import OUTCOME_WORDS, outcomes_for, word_closing


@pytest.mark.parametrize("kind", ["gap", "expectation", "pattern"])
def test_what_follows_up_is_concluded_in_words_that_fit(kind: str) -> None:
    """No outcome speaks of a contradiction where nobody contradicts; each is one that the ledger takes."""
    offered = outcomes_for(kind)
    assert set(offered) < set(OUTCOMES)
    assert not any("ontradiction" in word for words in offered.values() for word in words)
    assert word_closing("not_a_contradiction", kind).startswith("Not needed here.")


@pytest.mark.parametrize("kind", ["contradiction", "identity", None])
def test_what_is_compared_is_concluded_as_ever(kind: str | None) -> None:
    """All seven outcomes, also where the reader may not know of what kind it is."""
    assert outcomes_for(kind) is OUTCOME_WORDS
    assert word_closing("not_a_contradiction", kind).startswith("Not a contradiction.")


def test_an_outcome_that_is_not_offered_has_words_all_the_same() -> None:
    """A system may send any of the seven: it is told in its usual words."""
    assert word_closing("settled_by_finding", "gap") == word_closing("settled_by_finding")
