"""Who is accountable for what a child's record raises: one person at a time, and who is next.

An alert is brought to the one who leads; to the cover, else the deputy, while the lead is away; to the deputy when the
lead has left; to the duty desk where nobody of these is there. Nobody else is told until a clock has run out: two who
are told each think that the other acts. Then it goes up, one rung at a time: the deputy, and the manager, a senior
officer and the chair whom agency and partnership named for it. Outside the hours what interrupts goes to the
out-of-hours desk first, where the partnership has one.

A person is named by agency and that agency's reference; None in the place of one is everybody at the agency's desk.
All of it is a function of what entries say and of a moment that is handed in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal, get_args

from ledger.domain.duration import Clock
from ledger.domain.hours import Hours, elapses
from ledger.domain.pack_alerts import AlertSettings, Rung, Tier, alert_settings

#: In what part somebody holds an alert.
Stage = Literal["lead", "deputy", "cover", "desk", "out_of_hours", "manager", "senior", "chair"]
STAGES: Final[tuple[Stage, ...]] = get_args(Stage)


@dataclass(frozen=True, slots=True)
class Someone:
    """A person by their agency's reference, or with None everybody at that agency's desk."""

    agency: str
    person: str | None = None


@dataclass(frozen=True, slots=True)
class Holder:
    """Who is accountable, and in what part."""

    stage: Stage
    agency: str
    person: str | None = None

    @property
    def who(self) -> Someone:
        """The same, whatever their part."""
        return Someone(self.agency, self.person)


@dataclass(frozen=True, slots=True)
class Absence:
    """From when, and up to and not with when, somebody is away (None: nobody knows yet), and who covers for them."""

    of: Someone
    starts: datetime
    ends: datetime | None = None
    cover: Someone | None = None

    def is_on(self, at: datetime) -> bool:
        """Whether they are away at this moment."""
        return self.starts <= at and (self.ends is None or at < self.ends)


@dataclass(frozen=True)
class Line:
    """Who can come to hold what one record raises, as it was read at one moment.

    `lead` is None where nobody leads: nobody was named, or whoever was has left. `left` are those who have left among
    all that the line names; `ladder` the people of its rungs, of the lead's agency or of the whole partnership;
    `involved` the agencies that have a part in the record now, as far as whoever read the line may know.
    """

    desk: str
    hours: Hours
    lead: Someone | None = None
    deputy: Someone | None = None
    out_of_hours: Someone | None = None
    absences: tuple[Absence, ...] = ()
    left: frozenset[Someone] = frozenset()
    ladder: Mapping[Rung, Someone] = field(default_factory=dict)
    involved: frozenset[str] = frozenset()
    alerts: AlertSettings = field(default_factory=alert_settings)

    # ── who ──

    def receiver(self, tier: Tier, at: datetime) -> Holder:
        """To whom something is brought that is raised at this moment."""
        desk = self.out_of_hours
        if tier == "interrupt" and desk is not None and not self.in_hours(at) and self._is_there(desk, at):
            return Holder("out_of_hours", desk.agency, desk.person)
        return self.accountable(at)

    def accountable(self, at: datetime) -> Holder:
        """Who acts for the lead at this moment, in the hours or not."""
        return next(self._first(at), Holder("desk", self.desk))

    def following(self, holder: Holder, at: datetime) -> Holder | None:
        """Who is next when this one's clock has run out at this moment; None where nobody is.

        Whoever it was first brought to in the night is followed by whom it is brought to in the day. Rungs whose person
        has left, or is away without cover, or is the very holder, are passed over.
        """
        if holder.stage == "out_of_hours":
            first = self.accountable(at)
            return first if first.who != holder.who else next(self._rungs(holder, at), None)
        return next(self._rungs(holder, at), None)

    def holds(self, someone: Someone, at: datetime) -> bool:
        """Whether this is who could hold an alert of the record now: whoever led before is not."""
        return any(someone == one.who for one in self.everybody(at))

    def everybody(self, at: datetime) -> Iterator[Holder]:
        """All who could hold an alert at this moment, in the order in which they come to it."""
        if self.out_of_hours is not None:
            yield Holder("out_of_hours", self.out_of_hours.agency, self.out_of_hours.person)
        first = self.accountable(at)
        yield first
        yield from self._rungs(first, at)

    def has_left(self, agency: str, person: str | None) -> bool:
        """Whether somebody whom the line names has left their agency."""
        return Someone(agency, person) in self.left

    def is_away(self, agency: str, person: str | None, at: datetime) -> bool:
        """Whether somebody whom the line names is away at this moment."""
        return self._away(Someone(agency, person), at) is not None

    # ── clocks ──

    def act_by(self, tier: Tier, stage: Stage, at: datetime) -> datetime:
        """When a clock has run out that begins now with whoever holds it in this part; in UTC.

        What interrupts runs day and night, the queue in the hours alone.
        """
        within = next((step.within for step in self.alerts.ladder if step.to == stage), self.alerts.act_within)
        return self._runs_out(tier, within.of(tier), at)

    def snooze_until(self, tier: Tier, at: datetime) -> datetime:
        """The last moment up to which an alert may rest that is put to rest now; in UTC."""
        return self._runs_out(tier, self.alerts.snooze_at_most.of(tier), at)

    def in_hours(self, at: datetime) -> bool:
        """Whether the partnership is at work at this moment."""
        return self.hours.are_on(at)

    def next_hours(self, at: datetime) -> datetime:
        """The first moment from this one on at which it is: this one itself, where it is."""
        return self.hours.begin(at)

    # ── within ──

    def _runs_out(self, tier: Tier, clock: Clock, at: datetime) -> datetime:
        return self.hours.run(at, clock) if tier == "queue" else elapses(at, clock, self.hours.calendar)

    def _first(self, at: datetime) -> Iterator[Holder]:
        """Whoever is there of the lead and those who stand in, in the order in which they do."""
        lead = self.lead
        if lead is not None and not self.has_left(lead.agency, lead.person):
            away = self._away(lead, at)
            if away is None:
                yield Holder("lead", lead.agency, lead.person)
            elif away.cover is not None and self._is_there(away.cover, at):
                yield Holder("cover", away.cover.agency, away.cover.person)
        if self.deputy is not None and self._is_there(self.deputy, at):
            yield Holder("deputy", self.deputy.agency, self.deputy.person)

    def _rungs(self, holder: Holder, at: datetime) -> Iterator[Holder]:
        """The rungs above whoever holds it, each with who is there on it."""
        steps = [step.to for step in self.alerts.ladder]
        above = steps[steps.index(holder.stage) + 1 :] if holder.stage in steps else steps
        for rung in above:
            named = self.deputy if rung == "deputy" else self.ladder.get(rung)
            someone = None if named is None else self._standing_in(named, at)
            if someone is not None and someone != holder.who:
                yield Holder(rung, someone.agency, someone.person)

    def _standing_in(self, someone: Someone, at: datetime) -> Someone | None:
        """This person, or who covers for them; None where neither is there."""
        if someone in self.left:
            return None
        away = self._away(someone, at)
        if away is None:
            return someone
        return away.cover if away.cover is not None and self._is_there(away.cover, at) else None

    def _is_there(self, someone: Someone, at: datetime) -> bool:
        return someone not in self.left and self._away(someone, at) is None

    def _away(self, someone: Someone, at: datetime) -> Absence | None:
        return next((one for one in self.absences if one.of == someone and one.is_on(at)), None)
