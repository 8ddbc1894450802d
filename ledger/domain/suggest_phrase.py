"""A phrase: words that say one thing in the vocabulary, and what they say when they are denied."""

import re
from dataclasses import dataclass
from typing import Any, Final, Literal

#: Who can be meant by a phrase.
Who = Literal["adult", "child", "anyone"]
#: For how long what it says is so: that day, from then on, or at an end.
When = Literal["on", "still"]
#: What is denied says nothing in the vocabulary.
NOTHING: Final = ""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words by a pattern, in whose group `value` may stand what is measured; what they say, and when they are denied.

    ``denied``: the value once denied; NOTHING where a denial says nothing. ``is_seen``: what a visitor sees for
    themself. ``whole``: the pattern speaks of its denial and its owner itself, so nothing before it is read as one.
    """

    attribute: str
    value: str
    pattern: re.Pattern[str]
    who: Who = "adult"
    when: When = "on"
    denied: str = NOTHING
    is_seen: bool = False
    whole: bool = False
    item: str | None = None
    counterpart: str | None = None
    thing: str | None = None


def phrase(attribute: str, value: str, words: str, who: Who = "adult", **more: Any) -> Phrase:
    """A phrase by its words: whole words, spaces in them are any space, and capitals make no difference."""
    pattern = re.compile(rf"\b(?:{_spaced(words)})(?!\w)", re.IGNORECASE)
    return Phrase(attribute, value, pattern, who, **more)


def _spaced(words: str) -> str:
    return re.sub(r" (?![?*+])", r"\\s+", words)
