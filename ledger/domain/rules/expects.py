"""What must follow something that was said or done: a referral is answered, an action is done, a child is seen.

``when`` names what starts it and ``until`` what ends it, each by patterns; ``within`` is the clock. It is found when
the clock has run out, or at once where something ``fails`` it (a refusal, a word that it did not happen, an omission);
where ``before`` says how, also while the clock still runs. What is said to be ``missed`` fails it too, and is found by
itself where nobody said here that it was awaited. It is not asked for where ``unless`` holds, or ``only_if`` does not
(each within ``recent`` before it), or the child is not ``younger_than`` an age, or in another nation than ``nations``.

``within_in`` has the clock of a nation of its own. Without ``within`` nothing is late, and only what fails is found. A
date that the trigger gives has ``grace``; where it gives none, ``otherwise`` is the clock. ``lapses_as`` is how it is
brought once it is late, until ``alert`` has run out as well. ``times``: only so many in a row, within ``in``, start it.
``one_for`` the child: all that starts it is one finding. ``from`` is who owes it and is warned, ``warn`` before it is
due.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.act import LEAD, fields_of, receiver_of
from ledger.domain.agency import AgencyWord
from ledger.domain.calendar import NATIONS, Nation, WorkingCalendar
from ledger.domain.claim import Claim, Ref
from ledger.domain.duration import parse_clock, refuse_clock, refuse_duration, runs_out
from ledger.domain.expectation import (
    GIVEN,
    HISTORY,
    Awaited,
    due_by,
    is_history,
    judged,
    outlived,
    refuse_expectation_clock,
)
from ledger.domain.handed_on import taker_of
from ledger.domain.pattern import when_of
from ledger.domain.pattern_form import PATTERNS, pattern_faults
from ledger.domain.person import CHILD
from ledger.domain.question import Question, Topic
from ledger.domain.rule import ANYBODY, Family, Rule, Verdict, View
from ledger.domain.rules.awaiting import (
    FAILING,
    PATTERN_KEYS,
    STARTS,
    Answers,
    areas,
    enumerates,
    listens,
    read,
    reads,
)
from ledger.domain.rules.holding import asked_for, length_of
from ledger.domain.shape import Count, Fault, Items, Shape, Text, keys, word

if TYPE_CHECKING:
    from ledger.domain.facts import Facts

#: What may be awaited.
TOPICS: Final = "referral examination contact reply handover action check review strategy_discussion outcome lead"


def judge(view: View) -> Verdict:
    """What should have followed the statements or acts of a question by now, and did not."""
    rule, area, facts = view.rule, view.area, view.facts
    return judged(view, facts.once(("open", rule.name, area), lambda: [*_awaited_by(rule, area, facts, is_all=False)]))


def awaits(rule: Rule, area: Question, facts: Facts, at: datetime) -> Iterator[Awaited]:
    """All that a rule awaits of a question's statements or acts, whether it came or not."""
    del at  # what is awaited does not depend on when it is asked
    yield from _awaited_by(rule, area, facts, is_all=True)


def _awaited_by(rule: Rule, area: Question, facts: Facts, *, is_all: bool) -> Iterator[Awaited]:
    """What a rule awaits in an area; of what came already, where it is not asked for, nothing more is worked out."""
    answers = Answers(rule, facts)
    starting = ((when_of(one).start, one.ref, one) for one in _triggers(rule, area, facts))
    dated = sorted(starting, key=lambda one: one[:2])
    is_over = not is_all and not rule.needs_two
    for start, _, trigger in dated:
        if is_over and answers.first("until", trigger) is not None:
            continue
        before = _before(rule, start, dated, answers)
        awaited = None if before is None else _awaited(rule, trigger, answers)
        if awaited is not None:
            yield replace(awaited, also=before or ())


# ── what starts it ──


def _may_stand(rule: Rule, area: Question, facts: Facts) -> bool:
    return "one_for" in rule.settings or not facts.has(area.topic) or bool(_triggers(rule, area, facts))


def _triggers(rule: Rule, area: Question, facts: Facts) -> list[Claim]:
    starts = [one for key in STARTS for one in read(rule, key)]
    if "one_for" not in rule.settings:
        return [claim for claim in facts.claims_on(area) if any(one.matches(claim, facts) for one in starts)]
    # By the very claim: one about several people is one for each, and they share a place in their entry.
    return [*{id(claim): claim for one in starts for claim in one.find(ANYBODY, facts)}.values()]


def _before(
    rule: Rule, start: datetime, dated: Sequence[tuple[datetime, Ref, Claim]], answers: Answers
) -> tuple[Ref, ...] | None:
    """Those that it takes before ``start``, on other days and with no answer in between; None: too few."""
    needed = int(rule.settings.get("times", 1)) - 1
    if needed <= 0:
        return ()
    days: dict[datetime, Ref] = {}
    since = bisect_left(dated, start - length_of(rule, "in", timedelta()), key=lambda one: one[0])
    for day, ref, one in reversed(dated[since : bisect_left(dated, start, key=lambda one: one[0])]):
        met = answers.first("until", one)
        if len(days) == needed or (met is not None and when_of(met).end <= start):
            break  # what answered this one answered those before it, too
        days[day] = ref
    return tuple(ref for _, ref in sorted(days.items())) if len(days) == needed else None


# ── what became of it ──


