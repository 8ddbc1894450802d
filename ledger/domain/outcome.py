"""What a step of the fold says: each outcome becomes an entry, an alert, a prompt, a notice or a due moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from ledger.domain.claim import Ref
from ledger.domain.finding import Finding, Sides
from ledger.domain.question import Question

BELIEFS_AGREE: Final = "beliefs_now_agree"
REFRESHED: Final = "refreshed"
MERGED: Final = "merged"


@dataclass(frozen=True, slots=True)
class Raised:
    """A finding is opened."""

    finding: Finding


@dataclass(frozen=True, slots=True)
class Joined:
    """An open finding now rests on something more, or else. ``finding`` is it as it is now, with its first id."""

    finding: Finding

    @property
    def finding_id(self) -> str:
        return self.finding.id

    @property
    def sides(self) -> Sides:
        return self.finding.sides

    @property
    def evidence(self) -> tuple[Ref, ...]:
        return self.finding.evidence


@dataclass(frozen=True, slots=True)
class Closed:
    """An open finding stands no more: the beliefs agree, what was stale was refreshed, or two questions are one."""

    finding_id: str
    why: Literal["beliefs_now_agree", "refreshed", "merged"]


@dataclass(frozen=True, slots=True)
class Due:
    """A moment at which the record must be looked at again, and the claim that is the reason."""

    at: datetime
    cause: Literal["stale"]
    number: int
    index: int


@dataclass(frozen=True, slots=True)
class CheckFailed:
    """A rule could not be run on a question; it is run again at the next step on that question."""

    rule: str
    question: Question


@dataclass(frozen=True, slots=True)
class Notice:
    """``agency`` holds what a later word elsewhere rules out; the picture may have changed. Not a finding."""

    kind: Literal["overtaken"]
    agency: str
    question: Question
    held: Ref
    newer: Ref


Outcome = Raised | Joined | Closed | Due | CheckFailed | Notice
