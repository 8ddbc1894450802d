"""Disagreements between agencies: what they are about, the stages that one goes up, and how one stands.

Whoever brings it to a stage asks the others for an answer there. Each stage has two times, of the rule pack: one for
the first answer of each of them, one until it is settled or goes up. What is on paper a ladder stops, as a rule, at the
second stage, for nobody there has a time to answer in: so every stage has one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from ledger.domain.calendar import Nation, WorkingCalendar
from ledger.domain.duration import Clock, parse_clock, refuse_clock, runs_out
from ledger.domain.shape import Shape, Text, keys

#: What a disagreement may be about, in words that go on from "whether" or "what"; the first six sort what guidance
#: lists, the others are ours.
KINDS: Final[Mapping[str, str]] = {
    "threshold": "what level of help or protection is called for",
    "more_first": "whether more must be known before anything is done",
    "procedures": "which procedures apply",
    "police_and_care": "what the police and children’s social care each make of it",
    "sharing": "what is shared, and with whom",
    "assessment": "what an assessment came to",
    "what_is_so": "what is so",
    "other": "something else",
}
#: About what people agreed to differ on.
WHAT_IS_SO: Final = "what_is_so"
ANSWERS: Final = ("agreed", "agreed_in_part", "not_agreed")
OUTCOMES: Final = ("agreed", "compromise", "decided", "withdrawn")
#: Who talks at each stage, in the order in which it goes up.
STAGES: Final[Mapping[str, str]] = {
    "practitioners": "those who work with the child",
    "managers": "their managers",
    "senior": "senior officers",
    "chair": "the independent chair of the partnership",
}


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage, and how long there is for the first answer and for settling it. Without a clock nothing is late."""

    name: str
    answer: Clock | None = None
    settle: Clock | None = None


@dataclass(frozen=True, slots=True)
class Ladder:
    """The stages of a partnership, the first to the last."""

    stages: tuple[Stage, ...] = tuple(Stage(name) for name in STAGES)

    @classmethod
    def of_written(cls, written: Mapping[str, Mapping[str, str]] | None) -> Ladder:
        """As a pack writes it: of a stage that it leaves out there is none; of no section, all of them, without times.

        Raises DurationError where a time is none; the pack's form has looked at that before.
        """
        if not written:
            return cls()
        return cls(
            tuple(
                Stage(name, parse_clock(written[name]["answer"]), parse_clock(written[name]["settle"]))
                for name in STAGES
                if name in written
            )
        )

    def at(self, steps: int) -> Stage:
        """The stage after so many steps up."""
        return self.stages[min(steps, len(self.stages) - 1)]

    def is_last(self, steps: int) -> bool:
        """Whether it goes no further up."""
        return steps >= len(self.stages) - 1


#: The section of a rule pack: each stage that the partnership has, with its two clocks.
FORM: Final[Shape] = keys(
    dict.fromkeys(STAGES, keys(dict.fromkeys(("answer", "settle"), Text(refuse_clock)), "answer settle")),
    "practitioners",
)


@dataclass(frozen=True, slots=True)
class Move:
    """One thing that was said in it: by which agency, when, in which entry."""

    agency: str
    at: datetime
    number: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How a disagreement stands by what was said: all of it by number, in the order of the record."""

    opened: Move
    others: frozenset[str]
    steps: tuple[Move, ...] = ()
    replies: tuple[Move, ...] = ()
    settled: Move | None = None
    ladder: Ladder = field(default_factory=Ladder)

    @classmethod
    def of(
        cls,
        opened: Move,
        others: Iterable[str],
        ladder: Ladder,
        *,
        steps: Iterable[Move] = (),
        replies: Iterable[Move] = (),
        settled: Iterable[Move] = (),
    ) -> Standing:
        """By its moves in any order; steps beyond the last stage, and whatever comes after it was settled, add
        nothing.
        """
        end = min(settled, key=lambda one: one.number, default=None)
        known = sorted((one for one in steps if end is None or one.number < end.number), key=lambda one: one.number)
        return cls(
            opened,
            frozenset(others) - {opened.agency},
            tuple(known[: len(ladder.stages) - 1]),
            tuple(sorted(replies, key=lambda one: one.number)),
            end,
            ladder,
        )

    @property
    def stage(self) -> Stage:
        """Where it is."""
        return self.ladder.at(len(self.steps))

    @property
    def brought(self) -> Move:
        """What brought it to this stage."""
        return self.steps[-1] if self.steps else self.opened

    @property
    def parties(self) -> frozenset[str]:
        """The agencies whose disagreement it is."""
        return self.others | {self.opened.agency}

    @property
    def asked(self) -> frozenset[str]:
        """Of whom an answer is awaited at this stage: all but the one that brought it there."""
        return self.parties - {self.brought.agency}

    def answered_by(self, agency: str) -> Move | None:
        """An agency's first answer since it was brought to this stage."""
        return next((one for one in self.replies if one.agency == agency and one.number > self.brought.number), None)

    def answer_due(self, nation: Nation) -> datetime | None:
        """From when on an answer at this stage is late."""
        return _due(self.brought.at, self.stage.answer, nation)

    def settle_due(self, nation: Nation) -> datetime | None:
        """From when on it is late to be settled here."""
        return _due(self.brought.at, self.stage.settle, nation)


def _due(start: datetime, clock: Clock | None, nation: Nation) -> datetime | None:
    return None if clock is None else runs_out(start, clock, WorkingCalendar(nation))


def written_stages(ladder: Ladder) -> list[dict[str, Any]]:
    """The stages for an answer: each with its name and who talks there."""
    return [{"stage": stage.name, "who": STAGES[stage.name]} for stage in ladder.stages]
