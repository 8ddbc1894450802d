"""Small tools for sentences: a name from the vocabulary as ordinary words, a list as a sentence has it."""

import json
import re
from collections.abc import Sequence
from typing import Any, Final

#: How much of somebody's own text stands in a headline, in characters.
SHOWN_MAX: Final = 80
#: Sorts of agencies that are written otherwise than by their words.
_KINDS: Final = {
    "childrens_social_care": "children’s social care",
    "gp": "GP practice",
    "camhs": "CAMHS",
    "cafcass": "Cafcass",
}

#: What steers a terminal or a page and is not seen: control characters but for line ends and tabs, and what overrides
#: or isolates the direction in which text runs (UAX 9), ends lines or paragraphs, or is a tag.
_STEERS: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]|\r(?!\n)"
)


def visible(text: str) -> str:
    """Text in which nothing steers what shows it: each character that would is written as its Unicode number."""
    return _STEERS.sub(lambda found: f"[U+{ord(found[0]):04X}]", text)


def all_visible(told: Any) -> Any:
    """The same of every text within mappings and lists."""
    if isinstance(told, str):
        return visible(told)
    if isinstance(told, dict):
        return {name: all_visible(value) for name, value in told.items()}
    return [all_visible(value) for value in told] if isinstance(told, list | tuple) else told


def visible_json(text: str) -> str:
    """JSON in which such characters, which may stand in its strings alone, are escaped: it says the same."""
    return _STEERS.sub(lambda found: json.dumps(found[0])[1:-1], text)


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
