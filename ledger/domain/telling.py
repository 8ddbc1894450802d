"""Several rules on one thing, and one alert: what another rule alerts to is asked beside it.

A rule of a pack names under ``told_by`` others that await something. What it finds is a prompt while one of those tells
of the same thing (an injury, an incident), or of what the newest entry that it shows says: by an alert that stands, or
that comes within days of what started the clock unless what is awaited does. When none of them does, it is brought as
it is by itself. It is found, explained and shown all the same, and at the same moment.

Whether another tells of it follows from the claims that count and the moment, and not from the findings that are open.
Of what a constraint finds only those tell whose clocks are so short.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.claim import PERSON
from ledger.domain.person import CHILD
from ledger.domain.question import Question, Topic
from ledger.domain.rule import Family, Rule, Verdict, View
from ledger.domain.shape import Fault
from ledger.domain.statement import END

if TYPE_CHECKING:
    from ledger.domain.expectation import Awaited
    from ledger.domain.facts import Facts
    from ledger.domain.pack import Pack
    from ledger.domain.side import Meeting

#: An alert that comes so soon after what started its clock tells of it from the first: a default of ours.
_SOON: Final = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class _Alert:
    """What another rule tells of: the thing, where it is one, and the entries on which it rests."""

    thing: str | None
    entries: frozenset[int]


def told_by_others(family: Family) -> Family:
    """The family for a rule that others tell of: it reads what they read, and is judged again when they are."""
    return replace(
        family,
        judge=partial(_judge, family),
        meets=partial(_meets, family) if family.meets is not None else None,
        areas=partial(_areas, family),
        reads=partial(_reads, family),
        listens=partial(_listens, family),
        enumerates=partial(_enumerates, family),
    )


def telling_faults(
    name: str, written: Mapping[str, Any], rules: Mapping[str, Any], families: Mapping[str, Family]
) -> Iterator[Fault]:
    """What is wrong with those that are to tell of what this rule finds; ``rules`` are the pack's, as written."""
    for place, other in enumerate(written.get("told_by", ())):
        told = rules.get(other)
        if told is None or other == name:
            yield ("told_by", place), "name another rule of the pack"
        elif families[told["family"]].awaits is None:
            yield ("told_by", place), "what tells of it awaits something: name a rule of a family with clocks"
        elif "told_by" in told:
            yield ("told_by", place), "others tell of what that rule finds: name those"


def is_told(rule: Rule, area: Question, sides: Iterable[int], facts: Facts, at: datetime | None = None) -> bool:
    """Whether another rule tells of it by ``at``; ``sides`` are the numbers of the entries that it shows."""
    newest = max(sides, default=None)
    thing = area.thing if area.about == CHILD else None
    return any(
        (thing is not None and one.thing == thing) or newest in one.entries
        for other in _others(rule, facts.pack)
        for one in _alerts(other, facts, at)
    )


def _alerts(other: Rule, facts: Facts, at: datetime | None) -> list[_Alert]:
    """Everything of the child that another rule tells of."""

    def work_out() -> list[_Alert]:
        awaits = other.family.awaits
        assert awaits is not None, "the pack refuses others"
        return [
            _Alert(area.thing, frozenset({one.trigger.number, *(ref.number for ref in (*one.also, *one.evidence))}))
            for area in areas_of_rule(other, facts)
            for one in awaits(other, area, facts, at or END)
            if one.is_told or _is_alert(one, at)
        ]

    return facts.once(("told by", other.name, at), work_out)


def _is_alert(awaited: Awaited, at: datetime | None) -> bool:
    """Whether it stands as an alert, or soon will."""
    moment = END if awaited.due - awaited.starts <= _SOON else at
    return moment is not None and awaited.stands(moment) and awaited.tier_at(moment) != "prompt"


def areas_of_rule(rule: Rule, facts: Facts) -> list[Question]:
    """The areas of a rule on which anything that is said of the child may bear."""

    def work_out() -> list[Question]:
        heard = sorted(rule.family.listens(rule, facts.pack) - {PERSON})
        found = (area for name in heard for area in rule.family.areas(rule, Question(name, CHILD), facts))
        return sorted(set(found), key=lambda area: area.sort_key)

    return facts.once(("areas of", rule.name), work_out)


def _others(rule: Rule, pack: Pack) -> list[Rule]:
    """Those that tell of what a rule finds, without those that are switched off."""
    return [pack.rules[name] for name in rule.told_by if name in pack.rules]


def _judge(family: Family, view: View) -> Verdict:
    verdict = family.judge(view)
    basis = verdict.basis
    if basis is None or basis.tier == "prompt":
        return verdict
    if not is_told(view.rule, view.area, (ref.number for side in basis.sides for ref in side), view.facts, view.at):
        return verdict
    return replace(verdict, basis=replace(basis, tier="prompt"))


def _meets(family: Family, rule: Rule, area: Question, facts: Facts, pack: Pack) -> Iterator[Meeting]:
    assert family.meets is not None, "only those of constraints are asked"
    for meeting in family.meets(rule, area, facts, pack):
        numbers = (ref.number for ref in meeting.conflict.refs)
        is_beside = meeting.tier != "prompt" and is_told(rule, area, numbers, facts)
        yield replace(meeting, is_told=True) if is_beside else meeting


def _areas(family: Family, rule: Rule, question: Question, facts: Facts) -> Iterator[Question]:
    """Those of the family; and all of the child's, where it bears on what others tell of."""
    yield from family.areas(rule, question, facts)
    hearing = (other for other in _others(rule, facts.pack) if _hears(other, question, facts.pack))
    if any(True for other in hearing for _ in other.family.areas(other, question, facts)):
        yield from areas_of_rule(replace(rule, family=family), facts)


def _reads(family: Family, rule: Rule, area: Question, pack: Pack) -> Iterator[Topic]:
    yield from family.reads(rule, area, pack)
    for other in _others(rule, pack):
        yield from other.family.reads(other, area, pack)
        yield from _to_name(other, pack)


def _to_name(rule: Rule, pack: Pack) -> Iterator[Topic]:
    """What must be known to name all of a rule's areas on which anything said of the child may bear."""
    for name in sorted(rule.family.listens(rule, pack) - {PERSON}):
        yield from rule.family.enumerates(rule, Question(name, CHILD), pack)


def _hears(other: Rule, question: Question, pack: Pack) -> bool:
    return question.attribute in pack.of_rule(other, "listens", lambda: other.family.listens(other, pack))


def _listens(family: Family, rule: Rule, pack: Pack) -> frozenset[str]:
    return family.listens(rule, pack).union(*(other.family.listens(other, pack) for other in _others(rule, pack)))


def _enumerates(family: Family, rule: Rule, question: Question, pack: Pack) -> Iterator[Topic]:
    yield from family.enumerates(rule, question, pack)
    for other in _others(rule, pack):
        if _hears(other, question, pack):
            yield from other.family.enumerates(other, question, pack)
            yield from _to_name(replace(rule, family=family), pack)
