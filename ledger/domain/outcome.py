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
#: What people may conclude of a finding.
OUTCOMES: Final = (
    "explained_by_change",
    "explained_by_identity",
    "corrected_by_author",
    "settled_by_finding",
    "known_and_assessed",
    "agreed_to_differ",
    "not_a_contradiction",
)


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
    """An open finding stands no more: as its family says, because two questions are one, or by a person's outcome.

    ``settled`` is the finding as that person closed it: what it rested on does not raise it again.
    """

    finding_id: str
    why: str
    settled: Finding | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """A moment at which the record must be looked at again, and the claim that is the reason."""

    at: datetime
    cause: str
    number: int
    index: int


@dataclass(frozen=True, slots=True)
class CheckFailed:
    """A rule could not be run on an area; it is run again at the next step there. ``ref``: a claim that bears on it."""

    rule: str
    question: Question
    ref: Ref | None


@dataclass(frozen=True, slots=True)
class Notice:
    """What an agency is told, and is no finding: it holds what a later word rules out, or something is asked of it."""

    kind: Literal["overtaken", "due_soon", "enquiry"]
    agency: str
    question: Question
    held: Ref
    newer: Ref
    rule: str


Outcome = Raised | Joined | Closed | Due | CheckFailed | Notice
