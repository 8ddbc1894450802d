"""Small tools for sentences: a name from the vocabulary as ordinary words, a list as a sentence has it."""

from collections.abc import Sequence
from typing import Final

#: How much of somebody's own text stands in a headline, in characters.
SHOWN_MAX: Final = 80
#: Sorts of agencies that are written otherwise than by their words.
_KINDS: Final = {
    "childrens_social_care": "children’s social care",
    "gp": "GP practice",
    "camhs": "CAMHS",
    "cafcass": "Cafcass",
}


def capital(sentence: str) -> str:
    """A sentence with its first letter large."""
    return sentence[:1].upper() + sentence[1:]


def listed(words: Sequence[str], joiner: str = "and") -> str:
    """Words as a sentence lists them."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {joiner} {words[-1]}"


def plain(text: str) -> str:
    """A name from the vocabulary as ordinary words."""
    return text.replace("_", " ")


def shortened(text: str) -> str:
    """Text for a headline: of what is long, the first words."""
    whole = " ".join(text.split())
    return whole if len(whole) <= SHOWN_MAX else whole[:SHOWN_MAX].rsplit(" ", 1)[0] + " …"


def word_kind(kind: str) -> str:
    """A sort of agency, as people write it."""
    return _KINDS.get(kind, plain(kind))


def quoted(text: str) -> str:
    """What somebody wrote, as their own words, without its full stop."""
    return f"“{' '.join(text.split()).rstrip('.')}”"


def counted(number: int, one: str, many: str = "") -> str:
    """A number with what it counts: 1 hour, 2 hours."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
