"""When clocks run out in the four nations, and what must have followed by then: by hand-written tables and brute force.

Written from the words of the design, to be set beside what detection works out; nothing is taken from the code that it
checks, nor from the libraries that it uses. Bank holidays stand here as the governments announced them, for two years
and the days around them. London's hour is worked out from the rule: summer time from the last Sunday of March to the
last Sunday of October, each at one o'clock universal time.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

DAY, HOUR, INSTANT = timedelta(days=1), timedelta(hours=1), timedelta(microseconds=1)
#: What is tabled: from the first to before the last of these days.
FIRST, LAST = date(2023, 12, 1), date(2026, 1, 1)


def _days(*written: str) -> frozenset[date]:
    """Days as year, then month-day pairs."""
    return frozenset(date.fromisoformat(f"{one[:4]}-{day}") for one in written for day in one[5:].split())


HOLIDAYS = {
    "england": _days(
        "2023 12-25 12-26",
        "2024 01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26",
        "2025 01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26",
    ),
    "scotland": _days(
        "2023 12-25 12-26",
        "2024 01-01 01-02 03-29 05-06 05-27 08-05 12-02 12-25 12-26",
        "2025 01-01 01-02 04-18 05-05 05-26 08-04 12-01 12-25 12-26",
    ),
    "northern_ireland": _days(
        "2023 12-25 12-26",
        "2024 01-01 03-18 03-29 04-01 05-06 05-27 07-12 08-26 12-25 12-26",
        "2025 01-01 03-17 04-18 04-21 05-05 05-26 07-14 08-25 12-25 12-26",
    ),
}
HOLIDAYS["wales"] = HOLIDAYS["england"]
NATIONS = tuple(sorted(HOLIDAYS))
#: Around these moments clocks are most easily wrong: both clock changes, Easter, Christmas, and each nation's own days.
TRYING = tuple(
    datetime.fromisoformat(f"{day}T00:00+00:00")
    for day in (
        "2024-03-28", "2024-03-31", "2024-10-25", "2024-10-27", "2024-12-24", "2024-12-31", "2024-03-15", "2024-07-11",
        "2024-08-02", "2024-08-23", "2024-11-29", "2025-03-30", "2025-04-17", "2025-07-11", "2025-10-26",
    )
)  # fmt: skip


def offset(moment: datetime) -> timedelta:
    """By how much London is ahead of universal time at a moment."""
    begins, ends = (_last_sunday(moment.year, month) + HOUR for month in (3, 10))
    return HOUR if begins <= moment < ends else timedelta(0)


def _last_sunday(year: int, month: int) -> datetime:
    day = datetime(year, month, 31, tzinfo=UTC)
    return day - DAY * ((day.weekday() + 1) % 7)


def wall(moment: datetime) -> datetime:
    """What the clock on a London wall shows."""
    return (moment + offset(moment)).replace(tzinfo=None)


def moment_of(shown: datetime) -> datetime:
    """The first moment at which a London wall shows this."""
    early = shown.replace(tzinfo=UTC) - HOUR
    return early if wall(early) == shown else early + HOUR


def is_working(day: date, nation: str) -> bool:
    assert FIRST <= day < LAST, f"{day} is not in the tables"
    return day.isoweekday() not in {6, 7} and day not in HOLIDAYS[nation]


def due(start: datetime, clock: str, nation: str) -> datetime:
    """When a clock that began at ``start`` has run out: ``3wd``, ``24h``, ``28d`` or ``same_day``."""
    shown = wall(start)
    if clock == "same_day":
        return max(moment_of(_midnight(shown.date() + DAY)), start + 4 * HOUR)
    if clock.endswith("wd"):
        if not is_working(shown.date(), nation):
            while not is_working(shown.date(), nation):
                shown += DAY
            shown = _midnight(shown.date())
        for _ in range(int(clock[:-2])):
            shown += DAY
            while not is_working(shown.date(), nation):
                shown += DAY
        return moment_of(shown)
    return start + int(clock[:-1]) * (HOUR if clock.endswith("h") else DAY)


# ── what must follow ──


@dataclass(frozen=True, eq=False)
class Act:
    """Something that was done on a ``day`` and entered ``at`` a moment; ``gone`` is when its author took it back.

    ``kind``: a trigger, an answer to it or a refusal, of a ``matter``; an excuse, that holds or (``says``) does not; or
    the child's death. ``by`` is the agency that entered it.
    """

    kind: str
    matter: int
    day: date
    at: datetime
    gone: datetime | None = None
    says: bool = True
    by: str = "csc"

    def counts(self, moment: datetime) -> bool:
        """Whether the record holds it then."""
        return self.at <= moment and (self.gone is None or moment < self.gone)


@dataclass(frozen=True)
class Rule:
    """On a trigger an answer must follow before the clock has run out, unless there is an excuse.

    ``is_at_once``: it is found from the trigger on, and not only from when the clock has run out. ``warn``: so long
    before that whoever owes it is warned.
    """

    clock: str
    nation: str
    is_at_once: bool = False
    warn: timedelta = timedelta(0)


#: What lay so many days back when it was entered is history, of which nothing is awaited.
HISTORY_DAYS = 90


def standing(acts: Sequence[Act], rule: Rule, moment: datetime) -> set[int]:
    """The places of the triggers to which, as the record is at a moment, what must follow has not followed."""
    return {
        place
        for place, trigger, now in _waiting(acts, rule, moment)
        if rule.is_at_once
        or due(trigger.at, rule.clock, rule.nation) <= moment
        or any(act.kind == "refusal" and _is_of(act, trigger) for act in now)
    }


def warned(acts: Sequence[Act], rule: Rule, moment: datetime) -> set[int]:
    """The places of the triggers of which, at a moment, whoever owes the answer should know that it is soon due."""
    found = set()
    for place, trigger, now in _waiting(acts, rule, moment):
        runs_out = due(trigger.at, rule.clock, rule.nation)
        is_refused = any(act.kind == "refusal" and _is_of(act, trigger) for act in now)
        if rule.warn and trigger.at < runs_out - rule.warn <= moment < runs_out and not is_refused:
            found.add(place)
    return found


def _waiting(acts: Sequence[Act], rule: Rule, moment: datetime) -> Iterator[tuple[int, Act, list[Act]]]:
    now = [act for act in acts if act.counts(moment)]
    for place, trigger in enumerate(acts):
        if trigger in now and trigger.kind == "trigger" and not _is_over(trigger, now, rule):
            yield place, trigger, now


def _is_over(trigger: Act, now: Sequence[Act], rule: Rule) -> bool:
    """Whether nothing is awaited, for it came, need not come, is history, or the child died while it could come."""
    died = min((moment_of(_midnight(act.day + DAY)) for act in now if act.kind == "death"), default=None)
    is_outlived = died is not None and (trigger.at >= died or due(trigger.at, rule.clock, rule.nation) > died)
    excuses = [
        max((act for act in now if act.kind == "excuse" and act.by == by), key=lambda act: (act.day, act.at))
        for by in sorted({act.by for act in now if act.kind == "excuse"})
    ]
    return (
        (wall(trigger.at).date() - trigger.day).days > HISTORY_DAYS
        or any(act.kind == "answer" and _is_of(act, trigger) for act in now)
        or any(act.says for act in excuses)
        or is_outlived
    )


def _is_of(act: Act, trigger: Act) -> bool:
    """What was done before the trigger is no answer to it.

    Nobody knows the times within a day: what one agency did it enters in any order, and what another had entered before
    the trigger was before it.
    """
    is_before = act.day == trigger.day and act.by != trigger.by and act.at < trigger.at
    return act.matter == trigger.matter and act.day >= trigger.day and not is_before


def _midnight(day: date) -> datetime:
    return datetime.fromisoformat(f"{day}T00:00")


def moments(acts: Sequence[Act], rule: Rule) -> list[datetime]:
    """Every moment at which anything may change, and the last instant before each."""
    found = set()
    for act in acts:
        runs_out = due(act.at, rule.clock, rule.nation)
        found |= {act.at, runs_out, runs_out - rule.warn, act.gone or act.at}
    return sorted(found | {one - INSTANT for one in found})
