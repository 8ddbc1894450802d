"""A backtest's results as tables: each scenario by kind of finding, with what was missed and false; then in total."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from ledger.cli.columns import columns
from ledger.domain.civil_day import civil_date
from ledger.domain.noise import ALERTS_AIMED_AT, WORST_WEEK_AIMED_AT, noise
from ledger.domain.raised import Raised
from ledger.domain.scenario import KINDS, Expected
from ledger.domain.score import Score, Tally, tally
from ledger.services.backtest import Backtest

_HEADINGS = (
    "", "expected", "found", "missed", "false", "late", "misnamed", "apart", "precision", "recall", "delay, days",
)  # fmt: skip
#: Marks of a month, the weightiest first.
_LEGEND = "F false, M missed, + found, * raised and named by neither list, n notice, o entries, . nothing"
_MONTHS_MAX = 96


def report(runs: Sequence[Backtest]) -> Iterator[str]:
    """The lines to print."""
    for run in runs:
        yield from ("", run.scenario.name, _timeline(run), *_table([run.score]), *_details(run))
    yield from ("", f"In total, {len(runs)} scenarios", *_table([run.score for run in runs]), "")
    yield from _noise(runs)
    yield from ("", f"In the line below a scenario's name, one mark a month: {_LEGEND}.")
    yield from _slips(runs)


def _table(scores: Sequence[Score]) -> Iterator[str]:
    rows: list[tuple[str, ...]] = [_HEADINGS]
    for kind in sorted(KINDS):
        counts = tally(scores, kind)
        if counts.expected or counts.false or counts.apart:
            rows.append(_row(kind, counts))
    rows.append(_row("all", tally(scores)))
    return columns(rows)


def _row(name: str, counts: Tally) -> tuple[str, ...]:
    numbers = (counts.expected, counts.found, counts.missed, counts.false, counts.late, counts.misnamed, counts.apart)
    delay = counts.delay_days_median
    shares = (_percent(counts.precision), _percent(counts.recall))
    return (name, *map(str, numbers), *shares, "-" if delay is None else f"{delay:.1f}")


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.0%}"


def _timeline(run: Backtest) -> str:
    """The months of a scenario, one mark each, or of one too long for a line several to a mark."""
    first, last = _month(run.scenario.starts_at), max(map(_month, _moments(run)))
    months_each = -(-(last - first + 1) // _MONTHS_MAX)
    marks = [["."] for _ in range((last - first) // months_each + 1)]
    for moment, mark in _marks(run):
        marks[(_month(moment) - first) // months_each].append(mark)
    line = "".join(min(month, key="FM+*no.".index) for month in marks)
    scale = "" if months_each == 1 else f", {months_each} months a mark"
    return f"  {_written(first)} {line} {_written(last)}{scale}"


def _marks(run: Backtest) -> Iterator[tuple[datetime, str]]:
    posted = {entry.id: entry.at for entry in run.scenario.entries}
    yield from ((moment, "o") for moment in posted.values())
    for verdict in run.score.verdicts:
        expected = verdict.expected
        if verdict.finding is not None:
            yield verdict.finding.raised_at, "+"
        else:
            named = [posted[entry] for entry in expected.rests_on]
            yield max(named, default=run.scenario.until if expected.by is None else expected.by), "M"
    yield from ((finding.raised_at, "F") for _, finding in run.score.false)
    yield from ((finding.raised_at, "*") for finding in run.score.apart)
    yield from ((one.raised_at, "n") for one in run.raised if one.is_notice)


def _moments(run: Backtest) -> Iterator[datetime]:
    yield run.scenario.until
    yield from (moment for moment, _ in _marks(run))


def _month(moment: datetime) -> int:
    day = civil_date(moment)
    return day.year * 12 + day.month - 1


def _written(month: int) -> str:
    return f"{month // 12}-{month % 12 + 1:02}"


def _details(run: Backtest) -> Iterator[str]:
    left_out = Counter(slip.entry for slip in run.refused)
    for verdict in run.score.verdicts:
        found = verdict.finding
        wanted = _wanted(verdict.expected)
        if found is None:
            yield f"  missed    line {verdict.expected.line}: {wanted}"
            if spoilt := [entry for entry in verdict.expected.rests_on if left_out[entry]]:
                yield f"            not everything in {', '.join(spoilt)} can be read: see the end"
        elif verdict.is_misnamed or verdict.is_late:
            notes = ["late"] * verdict.is_late + [f"found as {found.kind}"] * verdict.is_misnamed
            yield f"  {', '.join(notes):<9} {wanted}: {raised_line(found)}"
        else:
            yield f"  found     {wanted}: {raised_line(found)}"
        if found is not None and verdict.expected.severity not in {None, found.severity}:
            yield f"            expected to be {verdict.expected.severity}, raised as {found.severity}"
    for rejected, found in run.score.false:
        yield f"  false     line {rejected.line}: {' and '.join(rejected.rests_on)}: {raised_line(found)}"
    yield from (f"  apart     {raised_line(found)}" for found in run.score.apart)
    yield from (f"  notice    {raised_line(found)}" for found in run.raised if found.is_notice)


def _wanted(expected: Expected) -> str:
    parts = [expected.kind, *expected.rests_on]
    parts += [f"{name} {value}" for name, value in (("about", expected.about), ("topic", expected.topic)) if value]
    return " ".join(parts)


def raised_line(found: Raised) -> str:
    """One finding on a line: when, what, whose, the entries of its sides, how much it weighs."""
    sides = " | ".join(" ".join(side) for side in found.sides)
    broad = ", broad: it meets nothing" if found.is_broad else ""
    attribute = found.attribute if found.topic in {None, found.attribute} else f"{found.attribute} ({found.topic})"
    return (
        f"{civil_date(found.raised_at)} {found.kind} {attribute} of {found.about or 'the record'} "
        f"[{sides}] {found.severity}{broad}"
    )


def _noise(runs: Iterable[Backtest]) -> Iterator[str]:
    heard = noise([(run.scenario, run.raised) for run in runs])
    alerts, observations = heard.worst_week
    most, beside = heard.busiest_week
    yield f"Findings: {heard.findings_per_record:.1f} a record, {heard.findings_per_month:.2f} a month of a record"
    yield (
        f"Alerts: {heard.alerts} in {heard.observations} observations, {heard.alerts_per_observation:.2f} each; "
        f"aimed at: {ALERTS_AIMED_AT:.2f} at most"
    )
    yield (
        f"Worst week of a record: {alerts} alerts, {observations} observations, "
        f"{heard.worst_alerts_per_observation:.2f} each; aimed at: {WORST_WEEK_AIMED_AT:.2f} at most"
    )
    yield f"Busiest week of a record: {most} alerts, {beside} observations"


def _slips(runs: Iterable[Backtest]) -> Iterator[str]:
    """What was not run as written: said last, where nobody overlooks it."""
    refused = [(run.scenario.name, slip) for run in runs for slip in run.refused]
    strange = sum(not slip.is_refused for run in runs for slip in run.slips)
    failed = {rule for run in runs for rule in run.failed}
    if refused:
        scenarios = len({name for name, _ in refused})
        yield ""
        yield f"NOT AS WRITTEN: {len(refused)} places in {scenarios} scenarios that a ledger would refuse:"
        for name, slip in refused:
            yield f"  {name}, line {slip.line}: {slip.place}{': left out' if slip.is_left_out else ''}"
    if strange:
        yield ""
        yield f"TO LOOK AT: {strange} names that nobody or nothing has; the messages on standard error say where."
    if failed:
        yield ""
        yield f"NOT RUN everywhere, because they failed: {', '.join(sorted(failed))}."
