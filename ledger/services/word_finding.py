"""A finding's headline, severity and states in words: what its visible statements bear out, and no more."""

from collections.abc import Sequence
from functools import reduce
from operator import and_
from typing import Any

from ledger.domain.claim import Claim
from ledger.domain.vocabulary import Attribute
from ledger.services.see import Seen
from ledger.services.word_claim import Wording, capital, plain

Side = list[tuple[Seen, Claim | None]]


def kind_of_visible(kind: str, sides: Sequence[Side]) -> str:
    """The sharpest name that the visible statements alone bear out."""
    if kind != "same_informant":
        return kind
    speakers = {claim.informant for side in sides for _, claim in side if claim is not None}
    return kind if len(speakers) == 1 and None not in speakers else "contradiction"


def word_headline(kind: str, sides: Sequence[Side], wording: Wording) -> str:
    """What has been found, in one line."""
    claim = next((claim for side in sides for _, claim in side if claim is not None), None)
    if claim is None:
        return "Entries of this record need to be read together"
    subject = wording.subject(claim)
    match kind:
        case "same_informant":
            teller = wording.person(claim.informant) if claim.informant else "one person"
            count = "two accounts" if len(sides) == 2 else "accounts"
            return f"{capital(teller)} gave {count} of {subject} that cannot both be so"
        case "contradiction":
            agencies = {entry.agency for side in sides for entry, _ in side}
            holders = "Agencies hold" if len(agencies) > 1 else f"{wording.agency(min(agencies))} holds"
            return f"{holders} statements about {subject} that cannot both be so"
        case "identity":
            return f"Different people are named as {subject}"
        case "overtaken":
            return f"What is held about {subject} has been overtaken"
        case "gap":
            return f"Nobody has confirmed {subject} for too long"
        case "explanation":
            return f"Accounts about {subject} cannot all be so"
    return f"What is held about {subject} needs a look"


def word_possible(attribute: Attribute | None, masks: Sequence[int]) -> dict[str, Any]:
    """What could still be true of everything that is said together."""
    if attribute is None or len(masks) < 2:
        return {"together": [], "words": None}
    together = word_states(attribute, reduce(and_, masks))
    if together:
        return {"together": together, "words": f"All of it can be so together only as: {listed(together, 'or')}."}
    return {"together": [], "words": "Nothing would make all of it true at one time."}


def word_states(attribute: Attribute, mask: int) -> list[str]:
    """The states that a mask allows, as ordinary words."""
    return [plain(state) for state in attribute.states_in(mask)]


def listed(words: Sequence[str], joiner: str = "and") -> str:
    """Words as a sentence lists them."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {joiner} {words[-1]}"
