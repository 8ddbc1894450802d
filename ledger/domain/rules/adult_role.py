"""Whether two people of a record may be one man, or one woman, by the roles that agencies gave them.

Most agencies that meet a man whom they do not know write down what he is presented as: a friend, a visitor, a partner.
Such a word leaves open who he is; a grandfather, a neighbour or a social worker is somebody plain. A father and a
partner are two men until somebody shows that they are one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from ledger.domain.person import CHILD

if TYPE_CHECKING:
    from ledger.domain.facts import Facts


class Part(StrEnum):
    """What a person's roles say of the part that they play."""

    UNSAID = "unsaid"
    OPEN = "open"
    PARTNER = "partner"
    FATHER = "father"
    MOTHER = "mother"
    KIN = "kin"
    PLAIN = "plain"


_PARTNER: Final = re.compile(
    r"\b(?:partner|boyfriend|girlfriend|husband|wife|spouse|fianc[eé]e?|step-?(?:father|dad|mother|mum|parent))\b"
)
_FATHER: Final = re.compile(r"\b(?:father|dad|daddy)\b")
_MOTHER: Final = re.compile(r"\b(?:mother|mum|mummy)\b")
_OPEN: Final = re.compile(
    r"\b(?:man|male|men|guy|bloke|gentleman|adult|person|someone|somebody|friend|visitor|lodger|acquaintance|caller|"
    r"unknown|unnamed|unidentified|not named|presented as|introduced as|household member)\b"
)
#: Who is said to be whose relative, or does a job, is somebody plain whatever else is said.
_PLAIN: Final = re.compile(
    r"\b(?:(?:great-?)?grand(?:father|mother|parent|dad|ma|pa|ad|an)?|gran|granny|nan|nana|[mp]g[mf]|brother|sister|"
    r"sibling|half-?(?:brother|sister|sibling)|uncle|aunt|auntie|cousin|nephew|niece|son|daughter|neighbou?r|landlord|"
    r"nurse|doctor|worker|officer|midwife|teacher|health visitor|professional|carer|childminder|adopter|"
    r"foster|baby|child|infant|pupil|school ?friend|in-law)s?\b"
)
#: Of those, who may live in the home or have the child as an adult of the family.
_KIN: Final = re.compile(
    r"\b(?:(?:great-?)*grand-?(?:father|mother|parent|dad|ma|pa|ad|an)|gran|granny|nan|nana|[mp]g[mf]|uncle|aunt|auntie|"
    r"cousin|in-law)s?\b"
)
#: A parent's own brother, sister or parent: to the child an uncle, an aunt or a grandparent.
_PARENTS_KIN: Final = re.compile(
    r"\b(?:mother|father|mum|dad|parent|partner)(?:['’]s|s['’]?) (?:\w+ )?"
    r"(?:brother|sister|mother|father|mum|dad|parent)s?\b|"
    r"\b(?:brother|sister) (?:of|to) (?:the |her |his )?(?:mother|father|mum|dad|partner)\b"
)
_SERVES: Final = re.compile(
    r"\b(?:nurse|doctor|worker|officer|midwife|teacher|health visitor|professional|carer|child)s?\b"
)
#: Whose they are says nothing of what they are: the mother's partner is no mother.
_WHOSE: Final = re.compile(
    r"\b(?:mother|father|mum|dad|child|baby|sibling|sister|brother|family|parent)s?['’]s?\b|"
    r"\b(?:of|to|for) (?:the |a |her |his )?(?:mother|father|mum|dad|child|baby|family|parents?|siblings?|household)\b"
)
_FEMALE: Final = re.compile(r"\b(?:woman|women|female|lady|girl|girlfriend|wife|mother|mum|she|her|sister|aunt)\b")
_MALE: Final = re.compile(
    r"\b(?:man|men|male|guy|bloke|gentleman|boyfriend|husband|father|dad|he|his|him|brother|uncle)\b"
)


def part_of(person: str, facts: Facts) -> Part:
    """What part a resolved person plays by the roles declared."""
    return facts.kept("part", person, lambda: _part_of(person, facts))


def _part_of(person: str, facts: Facts) -> Part:
    words = [*_words_of(person, facts)]
    if any(_PARENTS_KIN.search(one.replace("_", " ")) for one in facts.roles(person)):
        return Part.KIN
    if any(_PLAIN.search(one) for one in words):
        is_kin = any(_KIN.search(one) for one in words) and not any(_SERVES.search(one) for one in words)
        return Part.KIN if is_kin else Part.PLAIN
    for pattern, part in ((_MOTHER, Part.MOTHER), (_FATHER, Part.FATHER), (_PARTNER, Part.PARTNER)):
        if any(pattern.search(one) and not _is_step(pattern, one) for one in words):
            return part
    if not words:
        return Part.UNSAID
    return Part.OPEN if any(_OPEN.search(one) for one in words) else Part.PLAIN


def may_be_one(one: str, other: str, facts: Facts) -> bool:
    """Whether nothing in what is said of their roles tells two people apart."""
    parts = {part_of(one, facts), part_of(other, facts)}
    if parts & {Part.PLAIN, Part.KIN} or parts >= {Part.FATHER, Part.PARTNER} or Part.MOTHER in parts:
        return False
    return not _are_of_two_sexes(one, other, facts)


def _is_step(pattern: re.Pattern[str], word: str) -> bool:
    """A step-father is a partner of the mother, and said to be no father."""
    return pattern is not _PARTNER and _PARTNER.search(word) is not None


def _words_of(person: str, facts: Facts) -> Iterable[str]:
    if person == CHILD:
        return ["child"]
    own = (key.rpartition("/")[2].replace("_", " ").casefold() for key in sorted(facts.people.keys_of(person)))
    words = sorted(facts.roles(person)) or [one for one in own if _is_telling(one)]
    return [_WHOSE.sub(" ", one.replace("_", " ")) for one in words]


def _is_telling(own: str) -> bool:
    """Whether an agency's own reference is a word for a part, and not a name or a number of its files."""
    return any(pattern.search(own) for pattern in (_PLAIN, _MOTHER, _FATHER, _PARTNER, _OPEN))


def _are_of_two_sexes(one: str, other: str, facts: Facts) -> bool:
    said = [
        facts.kept("words", person, lambda: " ".join([*_words_of(person, facts), *_described(person, facts)]))  # noqa: B023
        for person in (one, other)
    ]
    female, male = ([bool(pattern.search(text)) for text in said] for pattern in (_FEMALE, _MALE))
    return any(female[at] and not male[at] and male[1 - at] and not female[1 - at] for at in (0, 1))


def _described(person: str, facts: Facts) -> Iterable[str]:
    """How agencies describe a person; the topic of all ``entry:person`` must have been named."""
    return [one["description"].casefold() for _, one in facts.introductions(person) if one.get("description")]
