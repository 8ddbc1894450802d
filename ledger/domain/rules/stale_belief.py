"""On a critical attribute, a word that is still held though nobody has said it for longer than it holds (``gap``)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ledger.domain.finding import ENTRIES_MAX, Basis
from ledger.domain.outcome import REFRESHED
from ledger.domain.question import Question, Topic
from ledger.domain.rule import Family, Rule, Verdict, View
from ledger.domain.statement import Statement

if TYPE_CHECKING:
    from ledger.domain.facts import Facts
    from ledger.domain.pack import Pack


def judge(view: View) -> Verdict:
    """What is still held and has grown stale by now, and when the rest will."""
    attribute = view.pack.attributes.get(view.area.attribute)
    if attribute is None or not attribute.is_compared or not attribute.critical or attribute.holds_for is None:
        return Verdict()
    beliefs = view.facts.beliefs(view.area)
    stale, due = [], {}
    for held in beliefs.held:
        if not (held.is_still_held and held.statement.is_carried):
            continue
        stale_at = beliefs.last_confirmed(held) + attribute.holds_for
        if stale_at <= view.at:
            stale.append(held.statement)
        else:
            due[held.statement.ref] = stale_at
    return Verdict(basis=_gap(stale) if stale else None, due=due)


def _gap(stale: list[Statement]) -> Basis:
    latest = sorted(stale, key=lambda statement: (statement.observed.end, statement.ref))[-ENTRIES_MAX:]
    return Basis(kind="gap", sides=(tuple(sorted(statement.ref for statement in latest)),), tier="prompt")


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
    kinds=frozenset({"gap"}),
    closes_as=REFRESHED,
)
RULE = Rule(FAMILY.name, FAMILY, finds="gap")
