"""A whole record in memory: what going through it at once costs, and the same record as clingo is told of it.

It is made up by arithmetic, so that every run measures the very same one.
"""

import hashlib
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from ledger.bench.solver import Fact
from ledger.domain.belief import Beliefs
from ledger.domain.claim import Claim, claims_of_entry
from ledger.domain.conflict import conflicts_in
from ledger.domain.pack import Pack
from ledger.domain.person import Links
from ledger.domain.question import question_of
from ledger.domain.statement import STRENGTH, statements_of

ATTRIBUTE = "presence"
_DAYS = 1_500
_AGREED = ("present", "in_contact", "visits")
_VALUES = (
    "lives_here", "stays_overnight", "visits", "present", "not_resident", "in_contact", "absent", "no_contact",
)  # fmt: skip


class Rolls:
    """Numbers without a pattern, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self._seed, self._rolled = seed, 0

    def below(self, limit: int) -> int:
        """A number from 0 to less than ``limit``."""
        self._rolled += 1
        return int.from_bytes(hashlib.sha256(f"{self._seed}:{self._rolled}".encode()).digest()[:8]) % limit

    def one_of(self, *some: Any) -> Any:
        """One of these."""
        return some[self.below(len(some))]


@dataclass(frozen=True, slots=True)
class Word:
    """One statement of the record; days are counted from its first."""

    number: int
    question: int
    agency: str
    source: str
    basis: str
    value: str
    first: int
    last: int | None
    observed: int


def words_of(length: int, on_one: int) -> Iterator[Word]:
    """Statements of several agencies and sources on many questions; most of them agree."""
    rolls = Rolls(length)
    for number in range(1, length + 1):
        basis = rolls.one_of("seen", "judgement", "told", "told")
        first = rolls.below(_DAYS)
        sources = ("mother", "father", "aunt") if basis == "told" else ("nurse", "doctor")
        yield Word(
            number=number,
            question=number % (length // on_one),
            agency=rolls.one_of("csc", "hv", "gp", "police", "school"),
            source=rolls.one_of(*sources),
            basis=basis,
            value=rolls.one_of(*(_VALUES if rolls.below(10) == 0 else _AGREED)),
            first=first,
            last=rolls.one_of(None, None, first, first + 1 + rolls.below(59)),
            observed=first + rolls.below(60),
        )


def claims_of_words(words: Sequence[Word]) -> list[Claim]:
    """The statements as claims, each of an entry of its own."""
    at = datetime(2026, 1, 1, tzinfo=UTC)
    return [
        claim
        for word in words
        for claim in claims_of_entry("observation", _body(word), agency=word.agency, number=word.number, recorded_at=at)
    ]


def _body(word: Word) -> dict[str, Any]:
    end = "/.." if word.last is None else "" if word.last == word.first else f"/{_day(word.last)}"
    said = {"about": f"csc/person-{word.question}", "attribute": ATTRIBUTE, "value": word.value, "basis": word.basis}
    who = {"informant": word.source} if word.basis == "told" else {}
    return {
        "observed": _day(word.observed),
        "statement": "fact",
        "author": {"ref": "worker1", "role": word.source},
        "claims": [{**said, **who, "valid": _day(word.first) + end}],
    }


def _day(number: int) -> str:
    return (date(2020, 1, 1) + timedelta(days=number)).isoformat()


def at_once(claims: Sequence[Claim], pack: Pack) -> float:
    """Seconds from claims as they were sent to every conflict among them; the best of three."""
    return min(_once(claims, pack) for _ in range(3))


def _once(claims: Sequence[Claim], pack: Pack) -> float:
    began, nobody, attribute = time.monotonic(), Links(), pack.attributes[ATTRIBUTE]
    questions: dict[object, list[Claim]] = {}
    for claim in claims:
        questions.setdefault(question_of(claim, nobody, nobody), []).append(claim)
    for on_one in questions.values():
        conflicts_in(Beliefs(statements_of(on_one, attribute, nobody)), attribute)
    return time.monotonic() - began


def facts_of(words: Sequence[Word], pack: Pack) -> tuple[list[Fact], list[int]]:
    """The same statements as the solver is told of them, and all masks that they use."""
    masks = pack.attributes[ATTRIBUTE].values
    names = sorted({name for word in words for name in (word.agency, word.source)})
    facts = [
        Fact(
            number=word.number,
            question=word.question,
            agency=names.index(word.agency),
            source=names.index(word.source),
            is_own=word.basis != "told",
            strength=STRENGTH[word.basis],
            mask=masks[word.value],
            first=word.first,
            last=word.last,
            observed=word.observed,
        )
        for word in words
    ]
    return facts, sorted({fact.mask for fact in facts})
