"""What a rule pack says of alerts: by when one is to be acted on, who is next, for how long it may rest.

The section ``alerts`` of a pack; what it leaves out is as in `DEFAULTS`:

* ``act_within``: the clock of an alert from when it is raised: ``interrupt`` runs day and night, ``queue`` in the
  partnership's hours on its working days. Each is written as working days (``2wd``) or as a length (``PT4H``).
* ``ladder``: who is next when a clock has run out, in order, each ``to`` ``deputy``, ``manager``, ``senior`` or
  ``chair``, with a clock of their own (``within``).
* ``snooze_at_most``: how far ahead a snooze may end, by tier.
* ``digest``: at which time of a working day the digest is sent.
* ``shadow``: a rule of whose findings less than ``floor`` were acted on, among at least ``of_at_least`` that were
  acted on or dismissed in the time that it looks back ``over``, alerts nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final, Literal, cast, get_args

from ledger.domain.duration import Clock, WorkingDays, parse_clock, refuse_clock
from ledger.domain.hours import parse_time, refuse_time
from ledger.domain.shape import Count, Fault, Items, Text, keys, word

#: An alert that interrupts, and one of the queue.
Tier = Literal["interrupt", "queue"]
#: Who may be next when a clock has run out.
Rung = Literal["deputy", "manager", "senior", "chair"]
RUNGS: Final[tuple[Rung, ...]] = get_args(Rung)

_OF_AT_LEAST_MOST: Final = 100_000

DEFAULTS: Final[Mapping[str, Any]] = {
    "act_within": {"interrupt": "PT4H", "queue": "2wd"},
    "ladder": [
        {"to": "deputy", "within": {"interrupt": "PT2H", "queue": "1wd"}},
        {"to": "manager", "within": {"interrupt": "PT2H", "queue": "2wd"}},
        {"to": "senior", "within": {"interrupt": "PT4H", "queue": "2wd"}},
        {"to": "chair", "within": {"interrupt": "PT24H", "queue": "5wd"}},
    ],
    "snooze_at_most": {"interrupt": "PT24H", "queue": "10wd"},
    "digest": "08:00",
    "shadow": {"floor": "0.25", "of_at_least": 20, "over": "P180D"},
}


def _refuse_share(text: str) -> str | None:
    try:
        is_share = 0 <= Decimal(text) <= 1
    except InvalidOperation:
        is_share = False
    return None if is_share else "write a share from 0 to 1, as 0.25"


def _refuse_length(text: str) -> str | None:
    reason = refuse_clock(text)
    if reason is None and not isinstance(parse_clock(text), timedelta):
        return "write a length of time, as P180D: working days do not look back"
    return reason


def _refuse_running(text: str) -> str | None:
    reason = refuse_clock(text)
    if reason is None and parse_clock(text) in {timedelta(0), WorkingDays(0)}:
        return "a clock of an alert runs for some time: write more than nothing"
    return reason


_BY_TIER: Final = keys({tier: Text(_refuse_running) for tier in get_args(Tier)}, "interrupt queue")
#: The form of the section.
ALERTS: Final = keys(
    {
        "act_within": _BY_TIER,
        "ladder": Items(keys({"to": word(" ".join(RUNGS)), "within": _BY_TIER}, "to within"), least=1),
        "snooze_at_most": _BY_TIER,
        "digest": Text(refuse_time),
        "shadow": keys(
            {
                "floor": Text(_refuse_share),
                "of_at_least": Count(_OF_AT_LEAST_MOST, least=1),
                "over": Text(_refuse_length),
            },
            "floor of_at_least over",
        ),
    }
)


@dataclass(frozen=True, slots=True)
class ByTier:
    """A clock for what interrupts, and one for the queue."""

    interrupt: Clock
    queue: Clock

    def of(self, tier: Tier) -> Clock:
        """The clock of one tier."""
        return self.interrupt if tier == "interrupt" else self.queue


@dataclass(frozen=True, slots=True)
class Step:
    """One rung of the ladder: whose it is then, and for how long."""

    to: Rung
    within: ByTier


@dataclass(frozen=True, slots=True)
class ShadowSettings:
    """Below which share of findings that were acted on a rule alerts nobody, and among how many over what time."""

    floor: Decimal
    of_at_least: int
    over: timedelta


@dataclass(frozen=True, slots=True)
class AlertSettings:
    """What a pack says of alerts."""

    act_within: ByTier
    ladder: tuple[Step, ...]
    snooze_at_most: ByTier
    digest: time
    shadow: ShadowSettings


def alert_settings(written: Mapping[str, Any] | None = None) -> AlertSettings:
    """The settings of a section that has the form `ALERTS`; of what it leaves out, the defaults."""
    said = {**DEFAULTS, **(written or {})}
    shadow = said["shadow"]
    return AlertSettings(
        act_within=_by_tier(said["act_within"]),
        ladder=tuple(Step(cast("Rung", step["to"]), _by_tier(step["within"])) for step in said["ladder"]),
        snooze_at_most=_by_tier(said["snooze_at_most"]),
        digest=parse_time(said["digest"]) or time(8),
        shadow=ShadowSettings(
            Decimal(shadow["floor"]), shadow["of_at_least"], cast("timedelta", parse_clock(shadow["over"]))
        ),
    )


def alert_faults(written: Mapping[str, Any]) -> Iterator[Fault]:
    """What its form does not catch: a rung that stands on the ladder twice, or below one that it follows."""
    order = [RUNGS.index(step["to"]) for step in written.get("ladder", ())]
    for place, rung in enumerate(order):
        if place and rung <= order[place - 1]:
            why = f"the ladder goes up, each rung once: {', '.join(RUNGS)}"
            yield ("alerts", "ladder", place, "to"), why


def _by_tier(written: Mapping[str, str]) -> ByTier:
    return ByTier(parse_clock(written["interrupt"]), parse_clock(written["queue"]))
