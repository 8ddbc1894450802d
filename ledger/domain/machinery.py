"""What is wrong with the machinery: a function of what was read of it, and of nothing else.

A trouble begins and ends once. What swings about a limit is over only well below it, so that nobody is told of the same
thing again and again.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

#: The sorts of processes, each with what it is called.
PARTS: Final[Mapping[str, str]] = {
    "web": "web process",
    "worker": "worker",
    "sealer": "sealer",
    "live": "live process",
    "beat": "beat",
}
#: What is late once it is later than its limit is late until it is no later than this part of it.
_WELL_BELOW: Final = 3.0


@dataclass(frozen=True, slots=True, order=True)
class Trouble:
    """Something that is wrong. ``subject``: which of several, a part, a process, a channel; '' where there is one."""

    name: str
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long is too long, in seconds. `silent_s`: for how long a process that lives may not be heard."""

    late_s: float = 30.0
    silent_s: float = 30.0
    unsent_s: float = 60.0
    unsealed_s: float = 60.0
    unaudited_s: float = 300.0


@dataclass(frozen=True, slots=True)
class Silence:
    """For how many seconds a process has not been heard, and whether it had ended in good order."""

    part: str
    process: str
    seconds: float
    has_left: bool = False


@dataclass(frozen=True, slots=True)
class Readings:
    """What was read, all by the real clock, in seconds. None: it could not be told, and is neither wrong nor right."""

    #: For how long whoever looks has been looking: what was silent before that is not held against it.
    watching_s: float
    expected: frozenset[str] = frozenset()
    processes: Collection[Silence] = ()
    detection_late_s: float = 0.0
    telling_late_s: float = 0.0
    #: By channel, for how long the oldest message has waited to be tried for the first time.
    unsent_s: Mapping[str, float] | None = field(default_factory=dict)
    #: By channel, how many messages were given up within the last day.
    dead: Mapping[str, int] = field(default_factory=dict)
    parked: int = 0
    unsealed_s: float = 0.0
    is_closed: bool = False
    has_quorum: bool | None = None
    #: Whether the last look of the ledger through itself found it whole, and how old that is; None before the first.
    audit_holds: bool | None = None
    audit_age_s: float | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """What is wrong, each with for how many seconds it has been; and the names of troubles that could not be told."""

    wrong: Mapping[Trouble, float]
    untold: frozenset[str]

    def over(self, standing: Collection[Trouble]) -> set[Trouble]:
        """Of the troubles that stood, those that are over."""
        return {one for one in standing if one not in self.wrong and one.name not in self.untold}


def judge(read: Readings, limits: Limits, standing: Collection[Trouble] = ()) -> Judged:
    """What is wrong now. `standing` are the troubles that were there before."""
    untold = set()
    if read.unsent_s is None:
        untold.add("delivery_late")
    if read.has_quorum is None:
        untold.add("quorum_lost")
    return Judged(dict(_wrong(read, limits, frozenset(standing))), frozenset(untold))


def _wrong(read: Readings, limits: Limits, standing: frozenset[Trouble]) -> Iterator[tuple[Trouble, float]]:
    def late(trouble: Trouble, seconds: float, limit: float) -> Iterator[tuple[Trouble, float]]:
        if seconds > (limit / _WELL_BELOW if trouble in standing else limit):
            yield trouble, seconds

    if read.is_closed:
        yield Trouble("ledger_closed"), 0.0
    else:  # what is closed takes no finding and signs nothing: that is one trouble and not three
        yield from late(Trouble("detection_late"), read.detection_late_s, limits.late_s)
        yield from late(Trouble("sealing_late"), read.unsealed_s, limits.unsealed_s)
        age = min(read.audit_age_s if read.audit_age_s is not None else read.watching_s, read.watching_s)
        yield from late(Trouble("audit_late"), age, limits.unaudited_s)
    yield from late(Trouble("telling_late"), read.telling_late_s, limits.late_s)
    for channel, seconds in (read.unsent_s or {}).items():
        yield from late(Trouble("delivery_late", channel), seconds, limits.unsent_s)
    yield from ((Trouble("dead_letters", channel), 0.0) for channel, count in read.dead.items() if count)
    if read.parked:
        yield Trouble("records_parked"), 0.0
    if read.has_quorum is False:
        yield Trouble("quorum_lost"), 0.0
    if read.audit_holds is False:
        yield Trouble("audit_failed"), 0.0
    yield from _silent(read, limits.silent_s)


def _silent(read: Readings, most_s: float) -> Iterator[tuple[Trouble, float]]:
    """Parts of which nobody is heard; and single processes, where others of their part are."""
    for part in sorted(read.expected):
        last = min((one.seconds for one in read.processes if one.part == part), default=read.watching_s)
        if min(last, read.watching_s) > most_s:
            yield Trouble("part_silent", part), last
    heard = {one.part for one in read.processes if one.seconds <= most_s and not one.has_left}
    for one in read.processes:
        if one.part in heard and not one.has_left and min(one.seconds, read.watching_s) > most_s:
            yield Trouble("process_silent", f"{one.part} {one.process}"), one.seconds
