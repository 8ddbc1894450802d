"""An account for which the child would have to be able to do what it was seen, or said, not to do yet.

What the account needs is what was noted with it (``account_needs``); what the child could do is its ``mobility``, whose
states are reached in order and not lost. Not yet when the injury was, or later, rules the account out; not yet shortly
before (within ``within``) pulls at it, since the child may have learnt it meanwhile, unless somebody saw that it had.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.civil_day import civil_date
from ledger.domain.duration import parse_duration, refuse_duration
from ledger.domain.question import Question, Topic
from ledger.domain.rule import Family, Rule
from ledger.domain.rules.account import (
    ACCOUNT,
    KINDS,
    ON_ACCOUNT,
    Against,
    Word,
    is_account,
    meetings_of,
    no_verdict,
    told_of,
    unknown_attributes,
    words_about,
)
from ledger.domain.rules.need_of_account import NEEDS, areas_with_needs, enumerates_needs, needs_of
from ledger.domain.shape import Fault, Text
from ledger.domain.side import Meeting

if TYPE_CHECKING:
    from ledger.domain.facts import Facts
    from ledger.domain.pack import Pack

_MOBILITY: Final = "mobility"


def meetings(rule: Rule, area: Question, facts: Facts, pack: Pack) -> Iterator[Meeting]:
    """What the account needs, against what the child could not do yet."""
    if is_account(area):
        yield from meetings_of(rule, _found(rule, area, facts, pack))


def _found(rule: Rule, area: Question, facts: Facts, pack: Pack) -> Iterator[Against]:
    seen = words_about(_MOBILITY, area.about, facts)
    reached_by = pack.attributes[_MOBILITY].values
    within = parse_duration(rule.settings["within"])
    for account, ability in needs_of(area, facts):
        start, end = told_of(account.claim)
        reached = reached_by.get(ability)
        if reached is None or _saw_it_by(end, reached, seen):
            continue
        for word in seen:
            if word.statement.mask & reached:
                continue
            # What is open-ended is asserted to the day of saying so: a baby said not to roll may roll the next day.
            last = word.statement.until
            if last >= end:
                yield Against(account.statement, word.statement)
            elif isinstance(within, str) or civil_date(start) - civil_date(last - timedelta.resolution) <= within:
                yield Against(account.statement, word.statement, is_strain=True)


def _saw_it_by(end: datetime, reached: int, seen: Sequence[Word]) -> bool:
    """Whether somebody saw with their own eyes that the child could do it by then."""
    return any(
        not word.statement.mask & ~reached and word.statement.is_own and word.statement.since < end for word in seen
    )


def _reads(_rule: Rule, area: Question, _pack: Pack) -> Iterator[Topic]:
    yield from (Topic(name, area.about) for name in (ACCOUNT, NEEDS, _MOBILITY))


def _listens(_rule: Rule, _pack: Pack) -> frozenset[str]:
    return frozenset({ACCOUNT, NEEDS, _MOBILITY})


def _check(_written: Mapping[str, Any], vocabulary: Mapping[str, Any]) -> Iterator[Fault]:
    yield from unknown_attributes({ACCOUNT, NEEDS, _MOBILITY}, vocabulary)


BEYOND_ABILITY: Final = Family(
    name="beyond_ability",
    judge=no_verdict,
    areas=areas_with_needs,
    reads=_reads,
    listens=_listens,
    enumerates=enumerates_needs,
    meets=meetings,
    form={"one": ON_ACCOUNT, "within": Text(refuse_duration)},
    required="one within",
    kinds=KINDS,
    check=_check,
)
