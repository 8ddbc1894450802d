"""Random words on one question, as the oracle reads them, as agencies send them, and as detection compares them."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import combinations
from typing import Any, NamedTuple

from hypothesis import strategies as st

from ledger.domain.belief import Beliefs
from ledger.domain.conflict import Conflict, conflicts_in
from ledger.domain.event import claims_in
from ledger.domain.person import Links
from ledger.domain.statement import statements_of
from tests.saying import PRESENCE, pack_with, says, steps
from tests.unit.domain.oracle import Word, conflicts

FIRST = datetime(2022, 1, 3, tzinfo=UTC)  # in winter, so that a civil day is a day of UTC
LAST_DAY = 12
#: Every set of four states but none and all: pairs, threes and fours that leave none.
VALUES = {"".join(some): list(some) for size in (1, 2, 3) for some in combinations("abcd", size)}
EXAMPLES = [
    {**example, "claims": [{**claim, "value": "abc"} for claim in example["claims"]]}
    for example in PRESENCE["examples"]
]
SETTINGS = {"states": [*"abcd"], "values": VALUES, "compare_within": "P1000D", "examples": EXAMPLES}
ATTRIBUTE = pack_with(presence=PRESENCE | SETTINGS).attributes["presence"]


class Said(NamedTuple):
    """A word as the oracle reads it, and the value with which it is sent."""

    word: Word
    value: str


@st.composite
def said(draw: st.DrawFn) -> Said:
    """A word about one question by one of a few agencies, from one of a few sources."""
    first = draw(st.integers(0, LAST_DAY))
    last = draw(st.one_of(st.none(), st.none(), st.just(first), st.integers(first, LAST_DAY)))
    basis = draw(st.sampled_from(["told", "told", "judgement", "seen"]))
    source = draw(st.sampled_from(["mother", "father"] if basis == "told" else ["nurse", "doctor"]))
    value = draw(st.sampled_from(list(VALUES)))
    agency = draw(st.sampled_from(["csc", "hv", "police"]))
    return Said(Word(agency, source, basis, frozenset(value), first, last, draw(st.integers(first, LAST_DAY))), value)


def sent(one: Said) -> dict[str, Any]:
    """The word as an agency sends it."""
    word = one.word
    end = "/.." if word.last is None else "" if word.last == word.first else f"/{written(word.last)}"
    more: dict[str, Any] = {"basis": word.basis, "author": {"ref": "w", "role": word.source}}
    told = None if word.is_own else word.source
    return says(word.agency, one.value, written(word.observed), written(word.first) + end, **more, informant=told)


def written(day: int) -> str:
    return (FIRST + timedelta(days=day)).date().isoformat()


def detected(words: Sequence[Said]) -> list[Conflict]:
    """What detection finds, on these words alone."""
    claims = [claim for entry in steps(*map(sent, words)) for claim in claims_in(entry)]
    return conflicts_in(Beliefs(statements_of(claims, ATTRIBUTE, Links())), ATTRIBUTE)


def by_brute_force(words: Sequence[Said]) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Every day and least set of words, by their places from 1, that cannot all be so on it."""
    alone = [one.word for one in words]
    place = {id(word): number for number, word in enumerate(alone, 1)}
    for moment in range(3 * (LAST_DAY + 2)):
        for some in conflicts(alone, moment):
            yield moment // 3, tuple(sorted(place[id(word)] for word in some))
