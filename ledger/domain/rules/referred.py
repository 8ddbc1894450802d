"""Whether an injury has reached those who must enquire into it, by whatever way it was told.

It has when it was referred to them (by an act in the ledger, or as a claim says of one that was not), when they post
something of it themselves, or what they heard from whoever found it, when they became involved after it, or where one
of the rule's own patterns says so: a strategy discussion, an order. Those who ``investigate`` and become involved
within days of it have told them. What was done before the injury was noticed is of something else, and so is what
another agency had sent before on the same day.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.act import receiver_of
from ledger.domain.agency import AgencyWord
from ledger.domain.civil_day import Stretch, civil_date
from ledger.domain.claim import Claim
from ledger.domain.edtf import EdtfError, observed_bounds, parse
from ledger.domain.expectation import refuse_expectation_clock
from ledger.domain.pattern import may_answer, patterns
from ledger.domain.pattern_form import PATTERNS, pattern_faults
from ledger.domain.person import CHILD
from ledger.domain.question import Topic
from ledger.domain.rules.account import ACCOUNT
from ledger.domain.rules.examination import READ as EXAMINING
from ledger.domain.rules.injury import PARTS
from ledger.domain.shape import Fault, Items, Keys, Path, Text, keys
from ledger.domain.statement import COMPARED

if TYPE_CHECKING:
    from ledger.domain.facts import Facts

REFERRAL: Final = "referral"
CONCERN: Final = "concern"
MADE_ACT: Final = "entry:referral"
INVOLVED_ACT: Final = "entry:involvement"
_MADE: Final = frozenset(
    {"made", "received", "waiting", "accepted", "declined", "not_accepted", "no_further_action", "undetermined"}
)
#: An involvement of investigators is of an injury when it begins no later than this after it was noticed.
_SOON: Final = timedelta(days=2)
#: To whom (kinds of agency), by when, and what else shows that it reached them.
FORM: Final[Keys] = keys(
    {
        "to": Items(AgencyWord(), least=1),
        "investigate": Items(AgencyWord(), least=1),
        "within": Text(refuse_expectation_clock),
        "until": PATTERNS,
    },
    "to within",
)


def reached(
    thing: str, beside: Container[str], when: Stretch, trigger: Claim, written: Mapping[str, Any], facts: Facts
) -> Claim | None:
    """The first that shows that this injury of the child, noticed ``when``, reached those to whom it is referred.

    Whoever says something, then or later, of those that came to light ``beside`` it was told.
    """
    ways = [
        *_own_words(thing, beside, when, written, facts),
        *_heard(when, trigger, written, facts),
        *_involved(when, trigger, written, facts),
        *_ways(when, trigger, written, facts),
    ]
    return min(ways, key=lambda claim: (claim.recorded_at, claim.ref), default=None)


def withheld(when: Stretch, written: Mapping[str, Any], facts: Facts) -> Claim | None:
    """What says that no referral is made: by that value, or as an omission."""
    for claim in facts.claims(Topic(REFERRAL, CHILD)):
        is_omitted = claim.statement == "omission" or (claim.value == "not_made" and claim.statement in COMPARED)
        if is_omitted and _is_to(claim.item, written, facts) and _since(claim, when):
            return claim
    return None


def reads(written: Mapping[str, Any]) -> Iterator[Topic]:
    """What must be named beside what was said of the injury itself."""
    yield from (Topic(name, CHILD) for name in (REFERRAL, MADE_ACT, INVOLVED_ACT, CONCERN, *EXAMINING, ACCOUNT))
    yield from (one.topic(CHILD) for one in patterns(written.get("until")))


def referral_faults(path: Path, written: Mapping[str, Any], vocabulary: Mapping[str, Any]) -> Iterator[Fault]:
    """What it names that the vocabulary does not have."""
    yield from pattern_faults((*path, "until"), written.get("until"), vocabulary)


def _own_words(
    thing: str, beside: Container[str], when: Stretch, written: Mapping[str, Any], facts: Facts
) -> Iterator[Claim]:
    """What those to whom it is referred say of the injuries."""
    for attribute in dict.fromkeys((*EXAMINING, ACCOUNT)):
        for claim in facts.claims(Topic(attribute, CHILD)):
            if facts.is_of_kind(claim.agency, written["to"]):
                on = facts.question_of(claim).thing
                if on == thing or (on in beside and _since(claim, when)):
                    yield claim


def _heard(when: Stretch, trigger: Claim, written: Mapping[str, Any], facts: Facts) -> Iterator[Claim]:
    """What they say that they heard of a worry or an injury from the agency that found this one."""
    for attribute in (*PARTS, CONCERN):
        for claim in facts.claims(Topic(attribute, CHILD)):
            is_theirs = claim.basis == "agency" and facts.is_of_kind(claim.agency, written["to"])
            if is_theirs and facts.is_addressed(trigger.agency, claim.heard_from or "") and _since(claim, when):
                yield claim


def _involved(when: Stretch, trigger: Claim, written: Mapping[str, Any], facts: Facts) -> Iterator[Claim]:
    """Their becoming involved; and that of others who investigate, soon after, what they did not find themselves."""
    for claim in facts.claims(Topic(INVOLVED_ACT, CHILD)):
        if not _since(claim, when):
            continue
        is_soon = observed_bounds(claim.observed).start <= when[1] + _SOON
        investigates = claim.agency != trigger.agency and facts.is_of_kind(claim.agency, written.get("investigate", ()))
        is_theirs = facts.is_of_kind(claim.agency, written["to"]) and may_answer(claim, trigger)
        if is_theirs or (investigates and is_soon):
            yield claim


def _ways(when: Stretch, trigger: Claim, written: Mapping[str, Any], facts: Facts) -> Iterator[Claim]:
    for claim in facts.claims(Topic(MADE_ACT, CHILD)):
        if _is_to(receiver_of(claim), written, facts) and _since(claim, when) and may_answer(claim, trigger):
            yield claim
    for claim in facts.claims(Topic(REFERRAL, CHILD)):
        is_made = claim.value in _MADE and claim.statement in COMPARED and facts.source(claim).person is None
        is_theirs = _is_to(claim.item, written, facts) or facts.is_of_kind(claim.agency, written["to"])
        if is_made and is_theirs and _since(claim, when) and may_answer(claim, trigger):
            yield claim
    for wanted in patterns(written.get("until")):
        for claim in wanted.find(CHILD, facts):
            if claim.ref != trigger.ref and _since(claim, when) and may_answer(claim, trigger):
                yield claim


def _is_to(whom: str | None, written: Mapping[str, Any], facts: Facts) -> bool:
    """Whether it is addressed to them; of a claim that names nobody, a referral of an injury is to them."""
    if not whom:
        return True
    return facts.is_of_kind(whom, written["to"]) or facts.pack.agency_kind(whom) in written["to"]


def _since(claim: Claim, when: Stretch) -> bool:
    """Whether it may have begun on the day on which the injury was noticed, or later: what began before is another."""
    observed = observed_bounds(claim.observed)
    try:
        valid = parse(claim.valid, observed=observed)
        begins = max(valid.earliest_start, valid.latest_start - timedelta.resolution)
    except EdtfError:
        begins = observed.start
    return civil_date(begins) >= civil_date(when[0])
