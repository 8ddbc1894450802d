"""A claim as detection reads it: what it allows, its source, how well it is known, and the time that it speaks of.

Compared are facts, opinions, allegations, admissions and findings: each says that something is or was so. A plan, an
intention and an omission do not, and neither does a claim in which the value is not known; none of these ends
what was said before, either.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ledger.domain.allows import masks_of
from ledger.domain.claim import Claim, Ref
from ledger.domain.edtf import EdtfError, observed_bounds, parse
from ledger.domain.owner import owns
from ledger.domain.person import Links
from ledger.domain.source import source_of
from ledger.domain.valid_time import Observed, ValidTime, asserted
from ledger.domain.vocabulary import Attribute

COMPARED = frozenset({"fact", "opinion", "allegation", "admission", "finding"})
#: How well an agency knows what it says; a later own word ends what was known no better.
STRENGTH = {
    "measured": 4,
    "seen": 4,
    "own_record": 4,
    "searched": 4,
    "document": 4,
    "judgement": 3,
    "agency": 2,
    "told": 1,
}
#: On what bases somebody saw for themselves.
SIGHT = frozenset({"seen", "measured"})
#: The owner of a fact knows it best, on whatever basis: its newer word ends its older one.
STRENGTH_OF_OWNER = 5

BEGINNING = datetime(1, 1, 2, tzinfo=UTC)
END = datetime(9999, 12, 30, tzinfo=UTC)
_ANYTHING = -1
_ALL_TIME = ValidTime(
    earliest_start=BEGINNING,
    latest_start=BEGINNING,
    earliest_end=END,
    latest_end=END,
    ending="stated",
    precision=timedelta(days=1),
)


@dataclass(frozen=True, slots=True, eq=False)
class Statement:
    """One comparable claim.

    ``mask`` is what it allows, and can be compared only within one `statements_of`. ``statement`` says whether it is a
    fact, an opinion and so on, and ``basis`` how its agency knows it, both as they were sent.

    ``said`` is the time over which it is asserted, ``until`` the end of that. ``is_carried``: it was still so when
    observed, so it is presumed until something ends it. ``is_moment``: it is about one fixed date, or about what
    cannot change. ``is_over``: it says itself that what it states has ended.
    """

    ref: Ref
    agency: str
    source: str
    person: str | None
    is_own: bool
    strength: int
    statement: str
    basis: str
    mask: int
    observed: Observed
    said: ValidTime
    until: datetime
    is_carried: bool
    is_moment: bool
    is_over: bool

    @property
    def since(self) -> datetime:
        """The earliest moment that it may speak of."""
        return self.said.earliest_start

    @property
    def content(self) -> tuple[object, ...]:
        """All that it says, in an order of its own: two that are equal in it differ by when they arrived alone."""
        return (self.since, self.until, self.mask, self.strength, self.is_carried, self.agency, self.source)

    def is_later_than(self, other: Statement) -> bool:
        """Whether it was observed after the other; two on one day, without times, are not later than each other."""
        return self.observed.start >= other.observed.end

    def ends(self, other: Statement) -> bool:
        """Whether, being later, it takes the place of an earlier word of the same agency.

        It does as the next word of the same source, or as the agency's own on at least as strong a basis. About a
        fixed moment a later version is a second account and takes nobody's place, unless one's own source revises
        what it said itself.
        """
        if self.agency != other.agency or not self.is_later_than(other):
            return False
        is_next = self.source == other.source
        if self.is_moment and other.is_moment:
            return is_next and self.is_own
        return is_next or (self.is_own and self.strength >= other.strength)


def statements_of(
    claims: Iterable[Claim], attribute: Attribute, people: Links, agency_kinds: Mapping[str, str] | None = None
) -> list[Statement]:
    """The comparable statements among the claims of one question, in the order of the record.

    ``agency_kinds`` says what sort of agency each is: whether the fact is its own to know.
    """
    kinds = agency_kinds or {}
    compared = sorted((claim for claim in claims if claim.statement in COMPARED), key=lambda claim: claim.ref)
    masks = masks_of(compared, attribute, people).by_ref
    read = (
        _statement_of(claim, masks[claim.ref], attribute, people, kinds.get(claim.agency))
        for claim in compared
        if claim.ref in masks
    )
    return [statement for statement in read if statement is not None]


def _statement_of(
    claim: Claim, mask: int, attribute: Attribute, people: Links, agency_kind: str | None
) -> Statement | None:
    """What a claim says to detection; None where it says nothing that could conflict.

    Dates are checked when a claim is taken in. One that a later parser refuses says nothing, so that it cannot stop
    the checks of everything else on its question.
    """
    if _lacks_its_part(claim, attribute):
        return None
    try:
        observed = observed_bounds(claim.observed)
        valid = parse(claim.observed if _is_of_its_moment(claim, attribute) else claim.valid, observed=observed)
    except EdtfError:
        return None
    said = asserted(valid, observed)
    if said is None:
        return None
    said = _ALL_TIME if attribute.is_unchanging else said
    is_glimpse = claim.basis == "seen" and claim.value in attribute.glimpses
    if is_glimpse and valid.ending == "stated" and not valid.is_period:
        mask = _ANYTHING
    source = source_of(claim, people)
    is_owners = source.is_own and owns(attribute.owner, agency_kind, claim.office)
    return Statement(
        ref=claim.ref,
        agency=claim.agency,
        source=source.key,
        person=source.person,
        is_own=source.is_own,
        strength=STRENGTH_OF_OWNER if is_owners else STRENGTH.get(claim.basis, 1),
        statement=claim.statement,
        basis=claim.basis,
        mask=mask,
        observed=observed,
        said=said,
        until=said.latest_end or observed.end,
        is_carried=valid.ending == "open" and not attribute.is_unchanging,
        is_moment=attribute.is_unchanging or (valid.ending == "stated" and not valid.is_period),
        is_over=valid.ending == "stated" and valid.is_period and valid.latest_end == said.latest_end,
    )


def _is_of_its_moment(claim: Claim, attribute: Attribute) -> bool:
    """Whether it speaks only of the day or the time at which it was seen: of what comes and goes, one's own sight."""
    return attribute.comes_and_goes and claim.valid is None and claim.basis == "seen"


def _lacks_its_part(claim: Claim, attribute: Attribute) -> bool:
    """Whether the claim does not say which person or item it is about, though the attribute needs it."""
    return (attribute.counterpart == "required" and claim.counterpart is None) or (
        attribute.item == "required" and claim.item is None
    )
