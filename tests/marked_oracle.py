"""Which canaries of a `MarkedWorld` one reader may see: from the rules as they are told to agencies.

* Marked for all, named or author: seen. A pointer, or the lead's: that it is there. Else: nothing.
* What corrects an entry, is corrected by it or speaks of it shares its marking; a claim said again, that of the claim.
* With a claim or a person the words go; with a person all that names them, of what the agency that marked them says.
* What speaks of an entry of which something is held back is held back.
* Where nothing is left of an entry, nothing is seen of those that correct it or that it corrects.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import Any

from tests.marked_world import WHOLE, MarkedWorld, Part, Sent

_OBSERVED = {"observation", "contact", "correction"}
_SPEAKS = {"dispute", "rectification", "marking", "attachment", "done", "information_answer", "family_summary_answer"}
_SPEAKS |= {"assessment_asked", "assessment_reply", "assessment_signed", "concern_answer"}


class Sees(IntEnum):
    """How much."""

    ALL = 0
    POINTER = 1
    NOTHING = 2


@dataclass
class Oracle:
    """One reader's sight, up to an entry. `leads`: whoever reads leads, or is the desk where nobody does."""

    world: MarkedWorld
    agency: str
    leads: bool
    up_to: int | None = None
    #: It could reach the father: then it has nothing that is not to reach him, of one's own or of anybody's.
    reaches_father: bool = False

    @cached_property
    def entries(self) -> dict[int, Sent]:
        """All entries: what came later tightens what is told of before."""
        return {one.number: one for one in self.world.entries}

    def canaries(self) -> set[str]:
        """All that may be seen."""
        found = set[str]()
        for one in self.world.entries:
            if self.up_to is None or one.number <= self.up_to:
                found |= self._of(one)
        return found

    def hidden_entries(self) -> set[int]:
        """The numbers of those of which nothing may be known."""
        return {one.number for one in self.world.entries if self.entry(one) is Sees.NOTHING}

    def _of(self, sent: Sent) -> set[str]:
        if self._is_own(sent):
            return {sent.event, *(word for part in sent.parts for word in part.canaries)}
        if self.entry(sent) is not Sees.ALL:
            return set()
        return {word for part in sent.parts if self._part(sent, part) is Sees.ALL for word in part.canaries}

    def _is_own(self, sent: Sent) -> bool:
        return sent.agency == self.agency and not self.reaches_father

    # ── entries ──

    def entry(self, sent: Sent) -> Sees:
        """How much of an entry as a whole."""
        if self._is_own(sent):
            return Sees.ALL
        chain = self._chain(sent)
        whole = max(self._whole(one) for one in self._bearing(sent))
        if whole is not Sees.ALL:
            return whole
        spoken = [self._worst(one) for one in self._bearing(sent) if one.number not in {each.number for each in chain}]
        return max([*spoken, *(self._left(one, chain) for one in chain)])

    def _whole(self, sent: Sent) -> Sees:
        return self._level(sent.agency, sent.marks.get(WHOLE, ()))

    def _left(self, sent: Sent, chain: list[Sent]) -> Sees:
        worst = max(self._worst(one) for one in chain)
        if worst is Sees.ALL:
            return worst
        if sent.kind not in _OBSERVED:
            by_name = [self._part(sent, part) for part in sent.parts if part.sort == "whole"]
            return max(by_name, default=Sees.ALL)
        if sent.kind == "contact":
            return Sees.ALL
        if any(self._part(sent, part) is Sees.ALL for part in sent.parts if part.sort in {"claim", "contact"}):
            return Sees.ALL
        hidden = [level for part in sent.parts if (level := self._by_itself(sent, part)) is not Sees.ALL]
        if Sees.POINTER in hidden or (not hidden and worst is Sees.POINTER):
            return Sees.POINTER
        return Sees.NOTHING

    def _worst(self, sent: Sent) -> Sees:
        return max((self._by_itself(sent, part) for part in sent.parts), default=Sees.ALL)

    def _chain(self, sent: Sent) -> list[Sent]:
        """It and all that corrects it or that it corrects, at any number of steps."""
        known = {sent.number}
        while (
            more := {
                other
                for one in self.world.entries
                if one.withdraws is not None and {one.number, one.withdraws} & known
                for other in (one.number, one.withdraws)
            }
            - known
        ):
            known |= more
        return [self.entries[number] for number in sorted(known)]

    def _bearing(self, sent: Sent) -> list[Sent]:
        found = {one.number: one for one in self._chain(sent)}
        while True:
            targets = [self.entries[one.of] for one in found.values() if one.kind in _SPEAKS and one.of in self.entries]
            more = {each.number: each for one in targets for each in self._chain(one) if each.number not in found}
            if not more:
                return list(found.values())
            found |= more

    # ── parts ──

    def _part(self, sent: Sent, part: Part) -> Sees:
        """How much of a part of an entry."""
        if part.sort == "words":
            return max(self._worst(one) for one in self._chain(sent))
        return self._by_itself(sent, part)

    def _by_itself(self, sent: Sent, part: Part) -> Sees:
        if self._is_own(sent):
            return Sees.ALL
        levels = [self._person(sent.agency, key) for key in part.names]
        if part.rests_on is not None:
            named = self.entries[part.rests_on]
            is_all = self.entry(named) is Sees.ALL and self._worst(named) is Sees.ALL
            levels.append(Sees.ALL if is_all else Sees.NOTHING)
        if part.sort == "claim":
            levels.append(self._level(sent.agency, sent.marks.get(part.index, ())))
            levels += [
                self._level(sent.agency, one.marks.get(other.index, ()))
                for one in self._chain(sent)
                for other in one.parts
                if one is not sent and other.sort == "claim" and _same(part, other)
            ]
        return max(levels, default=Sees.ALL)

    def _person(self, agency: str, key: str) -> Sees:
        """How much of what this agency says of somebody."""
        group = next((one for one in self.world.joined if key in one), {key})
        found = Sees.ALL
        for (owner, of), made in self.world.on_people.items():
            if of in group and owner == agency:
                found = max(found, self._level(owner, made))
            elif of in group and self.reaches_father:
                found = max(found, self._level(owner, [(by, {**one, "marking": "shared"}) for by, one in made]))
        return found

    # ── marks ──

    def _level(self, owner: str, history: Iterable[tuple[int, dict[str, Any]]]) -> Sees:
        made = list(history)
        standing = made[-1:] + [one for one in made if self.up_to is not None and one[0] <= self.up_to][-1:]
        return max((self._weigh(owner, sharing) for _, sharing in standing), default=Sees.ALL)

    def _weigh(self, owner: str, sharing: dict[str, Any]) -> Sees:
        if self.reaches_father and "father" in sharing.get("not_to", ()):
            return Sees.NOTHING
        if owner == self.agency or sharing["marking"] == "shared":
            return Sees.ALL
        if sharing["marking"] == "pointer":
            return Sees.POINTER
        if self.agency in sharing["to"]:
            return Sees.ALL
        return Sees.POINTER if self.leads else Sees.NOTHING


def _same(part: Part, other: Part) -> bool:
    return (part.attribute, part.about) == (other.attribute, other.about)
