"""A measure of one child that falls over the records of several agencies: weight, or attendance.

Each agency sees one figure, and none of them the line. A ``measure`` falls where it fell ``times`` in a row by at least
``least`` together, or once by ``much`` over ``apart`` or longer; both are shares of the figure before, in percent, and
``floor`` is what a fall must be at any rate, in the measure's own unit, for scales and registers differ. ``words`` that
say so without a figure count as a fall each, and ``well`` takes back what was said before it. What lies longer before
the last of it than ``within`` is another time, and what has been half regained since is no fall. Only what an agency
read for itself counts, not what it was told.

A newborn child loses weight before it gains. Of the figures of the first days (``newborn``) the lowest alone counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.age import age_at
from ledger.domain.civil_day import civil_date
from ledger.domain.claim import PERSON, Claim
from ledger.domain.question import Question, Topic
from ledger.domain.rule import ANYBODY, Family, Rule, Verdict, View
from ledger.domain.rules.injury_reading import is_child
from ledger.domain.rules.spoken import WORDS, has_word, is_said, order, speaks_of, unknown_words
from ledger.domain.rules.spread import LENGTH, length_of, moment_of, pattern
from ledger.domain.shape import Count, Fault, Text
from ledger.domain.vocabulary import QUANTITY

if TYPE_CHECKING:
    from ledger.domain.facts import Facts
    from ledger.domain.pack import Pack

BORN: Final = "date_of_birth"
_NOT_READ: Final = frozenset({"told"})
_ALL: Final = Decimal(100)


@dataclass(frozen=True, slots=True)
class _Reading:
    """The figures of one day, from the least to the most: scales differ."""

    when: datetime
    least: Decimal
    most: Decimal
    claims: tuple[Claim, ...]


def judge(view: View) -> Verdict:
    """What fell, and was not regained."""
    if not is_child(view.area.about, view.facts):
        return Verdict()
    fallen = [*_fallen(list(_readings(view)), view.rule)]
    words = _words(view)
    if _is_enough(fallen, words, view.rule):
        return Verdict(basis=pattern([*(claim for one in fallen for claim in one.claims), *words]))
    return Verdict()


def _is_enough(fallen: Sequence[_Reading], words: Sequence[Claim], rule: Rule) -> bool:
    times = rule.settings["times"]
    if len(fallen) > 1:
        lost = fallen[0].least - fallen[-1].most
        falls = len(fallen) - 1 + len(words)
        if falls >= times and _is_by(lost, fallen[0], "least", rule):
            return True
        is_apart = fallen[-1].when - fallen[0].when >= length_of(rule.settings["apart"])
        return is_apart and _is_by(lost, fallen[0], "much", rule)
    apart = length_of(rule.settings["apart"])
    return len(words) >= times and moment_of(words[-1]) - moment_of(words[0]) >= apart


def _is_by(lost: Decimal, before: _Reading, key: str, rule: Rule) -> bool:
    """Whether that much of it was lost."""
    floor = Decimal(rule.settings["floor"]) if key == "much" else Decimal(0)
    return lost > 0 and lost >= floor and lost * _ALL >= before.least * rule.settings[key]


def _fallen(readings: Sequence[_Reading], rule: Rule) -> list[_Reading]:
    """From the last figure that was not reached again, the figures that each were lower than the one before."""
    if len(readings) < 2:
        return []
    highest = max(range(len(readings)), key=lambda place: (readings[place].least, place))
    latest = readings[-1]
    run = [readings[highest]]
    for one in readings[highest + 1 :]:
        if one.most < run[-1].least:
            run.append(one)
    # What rose again since from where it had fallen is on its way back.
    lowest = run[-1]
    lost = run[0].least - lowest.most
    if lost > 0 and latest.least - lowest.least >= lost / 2:
        return []
    within = length_of(rule.settings["within"])
    return [one for one in run if lowest.when - one.when <= within]


def _readings(view: View) -> Iterator[_Reading]:
    """The figures, a day at a time; those of the first days of life as one."""
    births = view.facts.claims(Topic(BORN, view.area.about))
    newborn = view.rule.settings.get("newborn")
    days: dict[object, list[Claim]] = {}
    for claim in view.facts.claims(Topic(view.rule.settings["measure"], view.area.about)):
        if not is_said(claim) or claim.basis in _NOT_READ or not QUANTITY.match(claim.value or ""):
            continue
        age = age_at(speaks_of(claim), births) if newborn else None
        is_newborn = age is not None and newborn and age.most < length_of(newborn).days
        days.setdefault("newborn" if is_newborn else civil_date(moment_of(claim)), []).append(claim)
    made = [_reading(claims, is_newborn=day == "newborn") for day, claims in days.items()]
    yield from sorted(made, key=lambda one: (one.when, one.least, one.most))


def _reading(claims: Sequence[Claim], *, is_newborn: bool) -> _Reading:
    figures = [Decimal(claim.value or "0") for claim in claims]
    most = min(figures) if is_newborn else max(figures)
    when = max(moment_of(claim) for claim in claims)
    return _Reading(when, min(figures), most, tuple(sorted(claims, key=order)))


def _words(view: View) -> list[Claim]:
    """What says without a figure that it fell, one on a day, since somebody last said that it did not."""
    words, well = view.rule.settings.get("words", {}), view.rule.settings.get("well", {})
    said = [
        claim
        for attribute in sorted({*words, *well})
        for claim in view.facts.claims(Topic(attribute, view.area.about))
        if is_said(claim) and claim.basis not in _NOT_READ
    ]
    said.sort(key=lambda claim: (moment_of(claim), order(claim)))
    since = max((moment_of(claim) for claim in said if has_word(claim, well)), default=None)
    low = [claim for claim in said if has_word(claim, words) and (since is None or moment_of(claim) > since)]
    if low:
        oldest = moment_of(low[-1]) - length_of(view.rule.settings["within"])
        low = [claim for claim in low if moment_of(claim) >= oldest]
    return list({civil_date(moment_of(claim)): claim for claim in low}.values())


# ── what bears on what ──


def _areas(rule: Rule, question: Question, facts: Facts) -> Iterable[Question]:
    """One child's figures; of somebody else it must be known who they are."""
    if question.attribute != PERSON or facts.is_role_news(question.about):
        yield Question(rule.settings["measure"], question.about)


