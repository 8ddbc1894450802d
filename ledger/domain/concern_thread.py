"""Concerns that are to be answered: each stays open until it is answered, or whoever raised it takes it back.

Nothing else closes one: no newer event, no milder word, and not that nobody spoke of it again. What answers it is of
the depth that the rule pack says its topic takes; an answer that goes less deep is kept beside it, and it stays open.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ledger.domain.act import CONCERN, CONCERN_ANSWER, fields_of, named_by
from ledger.domain.claim import Claim
from ledger.domain.person import CHILD
from ledger.domain.question import Topic

if TYPE_CHECKING:
    from ledger.domain.facts import Facts

#: The depths of a contact: a deeper one answers what a lesser one would.
_DEEPER: Final = ("told", "remote", "doorstep", "seen", "seen_alone", "examined")
#: An answer that closes a concern, and the word of whoever raised it that it is none any more.
ANSWERED, WITHDRAWN = "answered", "withdrawn"


@dataclass(frozen=True, slots=True)
class Thread:
    """One concern, and all that was answered to it. ``needs``: what answers it; None where anything does."""

    raised: Claim
    needs: str | None
    answers: tuple[Claim, ...]

    @property
    def closed(self) -> Claim | None:
        """What closed it; None while it is open."""
        return next((one for one in self.answers if self._closes(one)), None)

    def _closes(self, answer: Claim) -> bool:
        said = fields_of(answer)
        if said.get("answer") == WITHDRAWN:
            return answer.agency == self.raised.agency
        return said.get("answer") == ANSWERED and goes_deep_enough(said.get("how") or (), self.needs)


def threads(facts: Facts) -> list[Thread]:
    """The concerns of a record, in its order. The topics of both kinds of act must have been loaded."""
    answers = facts.claims(Topic(CONCERN_ANSWER, CHILD))
    return [
        Thread(raised, needed_for(raised, facts), tuple(one for one in answers if named_by(one) == raised.number))
        for raised in facts.claims(Topic(CONCERN, CHILD))
    ]


def needed_for(raised: Claim, facts: Facts) -> str | None:
    """What answers a concern, by its topic in the rule pack."""
    topic = facts.pack.topics.get(str(fields_of(raised).get("topic") or ""))
    return None if topic is None else topic.answered_by


def goes_deep_enough(how: Collection[str], needed: str | None) -> bool:
    """Whether what is known in one of these ways answers what takes ``needed``; where nothing is needed, anything."""
    if needed is None:
        return True
    if needed not in _DEEPER:
        return needed in how
    return any(one in _DEEPER and _DEEPER.index(one) >= _DEEPER.index(needed) for one in how)
