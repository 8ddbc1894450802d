"""What was found of one thing that a decision relies on, before it is put in the pack's words."""

from __future__ import annotations

from dataclasses import dataclass

from ledger.domain.claim import Ref
from ledger.domain.question import Question


@dataclass(frozen=True, slots=True)
class Found:
    """``supports`` are the statements that bear it out, ``against`` what speaks against it, each in its order.

    ``states`` are words of `ledger.domain.pack_decisions.State`. ``is_told``: findings of other rules say all of it.
    """

    question: Question | None = None
    relied_on: Ref | None = None
    states: frozenset[str] = frozenset()
    latest: tuple[Ref, ...] = ()
    supports: tuple[Ref, ...] = ()
    against: tuple[Ref, ...] = ()
    grave: bool = False
    is_told: bool = False
