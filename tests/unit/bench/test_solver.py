"""clingo, told what is held in words of logic alone, gives the answers that detection gives."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.bench.solver import Fact, is_here, solve
from tests.sizes import examples
from tests.unit.domain.one_question import ATTRIBUTE, Said, by_brute_force, detected, said
from tests.unit.domain.oracle import STRENGTH

pytestmark = pytest.mark.skipif(not is_here(), reason="clingo is not installed; `make test` installs it")
MASKS = sorted(set(ATTRIBUTE.values.values()))


def facts(words: Sequence[Said]) -> list[Fact]:
    """The words as the solver is told of them, numbered from 1."""
    names = sorted({name for word, _ in words for name in (word.agency, word.source)})
    return [
        Fact(
            number=number,
            question=1,
            agency=names.index(word.agency),
            source=names.index(word.source),
            is_own=word.is_own,
            strength=STRENGTH.get(word.basis, 1),
            mask=ATTRIBUTE.values[value],
            first=word.first,
            last=word.last,
            observed=word.observed,
        )
        for number, (word, value) in enumerate(words, 1)
    ]


@given(st.lists(said(), min_size=2, max_size=7))
@settings(max_examples=examples(), deadline=None)
def test_the_same_pairs_cannot_both_be_so(words: list[Said]) -> None:
    """Grounding every moment and solving finds the pairs that the sweep finds."""
    found = {
        tuple(sorted(ref.number for ref in conflict.refs)) for conflict in detected(words) if len(conflict.held) == 2
    }
    assert found == solve(facts(words), MASKS).pairs


@given(st.lists(said(), min_size=3, max_size=6))
@settings(max_examples=examples(), deadline=None)
def test_the_same_threes_agree_two_by_two_and_not_together(words: list[Said]) -> None:
    """And each three, statement by statement, that trying every set on every day finds."""
    expected = {some for _, some in by_brute_force(words) if len(some) == 3}
    assert expected == solve(facts(words), MASKS).threes
