"""Accounts taken back again and again: allegations and disclosures withdrawn twice or more.

One withdrawal decides nothing, and several by one person, or about one person, are worth seeing beside each other. It
is described and no more: people take back what was true and what was not.

Two withdrawals are two where they are of different things, or where the same was said again (``made``) between them.
What several agencies record of one is one. ``times`` of them ``within`` are a pattern; ``steps`` are the steps of
allegations in the ledger that say the same. A step names the thing alone; who took it back is then whoever did by the
claims on that thing, and where nobody says, it may be of anybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.claim import ALLEGATION, Claim
from ledger.domain.person import CHILD
from ledger.domain.question import Question, Topic
from ledger.domain.rule import ANYBODY, Family, Rule, Verdict, View
from ledger.domain.rules.allegation import is_step
from ledger.domain.rules.spoken import WORDS, is_said, order, unknown_words
from ledger.domain.rules.spread import LENGTH, Occasion, claims_of, length_of, moment_of, pattern, within
from ledger.domain.shape import Count, Fault, Items, Shape, Text, keys

if TYPE_CHECKING:
    from ledger.domain.facts import Facts
    from ledger.domain.pack import Pack

_STEPS: Final[Shape] = keys({"made": Items(Text(), least=1), "withdrawn": Items(Text(), least=1)}, "withdrawn")


@dataclass(frozen=True, slots=True)
class _Withdrawal:
    """One withdrawal, and whose it may be: everyone who took it back or against whom it was; nobody: not said."""

    occasion: Occasion
    people: frozenset[str]


def judge(view: View) -> Verdict:
    """Withdrawals by or about one person that are at least so many in the rule's time."""
    withdrawals = list(_withdrawals(view))
    length, times = length_of(view.rule.settings["within"]), view.rule.settings["times"]
    found: list[Claim] = []
    for person in sorted({person for one in withdrawals for person in one.people} | {""}):
        theirs = [one.occasion for one in withdrawals if person in one.people or not one.people]
        found += claims_of(within(theirs, length, lambda some: len(some) >= times))
    return Verdict(basis=pattern(found) if found else None)


def _withdrawals(view: View) -> Iterator[_Withdrawal]:
    for thing, said in _by_thing(view).items():
        people = frozenset().union(*(_people(claim, view.facts) for claim in said))
        for number, claims in enumerate(_runs(said, view.rule)):
            occasion = Occasion(min(moment_of(claim) for claim in claims), f"{thing}/{number}", tuple(claims))
            yield _Withdrawal(occasion, people)


def _by_thing(view: View) -> Mapping[str, list[Claim]]:
    """What was said of each allegation; one that names no thing is known by whom it is about, and with whom."""
    found: dict[str, list[Claim]] = {}
    for topic in _reads(view.rule, view.area, view.pack):
        for claim in view.facts.claims(topic):
            if is_said(claim) and (is_step(claim, "made", view.rule) or is_step(claim, "withdrawn", view.rule)):
                question = view.facts.question_of(claim)
                key = question.thing or "/".join(part or "" for part in (question.about, question.counterpart))
                found.setdefault(key, []).append(claim)
    return found


def _runs(said: Sequence[Claim], rule: Rule) -> Iterator[list[Claim]]:
    """The withdrawals among these, those with none of it said again between them together."""
    run: list[Claim] = []
    # Of what is said at one time it was made before it was taken back.
    for claim in sorted(said, key=lambda one: (moment_of(one), is_step(one, "withdrawn", rule), order(one))):
        if is_step(claim, "withdrawn", rule):
            run.append(claim)
        elif run and moment_of(claim) > moment_of(run[-1]):
            yield run
            run = []
    if run:
        yield run


def _people(claim: Claim, facts: Facts) -> frozenset[str]:
    """Who says it, and of whom; the child's own step in the ledger says neither."""
    speaker = facts.source(claim).person
    about = frozenset() if claim.attribute == ALLEGATION else frozenset({facts.question_of(claim).about})
    return about | (frozenset({speaker}) if speaker else frozenset())


# ── what bears on what ──


def _areas(_rule: Rule, _question: Question, _facts: Facts) -> Iterable[Question]:
    """The record has one pattern of this: whoever took something back may have told several people of several."""
    yield Question(ALLEGATION, CHILD)


def _reads(rule: Rule, _area: Question, _pack: Pack) -> Iterator[Topic]:
    yield Topic(ALLEGATION, CHILD)
    yield from (Topic(attribute, ANYBODY) for attribute in sorted(_attributes(rule)))


def _attributes(rule: Rule) -> frozenset[str]:
    return frozenset(rule.settings["withdrawn"]) | frozenset(rule.settings.get("made", {}))


def _listens(rule: Rule, _pack: Pack) -> frozenset[str]:
    return _attributes(rule) | {ALLEGATION}


def _check(written: Mapping[str, Any], vocabulary: Mapping[str, Any]) -> Iterator[Fault]:
    for step in ("made", "withdrawn"):
        yield from unknown_words((step,), written.get(step, {}), vocabulary)


FAMILY = Family(
    name="taken_back_repeatedly",
    judge=judge,
    areas=_areas,
    reads=_reads,
    listens=_listens,
    form={"made": WORDS, "withdrawn": WORDS, "steps": _STEPS, "times": Count(9, least=2), "within": LENGTH},
    required="made withdrawn steps times within",
    kinds=frozenset({"pattern"}),
    check=_check,
)
