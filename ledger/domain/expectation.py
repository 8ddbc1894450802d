"""What must follow: what was done or said, what then must come, from whom and by when, and what came.

The one mechanism for clocks. A family of rules says what its rules await in an area (`Awaited`); `judged` makes of that
the finding, the moments at which to look again, and the warnings. Nothing here remembers: whether something is awaited,
has lapsed or has come follows from the claims that count and the moment at which it is asked.

* A clock starts when its trigger is recorded and runs in London's wall time: in working days of the nation, in hours as
  they pass, to the end of the day or the next working morning, or to a date that the trigger itself gives.
* What tells of a past that lies further back than `history` is history, and starts nothing.
* A child's death ends every clock that has not run out by then.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from ledger.domain.act import ACTS, fields_of
from ledger.domain.calendar import Nation, WorkingCalendar
from ledger.domain.civil_day import civil_date, midnight
from ledger.domain.claim import Claim, Ref
from ledger.domain.duration import DurationError, parse_clock, runs_out
from ledger.domain.edtf import EdtfError, observed_bounds
from ledger.domain.finding import ENTRIES_MAX, EVIDENCE_MAX, TIERS, Basis, Tier
from ledger.domain.pattern import when_of
from ledger.domain.rule import Told, Verdict, View

if TYPE_CHECKING:
    from ledger.domain.facts import Facts

#: Clocks beside lengths of time and working days: to the end of the day, and to the date that the trigger gives.
SAME_DAY: Final = "same_day"
GIVEN: Final = "given"
#: To the start of the next working day, by when a school can have it before the child comes in.
NEXT_MORNING: Final = "next_morning"
_MORNING: Final = timedelta(hours=9)
#: What is to be done the same day is not asked for in less time than this: a default of ours.
SAME_DAY_LEAST: Final = timedelta(hours=4)
#: What lies longer ago than this when it is recorded is history, unless a rule says otherwise: a default of ours.
HISTORY: Final = timedelta(days=90)
_DATES: Final = ("due", "planned", "by")


@dataclass(frozen=True, slots=True)
class Awaited:
    """One thing that must follow ``trigger``. ``due`` is the first moment at which it is late.

    ``met`` is what came of it; ``failed`` says that it will not come, or did not. ``before`` is how a finding of it is
    brought before it is late (None: not at all), ``tier`` once it is. ``needs_two``: it stands until two people close
    it. ``owed_by`` is the agency from which it must come, empty where that is not known. ``also`` stands beside the
    trigger in the finding, ``evidence`` behind it. ``lapses_as`` is how it is brought, once it is late, as long as
    nothing says that it will not come: up to ``alert``, or for good where that is None. ``is_told``: what else the rule
    awaits alerts to it. From ``over`` on nothing is awaited any more, whether it came or not.
    """

    trigger: Claim
    topic: str
    starts: datetime
    due: datetime
    warn: datetime | None = None
    met: Claim | None = None
    failed: Claim | None = None
    owed_by: str = ""
    before: Tier | None = None
    tier: Tier = "queue"
    lapses_as: Tier | None = None
    alert: datetime | None = None
    needs_two: bool = False
    is_told: bool = False
    over: datetime | None = None
    also: tuple[Ref, ...] = ()
    evidence: tuple[Ref, ...] = ()

    def is_lapsed(self, at: datetime) -> bool:
        """Whether it did not come in time, or it is known that it does not come."""
        return self.met is None and (self.failed is not None or self.due <= at)

    def stands(self, at: datetime) -> bool:
        """Whether there is a finding of it."""
        if self.over is not None and self.over <= at:
            return False
        if self.met is not None:
            return self.needs_two
        return self.before is not None or self.is_lapsed(at)

    def tier_at(self, at: datetime) -> Tier:
        """How its finding is brought."""
        if self.before is not None and not self.is_lapsed(at):
            return self.before
        is_late = self.failed is None and (self.alert is None or at < self.alert)
        return self.lapses_as if self.lapses_as is not None and is_late else self.tier

    def next_after(self, at: datetime) -> datetime | None:
        """The next moment at which something becomes of it by itself."""
        waits = self.met is None and self.failed is None
        moments = (self.warn, self.due, self.alert, self.over) if waits else (self.over,)
        return min((moment for moment in moments if moment is not None and moment > at), default=None)

    def is_warned(self, at: datetime) -> bool:
        """Whether whoever owes it is told that it is soon due."""
        waits = self.met is None and self.failed is None
        return waits and bool(self.owed_by) and self.warn is not None and self.warn <= at < self.due


def judged(view: View, awaited: Iterable[Awaited]) -> Verdict:
    """What stands of all that is awaited in an area."""
    listed = sorted(awaited, key=lambda one: (one.trigger.ref, one.due))
    due: dict[Ref, datetime] = {}
    for one in listed:
        following = one.next_after(view.at)
        if following is not None:
            due[one.trigger.ref] = min(following, due.get(one.trigger.ref, following))
    told = {Told("due_soon", one.owed_by, one.trigger.ref, one.trigger.ref) for one in listed if one.is_warned(view.at)}
    standing = [one for one in listed if one.stands(view.at)]
    return Verdict(basis=_basis(view, standing) if standing else None, due=due, told=frozenset(told))


def _basis(view: View, standing: list[Awaited]) -> Basis:
    waiting = [one for one in standing if one.met is None]
    first = min(waiting or standing, key=lambda one: (one.due, one.trigger.ref))
    return Basis(
        kind=view.rule.finds,
        sides=(_shown(standing),),
        evidence=tuple(sorted({*_evidence(standing)}))[-EVIDENCE_MAX:],
        tier=max((one.tier_at(view.at) for one in waiting or standing), key=TIERS.index),
        topic=first.topic,
        due=first.due,
        owed_by=first.owed_by,
        is_lapsed=any(one.is_lapsed(view.at) for one in waiting),
        is_met=not waiting,
    )


def _shown(standing: list[Awaited]) -> tuple[Ref, ...]:
    """The triggers, what stands beside them, and what says that nothing comes: of the newest entries."""
    refs = {
        ref
        for one in standing
        for ref in (one.trigger.ref, *one.also, *([one.failed.ref] if one.failed is not None else []))
    }
    entries: set[int] = set()
    shown = []
    for ref in sorted(refs, reverse=True):
        if len(entries | {ref.number}) <= ENTRIES_MAX:
            entries.add(ref.number)
            shown.append(ref)
    return tuple(sorted(shown))


def _evidence(standing: list[Awaited]) -> Iterator[Ref]:
    for one in standing:
        yield from one.evidence
        if one.met is not None:
            yield one.met.ref


def due_by(clock: str, trigger: Claim, nation: Nation) -> datetime | None:
    """The first moment at which what this trigger asks for by this clock is late; None where it gives no date."""
    if clock == GIVEN:
        return date_given(trigger)
    calendar = WorkingCalendar(nation)
    if clock == NEXT_MORNING:
        following = calendar.next_working_day(civil_date(trigger.recorded_at))
        return midnight(following.year, following.month, following.day) + _MORNING
    if clock == SAME_DAY:
        return max(calendar.end_of_day(trigger.recorded_at), trigger.recorded_at + SAME_DAY_LEAST)
    return runs_out(trigger.recorded_at, parse_clock(clock), calendar)


def date_given(trigger: Claim) -> datetime | None:
    """The end of the day, or the moment, by which an act says that it should be done, or for which a claim plans it."""
    if trigger.attribute not in ACTS:
        return when_of(trigger).end if trigger.valid else None
    fields = fields_of(trigger)
    for name in _DATES:
        try:
            return observed_bounds(str(fields[name])).end
        except (KeyError, EdtfError):
            continue
    return None


def refuse_expectation_clock(text: str) -> str | None:
    """Why this is no clock of what must follow; None where it is one."""
    if text in {SAME_DAY, NEXT_MORNING, GIVEN}:
        return None
    try:
        parse_clock(text)
    except DurationError as error:
        return f"{error.reason}; or {SAME_DAY}, {NEXT_MORNING}, or {GIVEN} where the trigger gives a date"
    return None


def is_history(trigger: Claim, history: timedelta) -> bool:
    """Whether it tells of what lay too far back, when it was recorded, to ask now for what should have followed."""
    return when_of(trigger).end + history < trigger.recorded_at


def outlived(awaited: Awaited, facts: Facts) -> bool:
    """Whether the child's death ended the clock; ``facts`` must have the topic of its death."""
    return facts.died is not None and (awaited.due > facts.died or awaited.trigger.recorded_at >= facts.died)
