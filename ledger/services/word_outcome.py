"""What each outcome of a finding means, and why a finding closed, in words for whoever chooses one or reads of it."""

from collections.abc import Mapping
from typing import Final

from ledger.domain.outcome import BELIEFS_AGREE, MERGED, OUTCOMES, REFRESHED
from ledger.services.word_text import plain

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

#: What has not followed, is not known or is to be read together: outcomes that fit, in words of their own.
_FOLLOWING: Final[Mapping[str, tuple[str, str]]] = {
    "known_and_assessed": OUTCOME_WORDS["known_and_assessed"],
    "corrected_by_author": (
        "Put right in the record",
        "It had been done, or was known, and whoever was to record it has done so now.",
    ),
    "agreed_to_differ": (
        "Agreed otherwise",
        "The agencies have spoken with each other, and agreed on something else in its place.",
    ),
    "explained_by_change": (
        "Overtaken by a change",
        "What asked for it has changed since, and it is not needed any more.",
    ),
    "not_a_contradiction": (
        "Not needed here",
        "It does not apply to this child: it should not have been raised.",
    ),
}
_FOLLOW_UPS: Final = frozenset({"gap", "expectation", "pattern"})

_CLOSED: Final[Mapping[str, str]] = {
    BELIEFS_AGREE: "What the agencies hold can all be so again.",
    REFRESHED: "Somebody has said it anew.",
    MERGED: "It is one with another finding, since two people or things were recorded as one.",
    "no_longer_stands": "What it rested on no longer stands.",
    "corroborated": "Somebody else has borne it out, or it is no longer held.",
    "answered": "It has been answered.",
    "now_held": "Whoever lacked it holds it now.",
    "concluded": "What came of it is recorded.",
    "came_to_pass": "What was to follow is recorded, or is awaited no longer.",
    "corrected": "Its author has put it right.",
    "passed_on": "It has been passed on.",
    "received": "It is recorded as received.",
    "judged_again": "It has been judged anew.",
    "no_longer_said": "It is no longer said.",
    "check_ran": "The check runs again.",
    "reviewed": "It has been reviewed.",
}


def outcomes_for(kind: str | None) -> Mapping[str, tuple[str, str]]:
    """The outcomes to choose from for a finding of this kind, in the words that fit it; all where it is not known."""
    return _FOLLOWING if kind in _FOLLOW_UPS else OUTCOME_WORDS


def word_closing(why: str, kind: str | None = None) -> str:
    """Why a finding of this kind closed, as a sentence."""
    if why in OUTCOME_WORDS:
        title, meaning = outcomes_for(kind).get(why, OUTCOME_WORDS[why])
        return f"{title}. {meaning}"
    return _CLOSED.get(why) or f"{plain(why).capitalize()}."