def _awaited(rule: Rule, trigger: Claim, answers: Answers) -> Awaited | None:
    settings, facts = rule.settings, answers.facts
    rests = None if is_history(trigger, length_of(rule, "history", HISTORY)) else asked_for(rule, trigger, facts)
    if rests is None:
        return None
    met = answers.first("until", trigger)
    failed = None if met is not None else _failed(rule, trigger, answers)
    due = due_of(rule, trigger, facts.nation)
    if due is None:
        if failed is None:
            return None
        due = failed.recorded_at
    warn = due - length_of(rule, "warn", timedelta()) if "warn" in settings else None
    awaited = Awaited(
        trigger=trigger,
        topic=settings["awaits"],
        starts=trigger.recorded_at,
        due=due,
        warn=warn if warn is not None and warn > trigger.recorded_at else None,
        met=met,
        failed=failed,
        owed_by=_owed_by(settings.get("from", ""), trigger, facts),
        before=settings.get("before"),
        tier=settings.get("tier", "queue"),
        lapses_as=settings.get("lapses_as"),
        alert=_later(due, settings["alert"], facts.nation) if "alert" in settings else None,
        needs_two=rule.needs_two,
        evidence=rests,
    )
    return None if outlived(awaited, facts) else awaited


def due_of(rule: Rule, trigger: Claim, nation: Nation) -> datetime | None:
    """When what a rule awaits of a trigger is late; None: never."""
    settings = rule.settings
    clock = settings.get("within_in", {}).get(nation, settings.get("within"))
    due = due_by(clock, trigger, nation) if clock is not None else None
    if due is not None and clock == GIVEN and "grace" in settings:
        due = _later(due, settings["grace"], nation)
    if due is None and "otherwise" in settings:
        return due_by(settings["otherwise"], trigger, nation)
    return due


def _later(moment: datetime, clock: str, nation: Nation) -> datetime:
    return runs_out(moment, parse_clock(clock), WorkingCalendar(nation))


def _failed(rule: Rule, trigger: Claim, answers: Answers) -> Claim | None:
    """What says that it will not come, or did not: such a pattern, a stated omission of it, or the trigger itself."""
    if any(one.matches(trigger, answers.facts) for one in read(rule, "missed")):
        return trigger
    return answers.first(FAILING, trigger)


def _owed_by(wanted: str, trigger: Claim, facts: Facts) -> str:
    """The agency from which it must come; empty where that cannot be told."""
    match wanted:
        case "":
            return ""
        case "author":
            return trigger.agency
        case "receiver":
            return taker_of(trigger, facts) or facts.agency_addressed(receiver_of(trigger))
        case "lead":
            leads = facts.claims(Topic(LEAD, CHILD))
            return str(fields_of(leads[-1]).get("agency", "")) if leads else ""
        case kind:
            return facts.agency_addressed(kind)


def _check(written: Mapping[str, Any], vocabulary: Mapping[str, Any]) -> Iterator[Fault]:
    for key in PATTERN_KEYS:
        yield from pattern_faults((key,), written.get(key), vocabulary)
    if GIVEN in {written.get("otherwise"), written.get("warn")}:
        yield ("otherwise",), "where the trigger gives no date another clock is needed: a length, or working days"
    for key, needed in _NEED.items():
        if key in written and needed not in written:
            yield (key,), f"this says nothing without {needed}"
    if "recent" in written and not {"only_if", "unless"} & written.keys():
        yield ("recent",), "this says nothing without only_if or unless"
    if not {"when", "missed"} & written.keys():
        yield (), "say what starts it: when, or what is missed"
    if "within" not in written and not {"fails", "missed"} & written.keys():
        yield ("within",), "without a clock only what fails is found: give a clock, or say what fails it"


#: Keys that say nothing without another one.
_NEED: Final = {
    "alert": "lapses_as",
    "otherwise": "within",
    "grace": "within",
    "in": "times",
    "times": "in",
    "within_in": "within",
}
_TIER: Final = word("prompt queue interrupt")
_LENGTH: Final = Text(refuse_duration)
FORM: Final[Mapping[str, Shape]] = {
    **dict.fromkeys(PATTERN_KEYS, PATTERNS),
    "awaits": word(TOPICS),
    "within": Text(refuse_expectation_clock),
    "within_in": keys(dict.fromkeys(sorted(NATIONS), Text(refuse_expectation_clock))),
    "grace": Text(refuse_clock),
    "otherwise": Text(refuse_expectation_clock),
    "warn": _LENGTH,
    "from": AgencyWord(parts=frozenset({"author", "receiver", "lead"})),
    "before": _TIER,
    "lapses_as": _TIER,
    "alert": Text(refuse_clock),
    "tier": _TIER,
    "close": word("two_people"),
    "one_for": word(CHILD),
    "times": Count(9),
    "in": _LENGTH,
    "recent": _LENGTH,
    "history": _LENGTH,
    "younger_than": _LENGTH,
    "nations": Items(word(" ".join(sorted(NATIONS))), 1),
}
FAMILY: Final = Family(
    name="expects",
    judge=judge,
    areas=areas,
    reads=reads,
    listens=listens,
    enumerates=enumerates,
    may_stand=_may_stand,
    awaits=awaits,
    form=FORM,
    required="until awaits",
    kinds=frozenset({"expectation"}),
    check=_check,
    closes_as="came_to_pass",
)
