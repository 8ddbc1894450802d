"""What concerns and reassurances are about: which of them speak of one matter, and which were one contact.

A topic is wide. Two claims on it are of one matter unless they name different things or different items, or unless
one is on an attribute that the rule keeps ``apart``: what is said of a carer's drinking does not answer what is known
of his convictions. Words for anything (text, a judgement) speak of all of their topic.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, Literal

from ledger.domain.civil_day import civil_date
from ledger.domain.claim import Claim
from ledger.domain.edtf import EdtfError, observed_bounds, parse
from ledger.domain.question import Question
from ledger.domain.rules.concern_depth import Depth
from ledger.domain.valid_time import Observed, ValidTime

if TYPE_CHECKING:
    from ledger.domain.vocabulary import Attribute

#: Within so long of each other, a thing that one agency did not name may be the one that another did.
_NEAR: Final = timedelta(days=14)

Polarity = Literal["concern", "reassurance"]


@dataclass(frozen=True, slots=True)
class Said:
    """A claim on a topic, as this family reads it.

    ``thing`` is None where none was named; ``is_of_topic`` is False for what was said of no topic, and so of any.
    """

    claim: Claim
    attribute: Attribute
    question: Question
    observed: Observed
    source: str
    depth: Depth
    polarity: Polarity | None
    is_of_topic: bool = True

    @property
    def thing(self) -> str | None:
        return self.question.thing if self.claim.thing is not None else None

    @property
    def order(self) -> tuple[Any, ...]:
        """By when it was said; numbers of entries decide only between equals."""
        claim = self.claim
        return (*self.observed, claim.agency, claim.attribute, claim.value or "", self.source, claim.ref)


def is_one_contact(one: Said, other: Said) -> bool:
    """Whether both were said or seen at one contact: in one entry, or by one office on one day.

    Entries apart are of one contact only if nothing says otherwise: another depth, or a speaker who was not there.
    """
    a, b = one.claim, other.claim
    if a.number == b.number:
        return True
    if a.agency != b.agency or civil_date(one.observed.start) != civil_date(other.observed.start):
        return False
    if None not in {a.office, b.office} and a.office != b.office:
        return False
    if a.depth is not None and b.depth is not None:
        return a.depth == b.depth
    return one.depth.is_own or one.source == other.source


def stated_end(claim: Claim) -> datetime | None:
    """When what a claim says of a period was over, where it says so."""
    valid = _valid(claim)
    return valid.latest_end if valid is not None and valid.ending == "stated" and valid.is_period else None


def goes_on(claim: Claim) -> bool:
    """Whether a claim says that it was still so when it was said."""
    valid = _valid(claim)
    return valid is not None and valid.ending == "open"


def _valid(claim: Claim) -> ValidTime | None:
    try:
        return parse(claim.valid, observed=observed_bounds(claim.observed))
    except EdtfError:
        return None


def matter(concern: Said, other: Said, settings: Mapping[str, Any]) -> Literal["same", "possible"] | None:
    """Whether another claim on the topic speaks of what the concern is about."""
    one, two = concern.claim.attribute, other.claim.attribute
    if one == two:
        if _differ(concern.question.item, other.question.item):
            return None
        if _differ(concern.question.counterpart, other.question.counterpart):
            return None
    elif not (_is_wide(concern, settings) or _is_wide(other, settings)):
        apart = settings.get("apart", ())
        if one in apart or two in apart:
            return None
    return _one_thing(concern, other, settings)


def _one_thing(concern: Said, other: Said, settings: Mapping[str, Any]) -> Literal["same", "possible"] | None:
    if {concern.claim.attribute, other.claim.attribute} & {*settings.get("broad", ())}:
        return "same"  # a judgement's thing is the judgement itself
    if concern.thing is not None and other.thing is not None:
        return "same" if concern.thing == other.thing else None
    if other.attribute.thing != "required":
        return "same"
    # What is said of an injury that it does not name, or that the concern does not, may be of another one.
    if other.thing is not None and concern.attribute.thing == "no":
        return None
    is_near = abs(other.observed.start - concern.observed.start) <= _NEAR
    return "possible" if is_near and concern.attribute.thing == "required" else None


def _differ(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and one != other


def _is_wide(said: Said, settings: Mapping[str, Any]) -> bool:
    """Whether it speaks of all of its topic."""
    return said.attribute.type == "text" or said.claim.attribute in settings.get("broad", ())


def is_lesser(said: Said, others: Sequence[Said], lesser: Mapping[str, Any]) -> bool:
    """Whether it makes less of a thing than somebody saw themselves before: fewer, milder, or of a slighter sort."""
    written = lesser.get(said.claim.attribute)
    if written is None or said.claim.value is None:
        return False
    return any(
        other.question == said.question
        and other.source != said.source
        and other.depth.is_own
        and other.depth.least >= said.depth.most
        and other.observed.start <= said.observed.start
        and _is_less(said, other, written)
        for other in others
    )


def _is_less(said: Said, other: Said, written: Any) -> bool:
    one, two, attribute = said.claim.value or "", other.claim.value or "", said.attribute
    if attribute.type == "quantity":
        return Decimal(one) < Decimal(two)
    less, more = attribute.values.get(one, 0), attribute.values.get(two, 0)
    if not less or not more or less & more:
        return False
    # States are written from the least on: all that it allows lies below all that was seen.
    return less < more & -more if written == "lower" else one in written and two not in written
