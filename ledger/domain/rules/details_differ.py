"""Two accounts of one injury that differ in a detail: whose doing it was, or when it happened.

``details`` are attributes that say more of an account, such as ``account_doer``: what is said on one of them about one
thing and cannot all be so pulls the accounts apart, and is found beside them on the question of the account. The
vocabulary does not compare them by themselves, so that one injury is one finding.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.conflict import conflicts_in
from ledger.domain.duration import ALWAYS
from ledger.domain.question import Question, Topic
from ledger.domain.rule import Family, Rule
from ledger.domain.rules.account import ACCOUNT, KINDS, ON_ACCOUNT, is_account, no_verdict, unknown_attributes
from ledger.domain.shape import Fault, Items, Text
from ledger.domain.side import Meeting

if TYPE_CHECKING:
    from ledger.domain.facts import Facts
    from ledger.domain.pack import Pack


def meetings(rule: Rule, area: Question, facts: Facts, pack: Pack) -> Iterator[Meeting]:
    """The words on details of this injury that cannot all be so."""
    if not is_account(area):
        return
    for detail in rule.settings["details"]:
        for question in facts.questions(Topic(detail, area.about)):
            if question.thing == area.thing:
                beliefs = facts.beliefs(question)
                for conflict in conflicts_in(beliefs, pack.attributes[detail]):
                    yield Meeting(conflict, beliefs, pack.attributes[detail], rule.finds, rule.name, is_strain=True)


def _areas(rule: Rule, question: Question, _facts: Facts) -> Iterator[Question]:
    if question.attribute in rule.settings["details"] and question.thing is not None:
        yield Question(ACCOUNT, question.about, question.thing)


def _reads(rule: Rule, area: Question, _pack: Pack) -> Iterator[Topic]:
    yield from (Topic(detail, area.about) for detail in rule.settings["details"])


def _listens(rule: Rule, _pack: Pack) -> frozenset[str]:
    return frozenset({ACCOUNT, *rule.settings["details"]})


def _check(written: Mapping[str, Any], vocabulary: Mapping[str, Any]) -> Iterator[Fault]:
    yield from unknown_attributes({ACCOUNT, *written["details"]}, vocabulary)
    for place, detail in enumerate(written["details"]):
        said = vocabulary.get(detail)
        if said is not None and said.get("thing") != "required":
            yield ("details", place), "a detail is of one thing: the attribute's thing is required"
        elif said is not None and said.get("compare_within") != ALWAYS:
            yield ("details", place), "what is past does not change: the attribute's compare_within is always"


DETAILS_DIFFER: Final = Family(
    name="details_differ",
    judge=no_verdict,
    areas=_areas,
    reads=_reads,
    listens=_listens,
    meets=meetings,
    form={"one": ON_ACCOUNT, "details": Items(Text(), least=1)},
    required="one details",
    kinds=KINDS,
    check=_check,
)
