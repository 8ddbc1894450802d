"""An age that was given for somebody, and a date of birth by which they cannot have been so old.

A rule of the family ``age_and_birth`` names the attribute of the age (``one``), in years or in months. An age of so
many years runs from that birthday up to the next; half of the attribute's tolerance is added on either side, and a
fifth of the age where somebody guessed it from what they saw. It is found only where no reading of the date of birth
or of the time of telling makes the age fit; a baby born before term may be given its corrected age.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.age import age_at, days_early
from ledger.domain.question import Question, Topic
from ledger.domain.rule import Family, Rule
from ledger.domain.rules.account import Against, Word, meetings_of, no_verdict, told_of, words_about, words_on
from ledger.domain.rules.pairing import is_of
from ledger.domain.shape import Fault, keys, word
from ledger.domain.side import Meeting
from ledger.domain.vocabulary import QUANTITY

if TYPE_CHECKING:
    from ledger.domain.facts import Facts
    from ledger.domain.pack import Pack

_BORN: Final = ("date_of_birth", "expected_date", "gestation_weeks")
_DAYS: Final = {"years": Decimal("365.25"), "months": Decimal("30.4375")}
_GUESSED: Final = frozenset({"seen", "judgement"})


def meetings(rule: Rule, area: Question, facts: Facts, pack: Pack) -> Iterator[Meeting]:
    """The ages given on one question, against each date of birth by which they cannot be so."""
    if is_of(area, rule.settings["one"]):
        yield from meetings_of(rule, _found(area, facts, pack))


def _found(area: Question, facts: Facts, pack: Pack) -> Iterator[Against]:
    attribute = pack.attributes[area.attribute]
    days_of, half = _DAYS[attribute.unit or "years"], Decimal(attribute.tolerance or "0") / 2
    born, expected, gestation = (facts.claims(Topic(name, area.about)) for name in _BORN)
    early = days_early(born, expected, gestation)
    births = [one for one in words_about("date_of_birth", area.about, facts) if _stands(one, facts)]
    for age in (one for one in words_on(area, facts) if _stands(one, facts)):
        if age.claim.value is None or not QUANTITY.match(age.claim.value):
            continue
        said = Decimal(age.claim.value)
        slack = max(half, said / 5) if age.claim.basis in _GUESSED else half
        least, most = (said - slack) * days_of, (said + 1 + slack) * days_of
        for birth in births:
            was = age_at(told_of(age.claim), [birth.claim])
            if was is not None and (was.most < least or was.least - early > most):
                yield Against(age.statement, birth.statement)


def _stands(one: Word, facts: Facts) -> bool:
    """Whether its agency says nothing else by now."""
    return facts.beliefs(one.question).present_word(one.statement) is one.statement


def _areas(rule: Rule, question: Question, facts: Facts) -> Iterator[Question]:
    if question.attribute in _BORN:
        yield from facts.questions(Topic(rule.settings["one"]["attribute"], question.about))


def _enumerates(rule: Rule, question: Question, _pack: Pack) -> Iterator[Topic]:
    yield Topic(rule.settings["one"]["attribute"], question.about)


def _reads(_rule: Rule, area: Question, _pack: Pack) -> Iterator[Topic]:
    yield area.topic
    yield from (Topic(name, area.about) for name in _BORN)


def _listens(rule: Rule, _pack: Pack) -> frozenset[str]:
    return frozenset({rule.settings["one"]["attribute"], *_BORN})


def _check(written: Mapping[str, Any], vocabulary: Mapping[str, Any]) -> Iterator[Fault]:
    age = vocabulary.get(written["one"]["attribute"], {})
    if age.get("type") != "quantity" or age.get("unit") not in _DAYS:
        yield ("one", "attribute"), "an age is a quantity in years or in months"
    lacking = [name for name in _BORN if name not in vocabulary]
    if lacking:
        yield (), f"a rule of this family needs attributes that the vocabulary lacks: {', '.join(lacking)}"


AGE_AND_BIRTH: Final = Family(
    name="age_and_birth",
    judge=no_verdict,
    areas=_areas,
    reads=_reads,
    listens=_listens,
    enumerates=_enumerates,
    meets=meetings,
    form={"one": keys({"attribute": word("age_stated age_in_months")}, "attribute")},
    required="one",
    kinds=frozenset({"contradiction", "identity"}),
    check=_check,
)
