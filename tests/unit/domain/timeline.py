"""Timelines in short lines, and what is held and found on them.

A word is written ``agency observed basis value [valid]``; a told one names who told it (``told:mother``), and an own
one may name the office (``seen@nurse``).
"""

from typing import Any

from ledger.domain.belief import Beliefs
from ledger.domain.conflict import Conflict, conflicts_in
from ledger.domain.event import claims_in
from ledger.domain.person import Links
from ledger.domain.statement import Statement, statements_of
from ledger.domain.vocabulary import Attribute
from tests.saying import presence_pack, says, steps

PRESENCE = presence_pack().attributes["presence"]


def word(text: str) -> dict[str, Any]:
    """The observation that one line of a timeline stands for."""
    agency, observed, by, value, *valid = text.split()
    basis, _, office = by.partition("@")
    basis, _, informant = basis.partition(":")
    more: dict[str, Any] = {"basis": basis}
    if informant:
        more["informant"] = informant
    if office:
        more["author"] = {"ref": office, "role": office}
    return says(agency, value, observed, *valid, **more)


def statements_in(*words: str, attribute: Attribute = PRESENCE) -> list[Statement]:
    """The statements that these words make, numbered from 1; every agency's name says what sort it is."""
    claims = [claim for step in steps(*map(word, words)) for claim in claims_in(step)]
    return statements_of(claims, attribute, Links(), {claim.agency: claim.agency for claim in claims})


def beliefs_of(*words: str, attribute: Attribute = PRESENCE) -> Beliefs:
    """What the agencies hold once all of these words are recorded."""
    return Beliefs(statements_in(*words, attribute=attribute))


def conflicts_of(*words: str, attribute: Attribute = PRESENCE) -> list[Conflict]:
    """What of it cannot all be so."""
    return conflicts_in(beliefs_of(*words, attribute=attribute), attribute)
