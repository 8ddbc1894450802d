"""When the child was seen, by whom, and when somebody came and did not see it.

Seen is what a contact says that went so far (seen, seen alone, examined), was held, and at which, where it says who was
there, the child was; an agency's own word that it saw the child; and what it says of the child's body or ways by sight
or by measure. A doorstep, a call and what a carer tells are no sight of the child: like a visit that did not happen
they show that somebody tried.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.domain.act import CONTACT, fields_of
from ledger.domain.civil_day import Stretch
from ledger.domain.claim import Claim
from ledger.domain.edtf import observed_bounds
from ledger.domain.pattern import Pattern
from ledger.domain.person import CHILD
from ledger.domain.question import Topic
from ledger.domain.source import HEARD
from ledger.domain.statement import COMPARED

if TYPE_CHECKING:
    from ledger.domain.facts import Facts

SEEN: Final = "seen"
VISIT: Final = "visit_outcome"
#: What nobody can say by sight or by measure who did not see the child.
OF_THE_CHILD: Final = (
    "seen", "seen_alone", "presentation", "injury", "examined", "weight", "mobility", "behaviour", "own_account",
)  # fmt: skip
#: What is read of the child to tell when it was seen.
READ: Final = (CONTACT, VISIT, *OF_THE_CHILD)
_DEEP: Final = frozenset({"seen", "seen_alone", "examined"})
_SHALLOW: Final = frozenset({"doorstep", "remote"})
_NOT_HELD: Final = frozenset({"no_access", "refused", "cancelled", "not_brought"})
_BY_SIGHT: Final = frozenset({"seen", "measured"})
_VISIT_HELD: Final = frozenset({"held", "cancelled_by_service", "not_attempted"})


class Sighting(NamedTuple):
    """One time at which the child was seen, or was to be; ``at`` is the end of that day or moment."""

    at: datetime
    claim: Claim


def sightings(facts: Facts) -> list[Sighting]:
    """The times at which the child was seen, in order; the topics of `READ` about it must be named."""
    return facts.kept("sightings", CHILD, lambda: _sorted(_seen(facts)))


def attempts(facts: Facts) -> list[Sighting]:
    """The times at which somebody came, rang or waited and did not see the child, in order."""
    return facts.kept("attempts to see", CHILD, lambda: _sorted(_tried(facts)))


def stays(wanted: Iterable[Pattern], facts: Facts) -> Iterator[Stretch]:
    """The times for which it holds that the child is where these patterns say; their topics must be named."""
    for one in wanted:
        for question in facts.questions(one.topic(CHILD)):
            claims = {claim.ref: claim for claim in facts.claims_on(question)}
            for held in facts.beliefs(question).held:
                if held.statement.said.is_period and one.matches(claims[held.statement.ref], facts):
                    yield held.start, held.end


def _sorted(claims: Iterable[Claim]) -> list[Sighting]:
    found = (Sighting(observed_bounds(claim.observed).end, claim) for claim in claims)
    return sorted(found, key=lambda one: (one.at, one.claim.number, one.claim.index))


def _seen(facts: Facts) -> Iterator[Claim]:
    for claim in facts.claims(Topic(CONTACT, CHILD)):
        if is_sight(claim) and was_there(claim, facts):
            yield claim
    for attribute in OF_THE_CHILD:
        for claim in facts.claims(Topic(attribute, CHILD)):
            is_event = attribute in {"seen", "seen_alone"}
            is_own = claim.basis in _BY_SIGHT or (is_event and claim.basis not in HEARD)
            is_so = claim.value not in {"did_not_happen", "not_seen"} if is_event else claim.value is not None
            if is_own and is_so and claim.value and claim.depth not in _SHALLOW and claim.statement in COMPARED:
                yield claim


def is_sight(contact: Claim) -> bool:
    """Whether a contact went so far that whoever was there was seen."""
    return contact.depth in _DEEP and fields_of(contact).get("outcome") not in _NOT_HELD


def was_there(contact: Claim, facts: Facts) -> bool:
    """Whether the child was at a contact, as far as it says who was."""
    present = fields_of(contact).get("present")
    return present is None or any(facts.person(str(one), contact.agency) == CHILD for one in present)


def _tried(facts: Facts) -> Iterator[Claim]:
    for claim in facts.claims(Topic(CONTACT, CHILD)):
        if claim.depth in _SHALLOW or fields_of(claim).get("outcome") in _NOT_HELD:
            yield claim
    for claim in facts.claims(Topic(VISIT, CHILD)):
        if claim.value and claim.value not in _VISIT_HELD and claim.basis not in HEARD and claim.statement in COMPARED:
            yield claim
    for claim in facts.claims(Topic(SEEN, CHILD)):
        if claim.value in {"did_not_happen", "not_seen"} and claim.basis not in HEARD and claim.statement in COMPARED:
            yield claim
