"""An account for which the child would need a condition that those who would know have not found.

``needs`` says, for a word of ``account_needs``, on which attribute it would be known and which values there say that
there is none: a condition by its diagnosis, a delay by the development. Only the owner's own word counts, given not
longer than ``within`` before the injury, or later. Where a need names its item, the word must be on the same one. The
two pull apart: the child may have what nobody has found yet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.civil_day import civil_date
from ledger.domain.duration import parse_duration, refuse_duration
from ledger.domain.owner import owns
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
    unknown_values,
    words_about,
    words_on,
)
from ledger.domain.rules.need_of_account import NEEDS, areas_with_needs, enumerates_needs
from ledger.domain.shape import Fault, Items, Named, Text, keys
from ledger.domain.side import Meeting

if TYPE_CHECKING:
    from ledger.domain.facts import Facts
    from ledger.domain.pack import Pack


def meetings(rule: Rule, area: Question, facts: Facts, _pack: Pack) -> Iterator[Meeting]:
    """What the account needs the child to have, against the word of who would know that it has not."""
    if is_account(area):
        yield from meetings_of(rule, _found(rule, area, facts))


def _found(rule: Rule, area: Question, facts: Facts) -> Iterator[Against]:
    within = parse_duration(rule.settings["within"])
    accounts = words_on(area, facts)
    for need in words_about(NEEDS, area.about, facts, area.thing):
        known_by = rule.settings["needs"].get(need.claim.value)
        if known_by is None:
            continue
        own = [account for account in accounts if account.claim.number == need.claim.number]
        for word in words_about(known_by["attribute"], area.about, facts):
            is_none = word.claim.value in known_by["values"] and need.question.item in {None, word.question.item}
            if is_none and _is_owners(word, facts) and not _is_long_before(word, need, within):
                for account in own or [need]:
                    yield Against(account.statement, word.statement, is_strain=True)


def _is_owners(word: Word, facts: Facts) -> bool:
    """Whether it is the own word of who would know."""
    owner = facts.pack.attributes[word.question.attribute].owner
    claim = word.claim
    return word.statement.is_own and owns(owner, facts.agency_kind(claim.agency), claim.office)


def _is_long_before(word: Word, need: Word, within: timedelta | str) -> bool:
    start, last = told_of(need.claim)[0], word.statement.until
    return not isinstance(within, str) and civil_date(start) - civil_date(last - timedelta.resolution) > within


def _known_by(rule: Rule) -> frozenset[str]:
    return frozenset(known_by["attribute"] for known_by in rule.settings["needs"].values())


def _reads(rule: Rule, area: Question, _pack: Pack) -> Iterator[Topic]:
    yield from (Topic(name, area.about) for name in (ACCOUNT, NEEDS, *sorted(_known_by(rule))))


def _listens(rule: Rule, _pack: Pack) -> frozenset[str]:
    return frozenset({ACCOUNT, NEEDS}) | _known_by(rule)


def _check(written: Mapping[str, Any], vocabulary: Mapping[str, Any]) -> Iterator[Fault]:
    needs = written["needs"]
    yield from unknown_attributes({ACCOUNT, NEEDS, *(one["attribute"] for one in needs.values())}, vocabulary)
    yield from unknown_values(("needs",), needs, NEEDS, vocabulary)
    for need, known_by in needs.items():
        yield from unknown_values(("needs", need, "values"), known_by["values"], known_by["attribute"], vocabulary)


UNMET_NEED: Final = Family(
    name="unmet_need",
    judge=no_verdict,
    areas=areas_with_needs,
    reads=_reads,
    listens=_listens,
    enumerates=enumerates_needs,
    meets=meetings,
    form={
        "one": ON_ACCOUNT,
        "needs": Named(keys({"attribute": Text(), "values": Items(Text(), least=1)}, "attribute values")),
        "within": Text(refuse_duration),
    },
    required="one needs within",
    kinds=KINDS,
    check=_check,
)