def _enumerates(_rule: Rule, question: Question, _pack: Pack) -> Iterator[Topic]:
    if question.attribute == PERSON:
        yield Topic(PERSON, ANYBODY)


def _reads(rule: Rule, area: Question, _pack: Pack) -> Iterator[Topic]:
    yield from (Topic(name, area.about) for name in sorted(_attributes(rule)))
    yield Topic(PERSON, ANYBODY)


def _attributes(rule: Rule) -> frozenset[str]:
    settings = rule.settings
    return frozenset({settings["measure"], BORN, *settings.get("words", {}), *settings.get("well", {})})


def _listens(rule: Rule, _pack: Pack) -> frozenset[str]:
    return _attributes(rule) | {PERSON}


def _check(written: Mapping[str, Any], vocabulary: Mapping[str, Any]) -> Iterator[Fault]:
    measure = vocabulary.get(written["measure"])
    if measure is None or measure["type"] != "quantity":
        yield ("measure",), "name an attribute of the vocabulary that is a quantity"
    if not QUANTITY.match(written["floor"]):
        yield ("floor",), "write a number in the measure's unit, as 0.3"
    if BORN not in vocabulary:
        yield (), f"a rule of this family needs an attribute that the vocabulary lacks: {BORN}"
    for key in ("words", "well"):
        yield from unknown_words((key,), written.get(key, {}), vocabulary)


FAMILY = Family(
    name="falls",
    judge=judge,
    areas=_areas,
    reads=_reads,
    listens=_listens,
    enumerates=_enumerates,
    form={
        "measure": Text(),
        "times": Count(9, least=2),
        "least": Count(100),
        "much": Count(100, least=1),
        "floor": Text(),
        "apart": LENGTH,
        "within": LENGTH,
        "newborn": LENGTH,
        "words": WORDS,
        "well": WORDS,
    },
    required="measure times least much floor apart within",
    kinds=frozenset({"pattern"}),
    check=_check,
)
