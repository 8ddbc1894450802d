"""What an agency's word for somebody tells of them: "mother's partner", "paternal grandmother", "half-brother".

No statement asks for anybody's sex, and many a person is known only by what they are called. Of such a word are read
the part that it names, whose part that is, and the sex that it goes with; nothing is guessed from anybody's name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from ledger.domain.person import CHILD

Sex = Literal["female", "male"]
Part = Literal[
    "parent", "step_parent", "partner", "former_partner", "grandparent", "sibling", "half_sibling", "aunt_or_uncle",
    "cousin", "foster_carer", "adopter",
]  # fmt: skip

_WOMEN: Final = """
    mother mum mummy mam grandmother grandma granny gran nan nana nanny stepmother stepmum sister stepsister halfsister
    aunt auntie wife girlfriend fiancee daughter niece woman lady girl female godmother"""
_MEN: Final = """
    father dad daddy grandfather grandad granddad grandpa stepfather stepdad brother stepbrother halfbrother uncle
    husband boyfriend fiance son nephew man boy male godfather"""
_FEMALE: Final = frozenset(_WOMEN.split())
_MALE: Final = frozenset(_MEN.split())
#: The part that a word names: the first found, in this order, is taken.
_WORDS: Final[tuple[tuple[Part, str], ...]] = (
    ("foster_carer", "foster"),
    ("adopter", "adopter adoptive"),
    ("partner", "partner boyfriend girlfriend husband wife fiance fiancee spouse"),
    ("step_parent", "stepmother stepmum stepfather stepdad stepparent"),
    ("half_sibling", "halfbrother halfsister halfsibling"),
    (
        "grandparent",
        "grandmother grandma granny gran nan nana grandfather grandad granddad grandpa grandparent grandparents",
    ),
    ("aunt_or_uncle", "aunt auntie uncle"),
    ("cousin", "cousin"),
    ("sibling", "sibling siblings brother sister brothers sisters twin"),
    ("parent", "mother mum mummy mam father dad daddy parent"),
)
_PARTS: Final = tuple((part, frozenset(words.split())) for part, words in _WORDS)
_FORMER: Final = frozenset({"ex", "former", "estranged", "separated", "late"})
_OWNERS: Final = {"mother": "mother", "mum": "mother", "mam": "mother", "maternal": "mother", "father": "father",
                  "dad": "father", "paternal": "father", "child": CHILD, "baby": CHILD}  # fmt: skip
_WHOSE: Final = re.compile(r"(?P<owner>[a-z]+)(?:['’]s|s['’])\s+(?P<head>.+)")
_OF: Final = re.compile(r"(?P<head>.+?)\s+of\s+(?:the\s+|a\s+)?(?P<owner>[a-z]+)")
_JOINED: Final = re.compile(r"\b(half|step|grand)[- ](?=[a-z])")
_WORD: Final = re.compile(r"[a-z]+")
_SIDES: Final = frozenset({"maternal", "paternal"})
#: With no word but these somebody is called the parent of the child itself.
_BIRTH: Final = "birth biological natural putative alleged possible legal the"
_ONLY_PARENT: Final = _PARTS[-1][1] | set(_BIRTH.split())
#: By whose brother, mother or partner somebody is: what that makes them to the child.
_THROUGH_PARENT: Final[dict[Part, Part]] = {"parent": "grandparent", "sibling": "aunt_or_uncle"}


@dataclass(frozen=True, slots=True)
class RoleWord:
    """``part``: in the child's family, None where the word names none. ``through``: whose partner, or on whose side."""

    part: Part | None = None
    through: str | None = None
    sex: Sex | None = None


def role_word(text: str) -> RoleWord:
    """What a role as it was sent tells; nothing where it names no part."""
    whole = _JOINED.sub(r"\1", text.casefold().replace("_", " ").strip())
    match = _WHOSE.fullmatch(whole) or _OF.fullmatch(whole)
    owner, head = (match["owner"], match["head"]) if match else (None, whole)
    words = _WORD.findall(head)
    sex = _sex_of(words)
    part = next((part for part, names in _PARTS if names.intersection(words)), None)
    if part == "partner" and _FORMER.intersection(words):
        part = "former_partner"
    through = _OWNERS.get(owner) if owner else next((_OWNERS[one] for one in words if one in _SIDES), None)
    if part == "parent" and not _ONLY_PARENT.issuperset(words):
        part = None
    if part is None or (owner is not None and through is None):
        # Of a sibling's father, or of somebody whom the word does not place, the sex alone is told.
        return RoleWord(sex=sex)
    if through in ("mother", "father") and part in _THROUGH_PARENT and owner is not None:
        part = _THROUGH_PARENT[part]
    return RoleWord(part, None if through == CHILD else through, sex)


def _sex_of(words: list[str]) -> Sex | None:
    found: set[Sex] = {"female"} if _FEMALE.intersection(words) else set()
    found |= {"male"} if _MALE.intersection(words) else set()
    return found.pop() if len(found) == 1 else None
