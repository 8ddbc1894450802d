"""Suggestions in the short writing of the corpus, and how many of them were expected."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ledger.domain.suggestion import Suggestion, suggest


@dataclass(frozen=True, slots=True)
class Score:
    """How many suggestions were right, how many were made, and how many should have been."""

    right: int
    made: int
    expected: int
    #: Where the two differ: the sentence, what was missing and what was too much.
    differing: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]

    @property
    def precision(self) -> float:
        return self.right / self.made

    @property
    def recall(self) -> float:
        return self.right / self.expected


def written(one: Suggestion) -> str:
    """A suggestion as the corpus writes it."""
    said = f"?{one.not_known}" if one.not_known else one.value
    by = (
        f" <{one.informant}"
        if one.informant
        else f" <agency {one.agency_kind}"
        if one.agency_kind
        else " <?" * one.is_told
    )
    is_planned = one.statement in ("plan", "intention")
    how = " plan" if is_planned else " past" if one.when == "ended" else " doubt" if one.is_doubted else ""
    return f"{one.attribute.partition(':')[0]}={said}@{one.about or '?'}{by}{how}"


def score(corpus: Iterable[tuple[str, Sequence[str]]]) -> Score:
    """How the rules do over a corpus."""
    right = made = expected = 0
    differing = []
    for narrative, wanted in corpus:
        found = [written(one) for one in suggest(narrative)]
        hits = set(found) & set(wanted)
        right, made, expected = right + len(hits), made + len(found), expected + len(wanted)
        missing, more = tuple(sorted(set(wanted) - hits)), tuple(sorted(set(found) - hits))
        if missing or more:
            differing.append((narrative, missing, more))
    return Score(right, made, expected, tuple(differing))
