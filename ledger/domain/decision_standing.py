"""Which decisions of a record stand: one for each agency and kind, until another ends it or a year has gone by.

A year is a default of ours: after that a decision is history, and what speaks against it is news of its own.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from ledger.domain.act import OVERRIDE, fields_of, named_by
from ledger.domain.claim import DECISION, Claim
from ledger.domain.person import CHILD
from ledger.domain.question import Question, Topic

if TYPE_CHECKING:
    from ledger.domain.facts import Facts
    from ledger.domain.pack import Pack

HORIZON: Final = timedelta(days=365)
DECISIONS: Final = Topic(DECISION, CHILD)
OVERRIDES: Final = Topic(OVERRIDE, CHILD)


def area_of(decision: Claim, pack: Pack) -> Question:
    """What is judged as one: an agency's decisions of one kind, of which the latest may stand."""
    return Question(
        DECISION, CHILD, thing=f"{decision.agency}/decided", item=pack.decisions.name_of(decision.value or "")
    )


def areas_in(facts: Facts) -> list[Question]:
    """Every area of the record."""
    return sorted({area_of(one, facts.pack) for one in facts.claims(DECISIONS)}, key=lambda area: area.sort_key)


def decision_in(area: Question, facts: Facts) -> Claim | None:
    """The decision of an area that nothing has ended; None where there is none."""
    decisions = facts.claims(DECISIONS)
    latest = max((one for one in decisions if area_of(one, facts.pack) == area), key=_order, default=None)
    if latest is None or any(_ends(one, latest, facts.pack) for one in decisions):
        return None
    return latest


def stands_until(decision: Claim) -> datetime:
    """Up to when it stands, if nothing ends it before."""
    return decision.recorded_at + HORIZON


def known_by(decision: Claim, facts: Facts) -> int:
    """The number of the entry by which its latest override was said in an entry of its own; nothing, where none was.

    Whoever overrode the decision knew what the record said by then.
    """
    later = [one.number for one in facts.claims(OVERRIDES) if named_by(one) == decision.number]
    return max(later, default=0)


def is_overridden(decision: Claim) -> bool:
    """Whether the decision says itself that it is taken all the same."""
    return bool(fields_of(decision).get("is_overridden"))


def _ends(later: Claim, decision: Claim, pack: Pack) -> bool:
    kind, ending = pack.decisions.kind_of(decision.value or ""), pack.decisions.name_of(later.value or "")
    return kind is not None and _order(later) > _order(decision) and ending in kind.ended_by


def _order(decision: Claim) -> tuple[object, ...]:
    return (decision.recorded_at, decision.number)
