"""The same question put to clingo, an answer set solver: which statements cannot all be so.

The program below says what is held when, and what of it shares no state, as logic and with no order of work. It checks
what detection finds on small records, and its time is what detection's is measured beside. It reads whole moments,
three to a day: day d is 3d (morning), 3d + 1 (noon: a single day's word is about that) and 3d + 2 (evening). clingo is
a dependency of development alone: `is_here` says whether it can be asked.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

PROGRAM = """
% said(I, Question, Agency, Source, is own, strength, mask), and its time in days:
% day(I, first, last that it asserts, observed), and one of moment(I), closed(I), open(I); still(I): so when observed.
on(I,Q) :- said(I,Q,_,_,_,_,_).
of(I,M) :- said(I,_,_,_,_,_,M).
begins(I,3*F+1) :- day(I,F,_,_), moment(I).
begins(I,3*F+1) :- day(I,F,_,F), still(I).
begins(I,3*F+2) :- day(I,F,_,O), not moment(I), not begins(I,3*F+1).
stops(I,3*F+1) :- day(I,F,_,_), moment(I).
stops(I,3*U+2) :- day(I,_,U,_), still(I).
stops(I,3*U) :- day(I,_,U,_), closed(I), not still(I).

% Only moments at which something begins, ends or takes another's place can be the first of anything.
time(Q,T) :- on(I,Q), begins(I,T).
time(Q,3*F) :- on(I,Q), day(I,F,_,_).
time(Q,3*U+3) :- on(I,Q), day(I,_,U,_).

allowed(M,S) :- allows(M,S).
mask(M) :- allows(M,_).
shared(M,N) :- allowed(M,S), allowed(N,S).
beyond(M,N) :- allowed(M,S), mask(N), not allowed(N,S).
nested(M,N) :- mask(M), mask(N), not beyond(M,N).
nested(M,N) :- mask(M), mask(N), not beyond(N,M).

later(L,E) :- said(L,Q,A,_,_,_,_), said(E,Q,A,_,_,_,_), day(L,_,_,P), day(E,_,_,O), P > O.
one_source(L,E) :- said(L,Q,A,S,_,_,_), said(E,Q,A,S,_,_,_).
ends(L,E) :- later(L,E), one_source(L,E), not both_moments(L,E).
ends(L,E) :- later(L,E), one_source(L,E), said(L,_,_,_,1,_,_).
ends(L,E) :- later(L,E), said(L,_,_,_,1,B,_), said(E,_,_,_,_,C,_), B >= C, not both_moments(L,E).
both_moments(L,E) :- later(L,E), moment(L), moment(E).
changes(L,E) :- ends(L,E), open(L).
changes(L,E) :- ends(L,E), of(L,M), of(E,N), not nested(M,N).

asserts(I,T) :- on(I,Q), time(Q,T), begins(I,B), stops(I,C), B <= T, T <= C.
over(E,T) :- ends(L,E), on(E,Q), time(Q,T), day(E,_,U,_), T/3 <= U, day(L,F,V,_), F <= T/3, T/3 <= V.
over(E,T) :- changes(L,E), on(E,Q), time(Q,T), day(E,_,U,_), T/3 > U, day(L,F,V,_), F <= T/3, V >= U.
held(I,T) :- asserts(I,T), not over(I,T).
held(I,T) :- open(I), on(I,Q), time(Q,T), day(I,_,U,_), T/3 > U, not over(I,T).

one_account(I,J) :- one_source(I,J), said(I,_,_,_,1,_,_).
apart(I,J) :- said(I,Q,_,_,_,_,M), said(J,Q,_,_,_,_,N), I < J, not shared(M,N), not one_account(I,J).
pair(I,J) :- apart(I,J), asserts(I,T), held(I,T), held(J,T).
pair(I,J) :- apart(I,J), asserts(J,T), held(I,T), held(J,T).
#show pair/2.
"""
#: Beyond the pairs: what agrees two by two and not all together.
THREES = """
shared(M,N,O) :- allowed(M,S), allowed(N,S), allowed(O,S).
least(M,N,O) :- shared(M,N), shared(N,O), shared(M,O), M < N, N < O, not shared(M,N,O).
one_account(I,J,K) :- one_account(I,J), one_account(J,K).
joint(I,J,K) :- least(M,N,O), said(I,Q,_,_,_,_,M), said(J,Q,_,_,_,_,N), said(K,Q,_,_,_,_,O), not one_account(I,J,K).
three(I,J,K) :- joint(I,J,K), held(I,T), held(J,T), held(K,T), 1 { asserts(I,T); asserts(J,T); asserts(K,T) }.
#show three/3.
"""


@dataclass(frozen=True, slots=True)
class Fact:
    """One statement as the solver is told of it; days are whole numbers, and ``last`` is None when it goes on."""

    number: int
    question: int
    agency: int
    source: int
    is_own: bool
    strength: int
    mask: int
    first: int
    last: int | None
    observed: int

    def __str__(self) -> str:
        until = self.observed if self.last is None else min(self.last, self.observed)
        sort = "open" if self.last is None else "moment" if self.last == self.first else "closed"
        said = (self.number, self.question, self.agency, self.source, int(self.is_own), self.strength, self.mask)
        still = f" still({self.number})." if self.last != until else ""
        return (
            f"said({','.join(map(str, said))}). day({self.number},{self.first},{until},{self.observed}). "
            f"{sort}({self.number}).{still}"
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """The pairs, and the threes that agree two by two, that cannot all be so; by the statements' numbers."""

    pairs: frozenset[tuple[int, ...]]
    threes: frozenset[tuple[int, ...]]


def is_here() -> bool:
    """Whether clingo is installed."""
    return find_spec("clingo") is not None


def solve(facts: Iterable[Fact], masks: Sequence[int], *, threes: bool = True) -> Answer:
    """What cannot all be so among these statements; ``masks`` are all that they use. ``threes``: look for those too."""
    allows = [f"allows({mask},{bit})." for mask in masks for bit in range(mask.bit_length()) if mask >> bit & 1]
    control = _clingo().Control(["--warn=none"])
    control.add("base", [], "\n".join([PROGRAM, THREES if threes else "", *allows, *map(str, facts)]))
    control.ground([("base", [])])
    found: dict[str, set[tuple[int, ...]]] = {"pair": set(), "three": set()}
    with control.solve(yield_=True) as models:
        for model in models:
            for symbol in model.symbols(shown=True):
                found[symbol.name].add(tuple(sorted(argument.number for argument in symbol.arguments)))
    return Answer(frozenset(found["pair"]), frozenset(found["three"]))


@cache
def _clingo() -> Any:
    return import_module("clingo")
