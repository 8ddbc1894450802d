"""Which claims bear on what must follow: those that start it, end it, fail it, and those that silence it.

The patterns of a rule of the family `expects`, and what they make it read.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from itertools import chain
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.act import LEAD
from ledger.domain.claim import DEATH, Claim, Ref
from ledger.domain.handed_on import HANDING, is_handed_on
from ledger.domain.pattern import Pattern, patterns, told_when
from ledger.domain.person import CHILD
from ledger.domain.question import Question, Topic
from ledger.domain.rule import ANYBODY, Rule

if TYPE_CHECKING:
    from ledger.domain.facts import Facts
    from ledger.domain.pack import Pack

BORN: Final = "date_of_birth"
#: The keys whose patterns start something, and all keys that have patterns.
STARTS: Final = ("when", "missed")
PATTERN_KEYS: Final = (*STARTS, "until", "fails", "unless", "only_if")
#: What all of them that say that it will not come are read under.
FAILING: Final = "failing"
_ANSWERS: Final = PATTERN_KEYS[1:]
_RECEIVER: Final = "receiver"
_OMITTED: Final = frozenset({"omission"})
_END: Final = itemgetter(0)
_TIME: Final = itemgetter(0, 1)


def read(rule: Rule, key: str) -> tuple[Pattern, ...]:
    """The patterns that a rule has under a key."""
    return _patterns_of(_Settings(rule.settings)).get(key, ())


class _Settings:
    """A rule's settings as a key: the same mapping is the same key."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self.settings = settings

    def __hash__(self) -> int:
        return id(self.settings)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Settings) and other.settings is self.settings


@lru_cache(maxsize=2048)
def _patterns_of(settings: _Settings) -> Mapping[str, tuple[Pattern, ...]]:
    read = {key: patterns(settings.settings[key]) for key in PATTERN_KEYS if key in settings.settings}
    return {**read, FAILING: tuple(_failing(read))}


def _failing(read: Mapping[str, tuple[Pattern, ...]]) -> Iterator[Pattern]:
    """What says that it will not come: what fails it, what is missed of the same question, and its stated omission."""
    yield from read.get("fails", ())
    yield from (replace(one, same=one.same | {"thing", "item"}) for one in read.get("missed", ()) if not one.is_act)
    yield from (replace(one, statements=_OMITTED) for one in read.get("until", ()) if not one.is_act)


def areas(rule: Rule, question: Question, facts: Facts) -> Iterator[Question]:
    """The question, where it may start something, and those that started what it may end or silence."""
    starts = {one.attribute for key in STARTS for one in read(rule, key)}
    if "one_for" in rule.settings:
        if question.attribute in starts or [*_started_by(rule, question)]:
            yield Question((read(rule, "when") or read(rule, "missed"))[0].attribute, CHILD)
        return
    if question.attribute in starts:
        yield question
    for topic in dict.fromkeys(_started_by(rule, question)):
        yield from facts.questions(topic)


def _started_by(rule: Rule, question: Question) -> Iterator[Topic]:
    """Where that is which a claim on this question may end or silence."""
    others = [one for key in _ANSWERS for one in read(rule, key) if one.attribute == question.attribute]
    is_far = question.attribute in {DEATH, BORN, LEAD} or any(one.about != "same" for one in others)
    if not others and not (question.attribute in _around(rule) and question.about == CHILD):
        return
    for key in STARTS:
        for one in read(rule, key):
            yield one.topic(ANYBODY if is_far else question.about)


def _around(rule: Rule) -> frozenset[str]:
    """What else of the child bears on it."""
    return _around_of(_Settings(rule.settings))


@lru_cache(maxsize=2048)
def _around_of(settings: _Settings) -> frozenset[str]:
    written, around = settings.settings, {DEATH}
    if "younger_than" in written:
        around.add(BORN)
    if written.get("from") == "lead":
        around.add(LEAD)
    patterns_of = _patterns_of(settings)
    # Whoever accepted the work stands in the place of whom it was asked of.
    asks_receiver = written.get("from") == _RECEIVER or any(
        _RECEIVER in one.by for ones in patterns_of.values() for one in ones
    )
    if asks_receiver and any(is_handed_on(one) for one in patterns_of.get("when", ())):
        around |= HANDING
    return frozenset(around)


def enumerates(rule: Rule, question: Question, _pack: Pack) -> Iterator[Topic]:
    """What must be known before it can be said which of them a claim on this question bears on, and what starts any."""
    if "one_for" not in rule.settings:
        yield from _started_by(rule, question)
        if any(one.attribute == question.attribute for key in STARTS for one in read(rule, key)):
            yield question.topic


def reads(rule: Rule, area: Question, _pack: Pack) -> Iterator[Topic]:
    """All that judging an area may need."""
    about = ANYBODY if "one_for" in rule.settings else area.about
    yield area.topic
    for key in PATTERN_KEYS if about == ANYBODY else _ANSWERS:
        yield from (one.topic(about) for one in read(rule, key))
    yield from (Topic(name, CHILD) for name in _around(rule))


def listens(rule: Rule, _pack: Pack) -> frozenset[str]:
    """The attributes whose claims bear on a rule."""
    return frozenset(one.attribute for key in PATTERN_KEYS for one in read(rule, key)) | _around(rule)


class Answers:
    """What answers the triggers of a rule: what its patterns mean is looked for once, whatever their number."""

    def __init__(self, rule: Rule, facts: Facts) -> None:
        self.facts = facts
        self._rule = rule
        self._meant: dict[tuple[str, str], list[tuple[datetime, Ref, Claim, Pattern]]] = {}
        self._firsts: dict[tuple[str, Ref, str], Claim | None] = {}

    def first(self, key: str, trigger: Claim) -> Claim | None:
        """The first claim that a pattern under this key means and that answers the trigger."""
        about = self.facts.question_of(trigger).about
        asked = (key, trigger.ref, about)
        if asked not in self._firsts:
            self._firsts[asked] = self._find(key, trigger, about)
        return self._firsts[asked]

    def _find(self, key: str, trigger: Claim, about: str) -> Claim | None:
        meant = self._all(key, about)
        since = bisect_right(meant, told_when(trigger).start, key=_END)
        found = (claim for _, _, claim, one in meant[since:] if one.answers(claim, trigger, self.facts))
        return next(found, None)

    def _all(self, key: str, about: str) -> list[tuple[datetime, Ref, Claim, Pattern]]:
        if (key, about) not in self._meant:
            meant = chain.from_iterable(one.find_in_time(about, self.facts) for one in read(self._rule, key))
            self._meant[key, about] = sorted(meant, key=_TIME)
        return self._meant[key, about]
