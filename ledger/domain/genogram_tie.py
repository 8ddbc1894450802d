"""The ties between two people of a record, read from what is held of kinship, of couples and of the parts people play.

A tie stands when more than one source bears it out, or more than a word; it is one person's word when it rests on that
alone. It is open where what is said leaves other possibilities, and contested where somebody says what cannot be so
beside it.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final, Literal

from ledger.domain.allows import SOMEBODY_ELSE
from ledger.domain.claim import Claim
from ledger.domain.person import CHILD
from ledger.domain.picture import Person
from ledger.domain.row import Row
from ledger.domain.source import HEARD

Sort = Literal["parent", "couple", "sibling", "kin", "part"]
Standing = Literal["stands", "one_word", "open", "contested"]
#: What doubts a tie most comes last.
_DOUBT: Final[tuple[Standing, ...]] = ("stands", "one_word", "open", "contested")
_PARENT: Final = "parent"
_SLOTS: Final = {"father": "father", "mother_of_child": "mother"}
_SIBLINGS: Final = frozenset({"sibling", "half_sibling"})
_KIN: Final = frozenset({"grandparent", "aunt_or_uncle", "cousin", "other_kin"})
_COUPLE: Final = frozenset({"live_together", "live_apart"})
_APART: Final = frozenset({"separated", "never_a_couple"})


@dataclass(frozen=True, slots=True)
class Tie:
    """``one`` is the parent, grandparent or partner of ``other``; ``word`` says in which way.

    ``slot``: as mother or father, of a parent. ``claims``: the statements that it rests on; none where it rests on what
    agencies call somebody. ``has_ended``: all that is said of it is of an earlier time.
    """

    sort: Sort
    one: str
    other: str
    word: str
    standing: Standing
    slot: str | None = None
    claims: tuple[Claim, ...] = ()
    has_ended: bool = False

    def with_more(self, other: Tie) -> Tie:
        """This tie borne out by another between the same two: the one that doubts it more says how it stands."""
        worse = max(self.standing, other.standing, key=_DOUBT.index)
        both = {self.standing, other.standing}
        standing: Standing = "stands" if both <= {"stands", "one_word"} and not self._one_voice(other) else worse
        claims = tuple(dict.fromkeys([*self.claims, *other.claims]))
        return replace(self, standing=standing, slot=self.slot or other.slot, claims=claims)

    def _one_voice(self, other: Tie) -> bool:
        return len({claim.informant or claim.agency for claim in (*self.claims, *other.claims)}) == 1


@dataclass(frozen=True, slots=True)
class Side:
    """What one or more words of a row allow together, and how that stands among the others."""

    states: frozenset[str]
    standing: Standing
    claims: tuple[Claim, ...]
    has_ended: bool


def sides_of(row: Row) -> list[Side]:
    """What is held on a row now, or was last: one side where it can all be so, else those that cannot."""
    holds = [(cell, hold) for cell in row.cells for hold in cell.holds if hold.allows and hold.state != "later"]
    now = [pair for pair in holds if pair[1].state != "ended"] or holds
    if not now:
        return []
    ended = all(hold.state == "ended" for _, hold in now)
    left = frozenset.intersection(*(frozenset(hold.allows or ()) for _, hold in now))
    shown = {hold.claim.ref for _, hold in now}
    if left and not any(set(clash.refs) <= shown for clash in row.clashes):
        claims = tuple(hold.claim for _, hold in now)
        sources = {cell.source.key for cell, _ in now}
        is_word = len(sources) == 1 and all(claim.basis in HEARD for claim in claims)
        return [Side(left, "one_word" if is_word else "stands", claims, ended)]
    groups: dict[frozenset[str], list[Claim]] = defaultdict(list)
    for _, hold in now:
        groups[frozenset(hold.allows or ())].append(hold.claim)
    return [Side(states, "contested", tuple(claims), ended) for states, claims in groups.items()]


def parents_in(rows: Iterable[Row]) -> Iterator[tuple[Tie, bool]]:
    """Each parent of whom anything is held, of the child or another; with each whether it is denied."""
    for row in rows:
        question = row.question
        if question.attribute in _SLOTS and question.about == CHILD:
            yield from _named(row, _SLOTS[question.attribute])
        elif question.attribute == "kinship":
            other = question.counterpart or CHILD
            for side in sides_of(row):
                tie = Tie(_PARENT, question.about, other, _PARENT, side.standing, claims=side.claims)
                if side.states == {_PARENT}:
                    yield tie, False
                elif _PARENT not in side.states:
                    yield tie, True


def _named(row: Row, slot: str) -> Iterator[tuple[Tie, bool]]:
    """Whom a question names that asks who somebody's parent is."""
    for side in sides_of(row):
        if SOMEBODY_ELSE in side.states:
            continue
        standing: Standing = "open" if len(side.states) > 1 and side.standing != "contested" else side.standing
        for name in sorted(side.states - {CHILD}):
            yield Tie(_PARENT, name, CHILD, _PARENT, standing, slot, side.claims), False


