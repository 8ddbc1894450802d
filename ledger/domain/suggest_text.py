"""A narrative as plain rules read it: its sentences and their clauses, each by where it stands.

Positions are those of the text as it was written: what stands for another sign here is as long as that sign.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

#: A longer text is read as far as this.
CHARS_MAX: Final = 20_000
#: What goes on for longer is read in pieces: what a rule looks through is a sentence, once for each phrase in it.
SENTENCE_CHARS_MAX: Final = 1_000
_SAME_LENGTH: Final = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\u00a0": " "})
#: A full stop ends no sentence after these, nor between the digits of a number.
_SHORT: Final = r"(?<!\bDr)(?<!\bMr)(?<!\bMs)(?<!\bMrs)(?<!\bSt)(?<!\be\.g)(?<!\bi\.e)(?<!\bapprox)(?<!\bwks)"
_SENTENCE: Final = re.compile(rf"{_SHORT}[.!?]+[\"')]*(?=\s|\Z)|\n+|;|\Z")
#: Where one clause of a sentence ends and what was said of it no longer holds for what follows.
_CLAUSE: Final = re.compile(
    r",?\s+(?:but|although|though|however|whereas|while|except that|apart from|because|so that|and then|then)\s+"
    r"|,?\s+and\s+(?=(?:that\s+)?(?:I|he|she|they|we|mum|mummy|mam|mother|dad|daddy|father|baby|partner|"
    r"the\s+\w+|his\s+\w+|her\s+\w+|there)\b)"
    r"|,\s+(?=(?:I|he|she|they|we|mum|mother|mam|dad|father|baby|there|where|which|who)\b)"
    r"|\s+-\s+|:\s+",
    re.IGNORECASE,
)


class Span(NamedTuple):
    """From where to where, as positions in the text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause: where it stands, and the sentence that it is part of."""

    span: Span
    sentence: Span


def legible(narrative: str) -> str:
    """The narrative with typographic signs as plain ones, position for position."""
    return narrative[:CHARS_MAX].translate(_SAME_LENGTH)


def sentences_in(text: str) -> Iterator[Span]:
    """The sentences, without the space around them; one that is too long in pieces of whole words."""
    start = 0
    for end in _SENTENCE.finditer(text):
        while end.end() - start > SENTENCE_CHARS_MAX:
            last = start + SENTENCE_CHARS_MAX
            cut = max(text.rfind(" ", start + 1, last), text.rfind("\t", start + 1, last))
            cut = last if cut < 0 else cut
            if (found := _trimmed(text, start, cut)) is not None:
                yield found
            start = cut
        if (found := _trimmed(text, start, end.end())) is not None:
            yield found
        start = end.end()


def clauses_in(text: str, sentence: Span) -> Iterator[Clause]:
    """The clauses of a sentence."""
    start = sentence.start
    for end in _CLAUSE.finditer(text, sentence.start, sentence.end):
        if (found := _trimmed(text, start, end.start())) is not None:
            yield Clause(found, sentence)
        start = end.end()
    if (found := _trimmed(text, start, sentence.end)) is not None:
        yield Clause(found, sentence)


def _trimmed(text: str, start: int, end: int) -> Span | None:
    piece = text[start:end]
    left = start + len(piece) - len(piece.lstrip())
    right = start + len(piece.rstrip())
    return Span(left, right) if left < right else None
