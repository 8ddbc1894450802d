"""Which alerts may interrupt somebody, of four kinds and no other; everything else waits in a queue.

An interruption is worth something for as long as there are few. What may be one is said here and nowhere else: a pack
that marks anything else is refused (`interrupt_faults`), and whatever a finding says of itself, what it is brought as
is asked here (`alert_tier`). Source: what is known of how alerts fail, and DESIGN's three tiers: interrupt, queue,
digest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final, Literal

from ledger.domain.finding import Basis, Kind
from ledger.domain.pack_alerts import Tier
from ledger.domain.shape import Fault

if TYPE_CHECKING:
    from ledger.domain.pack import Pack
    from ledger.domain.rule import Rule

#: From what waits to what does not.
ALERT_TIERS: Final[tuple[Tier, ...]] = ("queue", "interrupt")
Cause = Literal["fixed_rule", "breach", "pending_decision", "hand_over"]
#: The four kinds that may interrupt, in words.
MAY_INTERRUPT: Final[Mapping[Cause, str]] = {
    "fixed_rule": "a fixed rule, which only two people together close (close: two_people)",
    "breach": "the breach of an order, bail or a condition of contact (excludes, with an attribute that binds)",
    "pending_decision": "a contradiction or gap that a pending decision rests on, which needs no mark in a pack",
    "hand_over": "a hand-over that nobody accepted by its date (when: a hand-over; tier or lapses_as)",
}
#: What sets statements against each other, or is not known: where a decision rests on it, it interrupts.
_RELIED_ON: Final[frozenset[Kind]] = frozenset(
    {"contradiction", "same_informant", "identity", "explanation", "passing_on", "overtaken", "gap", "decision_basis"}
)
_MARKS: Final = ("before", "lapses_as", "tier")
#: Keys under which a hand-over may interrupt: those of the time after its date.
_WHEN_LATE: Final = frozenset({"lapses_as", "tier"})
#: The family of constraints whose two sides cannot both be so.
EXCLUDES: Final = "excludes"
_SIDES: Final = ("one", "other")


def interruption(basis: Basis, rule: str, pack: Pack) -> Cause | None:
    """Why a finding of this rule interrupts; None where it waits.

    A rule that the pack has no more leaves only what the finding itself shows: that a decision rests on it.
    """
    if basis.tier == "prompt":
        return None
    found_by, by = pack.rules.get(rule), pack.rules.get(basis.by)
    if found_by is not None and basis.tier == "interrupt":
        if found_by.needs_two:
            return "fixed_rule"
        if basis.is_lapsed and _is_of_hand_over(found_by.settings):
            return "hand_over"
    # Where dates overlap only by some readings of them, it is not certain that anything was broken.
    if by is not None and by.settings.get("tier") == "interrupt" and basis.certain and _is_breach(by, pack):
        return "breach"
    if basis.is_pending and basis.kind in _RELIED_ON:
        return "pending_decision"
    return None


def alert_tier(basis: Basis, rule: str, pack: Pack) -> Tier:
    """What a finding of this rule is brought as: never as more than one of the four kinds allows."""
    return "queue" if interruption(basis, rule, pack) is None else "interrupt"


def interrupt_faults(written: Mapping[str, Any], attributes: Mapping[str, Any]) -> Iterator[Fault]:
    """What is wrong with a rule that is marked to interrupt, by place in it; ``attributes`` are the pack's."""
    for key in _MARKS:
        if written.get(key) == "interrupt" and not _may(key, written, attributes):
            yield (key,), f"this may not interrupt: say queue. Only these may: {'; '.join(MAY_INTERRUPT.values())}"


def _may(key: str, written: Mapping[str, Any], attributes: Mapping[str, Any]) -> bool:
    if written.get("close") == "two_people" or (key in _WHEN_LATE and _is_of_hand_over(written)):
        return True
    if written.get("family") != EXCLUDES:
        return False
    named = [attributes.get(written[side]["attribute"], {}) for side in _SIDES]
    return any(attribute.get("binds") == "yes" for attribute in named)


def _is_breach(by: Rule, pack: Pack) -> bool:
    named = [pack.attributes.get(by.settings[side]["attribute"]) for side in _SIDES]
    return by.family.name == EXCLUDES and any(attribute is not None and attribute.binds for attribute in named)


def _is_of_hand_over(written: Mapping[str, Any]) -> bool:
    """Whether nothing but a hand-over starts what a rule awaits."""
    when = written.get("when") or ()
    return bool(when) and all(isinstance(one, Mapping) and one.get("entry") == "handover" for one in when)
