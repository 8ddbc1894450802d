"""An account for which the child would have to be able to do what no child of its age can, or only few.

What the account needs is what was noted with it (the attribute ``account_needs``), or what its own word ``implies``.
A rule gives for each ability the age before which no child has it (``none_before``: the account is ruled out) and the
age before which only few do (``few_before``: it may be so, and somebody should ask). What is only implied never rules
an account out: who gave it may have meant something else. It implies nothing of injuries that are ``slight`` alone,
such as a baby's own scratches.

The age is that at the latest time that the account may tell of, by the earliest day of birth that anybody gives, so
that it holds for every reading of vague dates. Of a child born before term it is counted from when it was expected.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.age import age_at, days_early
from ledger.domain.duration import parse_duration, refuse_duration
from ledger.domain.question import Question, Topic
from ledger.domain.rule import Family, Rule
from ledger.domain.rules.account import (
    ACCOUNT,
    KINDS,
    ON_ACCOUNT,
    Against,
    Word,
    is_account,
    meetings_of,
    no_verdict,
    told_of,
    unknown_attributes,
    unknown_values,
    words_about,
    words_on,
)
from ledger.domain.rules.need_of_account import NEEDS, areas_with_needs, enumerates_needs, needs_of
from ledger.domain.shape import Fault, Items, Named, Text
from ledger.domain.side import Meeting

if TYPE_CHECKING:
    from ledger.domain.facts import Facts
    from ledger.domain.pack import Pack

_BORN: Final = ("date_of_birth", "expected_date", "gestation_weeks")
_INJURY: Final = "injury"


def meetings(rule: Rule, area: Question, facts: Facts, _pack: Pack) -> Iterator[Meeting]:
    """What the account needs, against the day on which the child was born."""
    if is_account(area):
        yield from meetings_of(rule, _found(rule, area, facts))


def _found(rule: Rule, area: Question, facts: Facts) -> Iterator[Against]:
    births = words_about("date_of_birth", area.about, facts)
    if not births:
        return
    born, expected, gestation = (facts.claims(Topic(name, area.about)) for name in _BORN)
    early = days_early(born, expected, gestation)
    for account, ability, is_implied in _needs(rule, area, facts):
        age = age_at(told_of(account.claim), born)
        if age is None:
            continue
        is_ruled_out = not is_implied and age.most - early < _days(rule, "none_before", ability)
        if is_ruled_out or age.most - early < _days(rule, "few_before", ability):
            for birth in births:
                yield Against(account.statement, birth.statement, is_strain=not is_ruled_out)


def _needs(rule: Rule, area: Question, facts: Facts) -> Iterator[tuple[Word, str, bool]]:
    """Each account with what it needs, and whether that is only implied: where it was noted, nothing is."""
    noted = [*needs_of(area, facts)]
    yield from ((account, ability, False) for account, ability in noted)
    numbers = {account.claim.number for account, _ in noted}
    injuries = {
        one.value for one in facts.claims(Topic(_INJURY, area.about)) if facts.question_of(one).thing == area.thing
    }
    if injuries and injuries <= set(rule.settings.get("slight", ())):
        return
    for account in words_on(area, facts):
        ability = rule.settings.get("implies", {}).get(account.claim.value)
        if ability is not None and account.claim.number not in numbers:
            yield account, ability, True


def _days(rule: Rule, setting: str, ability: str) -> int:
    written = rule.settings.get(setting, {}).get(ability)
    length = parse_duration(written) if written else None
    return length.days if length is not None and not isinstance(length, str) else 0


def _reads(_rule: Rule, area: Question, _pack: Pack) -> Iterator[Topic]:
    yield from (Topic(name, area.about) for name in (ACCOUNT, NEEDS, _INJURY, *_BORN))


def _listens(_rule: Rule, _pack: Pack) -> frozenset[str]:
    return frozenset({ACCOUNT, NEEDS, _INJURY, *_BORN})


def _check(written: Mapping[str, Any], vocabulary: Mapping[str, Any]) -> Iterator[Fault]:
    yield from unknown_attributes({ACCOUNT, NEEDS, _INJURY, *_BORN}, vocabulary)
    for part in ("none_before", "few_before"):
        yield from unknown_values((part,), written.get(part, {}), NEEDS, vocabulary)
    yield from unknown_values(("implies",), written.get("implies", {}), ACCOUNT, vocabulary)
    yield from unknown_values(("implies",), written.get("implies", {}).values(), NEEDS, vocabulary)
    yield from unknown_values(("slight",), written.get("slight", ()), _INJURY, vocabulary)


_AGES: Final = Named(Text(refuse_duration))
TOO_YOUNG: Final = Family(
    name="too_young",
    judge=no_verdict,
    areas=areas_with_needs,
    reads=_reads,
    listens=_listens,
    enumerates=enumerates_needs,
    meets=meetings,
    form={
        "one": ON_ACCOUNT,
        "none_before": _AGES,
        "few_before": _AGES,
        "implies": Named(Text()),
        "slight": Items(Text(), least=1),
    },
    required="one none_before few_before",
    kinds=KINDS,
    check=_check,
)
