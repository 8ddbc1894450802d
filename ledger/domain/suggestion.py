"""Suggest claims from a narrative, by plain rules: each with the words that it was read from, and why it says so.

A suggestion is nobody's statement: it is put to the author, who confirms it, changes it or leaves it. Nothing here is
learnt, weighed or sent anywhere, and the same narrative always gives the same suggestions. Where nobody can be told to
be meant, or to have said it, that part is left open rather than guessed.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ledger.domain.person import CHILD
from ledger.domain.suggest_about import about_of, father_of
from ledger.domain.suggest_adult import PHRASES as OF_ADULTS
from ledger.domain.suggest_child import PHRASES as OF_THE_CHILD
from ledger.domain.suggest_cue import Cue, cue_of
from ledger.domain.suggest_injury import PHRASES as OF_INJURIES
from ledger.domain.suggest_injury import SITES
from ledger.domain.suggest_person import Known, People
from ledger.domain.suggest_phrase import NOTHING, Phrase
from ledger.domain.suggest_text import Clause, Span, clauses_in, legible, sentences_in
from ledger.domain.suggest_unknown import unknowns_in
from ledger.domain.suggest_word import Word, word_for

__all__ = ["Known", "Span", "Suggestion", "suggest"]

#: More than these are no help.
SUGGESTIONS_MAX: Final = 20
#: Of one clause no more phrases are looked at, from its beginning.
_IN_CLAUSE_MAX: Final = 40
_PHRASES: Final = (*OF_ADULTS, *OF_INJURIES, *OF_THE_CHILD)
_INTENTION: Final = ("want", "hop", "would like", "wish", "consider", "thinking")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One claim that a narrative may make. ``about`` is None where nobody can be told to be meant.

    ``basis`` is None where the words do not say how it is known. ``because`` says what was read how.
    """

    words: Span
    attribute: str
    about: str | None
    value: str | None = None
    not_known: str | None = None
    basis: str | None = None
    informant: str | None = None
    agency_kind: str | None = None
    #: It is somebody's word, whether or not it can be told whose.
    is_told: bool = False
    statement: str | None = None
    #: Whether it is said of that day (`on`), from then on (`still`), or of a time that is over (`ended`).
    when: str = "on"
    is_doubted: bool = False
    thing: str | None = None
    item: str | None = None
    counterpart: str | None = None
    because: tuple[str, ...] = ()


def suggest(narrative: str, known: Iterable[Known] = ()) -> list[Suggestion]:
    """What a narrative may say, in the order of its words. ``known``: whom the record knows, by name and part."""
    text = legible(narrative)
    people = People(text, known)
    found: list[Suggestion] = []
    for sentence in sentences_in(text):
        for clause in clauses_in(text, sentence):
            found += _in_clause(text, clause, people)
        found += [
            Suggestion(one.words, one.attribute, one.about, not_known=one.state, basis=one.basis,
                       informant=one.informant, because=(one.because,))
            for one in unknowns_in(text, sentence, people)
        ]  # fmt: skip
    return _without_repeats(found)[:SUGGESTIONS_MAX]


@dataclass(frozen=True, slots=True)
class _Found:
    """A phrase in a clause, with what stands around it."""

    phrase: Phrase
    span: Span
    clause: Clause
    value: str
    cue: Cue
    word: Word | None
    about: str | None


def _in_clause(text: str, clause: Clause, people: People) -> Iterator[Suggestion]:
    matches = [
        (one, Span(*match.span()), match.groupdict().get("value"))
        for one in _PHRASES
        for match in one.pattern.finditer(text, *clause.span)
    ]
    if len(matches) > _IN_CLAUSE_MAX:
        matches = sorted(matches, key=lambda match: match[1])[:_IN_CLAUSE_MAX]
    for one, span, measured in matches:
        if _is_within_another(one, span, matches):
            continue
        cue = cue_of(text, span, clause, is_whole=one.whole, is_change=one.when == "still")
        value = one.denied if cue.is_denied else one.value
        if cue.is_open or value == NOTHING:
            continue
        word = word_for(text, span, clause, people)
        about = about_of(one, text, span, clause, people, word)
        if about is None or not about.is_nobodys:
            whom = about.ref if about else None
            yield from _made(text, _Found(one, span, clause, measured or value, cue, word, whom), people)


