"""What those who know say of an injury leaves no room for an account of it.

A rule of the family ``refutes`` names values of the account (``values``; left out, any) and, on another attribute,
values as they are sent that leave it no room (``refutes``) or only pull at it (``doubts``: it may still be so, and
somebody should ask). Both are about one person and one thing. Where the other word's ``item`` is one of the accounts
that were given, it bears on that account alone; an account that first came after it, and differs from what was heard
by then, is not what it speaks of.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ledger.domain.question import Question, Topic
from ledger.domain.rule import Family, Rule
from ledger.domain.rules.account import (
    ACCOUNT,
    KINDS,
    Against,
    Word,
    accounts_about,
    is_account,
    meetings_of,
    no_verdict,
    unknown_attributes,
    unknown_values,
    words_about,
    words_on,
)
from ledger.domain.shape import Fault, Items, Text, keys, word
from ledger.domain.side import Meeting

if TYPE_CHECKING:
    from ledger.domain.facts import Facts
    from ledger.domain.pack import Pack


def meetings(rule: Rule, area: Question, facts: Facts, _pack: Pack) -> Iterator[Meeting]:
    """The words on the other attribute that leave accounts of this injury no room, or pull at them."""
    if is_account(area):
        yield from meetings_of(rule, _found(rule, area, facts))


def _found(rule: Rule, area: Question, facts: Facts) -> Iterator[Against]:
    other, values = rule.settings["other"], rule.settings["one"].get("values")
    accounts = words_on(area, facts)
    for opinion in words_about(other["attribute"], area.about, facts, area.thing):
        value = opinion.claim.value
        if value not in {*other.get("refutes", ()), *other.get("doubts", ())}:
            continue
        for account in _spoken_of(opinion, accounts):
            if (
                values is None or account.claim.value in values
            ) and account.statement.source != opinion.statement.source:
                yield Against(account.statement, opinion.statement, is_strain=value in other.get("doubts", ()))


def _spoken_of(opinion: Word, accounts: Sequence[Word]) -> list[Word]:
    """The accounts that this word is on: the one that it names, else those that were heard by then, or the same."""
    named = [one for one in accounts if opinion.question.item in {one.claim.value, _as_words(one.claim.value)}]
    if named:
        return named
    until = opinion.statement.observed.end
    heard = {one.claim.value for one in accounts if one.statement.observed.start < until}
    return [one for one in accounts if not heard or one.claim.value in heard]


def _as_words(value: str | None) -> str:
    return (value or "").replace("_", " ")


def _areas(rule: Rule, question: Question, facts: Facts) -> Iterator[Question]:
    if question.attribute == rule.settings["other"]["attribute"] and question.thing is not None:
        area = Question(ACCOUNT, question.about, question.thing)
        yield from (one for one in facts.questions(area.topic) if one == area)


def _reads(rule: Rule, area: Question, _pack: Pack) -> Iterator[Topic]:
    yield Topic(ACCOUNT, area.about)
    yield Topic(rule.settings["other"]["attribute"], area.about)


def _listens(rule: Rule, _pack: Pack) -> frozenset[str]:
    return frozenset({ACCOUNT, rule.settings["other"]["attribute"]})


def _check(written: Mapping[str, Any], vocabulary: Mapping[str, Any]) -> Iterator[Fault]:
    other = written["other"]
    yield from unknown_attributes({ACCOUNT, other["attribute"]}, vocabulary)
    yield from unknown_values(("one", "values"), written["one"].get("values", ()), ACCOUNT, vocabulary)
    for part in ("refutes", "doubts"):
        yield from unknown_values(("other", part), other.get(part, ()), other["attribute"], vocabulary)


_VALUES = Items(Text(), least=1)
REFUTES = Family(
    name="refutes",
    judge=no_verdict,
    areas=_areas,
    reads=_reads,
    listens=_listens,
    enumerates=accounts_about,
    meets=meetings,
    form={
        "one": keys({"attribute": word(ACCOUNT), "values": _VALUES}, "attribute"),
        "other": keys({"attribute": Text(), "refutes": _VALUES, "doubts": _VALUES}, "attribute"),
    },
    required="one other",
    kinds=KINDS,
    check=_check,
)
