"""Which entries of a chronology stand out, and why: worked out of what they say, by the words of the rule pack.

It sorts entries for the eye and judges nothing: a strength is no less part of a chronology than a harm, and whoever
reads may look at everything. An entry can stand out for more than one reason; the first in `SIGNIFICANCES` is drawn.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final, Literal

from ledger.domain.claim import RELIED_ON, Claim
from ledger.domain.pack import Pack

Significance = Literal["finding", "harm", "decision", "concern", "change"]
#: In what order they count, and what each is in words.
MEANS: Final[Mapping[Significance, str]] = MappingProxyType(
    {
        "finding": "Something was found: accounts that cannot both be so, or what did not follow",
        "harm": "Harm, an injury, or what was said of one",
        "decision": "A decision",
        "concern": "A concern, an allegation or a referral",
        "change": "A change in who is there, where the child lives, or what the law says",
    }
)
SIGNIFICANCES: Final[tuple[Significance, ...]] = tuple(MEANS)
#: The topic of the pack under which harm stands.
_HARM: Final = "harm"
_REASSURANCE: Final = "reassurance"
_BY_KIND: Final[Mapping[str, Significance]] = {
    "decision": "decision",
    "decision_override": "decision",
    "allegation": "concern",
    "concern": "concern",
    "referral": "concern",
    "lead": "change",
}
#: What is found of the machinery, or only needs asking, is not what a chronology is read for.
_ASKED: Final = frozenset({"gap", "check_failed"})


def significance(
    kind: str | None, claims: Iterable[Claim], pack: Pack, found: object = None
) -> tuple[Significance, ...]:
    """For what reasons an entry stands out, the weightiest first; none for most. ``found``: of a finding its kind."""
    reasons = set[Significance]()
    if kind is not None and kind in _BY_KIND:
        reasons.add(_BY_KIND[kind])
    elif kind == "finding_raised" and found not in _ASKED:
        reasons.add("finding")
    for claim in claims:
        reason = of_claim(claim, pack)
        if reason is not None:
            reasons.add(reason)
    return tuple(one for one in SIGNIFICANCES if one in reasons) if reasons else ()


def of_claim(claim: Claim, pack: Pack) -> Significance | None:
    """For what reason a claim makes its entry stand out; None for one that reassures, or says that nothing is known."""
    attribute = pack.attributes.get(claim.attribute)
    if attribute is None or claim.not_known is not None or claim.statement == RELIED_ON:
        return None
    polarity = attribute.polarity_of(claim.value)
    if polarity == _REASSURANCE:
        return None
    if (claim.topic or attribute.topic) == _HARM:
        return "harm"
    if polarity is not None:
        return "concern"
    return "change" if attribute.critical or attribute.past_matters else None
