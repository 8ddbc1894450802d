"""How much a finding weighs, and why: rendered, never stored.

The pack says what each circumstance adds or takes: what is critical starts high, any other medium; what overlaps only
for some readings of the dates, what was stale when the other side spoke, what only pulls apart and what the newer word
itself dates as a change are each a tier lower, and so are what only needs asking, what is not late yet, and what has
come and waits for people to look at it; two accounts of one person, what a decision relies on or was taken over, and
an enquiry that nobody answered, are each a tier higher.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from ledger.domain.finding import Basis
from ledger.domain.rule import GLASS_BROKEN, RESERVED

if TYPE_CHECKING:
    from ledger.domain.pack import Pack

Severity = Literal["high", "medium", "low"]
#: From the lightest to the heaviest.
SEVERITIES: Final[tuple[Severity, ...]] = ("low", "medium", "high")

#: What each circumstance counts for where the pack does not say.
WEIGHTS: Final = {
    "critical": 3,
    "other": 2,
    "possible": -1,
    "stale": -1,
    "strain": -1,
    "changed": -1,
    "gap": -1,
    "escalated": 1,
    "met": -1,
    "waiting": -1,
    "same_informant": 1,
    "pending": 1,
    "leant_on": 1,
}
_WORDS: Final = {
    "critical": "it is about something critical to a child’s safety",
    "other": "it is not about something critical by itself",
    "possible": "the dates overlap only for some readings of them",
    "stale": "one side was already out of date when the other spoke",
    "strain": "the accounts pull apart and may both be so",
    "changed": "the newer one tells of a change, with its date, after the other was last said",
    "gap": "it needs asking, and sets nobody against each other",
    "escalated": "an enquiry into it was not answered in time",
    "met": "what was awaited has come, and people have still to look at it",
    "waiting": "it is not late yet",
    "same_informant": "one person gave two accounts",
    "pending": "a decision relies on it",
    "leant_on": "a decision was taken over it",
}


@dataclass(frozen=True, slots=True)
class Weight:
    """A severity, and the circumstances that made it, in words."""

    severity: Severity
    reasons: tuple[str, ...]


def weigh(basis: Basis, attribute: str, rule: str, pack: Pack) -> Weight:
    """What a finding of this rule on this attribute weighs."""
    found = [*_circumstances(basis, is_critical(attribute, rule, basis.by, pack), rule == GLASS_BROKEN)]
    tier = sum(pack.severity[one] for one in found)
    return Weight(SEVERITIES[min(max(tier, 1), 3) - 1], tuple(_WORDS[one] for one in found if pack.severity[one]))


def is_critical(attribute: str, rule: str, by: str, pack: Pack) -> bool:
    """Whether what it is about is critical, or the constraint that speaks; a rule of a pack says it of itself."""
    if rule in pack.rules and (rule not in RESERVED or rule == GLASS_BROKEN):
        return pack.rules[rule].critical
    return (attribute in pack.attributes and pack.attributes[attribute].critical) or (
        by in pack.rules and pack.rules[by].critical
    )


def _circumstances(basis: Basis, critical: bool, waits: bool) -> Iterator[str]:  # noqa: FBT001 - circumstances
    is_gap, is_prompt = basis.kind == "gap", basis.tier == "prompt"
    is_running = basis.due is not None and not (basis.is_met or basis.is_lapsed)
    found = {
        "critical": critical,
        "other": not critical,
        "possible": not basis.certain,
        "stale": basis.is_stale,
        "strain": basis.is_strain,
        "changed": basis.is_dated_change,
        "gap": is_gap,
        "same_informant": basis.kind == "same_informant" or basis.is_told_twice,
        "escalated": is_gap and not is_prompt,
        "met": basis.is_met,
        "waiting": basis.kind == "expectation" and is_running and (is_prompt or waits),
        "pending": basis.is_pending,
        "leant_on": basis.kind == "decision_basis" and not is_prompt,
    }
    return (name for name, is_so in found.items() if is_so)
