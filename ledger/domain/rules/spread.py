"""What several claims over some time make together: which of them lie close enough, and which a finding shows.

A pattern sets nothing against anything: its one side lists what it rests on, the newest of it, and from every part of
it (each agency, each injury) at least the newest, so that it can be seen whose record each piece is in.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from ledger.domain.claim import Claim
from ledger.domain.duration import parse_duration, refuse_duration
from ledger.domain.finding import ENTRIES_MAX, EVIDENCE_MAX, Basis
from ledger.domain.rules.spoken import order, speaks_of
from ledger.domain.shape import Shape, Text


@dataclass(frozen=True, slots=True)
class Occasion:
    """Something that happened once: when, of what sort or whose it was, and the claims that say so."""

    when: datetime
    sort: str
    claims: tuple[Claim, ...]


def moment_of(claim: Claim) -> datetime:
    """The end of the time of which a claim speaks: what goes on is as of when it was said."""
    return speaks_of(claim)[1]


def within(
    occasions: Iterable[Occasion], length: timedelta, enough: Callable[[Sequence[Occasion]], bool]
) -> list[Occasion]:
    """Those that lie with others in some stretch of this length in which there are enough of them, by time."""
    in_time = sorted(occasions, key=lambda one: (one.when, one.sort, [order(claim) for claim in one.claims]))
    found: list[Occasion] = []
    last = kept = 0
    for first, one in enumerate(in_time):
        while last < len(in_time) and in_time[last].when - one.when <= length:
            last += 1
        # All that lies before ``kept`` is found already: a stretch that reaches no further adds nothing.
        if last > kept and enough(in_time[first:last]):
            found += in_time[max(first, kept) : last]
            kept = last
    return found


def claims_of(occasions: Iterable[Occasion]) -> list[Claim]:
    """All that was said of them."""
    return [claim for one in occasions for claim in one.claims]


def pattern(claims: Iterable[Claim], part: Callable[[Claim], Hashable] = lambda claim: claim.agency) -> Basis:
    """The finding on these claims, at least one; ``part`` says of which part of it a claim is."""
    newest_first = sorted({claim.ref: claim for claim in claims}.values(), key=order, reverse=True)
    of_part: dict[Hashable, Claim] = {}
    for claim in newest_first:
        of_part.setdefault(part(claim), claim)
    shown: dict[int, list[Claim]] = {}
    for claim in (*of_part.values(), *newest_first):
        if claim.number in shown or len(shown) < ENTRIES_MAX:
            shown.setdefault(claim.number, []).append(claim)
    in_side = {claim.ref for said in shown.values() for claim in said}
    others = [claim.ref for claim in newest_first if claim.ref not in in_side][:EVIDENCE_MAX]
    return Basis(kind="pattern", sides=(tuple(sorted(in_side)),), evidence=tuple(sorted(others)))


def length_of(text: str) -> timedelta:
    """A length of time as a pack writes it, which its form has checked."""
    length = parse_duration(text)
    assert isinstance(length, timedelta), "the form refuses always"
    return length


def _refuse_length(text: str) -> str | None:
    return "write a length of time, as P90D" if text == "always" else refuse_duration(text)


#: In a rule: a length of time.
LENGTH: Final[Shape] = Text(_refuse_length)
