"""How much a finding weighs, and why: rendered, never stored.

The pack says what each circumstance adds or takes: what is critical starts high, any other medium; what overlaps only
for some readings of the dates, what was stale when the other side spoke, what only pulls apart and what the newer word
itself dates as a change are each a tier lower; two accounts of one person, and what a decision relies on, a tier
higher.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from ledger.domain.finding import Basis
from ledger.domain.rule import RESERVED

if TYPE_CHECKING:
    from ledger.domain.pack import Pack

Severity = Literal["high", "medium", "low"]
_TIERS: Final[tuple[Severity, ...]] = ("low", "medium", "high")

#: What each circumstance counts for where the pack does not say.
WEIGHTS: Final = {
    "critical": 3,
    "other": 2,
    "possible": -1,
    "stale": -1,
    "strain": -1,
    "changed": -1,
    "gap": -1,
    "same_informant": 1,
    "pending": 1,
}
_WORDS: Final = {
    "critical": "it is about something critical to a child’s safety",
    "other": "it is not about something critical by itself",
    "possible": "the dates overlap only for some readings of them",
    "stale": "one side was already out of date when the other spoke",
    "strain": "the accounts pull apart and may both be so",
    "changed": "the newer one tells of a change, with its date, after the other was last said",
    "gap": "it needs asking, and sets nobody against each other",
    "same_informant": "one person gave both accounts",
    "pending": "a decision relies on it",
}


@dataclass(frozen=True, slots=True)
class Weight:
    """A severity, and the circumstances that made it, in words."""

    severity: Severity
    reasons: tuple[str, ...]


def weigh(basis: Basis, attribute: str, rule: str, pack: Pack) -> Weight:
    """What a finding of this rule on this attribute weighs."""
    found = [*_circumstances(basis, is_critical(attribute, rule, basis.by, pack))]
    tier = sum(pack.severity[one] for one in found)
    return Weight(_TIERS[min(max(tier, 1), 3) - 1], tuple(_WORDS[one] for one in found if pack.severity[one]))


def is_critical(attribute: str, rule: str, by: str, pack: Pack) -> bool:
    """Whether what it is about is critical, or the constraint that speaks; a rule of a pack says it of itself."""
    if rule in pack.rules and rule not in RESERVED:
        return pack.rules[rule].critical
    return (attribute in pack.attributes and pack.attributes[attribute].critical) or (
        by in pack.rules and pack.rules[by].critical
    )


def _circumstances(basis: Basis, critical: bool) -> Iterator[str]:  # noqa: FBT001 - one of several circumstances
    yield "critical" if critical else "other"
    if not basis.certain:
        yield "possible"
    if basis.is_stale:
        yield "stale"
    if basis.is_strain:
        yield "strain"
    if basis.is_dated_change:
        yield "changed"
    if basis.kind in {"gap", "same_informant"}:
        yield basis.kind
    if basis.is_pending:
        yield "pending"