def _made(text: str, found: _Found, people: People) -> Iterator[Suggestion]:
    one, cue, word, about, value = found.phrase, found.cue, found.word, found.about, found.value
    if one.attribute == "father":
        about, value = CHILD, father_of(found.span, found.clause, people) or ""
        if not value:
            return
    made = Suggestion(
        found.span,
        one.attribute,
        about,
        value,
        basis=_basis(one, cue, word),
        informant=word.informant if word else None,
        agency_kind=word.agency_kind if word else None,
        is_told=word is not None,
        statement=_statement(text, cue),
        when="ended" if cue.is_past else one.when,
        is_doubted=cue.is_doubted is not None,
        thing=one.thing,
        item=one.item,
        counterpart="mother" if one.attribute == "relationship" else one.counterpart,
        because=tuple(_because(text, cue, word)),
    )
    yield made
    if one.attribute == "injury" and value != "none":
        yield from _sites(text, found.clause, made)


def _sites(text: str, clause: Clause, injury: Suggestion) -> Iterator[Suggestion]:
    """Where an injury is, as the same clause says."""
    taken: list[Span] = []
    for site, pattern in SITES:
        match = pattern.search(text, injury.words.start, clause.span.end)
        if match is None or any(match.start() < one.end and one.start < match.end() for one in taken):
            continue
        taken.append(Span(*match.span()))
        yield replace(injury, words=Span(*match.span()), attribute="injury_site", value=site)


def _basis(one: Phrase, cue: Cue, word: Word | None) -> str | None:
    if word is not None:
        return "told" if word.informant else "agency" if word.agency_kind else None
    if cue.is_doubted or cue.is_planned or cue.is_past:
        return "judgement" if cue.is_doubted else None
    if one.attribute == "weight":
        return "measured"
    return "seen" if one.is_seen else None


def _statement(text: str, cue: Cue) -> str | None:
    if cue.is_planned is not None:
        words = text[slice(*cue.is_planned)].lower()
        return "intention" if words.startswith(_INTENTION) else "plan"
    return "opinion" if cue.is_doubted is not None else None


def _because(text: str, cue: Cue, word: Word | None) -> Iterator[str]:
    def quoted(span: Span) -> str:
        return f"“{' '.join(text[slice(*span)].split())}”"

    if word is not None:
        yield f"{quoted(word.span)}: somebody’s word, not what you saw"
    if cue.is_denied is not None:
        yield f"{quoted(cue.is_denied)}: denied"
    if cue.is_doubted is not None:
        yield f"{quoted(cue.is_doubted)}: not certain"
    if cue.is_past is not None:
        yield f"{quoted(cue.is_past)}: of an earlier time"
    if cue.is_planned is not None:
        yield f"{quoted(cue.is_planned)}: planned or hoped for, not so yet"


def _is_within_another(one: Phrase, span: Span, matches: Sequence[tuple[Phrase, Span, str | None]]) -> bool:
    """Whether a longer phrase about the same matter covers these words, or one that stands earlier in the table."""
    for other, theirs, _ in matches:
        if other is one or _matter(other) != _matter(one) or theirs.start >= span.end or span.start >= theirs.end:
            continue
        longer = theirs.end - theirs.start, -_PHRASES.index(other)
        if longer > (span.end - span.start, -_PHRASES.index(one)):
            return True
    return False


def _matter(one: Phrase) -> str:
    """What a phrase is about: the same word can speak of the child and of the home."""
    return "presentation" if one.attribute == "home_conditions" else one.attribute


def _without_repeats(found: Iterable[Suggestion]) -> list[Suggestion]:
    """Each thing once, the first time that it is said."""
    once: dict[tuple[str | None, ...], Suggestion] = {}
    for one in sorted(found, key=lambda one: one.words):
        once.setdefault((one.attribute, one.about, one.value, one.not_known, one.item), one)
    return list(once.values())
