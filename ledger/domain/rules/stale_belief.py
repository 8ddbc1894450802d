"""On a critical attribute, a word that is still held though nobody has said it for longer than it holds (``gap``)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from ledger.domain.finding import ENTRIES_MAX, Basis
from ledger.domain.outcome import REFRESHED
from ledger.domain.question import Question, Topic
from ledger.domain.rule import Family, Rule, Verdict, View
from ledger.domain.rules.not_known import has_open_try
from ledger.domain.statement import Statement

if TYPE_CHECKING:
    from ledger.domain.facts import Facts
    from ledger.domain.pack import Pack
    from ledger.domain.vocabulary import Attribute


def judge(view: View) -> Verdict:
    """What is still held and has grown stale by now, and when the rest will."""
    attribute = view.pack.attributes.get(view.area.attribute)
    if attribute is None or not _grows_stale(attribute) or attribute.holds_for is None:
        return Verdict()
    beliefs, anything = view.facts.beliefs(view.area), reduce(or_, attribute.values.values(), 0)
    stale, due = [], {}
    for held in beliefs.held:
        if not (held.is_still_held and held.statement.is_carried):
            continue
        stale_at = beliefs.last_confirmed(held, anything) + attribute.holds_for
        if stale_at <= view.at:
            stale.append(held.statement)
        else:
            due[held.statement.ref] = stale_at
    # One gap for a question: what somebody could not say of it meanwhile is the sharper word.
    if stale and has_open_try(view):
        stale = []
    return Verdict(basis=_gap(stale) if stale else None, due=due)


def _gap(stale: list[Statement]) -> Basis:
    latest = sorted(stale, key=lambda statement: (statement.observed.end, statement.ref))[-ENTRIES_MAX:]
    return Basis(kind="gap", sides=(tuple(sorted(statement.ref for statement in latest)),), tier="prompt")


def _grows_stale(attribute: Attribute) -> bool:
    return attribute.is_compared and attribute.critical and attribute.holds_for is not None


def _may_stand(_rule: Rule, area: Question, facts: Facts) -> bool:
    attribute = facts.pack.attributes.get(area.attribute)
    return attribute is not None and _grows_stale(attribute)


def _itself(_rule: Rule, question: Question, _facts: Facts) -> Iterator[Question]:
    yield question


def _reads(_rule: Rule, area: Question, _pack: Pack) -> Iterator[Topic]:
    yield area.topic


def _listens(_rule: Rule, pack: Pack) -> frozenset[str]:
    return pack.compared


FAMILY = Family(
    name="stale_belief",
    judge=judge,
    areas=_itself,
    reads=_reads,
    listens=_listens,
    may_stand=_may_stand,
    kinds=frozenset({"gap"}),
    closes_as=REFRESHED,
)
RULE = Rule(FAMILY.name, FAMILY, finds="gap")
