"""The stretches of time over which the words on one question are held, whether or not they are compared.

What beliefs say is taken from them. Texts are no statements to them: they stand beside each other, and nothing ends
them. What says nothing of what is so (a plan, an intention, an omission, what lies ahead of the day on which it was
said) has no stretch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from ledger.domain.belief import BeliefKey, Beliefs, Held
from ledger.domain.claim import Claim
from ledger.domain.edtf import EdtfError, observed_bounds, parse
from ledger.domain.person import Links
from ledger.domain.source import source_of
from ledger.domain.statement import COMPARED, END, statements_of
from ledger.domain.valid_time import Observed, ValidTime, asserted
from ledger.domain.vocabulary import Attribute


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """One stretch of one agency's word from one source; ``held`` is the belief, None where nothing can end it."""

    claim: Claim
    key: BeliefKey
    time: ValidTime
    asserted_until: datetime
    held: Held | None = None

    @property
    def start(self) -> datetime:
        return self.time.earliest_start

    @property
    def end(self) -> datetime:
        return self.time.latest_end or END

    def covers(self, moment: datetime) -> bool:
        """Whether it may be so then, in some reading of its dates."""
        return covers(self.time, moment)

    def certainly_covers(self, moment: datetime) -> bool:
        """Whether it is so then in every reading of its dates."""
        time = self.time
        ends_after = time.latest_end is None or time.earliest_end is None or moment < time.earliest_end
        return time.latest_start <= moment and ends_after


class Stretches:
    """All stretches of one question's claims, by their start; ``left_over`` are the claims that have none.

    ``agency_kinds`` says what sort of agency each is: whether the fact is its own to know.
    """

    def __init__(
        self, claims: Sequence[Claim], attribute: Attribute | None, people: Links, agency_kinds: Mapping[str, str]
    ) -> None:
        self.statements = statements_of(claims, attribute, people, agency_kinds) if attribute else []
        self.beliefs = Beliefs(self.statements)
        by_ref = {claim.ref: claim for claim in claims}
        found = [
            Stretch(by_ref[held.statement.ref], held.key, held.time, held.asserted_until, held)
            for held in self.beliefs.held
        ]
        believed = {statement.ref for statement in self.statements}
        self.left_over: list[Claim] = []
        for claim in claims:
            if claim.ref in believed or claim.not_known is not None:
                continue
            stretch = _standing_alone(claim, BeliefKey(claim.agency, source_of(claim, people).key))
            if stretch is None:
                self.left_over.append(claim)
            else:
                found.append(stretch)
        self.all = sorted(found, key=lambda stretch: (stretch.start, stretch.end, stretch.claim.ref))


def covers(time: ValidTime, moment: datetime) -> bool:
    """Whether a time has begun and not ended by a moment, in some reading of its dates."""
    return time.earliest_start <= moment and (time.latest_end is None or moment < time.latest_end)


def time_of(claim: Claim) -> ValidTime | None:
    """When a claim says that it is so; None for a date that only an earlier parser could read."""
    try:
        return parse(claim.valid, observed=observed_bounds(claim.observed))
    except EdtfError:
        return None


def observed_of(claim: Claim) -> Observed:
    """When it was seen or heard; where that can no longer be read, the moment of recording."""
    try:
        return observed_bounds(claim.observed)
    except EdtfError:
        return Observed(claim.recorded_at, claim.recorded_at)


def _standing_alone(claim: Claim, key: BeliefKey) -> Stretch | None:
    """What nothing ends: carried for ever where it was still so when observed; None where nothing is said to be so."""
    whole = time_of(claim)
    said = asserted(whole, observed_of(claim)) if whole is not None and claim.statement in COMPARED else None
    if whole is None or said is None:
        return None
    time = replace(said, earliest_end=None, latest_end=None) if whole.ending == "open" else said
    return Stretch(claim, key, time, said.latest_end or observed_of(claim).end)
