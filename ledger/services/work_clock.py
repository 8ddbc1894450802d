"""By when a piece of work is to be answered or done: the day that its entry names, else the clock of the rule pack."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from ledger.domain.act import PREFIX
from ledger.domain.calendar import Nation
from ledger.domain.claim import Claim, claims_of_entry
from ledger.domain.matter import gives
from ledger.domain.pack import Pack
from ledger.domain.pattern import Pattern
from ledger.domain.rules.awaiting import read
from ledger.domain.rules.expects import due_of
from ledger.domain.work import Item

_EXPECTS: Final = "expects"


@dataclass(frozen=True, slots=True)
class Clock:
    """When a piece of work is late (None: never), and the rule that says so (None: its entry names the day)."""

    due: datetime | None
    rule: str | None = None


def clock_of(item: Item, body: Mapping[str, Any], pack: Pack, nation: Nation) -> Clock:
    """The clock of one item. Of several rules the first to run out counts."""
    if item.due_at is not None:
        return Clock(item.due_at)
    claims = claims_of_entry(item.kind, body, agency=item.asked_by, number=item.number, recorded_at=item.asked_at)
    found = []
    for claim in claims[:1]:
        for rule in pack.rules_on(PREFIX + item.kind):
            if rule.family.name != _EXPECTS or rule.settings.get("from") != "receiver":
                continue
            if not any(_starts(one, claim) for one in read(rule, "when")):
                continue
            due = due_of(rule, claim, nation)
            if due is not None:
                found.append((due, rule.name))
    return Clock(*min(found)) if found else Clock(None)


def _starts(pattern: Pattern, claim: Claim) -> bool:
    """Whether an act starts a clock by what it says itself; patterns that ask for more are let be."""
    is_of_it = pattern.attribute == claim.attribute and not pattern.fields
    return is_of_it and all(gives(claim, one) for one in pattern.gives)
