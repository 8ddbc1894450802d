"""Injuries of one child that cluster: different ones, on different occasions, whoever saw them.

Each may have been explained where it was seen. Counted are injuries of concern by themselves, whatever went before
them: ``of_concern`` of them ``of_concern_within``; and any that are not the everyday ones of a child who moves about:
``of_any`` of them ``of_any_within``. What is of concern the rule says as one of the family ``unexamined`` does. What
agencies by their own words ``explained``, as a birth mark, or an author ``witnessed``, is not counted, unless another
such word says otherwise.

Several found ``together`` are one occasion. So is what is found not longer after than ``survey_together`` by measuring
and nothing else, or by those who examined the child the time before: it shows what was there. What one agency has from
another's file alone, without saying when it was, is the other's injury told again. What was found after the child's
death is none of these.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.claim import DEATH, DECISION, PERSON, Claim
from ledger.domain.person import CHILD
from ledger.domain.question import Question, Topic
from ledger.domain.rule import ANYBODY, Family, Rule, Verdict, View
from ledger.domain.rules.injury import (
    AROUND,
    CRITERIA_FORM,
    CRITERIA_REQUIRED,
    INJURY,
    PARTS,
    SITE,
    Criteria,
    concerns,
    is_open,
)
from ledger.domain.rules.injury_reading import injury_by_itself, is_child, parts_of
from ledger.domain.rules.spoken import WORDS, has_word, is_said, speaks_of, unknown_words
from ledger.domain.rules.spread import LENGTH, Occasion, claims_of, length_of, moment_of, pattern, within
from ledger.domain.shape import Count, Fault

if TYPE_CHECKING:
    from ledger.domain.facts import Facts
    from ledger.domain.pack import Pack

_PASSED_ON: Final = frozenset({"agency", "document"})
_HEARD: Final = _PASSED_ON | {"told"}


@dataclass(frozen=True, slots=True)
class _Hurt:
    """One injury: its occasion, whether it is of concern by itself, and how it was found.

    ``examined_by``: the agencies that describe it, where all of them examined the child.
    """

    occasion: Occasion
    is_of_concern: bool
    is_measured: bool
    examined_by: frozenset[str]

    def belongs_to(self, before: _Hurt) -> bool:
        """Whether it may have been there when that one was found, by how it came to light."""
        agencies = {claim.agency for claim in before.occasion.claims}
        return self.is_measured or bool(self.examined_by & agencies)


def judge(view: View) -> Verdict:
    """The injuries of one child that lie close enough together, if there are enough of them."""
    if not is_child(view.area.about, view.facts):
        return Verdict()
    hurts = list(_hurts(view))
    settings = view.rule.settings
    found = [
        *_close(hurts, settings, "of_concern", lambda one: one.is_of_concern),
        *_close(hurts, settings, "of_any", lambda _: True),
    ]
    if not found:
        return Verdict()
    thing_of = {claim.ref: one.sort for one in found for claim in one.claims}

    def part(claim: Claim) -> Hashable:
        return thing_of[claim.ref], claim.agency

    return Verdict(basis=pattern(claims_of(found), part))


def _close(
    hurts: Iterable[_Hurt], settings: Mapping[str, Any], key: str, counts: Callable[[_Hurt], bool]
) -> list[Occasion]:
    counted = {one.occasion.sort: one for one in hurts if counts(one)}
    together, survey = length_of(settings["together"]), length_of(settings["survey_together"])

    def enough(some: Sequence[Occasion]) -> bool:
        times = _times([counted[one.sort] for one in some], together, survey)
        return bool(times >= settings[key])

    return within((one.occasion for one in counted.values()), length_of(settings[f"{key}_within"]), enough)


def _times(some: Sequence[_Hurt], together: timedelta, survey: timedelta) -> int:
    """On how many occasions these, in order of time, were found."""
    times = 0
    first: _Hurt | None = None
    last: _Hurt | None = None
    for one in some:
        since_first = one.occasion.when - first.occasion.when if first is not None else None
        is_new = since_first is None or since_first > together
        if is_new and last is not None and one.belongs_to(last):
            is_new = one.occasion.when - last.occasion.when > survey
        if is_new:
            times, first = times + 1, one
        last = one
    return times


def _hurts(view: View) -> Iterator[_Hurt]:
    facts, about = view.facts, view.area.about
    criteria = Criteria.of(view.rule.settings)
    explained = _explained(view)
    died = facts.died if about == CHILD else None
    for thing, said in parts_of(about, facts).items():
        if thing in explained or all(claim.basis in _PASSED_ON and claim.valid is None for claim in said):
            continue
        first = min(said, key=moment_of)
        if died is not None and moment_of(first) > died:
            continue
        injury = injury_by_itself(about, said, speaks_of(first), facts, view.pack, criteria)
        is_of_concern = bool(concerns(injury, criteria))
        if is_of_concern or is_open(injury, criteria):
            own = [claim for claim in said if claim.basis not in _PASSED_ON]
            is_examined = all(claim.depth == "examined" for claim in own)
            yield _Hurt(
                Occasion(moment_of(first), thing, tuple(said)),
                is_of_concern,
                is_measured=all(claim.basis == "measured" for claim in own),
                examined_by=frozenset(claim.agency for claim in own if is_examined),
            )


def _explained(view: View) -> frozenset[str]:
    """The injuries that an agency's own words explain: the rule's first attribute on which there are any decides."""
    found: set[str] = set()
    decided: set[str] = set()
    for attribute, values in view.rule.settings.get("explained", {}).items():
        told: dict[str, set[bool]] = {}
        for claim in view.facts.claims(Topic(attribute, view.area.about)):
            thing = view.facts.question_of(claim).thing
            if thing is not None and is_said(claim) and claim.basis not in _HEARD:
                told.setdefault(thing, set()).add(not values or claim.value in values or _is_witnessed(claim, view))
        found |= {thing for thing, said in told.items() if said == {True} and thing not in decided}
        decided |= told.keys()
    return frozenset(found)


def _is_witnessed(claim: Claim, view: View) -> bool:
    """Whether the author was there and saw how it happened."""
    return claim.basis == "seen" and has_word(claim, view.rule.settings.get("witnessed", {}))


# ── what bears on what ──


def _areas(_rule: Rule, question: Question, facts: Facts) -> Iterator[Question]:
    """One child's injuries are one area; of somebody else it must be known who they are."""
    if question.attribute in {DECISION, DEATH}:
        yield Question(INJURY, CHILD)
    elif question.attribute != PERSON or facts.is_role_news(question.about):
        yield Question(INJURY, question.about)


