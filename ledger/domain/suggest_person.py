"""Who is meant in a narrative: the words by which it names people, and whom its pronouns stand for.

A name stands for one person only where the record knows whose it is; a part (`mum's partner`) stands for whom the
record has in that part, else for somebody new. A pronoun stands for who was last named and could be meant by it; where
none could be, nobody is guessed.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from ledger.domain.person import CHILD
from ledger.domain.suggest_text import Span

Sex = Literal["m", "f", "?"]
#: Of somebody whom the record does not know: the part that the words give follows.
NEW: Final = "new:"


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody whom the record knows: how to refer to them, by which names and in which parts."""

    ref: str
    names: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Meant:
    """Somebody named: by what words, where, and whether these are a pronoun or say only whose something is."""

    ref: str
    span: Span
    sex: Sex = "?"
    is_pronoun: bool = False
    is_owner: bool = False


_PARTS: Final[Sequence[tuple[str, str, Sex]]] = (
    (r"(?:mum|mam|mom|mummy|mother)'?s?'?s (?:new |current |ex[- ]?|former )?(?:partner|boyfriend|fianc[eé]|fella)",
     NEW + "mother's partner", "m"),
    (r"(?:her|the) (?:new |current |ex[- ]?|former )?(?:boyfriend|fianc[eé]|fella)", NEW + "mother's partner", "m"),
    (r"(?:dad|daddy|father)'?s (?:new |current |ex[- ]?|former )?(?:partner|girlfriend|fianc[eé]e)",
     NEW + "father's partner", "f"),
    (r"(?:his|the) (?:new |current |ex[- ]?|former )?(?:girlfriend|fianc[eé]e)", NEW + "father's partner", "f"),
    (r"step[- ]?(?:dad|father)", NEW + "step-father", "m"),
    (r"step[- ]?(?:mum|mother)", NEW + "step-mother", "f"),
    (r"(?:foster|adoptive) (?:carers?|parents?|mother|mum|father|dad)", NEW + "foster carer", "?"),
    (r"(?:maternal |paternal )?(?:grand(?:mother|ma|mum)|gran|granny|nan|nana|nanny|nanna)", NEW + "grandmother", "f"),
    (r"(?:maternal |paternal )?(?:grand(?:father|dad|pa|ad)|grandad|granddad|gramps)", NEW + "grandfather", "m"),
    (r"(?:maternal |paternal )?grandparents", NEW + "grandparents", "?"),
    (r"aunt(?:ie|y)?", NEW + "aunt", "f"),
    (r"uncle", NEW + "uncle", "m"),
    (r"(?:older |younger |elder |big |little |half[- ])?(?:brother|step[- ]?brother)", NEW + "brother", "m"),
    (r"(?:older |younger |elder |big |little |half[- ])?(?:sister|step[- ]?sister)", NEW + "sister", "f"),
    (r"(?:older |younger )?siblings?", NEW + "sibling", "?"),
    (r"cousin", NEW + "cousin", "?"),
    (r"neighbours?", NEW + "neighbour", "?"),
    (r"lodger", NEW + "lodger", "m"),
    (r"(?:family )?friend", NEW + "friend", "?"),
    (r"baby'?s? ?sitter|childminder", NEW + "childminder", "?"),
    (r"(?:an?|the|another|some|unknown|adult|older)\s(?:adult |unknown |older |young |new )*(?:man|male)", NEW + "man",
     "m"),
    (r"partner", NEW + "mother's partner", "m"),
    (r"mum|mam|mom|mummy|mammy|mother|birth mother|MOC", "mother", "f"),
    (r"dad|daddy|father|birth father|FOC", "father", "m"),
    (r"baby|infant|newborn|toddler|child|pupil|little (?:boy|girl|one)|bairn|bub", CHILD, "?"),
)  # fmt: skip
_WORDS: Final = [
    (re.compile(rf"\b(?:{pattern})\b(?P<owner>'s)?", re.IGNORECASE), ref, sex) for pattern, ref, sex in _PARTS
]
_PRONOUNS: Final = re.compile(r"\b(?:(he|him|himself)|(his)|(she|herself)|(her|hers))\b", re.IGNORECASE)
#: An owner: "her arm", and not "saw her".
_OWNED: Final = re.compile(
    r"\s+(?!(?:at|in|on|to|and|or|with|for|that|not|if|about|as|by|when|but)\b)[a-z]", re.IGNORECASE
)
_SEXES: Final[dict[str, Sex]] = {"father": "m", "mother": "f"}


