"""Run a scenario through detection without a server: on a virtual clock, by the fold that the workers run.

The clock moves to each entry's moment and then on to the scenario's end; whatever falls due on the way is woken in
order. What comes out is in the scenario's own names, so that it can be matched with what the scenario expects.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from ledger.domain.body import NAMES_ENTRY
from ledger.domain.claim import Claim, Ref, claims_of, observation_of
from ledger.domain.entry import entry_id
from ledger.domain.event import EntryStep
from ledger.domain.finding import Finding, severity
from ledger.domain.fold import run as fold
from ledger.domain.outcome import CheckFailed, Joined, Notice, Outcome
from ledger.domain.outcome import Raised as Opened
from ledger.domain.pack import Pack
from ledger.domain.record_state import RecordState
from ledger.domain.scenario import Scenario, opening_steps
from ledger.domain.score import Raised, Score, Sides, score
from ledger.services.see import Seen, Sight
from ledger.services.word_claim import Wording
from ledger.services.word_dates import word_observed
from ledger.services.word_finding import Side, word_headline

#: A scenario's record has no secret to keep: its entries are named as a ledger would name them.
_PSEUDONYM = "a" * 26
_RECORD = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Backtest:
    """What one scenario came to.

    ``unfit`` are claims that the pack refuses, as (line, place, why): a ledger would not have taken them, and they
    say nothing here. ``failed`` names the rules that could not be run.
    """

    scenario: Scenario
    raised: tuple[Raised, ...]
    score: Score
    unfit: tuple[tuple[int, str, str], ...]
    failed: tuple[str, ...]

    @property
    def findings(self) -> tuple[Raised, ...]:
        """What was raised, without notices."""
        return tuple(one for one in self.raised if not one.is_notice)


def backtest(scenario: Scenario, pack: Pack) -> Backtest:
    """Run the scenario by this pack, and score it."""
    steps = _Steps(scenario)
    raised: dict[str, Raised] = {}
    failed = set()
    state = RecordState(record=scenario.name)
    for event, _, outcomes in fold(state, steps.entries, pack, until=scenario.until):
        for outcome in outcomes:
            _note(raised, outcome, event.at, steps, pack)
            if isinstance(outcome, CheckFailed):
                failed.add(outcome.rule)
    found = tuple(raised.values())
    return Backtest(scenario, found, score(scenario, found), tuple(_unfit(scenario, pack)), tuple(sorted(failed)))


def warnings(run: Backtest) -> Iterator[str]:
    """What was not run as written."""
    for line, place, why in run.unfit:
        yield f"{run.scenario.name}, line {line}: {place}: {why}"
    for rule in run.failed:
        yield f"{run.scenario.name}: the rule {rule} could not be run"


def finding_json(run: Backtest, raised: Raised) -> dict[str, Any]:
    """One finding as the command gives it."""
    return {
        "scenario": run.scenario.name,
        "kind": raised.kind,
        "rule": raised.rule,
        "severity": raised.severity,
        "rests_on": list(raised.rests_on),
        "raised_at": raised.raised_at.isoformat().replace("+00:00", "Z"),
        "explanation": raised.explanation,
        "about": raised.about,
        "attribute": raised.attribute,
        "topic": raised.topic,
        "sides": [list(side) for side in raised.sides],
        "evidence": list(raised.evidence),
    }


def _note(raised: dict[str, Raised], outcome: Outcome, at: datetime, steps: "_Steps", pack: Pack) -> None:
    """Add what a step said to what was raised before."""
    match outcome:
        case Opened(finding=finding):
            raised[finding.id] = _raised(finding, at, steps, pack)
        case Joined(finding=finding) if finding.id in raised:
            now = _raised(finding, at, steps, pack)
            raised[finding.id] = replace(now, grown=(*raised[finding.id].grown, *now.grown))
        case Notice():
            name = f"notice:{at.isoformat()}:{outcome.agency}:{outcome.held}:{outcome.newer}"
            raised[name] = _notice(name, outcome, at, steps)
        case _:
            pass


def _raised(finding: Finding, at: datetime, steps: "_Steps", pack: Pack) -> Raised:
    question, sides = finding.question, steps.sides(finding.sides)
    return Raised(
        id=finding.id,
        kind=finding.kind,
        rule=finding.rule,
        severity=severity(finding, pack.attributes[question.attribute]),
        raised_at=finding.raised_at,
        explanation=steps.explain(finding.kind, finding.sides),
        about=steps.person(question.about),
        attribute=question.attribute,
        topic=finding.topic,
        sides=sides,
        evidence=steps.ids(finding.evidence),
        grown=((at, sides),),
        is_alert=finding.tier != "prompt",
    )


def _notice(name: str, notice: Notice, at: datetime, steps: "_Steps") -> Raised:
    sides = ((notice.held,), (notice.newer,))
    return Raised(
        id=name,
        kind=notice.kind,
        rule="states_of_the_world",
        severity="low",
        raised_at=at,
        explanation=steps.explain(notice.kind, sides),
        about=steps.person(notice.question.about),
        attribute=notice.question.attribute,
        topic=None,
        sides=steps.sides(sides),
        evidence=(),
        grown=((at, steps.sides(sides)),),
        is_notice=True,
        is_alert=False,
    )


class _Steps:
    """A scenario's entries as steps of the fold, and back: from numbers and keys to the scenario's own names."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        opening = opening_steps(scenario)
        self._first = len(opening) + 1
        self._numbers = {entry.id: number for number, entry in enumerate(scenario.entries, self._first)}
        self.entries = [
            *(
                EntryStep(n, scenario.starts_at, kind, agency, body)
                for n, (agency, kind, body) in enumerate(opening, 1)
            ),
            *(self._step(number) for number in self._numbers.values()),
        ]
        self._claims = {claim.ref: claim for step in self.entries for claim in _claims(step)}
        names = {agency.ref: agency.name or agency.kind.replace("_", " ") for agency in scenario.agencies}
        self._wording = Wording(agencies=names, people=dict(self._labels()))

    def sides(self, sides: Sequence[Sequence[Ref]]) -> Sides:
        return tuple(self.ids(side) for side in sides)

    def ids(self, refs: Sequence[Ref]) -> tuple[str, ...]:
        """The scenario's ids of these claims' entries, each once, in order."""
        entries = self._scenario.entries
        return tuple(dict.fromkeys(entries[ref.number - self._first].id for ref in refs if ref.number >= self._first))

    def person(self, key: str) -> str:
        """What the scenario calls the person of this key."""
        for person in self._scenario.people:
            if key == person.role:
                return person.ref
        return key.partition("/")[2] or key

    def explain(self, kind: str, sides: Sequence[Sequence[Ref]]) -> str:
        """The headline of the alert, and the statements that it sets against each other."""
        claims = [[self._claims[ref] for ref in side if ref in self._claims] for side in sides]
        found: list[Side] = [[(self._seen(claim.ref), claim) for claim in side] for side in claims]
        words = [word_headline(kind, found, self._wording)]
        words += [self._statement(claim) for side in claims for claim in side]
        return ". ".join(words) + "."

    def _statement(self, claim: Claim) -> str:
        said = self._wording.said(claim)
        holder = self._wording.agency(claim.agency)
        observed = word_observed(claim.observed)
        return f"{holder}, {observed}: {self._wording.says(claim)} ({said[:1].lower()}{said[1:]})"

    def _step(self, number: int) -> EntryStep:
        entry = self._scenario.entries[number - self._first]
        field = NAMES_ENTRY.get(entry.kind, "")
        target = self._numbers.get(str(entry.body.get(field)))
        body = entry.body if target is None else {**entry.body, field: entry_id(_PSEUDONYM, target)}
        is_withdrawal = entry.kind in {"correction", "void"}
        return EntryStep(number, entry.at, entry.kind, entry.agency, body, target if is_withdrawal else None)

    def _seen(self, ref: Ref) -> Seen:
        step = self.entries[ref.number - 1]
        return Seen(_RECORD, step.number, step.at, step.agency, b"", Sight.FULL, step.kind, body=step.body)

    def _labels(self) -> Iterator[tuple[str, str]]:
        for agency in self._scenario.agencies:
            for person in (*self._scenario.people, *agency.people):
                label = person.name or person.role or person.ref
                yield f"{agency.ref}/{person.ref}", label.replace("_", " ")


def _claims(step: EntryStep) -> list[Claim]:
    observation = observation_of(step.kind, step.body)
    if observation is None:
        return []
    return claims_of(observation, agency=step.agency, number=step.number, recorded_at=step.at)


def _unfit(scenario: Scenario, pack: Pack) -> Iterator[tuple[int, str, str]]:
    for entry in scenario.entries:
        observation: Mapping[str, Any] = observation_of(entry.kind, entry.body) or {}
        for place, claim in enumerate(observation.get("claims", ())):
            for path, why in pack.check_claim(claim):
                yield entry.line, "/".join(map(str, (entry.id, "claims", place, *path))), why
