"""A small event, or none, is what is said of a child's injury that a small event seldom explains.

A rule names which accounts are ``small`` (``none_given`` among them), and which sorts, sites, patterns and ages of
injury are ``grave``; ``before_walking`` are sorts that are so only in a child younger than walks, ``before_moving`` in
one younger than moves about at all. So many places
(``places``) hurt at once, which certainly differ and are not all ``everyday`` ones, or so many injuries counted, are
grave too. Sorts that are ``slight`` are not grave for where they are.

``never`` are further groups of ``accounts``, each with what none of them explains though they are no small event: a
fall down the stairs breaks a bone and leaves no bruise on an ear. So many injuries (``many``) are too many for one
event, and of what is ``slight`` only the pattern counts. That is asked of an account whose own injury was described.

An account is of its own injury, and of the injuries of one presentation: those of the same person that came to light in
one entry with it, or within ``together``, and of which no account was given. The opinion of one of the ``clinicians``
that the account fits, or that the cause is none that anybody inflicted, given when the injury was known, answers it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from ledger.domain.age import age_at
from ledger.domain.claim import PERSON, Claim
from ledger.domain.duration import parse_duration, refuse_duration
from ledger.domain.edtf import observed_bounds
from ledger.domain.question import Question, Topic
from ledger.domain.rule import ANYBODY, Family, Rule
from ledger.domain.rules.account import (
    ACCOUNT,
    KINDS,
    ON_ACCOUNT,
    Against,
    Word,
    accounts_about,
    areas_about,
    is_account,
    meetings_of,
    no_verdict,
    told_of,
    unknown_attributes,
    unknown_values,
    words_on,
)
from ledger.domain.rules.examination import CAUSE, FITS, is_clinicians
from ledger.domain.rules.injury import (
    AGE_OF_INJURY,
    BROKEN,
    COUNT,
    FRACTURE,
    INJURY,
    PARTS,
    PATTERN,
    SITE,
    Injury,
)
from ledger.domain.rules.injury_reading import described, is_child, parts_of
from ledger.domain.shape import Count, Fault, Items, Keys, Text, keys
from ledger.domain.side import Meeting
from ledger.domain.statement import Statement

if TYPE_CHECKING:
    from ledger.domain.facts import Facts
    from ledger.domain.pack import Pack

_BORN: Final = "date_of_birth"
_READ: Final = (ACCOUNT, *PARTS, CAUSE, FITS, _BORN)
#: Younger than this a child seldom moves about by itself, and seldom walks: what a fall in play does to others is rare.
MOVES: Final = timedelta(days=183)
WALKS: Final = timedelta(days=365)


#: Of the words on one injury those that an account does not explain.
_Grave: TypeAlias = "Callable[[Sequence[Claim], Sequence[Word], Facts], list[Claim]]"


def meetings(rule: Rule, area: Question, facts: Facts, _pack: Pack) -> Iterator[Meeting]:
    """The small events told of this injury, against what was found that they seldom explain."""
    if is_account(area) and is_child(area.about, facts):
        yield from meetings_of(rule, _found(rule, area, facts))


def _found(rule: Rule, area: Question, facts: Facts) -> Iterator[Against]:
    words = words_on(area, facts)
    statements = {statement.ref: statement for statement in _statements(area.about, facts)}
    for values, grave_of in _tiers(rule, area, facts):
        accounts = [one for one in words if one.claim.value in values]
        presented = [*_presented(rule, area, accounts, facts)] if accounts else []
        grave = [claim for said in presented for claim in grave_of(said, accounts, facts)]
        for claim in grave:
            if claim.ref in statements and not _is_answered(rule, area, claim, facts):
                for account in accounts:
                    yield Against(account.statement, statements[claim.ref], is_strain=True)


def _tiers(rule: Rule, area: Question, facts: Facts) -> Iterator[tuple[Collection[str], _Grave]]:
    """Accounts, and how to tell what they do not explain."""
    yield rule.settings["small"], partial(_grave, rule)
    if area.thing in parts_of(area.about, facts):
        for tier in rule.settings.get("never", ()):
            yield tier["accounts"], partial(_never, tier)


def _presented(rule: Rule, area: Question, accounts: Sequence[Word], facts: Facts) -> Iterator[list[Claim]]:
    """What was said of each injury of this presentation: the one that the accounts are of, and those beside it."""
    parts = parts_of(area.about, facts)
    own = parts.get(area.thing or "", [])
    accounted = {question.thing for question in facts.questions(Topic(ACCOUNT, area.about))}
    known = [*own, *(account.claim for account in accounts)]
    for thing, said in parts.items():
        if thing == area.thing or (thing not in accounted and _came_together(said, known, rule)):
            yield said


def _came_together(one: Iterable[Claim], other: Sequence[Claim], rule: Rule) -> bool:
    """Whether two injuries are in one entry, or came to light within so short a time."""
    within = parse_duration(rule.settings["together"])
    for claim in one:
        for beside in other:
            if claim.number == beside.number:
                return True
            mine, theirs = observed_bounds(claim.observed), observed_bounds(beside.observed)
            if not isinstance(within, str) and max(mine.start, theirs.start) - min(mine.end, theirs.end) < within:
                return True
    return False


def _grave(rule: Rule, said: Sequence[Claim], accounts: Sequence[Word], facts: Facts) -> list[Claim]:
    """Of the words on one injury those by which it is more than a small event seldom does."""
    grave, injury = rule.settings["grave"], Injury(when=_when(said), **described(said, facts))
    is_slight = bool(injury.sorts) and injury.sorts <= set(rule.settings.get("slight", ()))
    sorts = set(grave.get("sorts", ()))
    for part, age in (("before_walking", WALKS), ("before_moving", MOVES)):
        if _is_younger(age, accounts, facts):
            sorts |= set(grave.get(part, ()))
    wanted: dict[str, set[str]] = {
        INJURY: sorts,
        SITE: set() if is_slight else set(grave.get("sites", ())),
        PATTERN: set(grave.get("patterns", ())),
        AGE_OF_INJURY: set(grave.get("ages", ())),
        FRACTURE: set(BROKEN) if FRACTURE in sorts else set(),
    }
    found = [claim for claim in said if claim.value in wanted.get(claim.attribute, ())]
    is_everyday = bool(injury.sites) and injury.sites <= set(rule.settings.get("everyday", ()))
    if not is_slight and not is_everyday and max(injury.places, injury.count) >= rule.settings["places"]:
        by = SITE if injury.places >= rule.settings["places"] else COUNT
        found += [claim for claim in said if claim.attribute == by and claim not in found]
    return found


def _never(tier: Mapping[str, Any], said: Sequence[Claim], _accounts: Sequence[Word], facts: Facts) -> list[Claim]:
    """Of the words on one injury those that no such event explains, however bad."""
    injury = Injury(when=_when(said), **described(said, facts))
    is_slight = bool(injury.sorts) and injury.sorts <= set(tier.get("slight", ()))
    wanted: dict[str, set[str]] = {PATTERN: set(tier.get("patterns", ()))}
    if not is_slight:
        wanted |= {
            INJURY: set(tier.get("sorts", ())),
            SITE: set(tier.get("sites", ())),
            AGE_OF_INJURY: set(tier.get("ages", ())),
        }
    found = [claim for claim in said if claim.value in wanted.get(claim.attribute, ())]
    if not is_slight and injury.count >= tier.get("many", sys.maxsize):
        found += [claim for claim in said if claim.attribute == COUNT]
    return found


def _is_younger(than: timedelta, accounts: Sequence[Word], facts: Facts) -> bool:
    ages = [age_at(told_of(one.claim), facts.claims(Topic(_BORN, one.question.about))) for one in accounts]
    return any(age is not None and age.most < than.days for age in ages)


def _when(said: Sequence[Claim]) -> tuple[Any, Any]:
    return min((observed_bounds(claim.observed).start, observed_bounds(claim.observed).end) for claim in said)


def _statements(about: str, facts: Facts) -> Iterator[Statement]:
    for part in PARTS:
        for question in facts.questions(Topic(part, about)):
            yield from facts.statements(question)


def _is_answered(rule: Rule, area: Question, grave: Claim, facts: Facts) -> bool:
    """Whether a clinician who could know of what is grave finds that it comes of what is told, or of no one's doing."""
    answers = rule.settings.get("answered_by", {})
    found = observed_bounds(grave.observed).start
    for attribute in (CAUSE, FITS):
        for claim in facts.claims(Topic(attribute, area.about)):
            if claim.value not in answers.get(attribute, ()) or facts.question_of(claim).thing != area.thing:
                continue
            if observed_bounds(claim.observed).end > found and is_clinicians(claim, rule.settings["clinicians"], facts):
                return True
    return False


