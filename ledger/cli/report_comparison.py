"""What two packs make of the same records, as lines: what is new, gone or said otherwise, and in total."""

from collections import Counter
from collections.abc import Iterator, Sequence

from ledger.cli.columns import columns
from ledger.cli.report_backtest import raised_line
from ledger.domain.pack import Pack
from ledger.domain.pack_change import CHANGES, Difference
from ledger.domain.raised import Raised
from ledger.domain.score import tally
from ledger.services.backtest import Backtest
from ledger.services.compare_live import RecordChange, Tale
from ledger.services.compare_packs import Comparison

#: Changes by kind of finding.
Totals = Counter[tuple[str, str]]


def comparison_report(comparisons: Sequence[Comparison], old: Pack, new: Pack) -> Iterator[str]:
    """The lines of a comparison on scenarios."""
    yield f"Old: {named(old)}. New: {named(new)}."
    totals: Totals = Counter()
    for each in comparisons:
        totals.update((change, one.shown.kind) for one in each.differences for change in one.changes)
        if each.differences:
            yield from ("", each.scenario.name, *map(_line, each.differences))
    yield from ("", f"In total, {len(comparisons)} scenarios", *totals_table(totals), "")
    for word, runs in (("Old", [each.old for each in comparisons]), ("New", [each.new for each in comparisons])):
        yield f"{word}: {_scored(runs)}"


def _line(one: Difference) -> str:
    changes = ", ".join(one.changes).replace("_", " ")
    if one.old is None or one.new is None:
        return f"  {changes:<9} {raised_line(one.shown)}"
    return f"  {changes:<9} {_told(one.old)} now {_told(one.new)}"


def _told(one: Raised) -> str:
    return f"{'notice ' if one.is_notice else ''}{raised_line(one)} by {one.spoken_by}"


def _scored(runs: Sequence[Backtest]) -> str:
    counts = tally([run.score for run in runs])
    findings = sum(len(run.findings) for run in runs)
    alerts = sum(one.is_alert for run in runs for one in run.findings)
    return (
        f"{findings} findings, {alerts} of them alerts; of {counts.expected} expected {counts.found} found; "
        f"{counts.false} rejected raised"
    )


def live_lines(change: RecordChange) -> Iterator[str]:
    """One record's differences: counts, and not a word of what is in it."""
    for tale, count in sorted(change.tales.items()):
        yield f"{change.pseudonym}  {count:>3} {tale.change.replace('_', ' ')}  {_tale(tale)}"


def _tale(tale: Tale) -> str:
    was = "/".join(part for part in (tale.was_kind, tale.was_rule, tale.was_severity) if part)
    now = f"{tale.kind} {tale.attribute} {tale.rule} {tale.severity}".rstrip()
    return f"{now} (was {was})" if was else now


class LiveTotals:
    """What all records come to: counts only, however many there are."""

    def __init__(self) -> None:
        self._totals: Totals = Counter()
        self._records = self._changed = self._old = self._new = self._erased = self._failed = 0
        self._refused = (0, 0)

    def add(self, change: RecordChange) -> None:
        """Count one record."""
        self._records += 1
        self._changed += bool(change.tales)
        self._failed += bool(change.failed) or not change.is_whole
        self._old += change.old
        self._new += change.new
        self._erased += change.erased
        self._refused = (self._refused[0] + change.refused[0], self._refused[1] + change.refused[1])
        for tale, count in change.tales.items():
            self._totals[tale.change, tale.kind] += count

    @property
    def has_failed(self) -> bool:
        """Whether any record, or any rule on one, could not be run."""
        return self._failed > 0

    def lines(self) -> Iterator[str]:
        """The summary."""
        yield from ("", f"In total, {self._records} records, {self._changed} of them told otherwise")
        yield from (*totals_table(self._totals), "", f"Findings: {self._old} before, {self._new} after.")
        if any(self._refused):
            before, after = self._refused
            yield f"Claims that the pack would not have taken: {before} before, {after} after."
        if self._failed:
            yield f"NOT RUN WHOLE: {self._failed} records; the messages on standard error say which."
        if self._erased:
            yield f"Entries erased since, and not read: {self._erased}."


def totals_table(totals: Totals) -> Iterator[str]:
    """Changes by kind of finding."""
    kinds = sorted({kind for _, kind in totals})
    if not kinds:
        return iter(["  no difference"])
    rows = [["", *(change.replace("_", " ") for change in CHANGES)]]
    rows += [[kind, *(str(totals[change, kind]) for change in CHANGES)] for kind in kinds]
    rows.append(["all", *(str(sum(totals[change, kind] for kind in kinds)) for change in CHANGES)])
    return columns(rows)


def named(pack: Pack) -> str:
    """A pack by name, version and the beginning of its digest."""
    return f"{pack.name} {pack.version} ({pack.digest[:12]})"
