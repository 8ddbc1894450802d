"""Who has a referral or an action now: whoever it was asked of, until a hand-over of it is accepted.

A hand-over of work names the entry that it hands over; one of the whole record takes with it what its agency owes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.domain.act import fields_of, named_by, receiver_of

if TYPE_CHECKING:
    from ledger.domain.claim import Claim
    from ledger.domain.facts import Facts
    from ledger.domain.pattern import Pattern

HANDOVER: Final = "entry:handover"
REPLY: Final = "entry:reply"
#: What says that work was handed on.
HANDING: Final = frozenset({HANDOVER, REPLY})
_WORK: Final = frozenset({"entry:referral", "entry:action"})


def is_handed_on(pattern: Pattern) -> bool:
    """Whether what a pattern means is work that can be handed on."""
    return pattern.attribute in _WORK


def has_to_do(agency: str, trigger: Claim, facts: Facts) -> bool:
    """Whether what was asked was asked of this agency, or is its own by now."""
    return facts.is_addressed(agency, receiver_of(trigger)) or (agency == taker_of(trigger, facts))


def taker_of(trigger: Claim, facts: Facts) -> str:
    """The agency that accepted a piece of work last; empty where nobody else than whoever was asked has it."""
    if trigger.attribute not in _WORK:
        return ""
    taken: str = facts.once(("taker", trigger.ref), lambda: _find_taker(trigger, facts))
    return taken


def _find_taker(trigger: Claim, facts: Facts) -> str:
    owner, taker = facts.agency_addressed(receiver_of(trigger)), ""
    replies = sorted(facts.acts("reply"), key=lambda one: one.ref)
    accepted = [one for one in replies if fields_of(one).get("answer") == "accepted" and one.ref > trigger.ref]
    if not accepted:
        return ""
    offers = {one.number: one for one in facts.acts("handover")}
    for reply in accepted:
        named = named_by(reply)
        offer = offers.get(named or 0)
        if named == trigger.number or (offer is not None and _takes(offer, trigger, taker or owner)):
            taker = reply.agency
    return taker


def _takes(offer: Claim, trigger: Claim, owner: str) -> bool:
    said = fields_of(offer)
    if said.get("of") == "work":
        return said.get("entry") == trigger.number
    return said.get("of") == "record" and owner == offer.agency
