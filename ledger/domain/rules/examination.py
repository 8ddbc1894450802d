"""Whether somebody who can tell has looked at an injury, and what they made of it.

An examination is a contact that went so deep, an ``examined`` that says how far, a measurement, or the opinion of a
clinician on the injury's cause or on whether the account fits; and that a bone is broken nobody knows without one. A
visitor who sees a bruise and takes what is said of it has not examined it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from ledger.domain.civil_day import Stretch
from ledger.domain.claim import OFFICE_PREFIX, Claim
from ledger.domain.edtf import observed_bounds
from ledger.domain.owner import owns
from ledger.domain.question import Topic
from ledger.domain.rules.injury import FRACTURE, PARTS
from ledger.domain.source import HEARD
from ledger.domain.statement import COMPARED

if TYPE_CHECKING:
    from ledger.domain.facts import Facts

CAUSE: Final = "cause_opinion"
FITS: Final = "account_fits"
EXAMINED: Final = "examined"
#: What is read to tell whether an injury was examined.
OPINIONS: Final = (CAUSE, FITS, "medical_opinion", "fracture")
READ: Final = (*OPINIONS, EXAMINED, *PARTS)
_DEEP: Final = "examined"
_OWN: Final = frozenset({"seen", "measured", "judgement"})
_NOT_FAR: Final = frozenset({"not_examined", "not_undressed", "in_part"})


def is_examined(about: str, thing: str, when: Stretch, clinicians: str, facts: Facts) -> bool:
    """Whether this injury of this person was examined, as far as anybody with no interest says."""
    return any(examinations(about, thing, when, clinicians, facts))


def examinations(about: str, thing: str, when: Stretch, clinicians: str, facts: Facts) -> Iterator[Claim]:
    """What shows that this injury of this person was examined; the topics of `READ` about them must be named."""
    for attribute in READ:
        for claim in _on(about, thing, attribute, when, facts):
            if attribute == EXAMINED:
                is_one = claim.value not in _NOT_FAR and facts.source(claim).person is None
            elif attribute in OPINIONS:
                is_one = is_clinicians(claim, clinicians, facts) or is_of_an_x_ray(claim)
            else:
                is_one = claim.basis == "measured" or (claim.depth == _DEEP and claim.basis in _OWN)
            if is_one:
                yield claim


def is_of_an_x_ray(claim: Claim) -> bool:
    """Whether it says, and not only as somebody tells it, that a bone is broken: that takes a picture of it."""
    return claim.attribute == FRACTURE and claim.value == "present" and claim.basis != "told"


def _on(about: str, thing: str, attribute: str, when: Stretch, facts: Facts) -> Iterator[Claim]:
    """What counts on an attribute of this injury; of the person's body as a whole, from when the injury was noticed."""
    for claim in facts.claims(Topic(attribute, about)):
        on = facts.question_of(claim).thing
        is_of_body = attribute == EXAMINED and on is None and observed_bounds(claim.observed).end > when[0]
        if (on == thing or is_of_body) and claim.value is not None and claim.statement in COMPARED:
            yield claim


def is_clinicians(claim: Claim, clinicians: str, facts: Facts) -> bool:
    """Whether a claim is the word of an agency or an author of these kinds, or of a contact that went deep enough.

    What another agency passes on of a clinician's opinion is the clinician's.
    """
    return (claim.basis not in HEARD and claim.depth == _DEEP) or is_word_of(clinicians, claim, facts)


def is_word_of(offices: str, claim: Claim, facts: Facts) -> bool:
    """Whether a claim is the own word of an agency or an author of these kinds, or passes on one that they gave."""
    if claim.basis not in HEARD:
        return owns(offices, facts.agency_kind(claim.agency) or claim.agency, claim.office)
    informant = claim.informant or ""
    if informant.startswith(OFFICE_PREFIX):
        agency, _, role = informant.removeprefix(OFFICE_PREFIX).partition("/")
        return owns(offices, facts.agency_kind(agency), role)
    return not informant and owns(offices, facts.agency_kind(claim.heard_from or "") or claim.heard_from, None)
