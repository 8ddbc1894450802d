"""What is not known, in words: in what way, who tried to find out, and who is asked next.

A refusal is nobody's fault in these words, and not knowing is said for what it is: each way of not knowing differently.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from ledger.domain.gap import MISSING, State
from ledger.services.word_awaited import word_due
from ledger.services.word_text import capital, listed, word_kind

_HEADLINES: Final[Mapping[State, str]] = {
    "missing": "nobody has recorded {what}",
    "stale": "nobody has confirmed {what} for too long",
    "unknown": "{what} is not known to whoever looked or asked",
    "not_asked": "nobody asked about {what}",
    "declined": "{what}: whoever was asked declined to say",
    "evaded": "{what}: the question was asked and evaded",
}
_MEANINGS: Final[Mapping[State, str]] = {
    "missing": "Nothing is recorded that answers this, by anybody.",
    "stale": "It was known, and nobody has said it anew for longer than such a word holds.",
    "unknown": "Somebody looked or asked, and does not know.",
    "not_asked": "By what is recorded, it was not asked.",
    "declined": "Whoever was asked would not say. It is asked again later, or in another way.",
    "evaded": "Whoever was asked spoke of something else. It is asked again later, or in another way.",
}
_RESULTS: Final[Mapping[State, str]] = {
    "missing": "found nothing",
    "stale": "found nothing newer",
    "unknown": "not known",
    "not_asked": "not asked",
    "declined": "declined to say",
    "evaded": "the question was evaded",
}


def word_gap(state: State, what: str, agency: str, due: datetime | None, *, is_lapsed: bool) -> str:
    """The headline: ``what`` is not known, in what way, and who is asked, where it has come to an enquiry."""
    said = _HEADLINES[state].format(what=what)
    if due is None:
        return said
    if not agency:
        return f"{said}, and no other agency is left to ask"
    if is_lapsed:
        return f"{said}; {agency} was to find out by {word_due(due)}, and nothing has come"
    return f"{said}; {agency} is asked to find out by {word_due(due)}"


def word_way(state: State) -> str:
    """In what way it is not known, as a sentence."""
    return _MEANINGS[state]


def word_attempt(agency: str, state: State, whom: str | None, observed: str, how: str) -> str:
    """One attempt: who tried, of whom, when and how, and what came of it."""
    tried = f"{agency} asked {whom}" if whom else agency
    return f"{tried}, {observed} ({how}): {_RESULTS[state]}"


def word_asks(kinds: frozenset[str]) -> str:
    """Who can find it out at their next contact."""
    if not kinds:
        return "Any agency, at its next contact"
    return f"{capital(listed(sorted(map(word_kind, kinds)), 'or'))}, at the next contact"


def word_find_out(state: State, agency: str, due: datetime | None, *, is_lapsed: bool) -> str:
    """One line on what to do now."""
    if due is not None and not agency:
        return "Decide with your manager how it can be found out, and by whom: nobody is left who has not tried."
    if due is not None and is_lapsed:
        return f"Ring {agency} about the enquiry, and agree by when there is an answer."
    if due is not None:
        return f"{agency} is asked to find out. Ask at your own next contact too, if it can be asked safely."
    if state in {"declined", "evaded"}:
        return "Ask again at the next contact: another person, another time, or other words."
    return "Ask at the next contact." if state != MISSING else "Find out at the next contact, and record the answer."