def _reads(_rule: Rule, area: Question, _pack: Pack) -> Iterator[Topic]:
    yield from (Topic(name, area.about) for name in _READ)
    yield Topic(PERSON, ANYBODY)


def _listens(_rule: Rule, _pack: Pack) -> frozenset[str]:
    return frozenset({*_READ, PERSON})


def _check(written: Mapping[str, Any], vocabulary: Mapping[str, Any]) -> Iterator[Fault]:
    yield from unknown_attributes(_READ, vocabulary)
    yield from unknown_values(("small",), written["small"], ACCOUNT, vocabulary)
    for part, attribute in _OF_GRAVE.items():
        yield from unknown_values(("grave", part), written["grave"].get(part, ()), attribute, vocabulary)
    yield from unknown_values(("slight",), written.get("slight", ()), INJURY, vocabulary)
    yield from unknown_values(("everyday",), written.get("everyday", ()), SITE, vocabulary)
    for place, tier in enumerate(written.get("never", ())):
        for part, attribute in _OF_NEVER.items():
            yield from unknown_values(("never", place, part), tier.get(part, ()), attribute, vocabulary)
    for attribute, values in written.get("answered_by", {}).items():
        yield from unknown_values(("answered_by", attribute), values, attribute, vocabulary)


_OF_GRAVE: Final = {
    "sorts": INJURY, "before_walking": INJURY, "before_moving": INJURY,
    "sites": SITE, "patterns": PATTERN, "ages": AGE_OF_INJURY,
}  # fmt: skip
_OF_NEVER: Final = {
    "accounts": ACCOUNT, "sorts": INJURY, "sites": SITE, "patterns": PATTERN, "ages": AGE_OF_INJURY, "slight": INJURY,
}  # fmt: skip
_WORDS: Final = Items(Text(), least=1)
_GRAVE: Final[Keys] = keys(dict.fromkeys(_OF_GRAVE, _WORDS))
_NEVER: Final[Keys] = keys({**dict.fromkeys(_OF_NEVER, _WORDS), "many": Count(200, least=2)}, "accounts")
SMALL_CAUSE: Final = Family(
    name="small_cause",
    judge=no_verdict,
    areas=areas_about,
    reads=_reads,
    listens=_listens,
    enumerates=accounts_about,
    meets=meetings,
    form={
        "one": ON_ACCOUNT,
        "small": _WORDS,
        "grave": _GRAVE,
        "never": Items(_NEVER, least=1),
        "slight": _WORDS,
        "everyday": _WORDS,
        "places": Count(20, least=2),
        "together": Text(refuse_duration),
        "clinicians": Text(),
        "answered_by": keys({CAUSE: _WORDS, FITS: _WORDS}),
    },
    required="one small grave places together clinicians",
    kinds=KINDS,
    check=_check,
)
