"""A disagreement between agencies in words: what it is about, what was answered, what it came to."""

from collections.abc import Mapping, Sequence
from typing import Final

from ledger.domain.disagreement import ANSWERS, KINDS, OUTCOMES
from ledger.services.word_text import listed, plain

ANSWER_WORDS: Final[Mapping[str, str]] = {
    "agreed": "agrees",
    "agreed_in_part": "agrees in part",
    "not_agreed": "does not agree",
}
OUTCOME_WORDS: Final[Mapping[str, str]] = {
    "agreed": "they agree",
    "compromise": "they agreed on something else",
    "decided": "it was decided",
    "withdrawn": "it was withdrawn",
}
assert (tuple(ANSWER_WORDS), tuple(OUTCOME_WORDS)) == (ANSWERS, OUTCOMES), "every word of the lists has its own"


def word_opened(by: str, others: Sequence[str], kind: str) -> str:
    """Who disagrees with whom, and about what."""
    return f"{by} disagrees with {listed(others)} about {KINDS.get(kind, plain(kind))}"


def word_answer(by: str, answer: str) -> str:
    """What an agency answered."""
    return f"{by} {ANSWER_WORDS.get(answer, plain(answer))}"


def word_outcome(outcome: str) -> str:
    """What it came to."""
    return OUTCOME_WORDS.get(outcome, plain(outcome))
