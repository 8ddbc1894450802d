"""What consents stand: whether somebody's word that information may be shared still held when it was shared on it.

A later word of the same person on the same matter takes the place of an earlier one, whichever agency was told.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from ledger.domain.question import digest_of
from ledger.domain.valid_time import Observed

GIVEN: Final = "given"


@dataclass(frozen=True, slots=True)
class Consent:
    """One word on consent. ``person``: whose, by key. ``purpose``: a digest of what it is for. ``until``: its end."""

    number: int
    person: str
    purpose: str
    answer: str
    replaces: int | None
    observed: datetime
    until: datetime | None


def purpose_of(words: str) -> str:
    """What a consent is for, so that two of one purpose are alike however they are spaced or written large."""
    return digest_of(" ".join(words.casefold().split()))


def amiss(consents: Iterable[Consent], number: int, at: Observed) -> tuple[str, tuple[int, ...]] | None:
    """What is wrong with sharing ``at`` that time on the consent of this number, and the entries that say so.

    ``consent_not_given``, ``consent_withdrawn`` or ``consent_ended``; None where it held. The consent must be there.
    """
    by_number = {one.number: one for one in consents}
    named = by_number[number]
    if named.answer != GIVEN:
        return "consent_not_given", (number,)
    alike = [one for one in by_number.values() if _is_on_same(one, named) and one.observed < at.end]
    last = max([named, *alike], key=lambda one: (one.observed, one.number))
    if last.answer != GIVEN:
        return "consent_withdrawn", tuple(sorted({number, last.number}))
    if last.until is not None and last.until <= at.start:
        return "consent_ended", tuple(sorted({number, last.number}))
    return None


def _is_on_same(one: Consent, named: Consent) -> bool:
    return one.replaces == named.number or (one.person == named.person and one.purpose == named.purpose)
