"""What each outcome of a finding means, and why a finding closed, in words for whoever chooses one or reads of it."""

from collections.abc import Mapping
from typing import Final

from ledger.domain.outcome import BELIEFS_AGREE, MERGED, OUTCOMES, REFRESHED
from ledger.services.word_claim import plain

#: For each outcome a title, and what it says.
OUTCOME_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "explained_by_change": (
        "Explained by a change",
        "Each was so at its time: something changed in between.",
    ),
    "explained_by_identity": (
        "Explained by who is meant",
        "They are about different people, or one person goes under two names. Have that recorded as well.",
    ),
    "corrected_by_author": (
        "Corrected by its author",
        "One of them was wrong, and whoever recorded it has put it right in their own record.",
    ),
    "settled_by_finding": (
        "Settled by a court’s or an expert’s finding",
        "A court or an expert has answered it, and everybody goes by that answer.",
    ),
    "known_and_assessed": (
        "Known and assessed",
        "It stands. Those who work with the child know of it, and what it means for the child has been assessed.",
    ),
    "agreed_to_differ": (
        "Agreed to differ",
        "The agencies have spoken with each other, and each keeps to what it holds.",
    ),
    "not_a_contradiction": (
        "Not a contradiction",
        "All of it can be so as it stands: it should not have been raised.",
    ),
}
assert tuple(OUTCOME_WORDS) == OUTCOMES, "every outcome has its words"

_CLOSED: Final[Mapping[str, str]] = {
    BELIEFS_AGREE: "What the agencies hold can all be so again.",
    REFRESHED: "Somebody has said it anew.",
    MERGED: "It is one with another finding, since two people or things were recorded as one.",
    "no_longer_stands": "What it rested on no longer stands.",
    "corroborated": "Somebody else has borne it out, or it is no longer held.",
    "answered": "Somebody has looked deep enough to answer it.",
    "now_held": "Whoever lacked it holds it now.",
    "concluded": "What came of it is recorded.",
    "corrected": "Its author has put it right.",
    "passed_on": "It has been passed on.",
    "received": "It is recorded as received.",
    "judged_again": "It has been judged anew.",
    "no_longer_said": "It is no longer said.",
    "check_ran": "The check runs again.",
}


def word_closing(why: str) -> str:
    """Why a finding closed, as a sentence."""
    if why in OUTCOME_WORDS:
        title, meaning = OUTCOME_WORDS[why]
        return f"{title}. {meaning}"
    return _CLOSED.get(why) or f"{plain(why).capitalize()}."