def _enumerates(_rule: Rule, question: Question, _pack: Pack) -> Iterator[Topic]:
    if question.attribute == PERSON:
        yield Topic(PERSON, ANYBODY)


def _reads(rule: Rule, area: Question, _pack: Pack) -> Iterator[Topic]:
    yield from (Topic(name, area.about) for name in sorted(_attributes(rule)))
    yield Topic(PERSON, ANYBODY)
    yield Topic(DECISION, CHILD)
    yield Topic(DEATH, CHILD)


def _attributes(rule: Rule) -> frozenset[str]:
    return frozenset({*PARTS, *AROUND, *rule.settings.get("explained", {})})


def _listens(rule: Rule, _pack: Pack) -> frozenset[str]:
    return _attributes(rule) | {PERSON, DECISION, DEATH}


def _check(written: Mapping[str, Any], vocabulary: Mapping[str, Any]) -> Iterator[Fault]:
    lacking = sorted({*PARTS, *AROUND} - vocabulary.keys())
    if lacking:
        yield (), f"a rule of this family needs attributes that the vocabulary lacks: {', '.join(lacking)}"
        return
    for key, attribute in (("sorts", INJURY), ("slight", INJURY), ("no_injury", INJURY), ("not_mobile", "mobility")):
        yield from unknown_words((key,), {attribute: written[key]}, vocabulary)
    for key in ("sites", "everyday"):
        yield from unknown_words((key,), {SITE: written[key]}, vocabulary)
    for key in ("explained", "witnessed"):
        yield from unknown_words((key,), written.get(key, {}), vocabulary)
    for name in written.get("witnessed", {}):
        if name not in written.get("explained", {}):
            yield ("witnessed", name), "name under explained too what may be witnessed"


_TIMES: Final = Count(20, least=2)

FAMILY = Family(
    name="injuries_cluster",
    judge=judge,
    areas=_areas,
    reads=_reads,
    listens=_listens,
    enumerates=_enumerates,
    form={
        "of_concern": _TIMES,
        "of_concern_within": LENGTH,
        "of_any": _TIMES,
        "of_any_within": LENGTH,
        "together": LENGTH,
        "survey_together": LENGTH,
        "explained": WORDS,
        "witnessed": WORDS,
        **CRITERIA_FORM,
    },
    required=f"of_concern of_concern_within of_any of_any_within together survey_together {CRITERIA_REQUIRED}",
    kinds=frozenset({"pattern"}),
    check=_check,
)
