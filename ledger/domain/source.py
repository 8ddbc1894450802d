"""Whose word a claim is.

An account belongs to its source: the informant of what was told, else the author's office, else the agency's
register. Agencies that repeat one person are one source.
"""

from __future__ import annotations

from typing import NamedTuple

from ledger.domain.claim import ANONYMOUS, OFFICE_PREFIX, Claim
from ledger.domain.person import Links

#: Bases on which a claim is another's word and not the agency's own.
HEARD = frozenset({"told", "agency"})


class Source(NamedTuple):
    """Whose word a claim is: a key that is equal for the same source, and the person, if it is a known one."""

    key: str
    person: str | None
    is_own: bool


def source_of(claim: Claim, people: Links) -> Source:
    """The informant of what was told, else the author's office, else the agency's register.

    What another agency said is the first speaker's word where that is known, else that agency's. Nobody can say
    that two anonymous callers are one, so each is a source of its own.
    """
    if claim.basis not in HEARD:
        office = f"{OFFICE_PREFIX}{claim.agency}/{claim.office}" if claim.office else f"register:{claim.agency}"
        return Source(office, None, is_own=True)
    informant = claim.informant
    if informant is None and claim.basis == "agency" and claim.heard_from:
        return Source(f"agency:{claim.heard_from}", None, is_own=False)
    if informant is None or informant == ANONYMOUS:
        return Source(f"{ANONYMOUS}:{claim.number}", None, is_own=False)
    if informant.startswith(OFFICE_PREFIX):
        return Source(informant, None, is_own=False)
    person = people.resolve(informant, claim.agency)
    return Source(f"person:{person}", person, is_own=False)
