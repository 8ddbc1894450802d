"""Decisions in words: why one stands or does not, and how what it rests on stands."""

from typing import Any, get_args

import pytest

from ledger.domain.decision import STATED, Assumption
from ledger.domain.pack_decisions import State
from ledger.services.word_decision import (
    PREVIEW_WORDS,
    STANDING_WORDS,
    STATE_WORDS,
    Standing,
    grave_in,
    states_in,
    word_assumption,
    word_decided,
    word_item,
    word_why,
)
from tests.partnership import default_pack

PACK = default_pack()


def test_every_standing_and_state_has_its_words() -> None:
    """None is shown by its name alone."""
    assert set(STATE_WORDS) == set(get_args(State))
    assert set(STANDING_WORDS) == set(PREVIEW_WORDS) == set(get_args(Standing))


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ((), "The father’s presence: absent. It holds so far."),
        (("contested",), "The father’s presence: absent. Something that is held speaks against it."),
        (
            ("stale", "unasked"),
            (
                "The father’s presence: absent. Nobody who would know has been asked, or nobody has answered and it "
                "was last said longer ago than such a word holds."
            ),
        ),
    ],
)
def test_how_something_stands_is_a_sentence(states: Any, expected: str) -> None:
    """The gravest first."""
    one = Assumption(STATED, states=frozenset(states))
    assert word_assumption(one, "the father’s presence: absent") == expected
    assert states_in(one) == [state for state in STATE_WORDS if state in states]


def test_why_it_does_not_stand_names_what_is_open() -> None:
    """A few of them, each once, and that others hold something where that bears on it; nothing of what that is."""
    told = word_why("not_standing", ["The child was seen.", "The child was seen.", *"abcd"], is_by_pointer=True)
    assert told == (
        "It rests on what is open or contested: the child was seen; a; b; c, and 1 more; something that others hold, "
        "and may be rung about. It does not stand until two people take it all the same, and say why."
    )
    assert "may be rung" not in word_why("overridden", ["a"], is_by_pointer=False)
    assert "Two people took it" in word_why("overridden", ["a"], is_by_pointer=False)
    assert word_why("standing", [], is_by_pointer=False).endswith("by what you may see.")


def test_what_it_rests_on_is_called_by_the_pack() -> None:
    """By its meaning; what the decision says itself in the words of what it says."""
    name, item = next(iter(PACK.decisions.items.items()))
    assert word_item(name, PACK, "-") == item.meaning.rstrip(".")
    assert word_item(STATED, PACK, "the father’s presence") == "the father’s presence"
    assert word_item("not_in_it", PACK, "-") == "not in it"
    assert word_decided("Social care", "step_down", "early_help") == "Social care decided: step down to early help"
    assert grave_in([Assumption("a"), Assumption("b", grave=True)]) == [Assumption("b", grave=True)]
