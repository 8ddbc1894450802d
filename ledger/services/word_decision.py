"""Decisions in words: what one is called, whether it stands and why, and how what it rests on stands.

Nothing here says who is right; a decision that does not stand is made all the same, and says what it leaves open.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Literal

from ledger.domain.decision import STATED, Assumption
from ledger.domain.pack import Pack
from ledger.domain.pack_decisions import State
from ledger.services.word_text import capital, listed, plain

Standing = Literal["standing", "not_standing", "overridden"]
#: How something that a decision rests on may stand, the gravest first.
STATE_WORDS: Final[Mapping[State, str]] = {
    "contested": "something that is held speaks against it",
    "open": "something has begun, and nothing has come of it yet",
    "uncorroborated": "it rests on the word of one person with an interest",
    "unasked": "nobody who would know has been asked, or nobody has answered",
    "stale": "it was last said longer ago than such a word holds",
}
STANDING_WORDS: Final[Mapping[Standing, str]] = {
    "standing": "Made, and stands",
    "not_standing": "Made, not standing",
    "overridden": "Made, and stands by override",
}
#: The same of one that is only thought of.
PREVIEW_WORDS: Final[Mapping[Standing, str]] = {
    "standing": "Would stand",
    "not_standing": "Would not stand",
    "overridden": "Would stand by override",
}
NOT_WORKED_OUT: Final = "What this decision rests on could not be worked out. It is recorded; look again later."
#: Beside why what it rests on is not told.
RECORDED: Final = "The decision is recorded."
#: Beside why, where others hold something that the reader does not see.
NOT_WEIGHED: Final = "Others hold something that you do not see and that was not weighed here: ring them."
#: What is open where nothing has begun, but statements on one matter cannot all be so.
DISAGREED: Final = "what is said of it cannot all be so"
#: How many matters are named in one sentence.
_NAMED_MAX: Final = 4


def states_in(one: Assumption) -> list[State]:
    """What is wrong with something that a decision rests on, the gravest first."""
    return [state for state in STATE_WORDS if state in one.states]


def word_assumption(one: Assumption, meaning: str, *, is_disagreed: bool = False) -> str:
    """How it stands, in a sentence; ``is_disagreed``: it is open since agencies say what cannot all be so."""
    words = {**STATE_WORDS, "open": DISAGREED} if is_disagreed else STATE_WORDS
    found = [words[state] for state in states_in(one)]
    return f"{capital(meaning)}. {capital(listed(found))}." if found else f"{capital(meaning)}. It holds so far."


def word_why(standing: Standing, meanings: Sequence[str], *, is_by_pointer: bool) -> str:
    """Why a decision stands or does not; ``meanings`` of what is grave and open, ``is_by_pointer`` where also, or only,
    something that the reader does not see bears on it.
    """
    if standing == "standing":
        return "Nothing of weight is open against what it rests on, by what you may see."
    named = list(dict.fromkeys(map(inner, meanings)))
    more = f", and {len(named) - _NAMED_MAX} more" if len(named) > _NAMED_MAX else ""
    told = [f"{'; '.join(named[:_NAMED_MAX])}{more}"] if named else []
    if is_by_pointer:
        told.append("something that others hold, and may be rung about")
    what = f"It rests on what is open or contested: {'; '.join(told)}."
    if standing == "overridden":
        return f"{what} Two people took it all the same, and said why."
    return f"{what} It does not stand until two people take it all the same, and say why."


def word_item(item: str, pack: Pack, stated: str) -> str:
    """What something is that a decision rests on, for the middle of a sentence; ``stated``: what it says itself."""
    if item == STATED:
        return stated
    known = pack.decisions.items.get(item)
    return known.meaning.rstrip(".") if known is not None else plain(item)


def inner(sentence: str) -> str:
    """A sentence for the middle of another, without its full stop."""
    return (sentence[:1].lower() + sentence[1:]).rstrip(".")


def word_decided(agency: str, kind: str, to: str = "") -> str:
    """Who decided what."""
    return f"{agency} decided: {plain(kind)}" + (f" to {plain(to)}" if to else "")


def grave_in(found: Iterable[Assumption]) -> list[Assumption]:
    """Those for which a decision does not stand."""
    return [one for one in found if one.grave]
