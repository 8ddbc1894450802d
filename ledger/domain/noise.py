"""How much a scenario's findings would ask of its lead: findings a record and a month, alerts an observation."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ledger.domain.civil_day import civil_date
from ledger.domain.scenario import Scenario
from ledger.domain.score import Raised

OBSERVING = frozenset({"observation", "contact", "correction"})
_MONTH = timedelta(days=365.25 / 12)


@dataclass(frozen=True, slots=True)
class Noise:
    """Counts over some records. Notices are not counted; prompts are findings and not alerts."""

    records: int
    months: float
    findings: int
    alerts: int
    observations: int
    worst_week: tuple[int, int]

    @property
    def findings_per_record(self) -> float:
        return self.findings / max(self.records, 1)

    @property
    def findings_per_month(self) -> float:
        """For one record, while its scenario runs."""
        return self.findings / self.months if self.months else 0.0

    @property
    def alerts_per_observation(self) -> float:
        return self.alerts / max(self.observations, 1)


def noise(runs: Sequence[tuple[Scenario, Sequence[Raised]]]) -> Noise:
    """What these scenarios asked for, and their worst week as (alerts, observations)."""
    findings = [one for _, raised in runs for one in raised if not one.is_notice]
    observed = [entry.at for scenario, _ in runs for entry in scenario.entries if entry.kind in OBSERVING]
    return Noise(
        records=len(runs),
        months=sum((scenario.until - scenario.starts_at) / _MONTH for scenario, _ in runs),
        findings=len(findings),
        alerts=sum(one.is_alert for one in findings),
        observations=len(observed),
        worst_week=max((_worst_week(scenario, raised) for scenario, raised in runs), key=_by_load, default=(0, 0)),
    )


def _worst_week(scenario: Scenario, raised: Iterable[Raised]) -> tuple[int, int]:
    """The week of one record with the most alerts to an observation; one without observations counts as one."""
    alerts = Counter(_monday(one.raised_at) for one in raised if one.is_alert and not one.is_notice)
    observed = Counter(_monday(entry.at) for entry in scenario.entries if entry.kind in OBSERVING)
    return max(((count, observed[week]) for week, count in alerts.items()), key=_by_load, default=(0, 0))


def _by_load(week: tuple[int, int]) -> tuple[float, int]:
    alerts, observations = week
    return (alerts / max(observations, 1), alerts)


def _monday(moment: datetime) -> date:
    day = civil_date(moment)
    return day - timedelta(days=day.weekday())