def relations_in(rows: Iterable[Row]) -> Iterator[Tie]:
    """Brothers and sisters, other kin, and the parts that people play for the child."""
    for row in rows:
        question, other = row.question, row.question.counterpart or CHILD
        if question.attribute not in ("kinship", "relationship_to_child") or question.about == other:
            continue
        for side in sides_of(row):
            found = _kin(side) if question.attribute == "kinship" else _part(side)
            if found is not None:
                sort, word = found
                yield Tie(
                    sort, question.about, other, word, side.standing, claims=side.claims, has_ended=side.has_ended
                )


def _kin(side: Side) -> tuple[Sort, str] | None:
    states = side.states
    if states <= _SIBLINGS:
        return "sibling", "half_sibling" if states == {"half_sibling"} else "full_sibling" if len(
            states
        ) == 1 else "sibling"
    if states == {"not_kin"}:
        return "kin", "not_kin"
    if states <= _KIN:
        return "kin", next(iter(states)) if len(states) == 1 else "relative"
    return ("kin", "relative") if "not_kin" not in states and states != {_PARENT} else None


def _part(side: Side) -> tuple[Sort, str] | None:
    return ("part", next(iter(side.states))) if len(side.states) == 1 else None


def couples_in(rows: Iterable[Row]) -> list[Tie]:
    """Who is, was or is said never to have been a couple, once for each two and way."""
    found: dict[tuple[frozenset[str], str], Tie] = {}
    for row in rows:
        question = row.question
        if question.attribute != "relationship" or question.counterpart in (None, question.about):
            continue
        for side in sides_of(row):
            word = _couple(side.states)
            if word is None:
                continue
            one, other = sorted((question.about, str(question.counterpart)))
            tie = Tie("couple", one, other, word, side.standing, claims=side.claims, has_ended=side.has_ended)
            key = (frozenset({one, other}), word)
            found[key] = tie if key not in found else found[key].with_more(tie)
    ways: dict[frozenset[str], set[str]] = defaultdict(set)
    for pair, word in found:
        ways[pair].add(word)
    return [replace(tie, standing="contested") if len(ways[pair]) > 1 else tie for (pair, _), tie in found.items()]


def _couple(states: frozenset[str]) -> str | None:
    """The word for a couple; None where what is said leaves both that they are one and that they are not."""
    if states <= _COUPLE:
        return next(iter(states)) if len(states) == 1 else "together"
    if states <= _APART:
        return next(iter(states)) if len(states) == 1 else "not_a_couple"
    return "on_and_off" if "never_a_couple" not in states else None


def roles_in(person: Person) -> list[str]:
    """What agencies call somebody's part, each once, as it was sent."""
    sent = (json.loads(claim.value or "{}").get("role") for claim in person.introduced)
    return list(dict.fromkeys(role for role in sent if isinstance(role, str) and role))
