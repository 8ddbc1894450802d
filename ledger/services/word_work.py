"""Work that agencies ask of one another in words: what it is, how it stands, and what taking it on comes to."""

from collections.abc import Mapping
from typing import Any, Final

from ledger.domain.work import SHOWN
from ledger.services.word_text import plain

STATE_WORDS: Final[Mapping[str, str]] = {
    "asked": "Asked, and not answered yet",
    "offered": "Offered, and not accepted yet",
    "acknowledged": "Acknowledged, and not accepted yet",
    "accepted": "Accepted",
    "declined": "Declined",
    "done": "Done",
    "lapsed": "Not accepted by its day",
}
assert frozenset(STATE_WORDS) == frozenset(SHOWN), "every state that is shown has its words"
_WHAT: Final[Mapping[str, str]] = {
    "referral": "Referral",
    "action": "Agreed action",
    "lead": "Hand-over of the lead",
    "work": "Hand-over of a piece of work",
    "record": "Hand-over of the record",
}
#: Of each thing that can be accepted what that comes to, said before it is.
_TAKING: Final[Mapping[str, str]] = {
    "referral": "Whoever accepts takes it on, and is accountable from then on.",
    "action": "Whoever accepts says that they do it, by its day.",
    "lead": (
        "Whoever accepts leads from that moment on: alerts about the child come to them, and who offered it is "
        "accountable no longer."
    ),
    "work": "Whoever accepts has this work from then on. Until then who offered it is accountable.",
    "record": (
        "Whoever accepts leads from that moment on, and all that who offered it still had to do is theirs. Where it is "
        "of another partnership, the record belongs there from then on."
    ),
}
#: What is asked of an agency for information, and what it answered.
ANSWER_WORDS: Final[Mapping[str, str]] = {
    "open": "Asked, and not answered yet",
    "answered": "Answered",
    "in_part": "Answered in part",
    "refused": "Refused",
    "nothing_held": "Nothing held",
}


def word_work(item: Mapping[str, Any]) -> dict[str, str]:
    """What an item is (`what`), how it stands (`state_words`) and what accepting it comes to (`taking`)."""
    sort = str(item["of"] if item["kind"] == "handover" else item["kind"])
    return {
        "what": _WHAT.get(sort, plain(sort).capitalize()),
        "state_words": STATE_WORDS[str(item["state"])],
        "taking": _TAKING.get(sort, ""),
    }
