"""Whom a phrase is about: the one who is named for it, in its clause or before; nobody where that cannot be told."""

import re
from dataclasses import dataclass
from typing import Final

from ledger.domain.person import CHILD
from ledger.domain.suggest_person import Meant, People
from ledger.domain.suggest_phrase import Phrase
from ledger.domain.suggest_text import Clause, Span
from ledger.domain.suggest_word import Word

#: So far behind a phrase whom it is about may still be named: "no contact with dad".
_AFTER: Final = 30
#: What somebody says who names nobody else is of themself.
_OF_ONESELF: Final = frozenset(
    {"substance_use", "mental_health", "pregnancy", "money_worries", "criminal_history", "custody"}
)
_HOME: Final = frozenset({"home_conditions", "housing", "visit_outcome"})
_HAS: Final = re.compile(
    r"\s+(?:has|had|have|got|with|sustained|suffered)\b(?:\s+(?!seen|noticed|found|spotted)\w+){0,3}\s*", re.IGNORECASE
)
_POINTS_AT: Final = re.compile(
    r"\s*(?:\w+\s+)?(?:with|from|to|on|by|between|of|out|up with|:)?\s*(?:the\s+|baby's\s+|his\s+|her\s+|,\s*)?\Z",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class About:
    """Whom it is about. It is nobody's where the words speak of somebody whom the phrase cannot be about."""

    ref: str | None = None
    is_nobodys: bool = False


def about_of(one: Phrase, text: str, span: Span, clause: Clause, people: People, word: Word | None) -> About | None:
    """Whom a phrase is about."""
    if one.attribute in _HOME:
        return About(CHILD)
    if one.who == "adult":
        return _adult(one, text, span, clause, people, word)
    return _child(one, text, span, clause, people, word)


def father_of(span: Span, clause: Clause, people: People) -> str | None:
    """Who is said to be the child's father: the one named before it."""
    named = [one for one in people.within(clause.span.start, span.start + 1) if one.ref not in (CHILD, "mother")]
    return named[-1].ref if named else None


def _adult(one: Phrase, text: str, span: Span, clause: Clause, people: People, word: Word | None) -> About | None:
    speaker = word.speaker if word else None
    before = _subjects(people, clause.span.start, span.start + 1, speaker)
    inside = [meant for meant in people.within(span.start, span.end) if meant.ref != CHILD]
    grown = [meant for meant in before if meant.ref != CHILD]
    if one.attribute == "relationship":
        named = [meant for meant in people.within(*clause.sentence) if speaker is None or meant.span != speaker.span]
        return _partner([*grown, *inside] or named, people, span)
    if one.attribute == "domestic_abuse":
        # Whom it is done to is most often named too; whoever does it is meant.
        grown, inside = ([meant for meant in some if meant.ref != "mother"] for some in (grown, inside))
    behind = _behind(text, span, clause, people)
    if one.attribute == "presence" and one.value == "no_contact":
        # Whom somebody has not seen is meant, not who has not.
        grown = [*(behind or inside), *grown][:1]
    named_here = [*grown[-1:], *inside[-1:], *behind]
    if named_here:
        return About(named_here[0].ref)
    if before and before[-1].is_pronoun:
        return _grown_up_meant(before[-1], people)
    if before and one.value != "present":
        return About(is_nobodys=True)  # of the child, which this cannot be about
    return _from_before(one, clause, people, speaker, is_subject_there=bool(before))


def _grown_up_meant(pronoun: Meant, people: People) -> About | None:
    """The grown-up last named whom a pronoun can mean, where it stands in words that cannot be about a child."""
    earlier = (one for one in reversed(people.named) if one.span.end <= pronoun.span.start)
    meant = next((one for one in earlier if one.ref != CHILD and one.sex == pronoun.sex), None)
    return None if meant is None else About(meant.ref)


def _from_before(
    one: Phrase, clause: Clause, people: People, speaker: Meant | None, *, is_subject_there: bool
) -> About | None:
    """Whom a clause is about that names nobody for it: who speaks, of themself, or who was named last."""
    if one.value == "visits" and not is_subject_there:
        return About(is_nobodys=True)  # the word for a visit of one's own
    if speaker is not None and speaker.ref != CHILD and one.attribute in _OF_ONESELF:
        return About(speaker.ref)
    last = people.before(clause.span.start, child=False, adult=True)
    return None if last is None or (speaker is not None and last.ref == speaker.ref) else About(last.ref)


def _partner(named: list[Meant], people: People, span: Span) -> About | None:
    """Of a couple the one who is not the mother."""
    others = [one.ref for one in named if one.ref not in (CHILD, "mother")]
    if others:
        return About(others[-1])
    last = next(
        (one for one in reversed(people.named) if one.span.end <= span.start and one.ref not in (CHILD, "mother")), None
    )
    return About(last.ref) if last else None


def _child(one: Phrase, text: str, span: Span, clause: Clause, people: People, word: Word | None) -> About:
    speaker = word.speaker if word else None
    before = _subjects(people, clause.span.start, span.start + 1, speaker)
    if one.attribute == "injury":
        return _injured(text, span, clause, people, before)
    inside = [meant.ref for meant in people.within(span.start, span.end) if not meant.is_owner]
    if not before or CHILD in inside or one.attribute in _OF_THE_CHILD:
        return About(CHILD)
    subject = before[-1]
    if subject.ref == CHILD or (subject.is_pronoun and one.attribute in _OF_CHILDREN_ALONE):
        return About(CHILD)
    return About(is_nobodys=True)


def _injured(text: str, span: Span, clause: Clause, people: People, before: list[Meant]) -> About:
    """Who has an injury: a grown-up only where the words say so, else the child."""
    near = people.within(span.start, min(clause.span.end, span.end + _AFTER))
    owner = next((meant for meant in near if meant.is_owner), None)
    if before and before[-1].ref != CHILD:
        between = text[before[-1].span.end : span.start]
        is_theirs = not between.strip() or _HAS.fullmatch(between) is not None
        if is_theirs and (owner is None or owner.ref == before[-1].ref):
            return About(before[-1].ref)
    return About(owner.ref if owner is not None and not owner.is_pronoun else CHILD)


#: What a grown-up does to or with the child says where the child sleeps, or how it was hurt.
_OF_THE_CHILD: Final = frozenset({"account", "sleep_arrangement"})
#: A pronoun that may mean a grown-up means the child all the same where only a child can be so.
_OF_CHILDREN_ALONE: Final = frozenset(
    {
        "mobility",
        "weight",
        "growth",
        "feeding",
        "sleep_arrangement",
        "school_attendance",
        "seen",
        "seen_alone",
        "behaviour",
    }
)


def _subjects(people: People, start: int, end: int, speaker: Meant | None) -> list[Meant]:
    """Those named before a phrase in its clause, without who says it and without whose something is."""
    return [
        one for one in people.within(start, end)
        if not one.is_owner and (speaker is None or one.span != speaker.span)
    ]  # fmt: skip


def _behind(text: str, span: Span, clause: Clause, people: People) -> list[Meant]:
    """Those named right behind a phrase."""
    near = people.within(span.end, min(clause.span.end, span.end + _AFTER))
    return [one for one in near if one.ref != CHILD and _POINTS_AT.match(text[span.end : one.span.start])]
