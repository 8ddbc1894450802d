"""Whose fact it is: the school's that a child is enrolled, the court's that an order was made.

A pack names the owner of an attribute by what sort of agency it is or what office its author holds, several with
commas between them: ``radiology, radiologist``. An owner's newer word ends its older one, however either is known.
"""

from __future__ import annotations

import re
from functools import lru_cache

_WORDS = re.compile(r"[^\W_]+")


@lru_cache(maxsize=1024)
def owns(owner: str | None, kind: str | None, office: str | None = None) -> bool:
    """Whether an agency of this kind, or an author of this office, is the owner that an attribute names.

    By the words that end the name, however they are written: a primary school is a school, a consultant radiologist a
    radiologist; a school nurse is no school.
    """
    if owner is None:
        return False
    names = [words_of(name) for name in (kind, office) if name]
    owners = [words for part in owner.split(",") if (words := words_of(part))]
    return any(name[-len(words) :] == words for name in names for words in owners)


def words_of(text: str) -> tuple[str, ...]:
    """The words of a name, whatever stands between them and however they are capitalised."""
    return tuple(_WORDS.findall(text.casefold()))
