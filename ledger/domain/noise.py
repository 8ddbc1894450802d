"""How much a scenario's findings would ask of its lead: findings a record and a month, alerts an observation.

A lead reads perhaps ten things a day. What is aimed at is at most one alert in ten observations, and one in three in a
record's worst week.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ledger.domain.civil_day import civil_date
from ledger.domain.raised import Raised
from ledger.domain.scenario import Scenario

OBSERVING = frozenset({"observation", "contact", "correction"})
ALERTS_AIMED_AT = 1 / 10
WORST_WEEK_AIMED_AT = 1 / 3
_MONTH = timedelta(days=365.25 / 12)

#: One week of one record: alerts, and observations posted.
Week = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Noise:
    """Counts over some records. Notices are not counted; prompts are findings and not alerts.

    ``worst_week`` is the one with the most alerts to an observation, ``busiest_week`` the one with the most alerts.
    """

    records: int
    months: float
    findings: int
    alerts: int
    observations: int
    worst_week: Week
    busiest_week: Week

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

    @property
    def worst_alerts_per_observation(self) -> float:
        return _by_load(self.worst_week)[0]


def noise(runs: Sequence[tuple[Scenario, Sequence[Raised]]]) -> Noise:
    """What these scenarios asked for, and their worst and busiest weeks."""
    findings = [one for _, raised in runs for one in raised if not one.is_notice]
    observed = [entry.at for scenario, _ in runs for entry in scenario.entries if entry.kind in OBSERVING]
    weeks = [week for scenario, raised in runs for week in _weeks(scenario, raised)]
    return Noise(
        records=len(runs),
        months=sum((scenario.until - scenario.starts_at) / _MONTH for scenario, _ in runs),
        findings=len(findings),
        alerts=sum(one.is_alert for one in findings),
        observations=len(observed),
        worst_week=max(weeks, key=_by_load, default=(0, 0)),
        busiest_week=max(weeks, key=lambda week: (week[0], -week[1]), default=(0, 0)),
    )


def _weeks(scenario: Scenario, raised: Iterable[Raised]) -> Iterable[Week]:
    """The weeks of one record that brought alerts, Monday to Sunday in London."""
    alerts = Counter(_monday(one.raised_at) for one in raised if one.is_alert and not one.is_notice)
    observed = Counter(_monday(entry.at) for entry in scenario.entries if entry.kind in OBSERVING)
    return [(count, observed[week]) for week, count in alerts.items()]


def _by_load(week: Week) -> tuple[float, int]:
    """A week without observations counts as one with one."""
    alerts, observations = week
    return (alerts / max(observations, 1), alerts)


def _monday(moment: datetime) -> date:
    day = civil_date(moment)
    return day - timedelta(days=day.weekday())
