"""A backtest's results as tables: each scenario by kind of finding, with what was missed and false; then in total."""

from collections.abc import Iterable, Iterator, Sequence

from ledger.domain.noise import noise
from ledger.domain.scenario import KINDS, Expected
from ledger.domain.score import Raised, Score, Tally, tally
from ledger.services.backtest import Backtest

_HEADINGS = (
    "", "expected", "found", "missed", "false", "late", "misnamed", "apart", "precision", "recall", "delay, days",
)  # fmt: skip


def report(runs: Sequence[Backtest]) -> Iterator[str]:
    """The lines to print."""
    for run in runs:
        yield from ("", run.scenario.name, *_table([run.score]), *_details(run))
    yield from ("", f"In total, {len(runs)} scenarios", *_table([run.score for run in runs]), "")
    yield from _noise(runs)


def _table(scores: Sequence[Score]) -> Iterator[str]:
    rows: list[tuple[str, ...]] = [_HEADINGS]
    for kind in sorted(KINDS):
        counts = tally(scores, kind)
        if counts.expected or counts.false or counts.apart:
            rows.append(_row(kind, counts))
    rows.append(_row("all", tally(scores)))
    widths = [max(len(row[place]) for row in rows) for place in range(len(_HEADINGS))]
    for row in rows:
        first, *rest = (cell.rjust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join([f"  {first.strip():<{widths[0]}}", *rest])


def _row(name: str, counts: Tally) -> tuple[str, ...]:
    numbers = (counts.expected, counts.found, counts.missed, counts.false, counts.late, counts.misnamed, counts.apart)
    delay = counts.delay_days_median
    shares = (_percent(counts.precision), _percent(counts.recall))
    return (name, *map(str, numbers), *shares, "-" if delay is None else f"{delay:.1f}")


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.0%}"


def _details(run: Backtest) -> Iterator[str]:
    for verdict in run.score.verdicts:
        found = verdict.finding
        wanted = _wanted(verdict.expected)
        if found is None:
            yield f"  missed    line {verdict.expected.line}: {wanted}"
        elif verdict.is_misnamed or verdict.is_late:
            notes = ["late"] * verdict.is_late + [f"found as {found.kind}"] * verdict.is_misnamed
            yield f"  {', '.join(notes):<9} {wanted}: {_raised(found)}"
        else:
            yield f"  found     {wanted}: {_raised(found)}"
        if found is not None and verdict.expected.severity not in {None, found.severity}:
            yield f"            expected to be {verdict.expected.severity}, raised as {found.severity}"
    for rejected, found in run.score.false:
        yield f"  false     line {rejected.line}: {' and '.join(rejected.rests_on)}: {_raised(found)}"
    yield from (f"  apart     {_raised(found)}" for found in run.score.apart)
    yield from (f"  notice    {_raised(found)}" for found in run.raised if found.is_notice)


def _wanted(expected: Expected) -> str:
    parts = [expected.kind, *expected.rests_on]
    parts += [f"{name} {value}" for name, value in (("about", expected.about), ("topic", expected.topic)) if value]
    return " ".join(parts)


def _raised(found: Raised) -> str:
    sides = " | ".join(" ".join(side) for side in found.sides)
    return f"{found.raised_at:%Y-%m-%d} {found.kind} {found.attribute} of {found.about} [{sides}] {found.severity}"


def _noise(runs: Iterable[Backtest]) -> Iterator[str]:
    heard = noise([(run.scenario, run.raised) for run in runs])
    alerts, observations = heard.worst_week
    yield f"Findings: {heard.findings_per_record:.1f} a record, {heard.findings_per_month:.2f} a month of a record"
    yield f"Alerts: {heard.alerts} in {heard.observations} observations, {heard.alerts_per_observation:.2f} each"
    yield f"Worst week of a record: {alerts} alerts, {observations} observations"
