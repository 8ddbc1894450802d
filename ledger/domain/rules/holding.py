"""Whether what must follow is asked for at all: what must hold (``only_if``), what must not (``unless``), and where.

What an agency says of a question holds from then on until it says otherwise of the same. The statements on which the
answer rests are given with it, so that it is not told to who may not read them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from ledger.domain.age import age_at
from ledger.domain.claim import Claim, Ref
from ledger.domain.duration import parse_duration
from ledger.domain.pattern import Pattern, when_of
from ledger.domain.person import CHILD
from ledger.domain.question import Question, Topic
from ledger.domain.rule import Rule
from ledger.domain.rules.awaiting import BORN, read

if TYPE_CHECKING:
    from ledger.domain.facts import Facts


class _Word(NamedTuple):
    """What one agency says of one question: what is so by its newest word, or what it said before that was so."""

    said: tuple[Claim, ...]
    #: The first word that takes back what was said; None while it holds.
    ended: Claim | None


def asked_for(rule: Rule, trigger: Claim, facts: Facts) -> tuple[Ref, ...] | None:
    """What it rests on that something must follow this trigger; None where nothing must."""
    settings = rule.settings
    if "nations" in settings and facts.nation not in settings["nations"]:
        return None
    recent = length_of(rule, "recent", timedelta.max)
    rests: list[Ref] = []
    for one in read(rule, "unless"):
        if held(one, trigger, facts, recent) is not None:
            return None
        rests.extend(claim.ref for claim in _ended(one, trigger, facts, recent))
    needed = read(rule, "only_if")
    if needed:
        found = next((claim for one in needed if (claim := held(one, trigger, facts, recent)) is not None), None)
        if found is None:
            return None
        rests.append(found.ref)
    return tuple(rests) if _is_young(rule, trigger, facts) else None


def held(wanted: Pattern, trigger: Claim, facts: Facts, recent: timedelta = timedelta.max) -> Claim | None:
    """The first claim by which some agency says so of the trigger's matter, and has not said otherwise since.

    ``recent``: it must have been so no longer before the trigger than this.
    """
    for word in _words(wanted, trigger, facts):
        if word.ended is None and _bears(wanted, word.said[-1], trigger, facts, recent):
            return next(one for one in word.said if _bears(wanted, one, trigger, facts, recent))
    return None


def length_of(rule: Rule, key: str, usual: timedelta) -> timedelta:
    """The length of time that a rule has under a key."""
    length = parse_duration(rule.settings[key]) if key in rule.settings else usual
    return length if isinstance(length, timedelta) else timedelta.max


def _ended(wanted: Pattern, trigger: Claim, facts: Facts, recent: timedelta) -> Iterator[Claim]:
    """What says that it holds no longer."""
    for word in _words(wanted, trigger, facts):
        if word.ended is not None and _bears(wanted, word.said[-1], trigger, facts, recent):
            yield word.ended


def _bears(wanted: Pattern, claim: Claim, trigger: Claim, facts: Facts, recent: timedelta) -> bool:
    return wanted.goes_with(claim, trigger, facts) and _is_recent(claim, trigger, recent)


def _words(wanted: Pattern, trigger: Claim, facts: Facts) -> list[_Word]:
    """Who ever said so, and whether it still holds."""
    topic = wanted.topic(facts.question_of(trigger).about)
    return facts.once(("words", wanted, topic), lambda: [*_read_words(wanted, topic, facts)])


def _read_words(wanted: Pattern, topic: Topic, facts: Facts) -> Iterator[_Word]:
    told: dict[tuple[str, Question], list[Claim]] = {}
    for claim in facts.claims(topic):
        if claim.statement in wanted.statements:
            told.setdefault((claim.agency, facts.question_of(claim)), []).append(claim)
    for claims in told.values():
        said: list[Claim] = []
        ended: Claim | None = None
        for claim in sorted(claims, key=_order):
            if wanted.matches(claim, facts):
                said, ended = ([*said, claim] if ended is None else [claim]), None
            elif said and ended is None:
                ended = claim
        if said:
            yield _Word(tuple(said), ended)


def _is_recent(claim: Claim, trigger: Claim, recent: timedelta) -> bool:
    if recent == timedelta.max:
        return True
    said, asked = when_of(claim), when_of(trigger)
    return said.start < asked.end and asked.start - said.end <= recent


def _order(claim: Claim) -> tuple[datetime, int, int]:
    return when_of(claim).end, claim.number, claim.index


def _is_young(rule: Rule, trigger: Claim, facts: Facts) -> bool:
    """Whether the child was, as far as is known, younger than the rule asks."""
    if "younger_than" not in rule.settings:
        return True
    observed = when_of(trigger)
    age = age_at((observed.start, observed.end), facts.claims(Topic(BORN, CHILD)))
    return age is None or age.most < length_of(rule, "younger_than", timedelta()).days
