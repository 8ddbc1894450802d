"""Which statements on a question a constraint of the pack sets against others: what is contested stands not alone.

A constraint's finding is on the question of its ``one`` attribute; the statements of its ``other`` are contested as
well. Only conflicts that are raised count: what may be a change is none. All of it is read and heard as the
constraints themselves read and hear, so that a rule which asks here is judged again when the answer changes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from ledger.domain.claim import Ref
from ledger.domain.question import Question, Topic
from ledger.domain.rule import ANYBODY, Rule
from ledger.domain.rules.pairing import is_of

if TYPE_CHECKING:
    from ledger.domain.facts import Facts
    from ledger.domain.pack import Pack
    from ledger.domain.side import Meeting


def contested(area: Question, facts: Facts, pack: Pack) -> frozenset[Ref]:
    """The statements, on this question and on others, of all conflicts by a constraint in which it has a part."""
    return frozenset(ref for meeting in meetings_by_rule(area, facts, pack) for ref in meeting.conflict.refs)


def meetings_by_rule(area: Question, facts: Facts, pack: Pack) -> Iterator[Meeting]:
    """The conflicts by a constraint in which what is said on this question has a part, as far as they are raised."""
    for rule, one in _stands_on(area, facts, pack):
        assert rule.family.meets is not None, "that is what makes it a constraint"
        for meeting in rule.family.meets(rule, one, facts, pack):
            if meeting.conflict.is_firm and meeting.tier == "queue":
                yield meeting


def read_for(area: Question, pack: Pack) -> Iterator[Topic]:
    """The topics that `contested` reads."""
    for rule in _with(pack, "one", area.attribute):
        yield from rule.family.reads(rule, area, pack)
    for rule in _with(pack, "other", area.attribute):
        yield _topic(rule, "one", area)
        yield _topic(rule, "other", area)


def heard_for(attributes: Collection[str], pack: Pack) -> frozenset[str]:
    """The attributes on which it hangs whether statements on these are contested."""
    return frozenset(
        rule.settings[other]["attribute"]
        for attribute in attributes
        for side, other in (("one", "other"), ("other", "one"))
        for rule in _with(pack, side, attribute)
    )


def looked_up_for(question: Question, attributes: Collection[str], pack: Pack) -> Iterator[Topic]:
    """The topics without which it cannot be said what a claim on ``question`` may contest of these attributes."""
    for rule, other in _across(question, attributes, pack):
        yield _topic(rule, other, question)


def may_contest(question: Question, attributes: Collection[str], facts: Facts) -> Iterator[Question]:
    """The questions of these attributes on which a claim on ``question`` may contest what is said."""
    for rule, other in _across(question, attributes, facts.pack):
        for one in facts.questions(_topic(rule, other, question)):
            if is_of(one, rule.settings[other]):
                yield one


def _stands_on(area: Question, facts: Facts, pack: Pack) -> Iterator[tuple[Rule, Question]]:
    for rule in _with(pack, "one", area.attribute):
        yield rule, area
    for rule in _with(pack, "other", area.attribute):
        for one in rule.family.areas(rule, area, facts):
            yield rule, one


def _across(question: Question, attributes: Collection[str], pack: Pack) -> Iterator[tuple[Rule, str]]:
    """The constraints that have this question on one side, and the name of the other side where that counts."""
    for side, other in (("one", "other"), ("other", "one")):
        for rule in _with(pack, side, question.attribute):
            if rule.settings[other]["attribute"] in attributes and is_of(question, rule.settings[side]):
                yield rule, other


def _with(pack: Pack, side: str, attribute: str) -> Iterator[Rule]:
    """The constraints between two attributes that have this one on a side."""
    for rule in pack.constraints_from(attribute):
        settings = rule.settings
        if "other" in settings and "same" in settings and settings[side]["attribute"] == attribute:
            yield rule


def _topic(rule: Rule, side: str, question: Question) -> Topic:
    about = question.about if "about" in rule.settings["same"] else ANYBODY
    return Topic(rule.settings[side]["attribute"], about)
