"""What a decision rests on, item by item, and what speaks against it at a moment.

A decision relies on what it states (``stated``), and always on what the pack lists for its kind
(`ledger.domain.pack_decisions`). What is wrong with an item is one or more of five states; one without any holds:

* ``contested``: somebody else denies it, a constraint rules it out, or a later word has overtaken it.
* ``stale``: it was last said longer ago than such a word holds.
* ``unasked``: nobody who would know was asked, or nobody answered.
* ``uncorroborated``: it is one interested person's word, which nobody bears out.
* ``open``: it has begun and has no outcome: a concern, an allegation, an injury, a check.

All of it is worked out of the facts that it is given and changes nothing in them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final, cast

from ledger.domain.act import fields_of
from ledger.domain.claim import RELIED_ON, Claim, Ref
from ledger.domain.decision_found import Found
from ledger.domain.decision_item import weigh_item
from ledger.domain.decision_stated import weigh_stated
from ledger.domain.pack_decisions import State
from ledger.domain.question import Question

if TYPE_CHECKING:
    from ledger.domain.facts import Facts

#: The item of what the decision states itself.
STATED: Final = "stated"
#: From the gravest to what only wants asking again.
_ORDER: Final[tuple[State, ...]] = ("contested", "open", "uncorroborated", "unasked", "stale")


@dataclass(frozen=True, slots=True)
class Deciding:
    """A decision, made or only thought of: ``number`` is that of its entry, None before there is one."""

    kind: str
    agency: str
    at: datetime
    number: int | None
    relied_on: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True)
class Assumption:
    """One thing that a decision relies on. ``item`` is `STATED` or the name of one of the pack's.

    ``latest`` is each agency's latest statement on it, ``supports`` those that bear it out, ``against`` what speaks
    against it. ``grave``: the decision does not stand at once. ``is_told``: findings of other rules say all of it.
    """

    item: str
    question: Question | None = None
    relied_on: Ref | None = None
    states: frozenset[State] = frozenset()
    latest: tuple[Ref, ...] = ()
    against: tuple[Ref, ...] = ()
    grave: bool = False
    supports: tuple[Ref, ...] = ()
    is_told: bool = False

    @property
    def is_contested(self) -> bool:
        """Whether somebody or something speaks against it, and it is not only left open."""
        return "contested" in self.states


def deciding_of(claim: Claim, facts: Facts) -> Deciding:
    """The decision that an ``entry:decision`` claim is, with all that it states it relies on."""
    relied_on = [one for one in facts.claims_in_entry(claim.number) if one.statement == RELIED_ON]
    for number, index in fields_of(claim).get("entries", ()):
        if number < claim.number:
            named = facts.claims_in_entry(number)
            relied_on += [one for one in named if one.index == index or (index is None and one.value is not None)]
    known = [one for one in relied_on if one.attribute in facts.pack.attributes]
    return Deciding(claim.value or "", claim.agency, claim.recorded_at, claim.number, tuple(known))


def assumptions(deciding: Deciding, facts: Facts, at: datetime) -> list[Assumption]:
    """Everything that a decision relies on, the gravest first, by these facts.

    ``at`` is the moment at which it is asked; only a decision that is not made yet is weighed for it, for one that is
    made was made for its own.
    """
    moment = at if deciding.number is None else deciding.at
    found = [(STATED, weigh_stated(claim, facts, moment)) for claim in deciding.relied_on]
    found += [
        (item.name, weigh_item(item, deciding.kind, deciding.agency, deciding.number, facts, moment))
        for item in facts.pack.decisions.items_of(deciding.kind)
    ]
    return sorted((_assumed(name, one) for name, one in found), key=_gravity)


def stands_at_once(found: Iterable[Assumption]) -> bool:
    """Whether nothing grave is open against what a decision relies on."""
    return not any(one.grave for one in found)


def _assumed(item: str, found: Found) -> Assumption:
    return Assumption(
        item,
        found.question,
        found.relied_on,
        cast("frozenset[State]", found.states),
        found.latest,
        found.against,
        found.grave,
        found.supports,
        found.is_told,
    )


def _gravity(one: Assumption) -> tuple[object, ...]:
    worst = min((_ORDER.index(state) for state in one.states), default=len(_ORDER))
    question = one.question.sort_key if one.question is not None else ()
    return (not one.grave, worst, one.item != STATED, one.item, question, one.relied_on or Ref(0, 0))
