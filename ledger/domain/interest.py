"""Who has an interest in being believed about a child, or about an adult in the child's life.

An interested word is not a false one: it is one that should not stand alone. Interested are whoever a statement is
about; the parents and whoever cares for the child; partners and kin of either. Somebody of whom no agency has said who
they are is not taken to have an interest, and does not bear anybody out either. Neighbours, friends of the child,
professionals and callers without a name have none.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal

from ledger.domain.claim import ANONYMOUS, OFFICE_PREFIX, Claim
from ledger.domain.owner import owns
from ledger.domain.person import CHILD

if TYPE_CHECKING:
    from ledger.domain.facts import Facts
    from ledger.domain.vocabulary import Attribute

_OWN: Final = frozenset({"seen", "measured"})

Standing = Literal["interested", "free", "unknown"]

#: Words of a role that make a person a parent, a carer, a partner, or kin of one of them.
_INTERESTED: Final = re.compile(
    r"\b(?:mother|father|mum|dad|parent|carer|guardian|childminder|partner|ex-?partner|boyfriend|girlfriend|husband|wife|"
    r"spouse|fianc[eé]e?|lodger|(?:step|grand|great-?grand|foster|adoptive)[ -]?(?:mother|father|parents?|mum|dad)|"
    r"gran|granny|grandma|grandad|grandpa|nan|nana|aunt|auntie|uncle|cousin|relative|family|household|in-law|"
    r"[mp]g[mf]|adopter|prospective adopter)s?\b",
    re.IGNORECASE,
)
_FREE: Final = re.compile(
    r"\b(?:neighbou?r|teacher|nurse|doctor|worker|officer|midwife|visitor|witness|landlord|caller|passer-?by|stranger|"
    r"coach|employer|colleague|professional|school ?friend|friend of (?:the )?(?:child|sibling))s?\b",
    re.IGNORECASE,
)


def standing(claim: Claim, facts: Facts) -> Standing:
    """How whoever speaks in a claim stands to what it says. The topic of all people must have been named."""
    source = facts.source(claim)
    if source.is_own:
        return "free"
    if source.person is None:
        # A professional, and a caller without a name, gain nothing; an agency whose source is not said is hearsay.
        return "free" if source.key.startswith((OFFICE_PREFIX, ANONYMOUS)) else "unknown"
    if source.person == CHILD:
        return _of_child(claim, facts)
    return standing_of(source.person, facts.person(claim.about, claim.agency), facts)


def standing_in(claim: Claim, facts: Facts) -> Standing:
    """The same, worked out once of all claims that are told by one person of another."""
    told_by = (claim.agency, claim.informant, claim.about, claim.in_earshot, claim.basis, claim.heard_from)
    return facts.once(("standing", told_by), lambda: standing(claim, facts))


def bears_out(claim: Claim, attribute: Attribute, facts: Facts) -> bool:
    """Whether this word is one that may stand on its own: it bears out another that says no more."""
    if claim.basis in _OWN:
        return True
    if owns(attribute.owner, facts.agency_kind(claim.agency), claim.office):
        return claim.basis not in {"told", "agency"}
    return claim.basis == "told" and standing_in(claim, facts) == "free"


def standing_of(person: str, about: str, facts: Facts) -> Standing:
    """How a person stands to what is said of another."""
    if person == about:
        return "interested"
    words = [*facts.roles(person), *(key.rpartition("/")[2].replace("_", " ") for key in facts.people.keys_of(person))]
    if any(_FREE.search(word) for word in words):
        return "free"
    return "interested" if any(_INTERESTED.search(word) for word in words) else "unknown"


def _of_child(claim: Claim, facts: Facts) -> Standing:
    """A child speaks freely where nobody with an interest could hear it."""
    for ref in claim.in_earshot or ():
        person = facts.person(ref, claim.agency)
        if person != CHILD and standing_of(person, CHILD, facts) == "interested":
            return "unknown"
    return "free"