class People:
    """Everybody whom a narrative names, in its order; made once for each narrative."""

    def __init__(self, text: str, known: Iterable[Known] = ()) -> None:
        named = [*_by_name(text, known), *_by_part(text, known)]
        self.named = _apart(named)
        self.all = sorted([*self.named, *self._pronouns(text)], key=lambda one: one.span)

    def within(self, start: int, end: int) -> list[Meant]:
        """Those who are named between two positions."""
        return [one for one in self.all if start <= one.span.start and one.span.end <= end]

    def before(self, position: int, *, child: bool, adult: bool) -> Meant | None:
        """Who was last named before a position, of those who may be meant."""
        found = (one for one in reversed(self.named) if one.span.end <= position and not one.is_owner)
        return next((one for one in found if (child if one.ref == CHILD else adult)), None)

    def _pronouns(self, text: str) -> list[Meant]:
        found = []
        for match in _PRONOUNS.finditer(text):
            sex: Sex = "m" if match[1] or match[2] else "f"
            owns = bool(match[2]) or bool(match[4] and match[4].lower() == "her" and _OWNED.match(text, match.end()))
            span = Span(*match.span())
            if any(one.span.start <= span.start < one.span.end for one in self.named):
                continue
            ref = self._stands_for(span.start, sex)
            if ref is not None:
                found.append(Meant(ref, span, sex, is_pronoun=True, is_owner=owns))
        return found

    def _stands_for(self, position: int, sex: Sex) -> str | None:
        """Who was last named before it and is of that sex, or may be: a grown-up who is, before a child who may be."""
        earlier = [one for one in self.named if one.span.end <= position and one.sex in (sex, "?")]
        return earlier[-1].ref if earlier else None


def _by_name(text: str, known: Iterable[Known]) -> list[Meant]:
    found: list[Meant] = []
    for person in known:
        sex: Sex = next((_sex_of(part) for part in (person.ref, *person.parts) if _sex_of(part) != "?"), "?")
        names = {name for whole in person.names for name in (whole, whole.split()[0] if whole.split() else "")}
        for name in names:
            if len(name) < 2 or not name[0].isupper():
                continue
            found += [
                Meant(person.ref, Span(*match.span()), sex, is_owner=bool(match["owner"]))
                for match in re.finditer(rf"\b{re.escape(name)}\b(?P<owner>'s)?", text)
            ]
    return found


def _by_part(text: str, known: Iterable[Known]) -> list[Meant]:
    by_part = {_plain(part): person.ref for person in known for part in person.parts}
    return [
        Meant(by_part.get(_plain(ref.removeprefix(NEW)), ref), Span(*match.span()), sex, is_owner=bool(match["owner"]))
        for pattern, ref, sex in _WORDS
        for match in pattern.finditer(text)
    ]


def _apart(named: Iterable[Meant]) -> list[Meant]:
    """Of words that overlap the longest."""
    kept: list[Meant] = []
    for one in sorted(named, key=lambda one: (one.span.start, -one.span.end)):
        if not kept or one.span.start >= kept[-1].span.end:
            kept.append(one)
    return kept


def _sex_of(part: str) -> Sex:
    if part in _SEXES:
        return _SEXES[part]
    plain = _plain(part)
    return next((sex for _, ref, sex in _PARTS if _plain(ref.removeprefix(NEW)) == plain), "?")


def _plain(part: str) -> str:
    return part.replace("’", "'").replace("_", " ").replace("-", " ").casefold().strip()
