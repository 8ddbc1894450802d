"""Whose word it is: who is said to have said what a narrative tells."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ledger.domain.claim import ANONYMOUS
from ledger.domain.suggest_cue import saw_between
from ledger.domain.suggest_person import Meant, People
from ledger.domain.suggest_text import Clause, Span

_SAYS: Final = re.compile(
    r"\b(?:say|said|says|saying|told|tells|telling|report(?:s|ed|ing)|stat(?:es|ed|"
    r"ing)|disclos(?:es|ed|ing)|mention(?:s|ed)|"
    r"explain(?:s|ed|ing)|claim(?:s|ed|ing)|alleg(?:es|ed|ing)|describ(?:es|ed|ing)|"
    r"admit(?:s|ted|ting)|confirm(?:s|ed|ing)|"
    r"insist(?:s|ed)|maintain(?:s|ed)|den(?:ies|ied|ying)|acknowledg(?:es|ed)|"
    r"inform(?:s|ed)|advis(?:es|ed) (?:me |us )?that|"
    r"complain(?:s|ed)|texted|rang to say|phoned to say|called to say|let me know|"
    r"reckons|thinks|believes|refut(?:es|ed)|"
    r"shared that|raised that|made a disclosure|expressed)\b",
    re.IGNORECASE,
)
_BY: Final = re.compile(
    r"\b(?:according to|as per|told by|reported by|said by|heard from|informed by|"
    r"disclosed by|advised by|word of|from what)\s+",
    re.IGNORECASE,
)
_PASSIVE: Final = re.compile(r"\b(?:was|were|been|am|is|it's|it is)\s+(?:\w+\s+)?$", re.IGNORECASE)
_ANONYMOUS: Final = re.compile(
    r"\banonymous(?:ly)?\b|\bgave no name\b|\bwould not (?:give|leave) (?:a|his|her|their) name\b", re.IGNORECASE
)
_SELF: Final = re.compile(r"\b(?:I|we|writer|this worker)\s+(?:have |had |then |also )?$", re.IGNORECASE)
#: Who speaks as an agency: words, and the sort of agency as rule packs name it.
_AGENCIES: Final[Sequence[tuple[re.Pattern[str], str]]] = [
    (re.compile(rf"\b(?:{words})\b", re.IGNORECASE), kind)
    for words, kind in (
        (r"school nurse", "school_nursing"),
        (r"(?:head ?)?teacher|school|DSL|SENCO|class teacher", "school"),
        (r"nursery|pre-?school|key ?worker at nursery", "nursery"),
        (r"police(?: officer)?|PC (?-i:[A-Z]\w+)|PPU", "police"),
        (r"GP(?: surgery| practice)?|doctor's surgery|the surgery", "gp"),
        (r"hospital|ward|paediatrician|consultant|A&E|A and E|emergency department", "hospital"),
        (r"health visitor|HV", "health_visiting"),
        (r"midwife|midwifery|community midwife", "midwifery"),
        (r"social worker|social care|children's services|MASH|SW", "childrens_social_care"),
        (r"housing(?: officer)?|landlord|housing association", "housing"),
        (r"probation(?: officer)?", "probation"),
        (r"paramedics?|ambulance(?: crew)?", "ambulance"),
        (r"family support worker|early help(?: worker)?", "early_help"),
    )
]
#: A name may stand so far before the verb that it is the subject of.
_NEAR: Final = 40
#: `… , mum told me on the telephone.`: what may still follow whose word it was.
_REST: Final = re.compile(
    r"(?:\s+(?:me|us|that|so|staff))?(?:\s+(?:when|yesterday|today|on|in|at|by|over|"
    r"during|after|this|last)\b.*)?[\s.!?\"')]*",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Word:
    """Who said it: one of the people, somebody without a name, or a sort of agency; and by which words."""

    span: Span
    informant: str | None = None
    #: Whom the words name, where they name one of the people; where all of these are None nobody can be told.
    speaker: Meant | None = None
    agency_kind: str | None = None

    @property
    def is_known(self) -> bool:
        """Whether it can be told whose it is."""
        return self.informant is not None or self.agency_kind is not None


def word_for(text: str, found: Span, clause: Clause, people: People) -> Word | None:
    """Whose word a phrase is, as the sentence says; None where it says of nobody that they said it."""
    words = _words(text, clause.sentence, people)
    before = [word for word in words if word.span.start < found.start]
    if before and saw_between(text, before[-1].span.end, found.end):
        return None
    if before and before[-1].is_known:
        return before[-1]
    after = [word for word in words if word.span.start >= found.end and _ends(text, word, clause)]
    return next(iter([*after[-1:], *before[-1:]]), None)


def _ends(text: str, word: Word, clause: Clause) -> bool:
    """Whether a word behind the phrase ends the sentence: what is said after it would be its own."""
    return bool(_REST.fullmatch(text, word.span.end, clause.sentence.end))


def _words(text: str, sentence: Span, people: People) -> list[Word]:
    found = [word for match in _SAYS.finditer(text, *sentence) if (word := _said(text, match, sentence, people))]
    found += [word for match in _BY.finditer(text, *sentence) if (word := _by(text, match, sentence, people))]
    return sorted(found, key=lambda word: word.span)


def _said(text: str, match: re.Match[str], sentence: Span, people: People) -> Word | None:
    start = max(sentence.start, match.start() - _NEAR)
    before = text[start : match.start()]
    span = Span(*match.span())
    if _SELF.search(before):
        return None
    if _PASSIVE.search(before):
        return _anonymous(text, sentence, span)
    if _ANONYMOUS.search(before):
        return Word(span, ANONYMOUS)
    named = [one for one in people.within(start, match.start()) if not one.is_owner]
    is_somebody = re.search(r"\b(?:he|she|they|somebody|someone)\s+(?:\w+\s+)?$", before, re.IGNORECASE)
    agency = _agency(text, start, match.start())
    if agency is not None and (not named or agency[1] > named[-1].span.start):
        return Word(Span(agency[1], match.end()), agency_kind=agency[0])
    if named:
        return Word(Span(named[-1].span.start, match.end()), named[-1].ref, named[-1])
    return Word(span) if is_somebody else None


def _by(text: str, match: re.Match[str], sentence: Span, people: People) -> Word | None:
    end = min(sentence.end, match.end() + _NEAR)
    span = Span(*match.span())
    named = people.within(match.end(), end)
    agency = _agency(text, match.end(), end, first=True)
    if agency is not None and (not named or agency[1] < named[0].span.start):
        return Word(span, agency_kind=agency[0])
    if named:
        return Word(Span(match.start(), named[0].span.end), named[0].ref, named[0])
    return _anonymous(text, sentence, span)


def _anonymous(text: str, sentence: Span, span: Span) -> Word | None:
    return Word(span, ANONYMOUS) if _ANONYMOUS.search(text, *sentence) else None


def _agency(text: str, start: int, end: int, *, first: bool = False) -> tuple[str, int] | None:
    found = [(match.start(), kind) for pattern, kind in _AGENCIES for match in pattern.finditer(text, start, end)]
    if not found:
        return None
    place, kind = min(found) if first else max(found)
    return kind, place
