"""What stands around a phrase and changes what it says: denial, doubt, the past, a plan, a question, somebody's word.

Each is told by the words in which it was read, so that whoever confirms a suggestion sees why it says what it says.
"""

import re
from dataclasses import dataclass
from typing import Final

from ledger.domain.suggest_text import Clause, Span

#: So far before a phrase, in characters, a word may still deny it.
_REACH: Final = 90
_I: Final = re.IGNORECASE

_DENIES: Final = re.compile(
    r"\b(?:no longer|no(?! doubt| idea| sooner| change| problem| more than)|"
    r"not(?! only| just| sure| clear| certain| known| "
    r"long| far)|never|without|nil|neither|nor|none|nobody|cannot|den(?:y|ies|ied|"
    r"ying)|ruled out|free (?:of|from)|"
    r"nothing to suggest|negative for|refut(?:es|ed)|stopped|ceased|has(?:n't|"
    r" not) got|failed to|unable to)\b|n't\b",
    _I,
)
_DENIED_AFTER: Final = re.compile(
    r"\s*(?:(?:was|were|is|are|has been|have been|had been)\s+)?(?:not\b|n't\b|"
    r"never\b|nil\b|ruled out\b|excluded\b|denied\b)"
    r"|\s*:\s*(?:no|nil|none)\b|n't\b",
    _I,
)
_DOUBTS: Final = re.compile(
    r"\b(?:may(?= )|might|could(?: be| have)|possibl[ey]|possibility|perhaps|maybe|"
    r"probabl[ey]|presumabl[ey]|suspect(?:s|ed)?|"
    r"suspicion|thinks?|thought|believes?|believed|seems? to|seemed to|unsure|unclear|"
    r"not (?:sure|clear|certain|known)|"
    r"wonder(?:s|ed)?|likely|query|rumou?rs?|assum(?:e|es|ed))\b|\?\s?(?=[a-z])",
    _I,
)
_FORMER: Final = re.compile(
    r"\b(?:used to|previous(?:ly)?|formerly|in the past|history of|at one time|"
    r"had been|once|past|before the birth|"
    r"as an? (?:child|baby|teenager)|when (?:he|she|they|i) (?:was|were) (?:a |an |"
    r"very )?(?:child|baby|young|little|younger|"
    r"small|pregnant|teenager|\w+ years old))\b",
    _I,
)
_DATED: Final = re.compile(
    r"\b(?:(?:\d+|a|one|two|three|four|five|six|several|many|some|few) (?:weeks?|months?|years?) ago|years ago|"
    r"last (?:year|month|summer|winter|spring|autumn|christmas)|back in|in (?:19|"
    r"20)\d\d|until (?!now)|before (?:he|she) was born)",
    _I,
)
_PLANS: Final = re.compile(
    r"\b(?:will(?! not have)|won't|going to|plan(?:s|ned|ning)? (?:to|for|on)|"
    r"intend(?:s|ed|ing)?(?: to)?|hop(?:es|ed|ing) to|"
    r"wants? (?:\w+ )?to|wanted (?:\w+ )?to|would like (?:\w+ )?to|"
    r"due to (?=[a-z]+ (?:in|out|back|home))|about to|is moving|are moving|"
    r"moving (?:in|out) "
    r"(?:next|on|soon)|agreed to|wish(?:es)? to|considering|thinking of|threatened to|"
    r"threatens to|next (?:week|month|year))\b|'ll\b",
    _I,
)
_ASKS: Final = re.compile(
    r"\b(?:ask(?:ed|s|ing)?|enquir\w+|inquir\w+|explor(?:ed|ing)|check(?:ed|ing)?|wanted to know|find out)\b"
    r"[^.]{0,40}?\b(?:whether|if|about|who|what|how|where)\b|\b(?:whether|what if)\b",
    _I,
)
#: Spoken of, and not said to be so.
_SPOKEN_OF: Final = re.compile(
    r"\b(?:if|in case|unless|risks? of|at risk|to (?:avoid|prevent|reduce)|"
    r"advi[cs]e(?:d)?(?! that)|advising|discuss(?:ed|ing|ion)?|"
    r"warned|reminded|talked (?:about|through)|spoke about|information (?:on|about)|"
    r"leaflet|dangers? of|importance of|"
    r"should (?:he|she|they|not)|must not|example|support (?:with|around|for)|"
    r"training|course|policy|what to do)\b",
    _I,
)
_SAW: Final = re.compile(
    r"\b(?:I|we)\s+(?:\w+\s+)?(?:saw|noticed|observed|met|found|could see|examined|"
    r"weighed)\b|\bseen by me\b",
    _I,
)


@dataclass(frozen=True, slots=True)
class Cue:
    """What changes a phrase, and by which words."""

    is_denied: Span | None = None
    is_doubted: Span | None = None
    is_past: Span | None = None
    is_planned: Span | None = None
    #: It is asked, warned of or only spoken of: it says nothing.
    is_open: bool = False


def cue_of(text: str, found: Span, clause: Clause, *, is_whole: bool, is_change: bool) -> Cue:
    """What stands around a phrase. One that is whole says its own denial; a change is no less so for having a date."""
    start = max(clause.span.start, found.start - _REACH)
    return Cue(
        None if is_whole else _denied(text, found, start, clause),
        _last(_DOUBTS, text, start, found.start),
        _past(text, found, clause, is_change=is_change),
        None if is_whole else _last(_PLANS, text, start, found.end),
        is_open=_last(_ASKS, text, start, found.start) is not None
        or _last(_SPOKEN_OF, text, start, found.start) is not None,
    )


def saw_between(text: str, start: int, end: int) -> bool:
    """Whether the author speaks of what they saw themself, between two positions."""
    return _last(_SAW, text, start, end) is not None


def _denied(text: str, found: Span, start: int, clause: Clause) -> Span | None:
    denials = list(_DENIES.finditer(text, start, found.end))
    if denials:
        # Two of them undo each other, as in "does not deny".
        return Span(*denials[-1].span()) if len(denials) % 2 or not _is_undone(text, denials) else None
    after = _DENIED_AFTER.match(text, found.end, clause.sentence.end)
    return Span(*after.span()) if after else None


def _is_undone(text: str, denials: list[re.Match[str]]) -> bool:
    one, other = denials[-2], denials[-1]
    return other[0].lower().startswith("den") and len(text[one.end() : other.start()].split()) <= 1


def _past(text: str, found: Span, clause: Clause, *, is_change: bool) -> Span | None:
    former = _last(_FORMER, text, clause.span.start, found.end)
    if former is not None:
        return former
    return None if is_change else _last(_DATED, text, clause.span.start, clause.span.end)


def _last(pattern: re.Pattern[str], text: str, start: int, end: int) -> Span | None:
    spans = [Span(*match.span()) for match in pattern.finditer(text, start, end)]
    return spans[-1] if spans else None
