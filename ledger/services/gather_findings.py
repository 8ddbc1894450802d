"""Gather what the steps of one record said: each finding once, as it grew and ended, and the notices beside them.

Names are given by whoever runs the steps: a scenario has its own, a live record only numbers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final, Protocol

from ledger.domain.claim import Ref
from ledger.domain.event import Event
from ledger.domain.finding import Basis, Finding, Kind
from ledger.domain.outcome import CheckFailed, Closed, Joined, Notice, Outcome
from ledger.domain.outcome import Raised as Opened
from ledger.domain.pack import Pack
from ledger.domain.person import Links
from ledger.domain.question import Question
from ledger.domain.raised import Raised, Sides
from ledger.domain.record_state import RecordState
from ledger.domain.rule import Rule
from ledger.domain.weight import weigh

#: Of what kind a finding would be that told of the same as a notice.
_SPOKEN_AS: Final[Mapping[str, Kind]] = {"overtaken": "overtaken", "due_soon": "expectation", "enquiry": "gap"}


class Names(Protocol):
    """How entries and people are called in what is gathered, and how a finding is put in words."""

    def ids(self, refs: Sequence[Ref]) -> tuple[str, ...]: ...

    def person(self, key: str, links: Links) -> tuple[str, frozenset[str]]: ...

    def explain(self, basis: Basis, rule: Rule | None, area: Question) -> str:
        """``rule`` is the one whose words tell of it: a constraint that set the sides apart, else its own."""
        ...


class Gathered:
    """What was raised so far, in the order in which it was raised; and the rules that could not be run."""

    def __init__(self, names: Names, pack: Pack) -> None:
        self._names, self._pack = names, pack
        self._raised: dict[str, Raised] = {}
        self._failed: set[str] = set()

    @property
    def raised(self) -> tuple[Raised, ...]:
        return tuple(self._raised.values())

    @property
    def failed(self) -> tuple[str, ...]:
        return tuple(sorted(self._failed))

    def take(self, event: Event, state: RecordState, outcomes: Sequence[Outcome]) -> None:
        """Add what one step said; ``state`` is the record after it."""
        for outcome in outcomes:
            self._take(outcome, event.at, state.people)

    def _take(self, outcome: Outcome, at: datetime, links: Links) -> None:
        match outcome:
            case Opened(finding=finding):
                self._raised[finding.id] = self._finding(finding, at, links)
            case Joined(finding=finding) if finding.id in self._raised:
                now, before = self._finding(finding, at, links), self._raised[finding.id]
                self._raised[finding.id] = replace(
                    now, grown=(*before.grown, *now.grown), is_alert=before.is_alert or now.is_alert
                )
            case Closed(finding_id=finding_id) if finding_id in self._raised:
                self._raised[finding_id] = replace(self._raised[finding_id], closed_at=at)
            case CheckFailed(rule=rule):
                self._failed.add(rule)
            case Notice():
                notice = self._notice(outcome, at, links)
                self._raised[notice.id] = notice
            case _:
                pass

    def _finding(self, finding: Finding, at: datetime, links: Links) -> Raised:
        question, sides = finding.question, self._sides(finding.sides)
        about, aliases = self._names.person(question.about, links)
        rule = self._pack.rules.get(finding.basis.by or finding.rule)
        return Raised(
            id=finding.id,
            kind=finding.kind,
            rule=finding.rule,
            severity=weigh(finding.basis, question.attribute, finding.rule, self._pack).severity,
            raised_at=finding.raised_at,
            explanation=self._names.explain(finding.basis, rule, question),
            about=about,
            attribute=question.attribute,
            topic=finding.topic,
            sides=sides,
            evidence=self._names.ids(finding.evidence),
            grown=((at, sides),),
            is_alert=finding.tier != "prompt",
            aliases=aliases,
            area=question.sort_key,
            key=finding.key,
            by=finding.basis.by,
        )

    def _notice(self, notice: Notice, at: datetime, links: Links) -> Raised:
        refs = ((notice.held,), (notice.newer,))
        sides = self._sides(refs)
        about, aliases = self._names.person(notice.question.about, links)
        return Raised(
            id=f"notice:{at.isoformat()}:{notice.agency}:{notice.held}:{notice.newer}",
            kind=notice.kind,
            rule=notice.rule,
            severity="low",
            raised_at=at,
            explanation=self._names.explain(Basis(_SPOKEN_AS[notice.kind], refs), None, notice.question),
            about=about,
            attribute=notice.question.attribute,
            topic=None,
            sides=sides,
            evidence=(),
            grown=((at, sides),),
            is_notice=True,
            is_alert=False,
            aliases=aliases,
            area=notice.question.sort_key,
        )

    def _sides(self, sides: Sequence[Sequence[Ref]]) -> Sides:
        return tuple(self._names.ids(side) for side in sides)
