"""Two attributes that bear on each other: what one states leaves no room for what the other does.

A rule of the family ``excludes`` names statements on ``one`` attribute and on the ``other`` that cannot both be so
while they share time; of the family ``strains``, ones that pull apart and may both be so. A statement counts when all
that it allows is among what the rule's ``values`` allow, so a vaguer one never does. ``same`` lists what the two must
have in common (about, thing, with, item); an empty list is anything in the record. What is found stands on the
question of ``one``, beside what conflicts there directly. What else a side may say is told in
`ledger.domain.rules.pairing`.

``leans: yes``, where ``one`` and ``other`` are the same attribute: statements that the vocabulary says lean to
different states pull apart. ``tier: interrupt``, of what goes against an order, bail or a condition of contact: it is
brought at once (`ledger.domain.interruption`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal

from ledger.domain.conflict import conflicts_in
from ledger.domain.duration import ALWAYS, parse_duration, refuse_duration
from ledger.domain.question import Question, Topic
from ledger.domain.rule import ANYBODY, Family, Rule, Verdict, View
from ledger.domain.rules.pairing import ONE, OTHER, SIDE, Half, Pair, check_side, counted, half_of, is_of
from ledger.domain.shape import Fault, Items, Shape, Text, YesNo, word
from ledger.domain.side import Meeting
from ledger.domain.vocabulary import Attribute

if TYPE_CHECKING:
    from ledger.domain.facts import Facts
    from ledger.domain.pack import Pack


@dataclass(frozen=True, slots=True)
class Joint:
    """How the statements of a constraint are set against each other."""

    compare_within: timedelta | Literal["always"]
    holds_for: timedelta | None
    critical: bool
    past_matters: bool
    is_unchanging: bool = False

    def goes_back(self, _earlier: int, _later: int) -> bool:
        """Two attributes have no order between them."""
        return False


def meetings(rule: Rule, area: Question, facts: Facts, pack: Pack) -> Iterator[Meeting]:
    """The conflicts by this rule on one question of its ``one`` attribute."""
    if not is_of(area, rule.settings["one"]):
        return
    comparing = comparing_of(rule, pack)
    for other in facts.questions(_topic(rule, "other", area)):
        if is_of(other, rule.settings["other"]) and _shares(rule, area, other):
            pair = _pair(rule, area, other, facts, pack)
            for conflict in conflicts_in(pair, comparing):
                yield Meeting(conflict, pair, comparing, rule.finds, rule.name, rule.family.name == "strains")


def _pair(rule: Rule, one: Question, other: Question, facts: Facts, pack: Pack) -> Pair:
    if rule.settings.get("leans") == "yes":
        # One attribute set against itself holds its statements once.
        leaning = dict(_leanings(one, facts, pack.attributes[one.attribute]))
        held = [replace(held, mask=leaning[id(held.statement)]) for held in facts.beliefs(one).held]
        return Pair(Half(facts.beliefs(one), held, leaning))
    sides = (("one", one, ONE), ("other", other, OTHER))
    return Pair(*(_half(rule.settings[side], on, bit, facts, pack) for side, on, bit in sides))


def _half(side: Mapping[str, Any], on: Question, bit: int, facts: Facts, pack: Pack) -> Half:
    return half_of(on, bit, counted(side, on, facts, pack), facts, pack, side)


def _leanings(question: Question, facts: Facts, attribute: Attribute) -> Iterator[tuple[int, int]]:
    """What each statement leans to where its value says so, else what it states."""
    values = {claim.ref: claim.value for claim in facts.claims_on(question)}
    for statement in facts.statements(question):
        yield id(statement), attribute.leans.get(values.get(statement.ref) or "", statement.mask)


def comparing_of(rule: Rule, pack: Pack) -> Joint:
    """As the rule says, else as the two attributes do: the stricter of what they say."""
    return pack.of_rule(rule, "comparing", lambda: _find_comparing(rule, pack))


def _find_comparing(rule: Rule, pack: Pack) -> Joint:
    attributes = [pack.attributes[rule.settings[side]["attribute"]] for side in ("one", "other")]
    written = rule.settings.get("compare_within")
    limits = [one.compare_within for one in attributes if isinstance(one.compare_within, timedelta)]
    within: timedelta | Literal["always"] = min(limits) if limits else ALWAYS
    # A paper that runs does not go out of date by nobody's having read it again.
    runs = any(rule.settings[side].get("runs") == "yes" for side in ("one", "other"))
    holding = [one.holds_for for one in attributes if one.holds_for is not None and not runs]
    past = rule.settings.get("past_matters")
    return Joint(
        compare_within=parse_duration(written) if written else within,
        holds_for=min(holding, default=None),
        critical=rule.critical,
        past_matters=past == "yes" if past else any(one.past_matters for one in attributes),
        is_unchanging=all(one.is_unchanging for one in attributes),
    )


def _shares(rule: Rule, one: Question, other: Question) -> bool:
    parts = {"about": "about", "thing": "thing", "with": "counterpart", "item": "item"}
    return all(getattr(one, parts[part]) == getattr(other, parts[part]) for part in rule.settings["same"])


def _topic(rule: Rule, side: str, question: Question) -> Topic:
    about = question.about if "about" in rule.settings["same"] else ANYBODY
    return Topic(rule.settings[side]["attribute"], about)


def _enumerates(rule: Rule, question: Question, _pack: Pack) -> Iterator[Topic]:
    if question.attribute == rule.settings["other"]["attribute"]:
        yield _topic(rule, "one", question)


def _areas(rule: Rule, question: Question, facts: Facts) -> Iterator[Question]:
    """The questions of ``one`` on which a question of ``other`` bears."""
    if is_of(question, rule.settings["other"]):
        for one in facts.questions(_topic(rule, "one", question)):
            if is_of(one, rule.settings["one"]) and _shares(rule, one, question):
                yield one


def _reads(rule: Rule, area: Question, _pack: Pack) -> Iterator[Topic]:
    yield area.topic
    if is_of(area, rule.settings["one"]):
        yield _topic(rule, "other", area)


def _listens(rule: Rule, _pack: Pack) -> frozenset[str]:
    return frozenset(rule.settings[side]["attribute"] for side in ("one", "other"))


def _judge(_view: View) -> Verdict:
    """A constraint speaks through the question of its ``one`` attribute, never by itself."""
    return Verdict()


def _check(written: Mapping[str, Any], vocabulary: Mapping[str, Any]) -> Iterator[Fault]:
    for side in ("one", "other"):
        yield from check_side(side, written, vocabulary)
    if written.get("leans") == "yes" and written["one"] != written["other"]:
        yield ("leans",), "what leans apart is on one attribute: write it as one and as other"


_FORM: Mapping[str, Shape] = {
    "one": SIDE,
    "other": SIDE,
    "same": Items(word("about thing with item")),
    "compare_within": Text(refuse_duration),
    "past_matters": YesNo(),
    "leans": YesNo(),
    "tier": word("queue interrupt"),
}
_KINDS = frozenset({"contradiction", "identity", "explanation"})


def _family(name: str) -> Family:
    return Family(
        name=name,
        judge=_judge,
        areas=_areas,
        reads=_reads,
        listens=_listens,
        enumerates=_enumerates,
        meets=meetings,
        form=_FORM,
        required="one other same",
        kinds=_KINDS,
        check=_check,
    )


EXCLUDES = _family("excludes")
STRAINS = _family("strains")
