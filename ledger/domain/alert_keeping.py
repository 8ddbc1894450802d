"""What is to be done about an alert at a moment: move it, wake it, or pass it on because nobody acted in time.

A pure function of the alert as it stands, of its record's line and of the moment: whoever keeps alerts asks it again
under the record's lock, and two who ask at once come to the same. One thing at a time: what follows from it is asked
next.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from ledger.domain.alert import State
from ledger.domain.line import Holder, Line, Someone
from ledger.domain.pack_alerts import Tier

#: Why an alert is somebody else's though no clock has run out.
Why = Literal["lead_changed", "absent", "left", "hours_begin", "back"]

#: No clock runs: it stays with whom it is with, unless another leads now or they have left.
_AT_REST: Final = frozenset({State.ACTED_ON, State.SNOOZED})


@dataclass(frozen=True, slots=True)
class Standing:
    """An open alert as it stands: its tier, who holds it, until when they have to act (or it rests), and who led then.

    ``held_number``: the entry with which their clock began. ``lapses``: how often one has run out since it was raised.
    ``snooze``: the number of the entry that put it off last.
    """

    alert: str
    tier: Tier
    state: State
    holder: Holder
    act_by: datetime | None
    held_number: int
    lapses: int
    snooze: int | None
    led_by: Someone | None


@dataclass(frozen=True, slots=True)
class Moved:
    """It is another's: the clock goes on, unless it has run out."""

    why: Why
    to: Holder
    act_by: datetime | None


@dataclass(frozen=True, slots=True)
class Woken:
    """The snooze has ended: the clock begins again."""

    act_by: datetime


@dataclass(frozen=True, slots=True)
class Lapsed:
    """Nobody acted in time. With nobody left to pass it to it stays with the last, and no clock runs."""

    to: Holder
    act_by: datetime | None
    was_due: datetime

    @property
    def is_at_the_top(self) -> bool:
        """Whether nobody is above whoever has it."""
        return self.act_by is None


Step = Moved | Woken | Lapsed


def step(one: Standing, line: Line, at: datetime) -> Step | None:
    """What is to be done about an open alert at a moment; None where it may stay as it is."""
    moved = _moved(one, line, at)
    if moved is not None:
        return moved
    if one.act_by is None:
        return _onwards(one, line, at)
    if one.act_by > at:
        return None
    if one.state is State.SNOOZED:
        return Woken(line.act_by(one.tier, one.holder.stage, at))
    to = line.following(one.holder, at)
    act_by = None if to is None else line.act_by(one.tier, to.stage, at)
    return Lapsed(to or one.holder, act_by, one.act_by)


def _onwards(one: Standing, line: Line, at: datetime) -> Lapsed | None:
    """What stayed with the last for want of anybody above them goes on once somebody is there: named, or back."""
    if not one.lapses or one.state in _AT_REST:
        return None
    to = line.following(one.holder, at)
    return None if to is None else Lapsed(to, line.act_by(one.tier, to.stage, at), at)


def _moved(one: Standing, line: Line, at: datetime) -> Moved | None:
    holder = one.holder
    is_led_anew = line.lead is not None and line.lead != one.led_by
    is_gone = line.has_left(holder.agency, holder.person) or (holder.stage == "lead" and line.lead is None)
    if not (is_led_anew or is_gone) and (one.lapses or one.state in _AT_REST):
        return None
    to = _expected(one, line, at)
    if is_gone and not is_led_anew and one.lapses:
        to = line.following(holder, at) or to
    if to.who == holder.who and not (is_led_anew and one.lapses):
        return None
    return Moved(_why(holder, to, line, at, is_led_anew=is_led_anew, is_gone=is_gone), to, _clock(one, to, line, at))


def _expected(one: Standing, line: Line, at: datetime) -> Holder:
    """With whom it would be, were it raised now; nobody who has it in the day hands it to the desk of the night."""
    to = line.receiver(one.tier, at)
    return line.accountable(at) if to.stage == "out_of_hours" != one.holder.stage else to


def _clock(one: Standing, to: Holder, line: Line, at: datetime) -> datetime | None:
    """The clock goes on; one that has run out, also at the top, begins with whoever takes it."""
    if one.state in _AT_REST or (one.act_by is not None and one.act_by > at):
        return one.act_by
    return line.act_by(one.tier, to.stage, at)


def _why(holder: Holder, to: Holder, line: Line, at: datetime, *, is_led_anew: bool, is_gone: bool) -> Why:
    if is_led_anew:
        return "lead_changed"
    if is_gone:
        return "left"
    if holder.stage == "out_of_hours":
        return "hours_begin"
    return "back" if to.stage == "lead" and not line.is_away(holder.agency, holder.person, at) else "absent"
