"""What a backtest found against what a scenario says should and should not be found.

Expectations name entries, not rules. A finding of more than ``raised.SIDES_ENTRIES_MAX`` entries in its sides is broad
and meets nothing. ``late`` is still found; ``misnamed`` (found under another kind) is still met, and counted apart.
What neither list names is counted apart too: it is neither right nor wrong. Notices are not findings and not scored.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations
from statistics import median

from ledger.domain.raised import Raised, Sides
from ledger.domain.scenario import ABSENCES, Expected, Rejected, Scenario


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one expectation; ``finding`` is None when it was missed."""

    expected: Expected
    finding: Raised | None
    is_misnamed: bool = False
    is_late: bool = False
    delay: timedelta | None = None

    @property
    def is_met(self) -> bool:
        return self.finding is not None


@dataclass(frozen=True, slots=True)
class Score:
    """One scenario's result. ``false`` pairs each broken rejection with the finding that broke it."""

    verdicts: tuple[Verdict, ...]
    false: tuple[tuple[Rejected, Raised], ...]
    apart: tuple[Raised, ...]

    @property
    def passes(self) -> bool:
        """Nothing expected is missed and nothing rejected is raised."""
        return not self.false and all(verdict.is_met for verdict in self.verdicts)


@dataclass(frozen=True, slots=True)
class Tally:
    """The counts of one kind, or of all."""

    expected: int
    found: int
    missed: int
    false: int
    late: int
    misnamed: int
    apart: int
    delay_days_median: float | None

    @property
    def precision(self) -> float | None:
        """Met out of met and rejected raised; None where there is neither."""
        return _share(self.found, self.found + self.false)

    @property
    def recall(self) -> float | None:
        """Met out of expected; None where nothing was."""
        return _share(self.found, self.expected)


def score(scenario: Scenario, raised: Iterable[Raised]) -> Score:
    """Match what was raised with what this scenario expects and rejects."""
    findings = sorted((one for one in raised if not one.is_notice), key=lambda one: (one.raised_at, one.id))
    posted = {entry.id: entry.at for entry in scenario.entries}
    verdicts = tuple(_verdict(expected, findings, posted) for expected in scenario.expect)
    false = tuple(_false(scenario.reject, findings))
    broken = {id(finding) for _, finding in false}
    apart = (one for one in findings if id(one) not in broken and not _is_expected(one, scenario.expect))
    return Score(verdicts, false, tuple(apart))


def tally(scores: Sequence[Score], kind: str | None = None) -> Tally:
    """Counts over scenarios, of one kind of finding or of all."""
    verdicts = [one for each in scores for one in each.verdicts if kind in {None, one.expected.kind}]
    delays = [verdict.delay / timedelta(days=1) for verdict in verdicts if verdict.delay is not None]
    met = sum(verdict.is_met for verdict in verdicts)
    return Tally(
        expected=len(verdicts),
        found=met,
        missed=len(verdicts) - met,
        false=sum(kind in {None, finding.kind} for each in scores for _, finding in each.false),
        late=sum(verdict.is_late for verdict in verdicts),
        misnamed=sum(verdict.is_misnamed for verdict in verdicts),
        apart=sum(kind in {None, finding.kind} for each in scores for finding in each.apart),
        delay_days_median=median(delays) if delays else None,
    )


def _verdict(expected: Expected, findings: Sequence[Raised], posted: dict[str, datetime]) -> Verdict:
    met = [(at, finding) for finding in findings if (at := _met_at(expected, finding)) is not None]
    if not met:
        return Verdict(expected, None)
    at, finding = min(met, key=lambda one: (one[1].kind != expected.kind, not _rests_on(expected, one[1]), one[0]))
    last = max((posted[entry] for entry in expected.rests_on), default=None)
    return Verdict(
        expected,
        finding,
        is_misnamed=finding.kind != expected.kind,
        is_late=expected.by is not None and at >= expected.by,
        delay=None if last is None else at - last,
    )


def _met_at(expected: Expected, finding: Raised) -> datetime | None:
    """When this finding came to say what was expected; None when it does not."""
    if finding.is_broad:
        return None
    if expected.kind in ABSENCES and (expected.about is not None or expected.topic is not None):
        agrees = (
            finding.kind == expected.kind
            and expected.about in {None, finding.about, *finding.aliases}
            and expected.topic in {None, finding.topic}
        )
        return finding.raised_at if agrees else None
    if not expected.rests_on or (expected.kind in ABSENCES and finding.kind != expected.kind):
        return None
    for at, sides in finding.grown:
        if {entry for side in sides for entry in side} >= set(expected.rests_on):
            return at
    return None


def _rests_on(expected: Expected, finding: Raised) -> bool:
    """Of several absences with one topic, the one that came of the entries named is the one meant."""
    return set(expected.rests_on) <= set(finding.rests_on)


def _is_expected(finding: Raised, expect: Iterable[Expected]) -> bool:
    return any(_met_at(expected, finding) is not None for expected in expect)


def _false(rejected: Sequence[Rejected], findings: Sequence[Raised]) -> Iterable[tuple[Rejected, Raised]]:
    for one in rejected:
        for finding in findings:
            if any(_on_different_sides(one.rests_on, sides) for _, sides in finding.grown):
                yield one, finding
                break


def _on_different_sides(entries: Sequence[str], sides: Sides) -> bool:
    return any(
        first != second and one in sides[first] and other in sides[second]
        for one, other in combinations(entries, 2)
        for first in range(len(sides))
        for second in range(len(sides))
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
