"""`ledger backtest`: run scenarios, or the live records read-only, through detection; alone or by two packs."""

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from config.settings import DEFAULT_PACK_FOLDER

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Engine

    from ledger.domain.pack import Pack
    from ledger.domain.scenario import Scenario
    from ledger.store.histories import Chosen

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path), metavar="[PATH]…")
@click.option(
    "--pack", "folder", type=_FOLDER, help="The folder of a rule pack.  [default: LEDGER_PACK, else the default pack]"
)
@click.option("--against", "old_folder", type=_FOLDER, help="The folder of an old pack: say what differs from it.")
@click.option("--live", is_flag=True, help="Replay the records of this ledger instead of files; nothing is written.")
@click.option("--record", "named", multiple=True, metavar="ID", help="With --live: only this child. Repeatable.")
@click.option("--since", metavar="DAY", help="With --live: only records in which anything was recorded since.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per finding, or per difference, a line each.")
def backtest(
    paths: Sequence[Path],
    folder: Path | None,
    old_folder: Path | None,
    *,
    live: bool,
    named: Sequence[str],
    since: str | None,
    as_json: bool,
) -> None:
    """Run the scenarios in these files and folders through detection, without a server.

    Exits with 1 when anything expected is missed or anything rejected is raised, with 2 when a file cannot be used.

    With --against, says instead what the pack would newly raise, drop, rename, grade otherwise or raise at another
    time than the old one. A comparison is neither passed nor failed: it exits with 0; with 1 when a rule or a record
    could not be run, and with 2 when a file cannot be used.

    With --live, the same for every child's record in DATABASE_URL's ledger; without --against, what the pack would
    leave open is compared with what is open now. It reads as the auditing role in read-only transactions, and prints
    records' pseudonyms and counts by kind, rule and attribute, and nothing of what is in them.
    """
    if live == bool(paths):
        raise click.UsageError("give paths of scenarios, or --live")
    if (named or since) and not live:
        raise click.UsageError("--record and --since go with --live")
    pack = _pack(folder or Path(os.environ.get("LEDGER_PACK") or DEFAULT_PACK_FOLDER))
    old = None if old_folder is None else _pack(old_folder)
    if live:
        _live(pack, old, named, since, as_json=as_json)
    elif old is None:
        _run(_scenarios(paths), pack, as_json=as_json)
    else:
        _compare(_scenarios(paths), old, pack, as_json=as_json)


def _pack(folder: Path) -> "Pack":
    from ledger.services.load_pack import PackLoadError, load_pack

    try:
        return load_pack(folder)
    except PackLoadError as error:
        click.echo(str(error), err=True)
        raise SystemExit(2) from None


def _scenarios(paths: Sequence[Path]) -> "list[Scenario]":
    from ledger.services.load_scenario import ScenarioError, load_scenarios

    try:
        return load_scenarios(paths)
    except ScenarioError as error:
        click.echo(str(error), err=True)
        raise SystemExit(2) from None


def _run(scenarios: "list[Scenario]", pack: "Pack", *, as_json: bool) -> None:
    from ledger.cli.progress import watched
    from ledger.cli.report_backtest import report
    from ledger.services import backtest as service

    runs = [service.backtest(each, pack) for each in watched(scenarios, len(scenarios), "scenarios")]
    _warn(text for run in runs for text in service.warnings(run))
    found = (service.finding_json(run, raised) for run in runs for raised in run.findings)
    _say(map(_json, found) if as_json else report(runs))
    if not all(run.score.passes for run in runs):
        raise SystemExit(1)


def _compare(scenarios: "list[Scenario]", old: "Pack", new: "Pack", *, as_json: bool) -> None:
    from ledger.cli.progress import watched
    from ledger.cli.report_comparison import comparison_report
    from ledger.services.compare_packs import compare, comparison_warnings, difference_json

    compared = [compare(each, old, new) for each in watched(scenarios, len(scenarios), "scenarios")]
    _warn(text for each in compared for text in comparison_warnings(each))
    found = (difference_json(each, one) for each in compared for one in each.differences)
    _say(map(_json, found) if as_json else comparison_report(compared, old, new))
    if any(each.old.failed or each.new.failed for each in compared):
        raise SystemExit(1)


def _live(new: "Pack", old: "Pack | None", named: Sequence[str], since: str | None, *, as_json: bool) -> None:
    from sqlalchemy.exc import OperationalError, ProgrammingError

    from ledger.cli.environment import current_settings
    from ledger.store.database import connect_engine
    from ledger.store.histories import ROLE, Chosen

    chosen = Chosen(tuple(one.strip().lower() for one in named), None if since is None else _start_of(since))
    engine = connect_engine(current_settings().auditor_database_url, ROLE, pool_size=1)
    try:
        _say(_live_lines(engine, chosen, new, old, as_json=as_json))
    except ProgrammingError as error:
        raise click.ClickException(
            "this database does not hold the ledger's schema, or its login may not read as the auditing role"
        ) from error
    except OperationalError as error:
        raise click.ClickException("the database does not answer; ledger doctor says which it is") from error
    finally:
        engine.dispose()


def _live_lines(engine: "Engine", chosen: "Chosen", new: "Pack", old: "Pack | None", *, as_json: bool) -> Iterator[str]:
    from ledger.cli.progress import watched
    from ledger.cli.report_comparison import LiveTotals, live_lines, named
    from ledger.services.compare_live import change_json, compare_live
    from ledger.store.histories import count_records

    total = count_records(engine, chosen)
    if total < len(set(chosen.named)) and chosen.since is None:
        raise click.ClickException("not every --record is a child's record of this ledger")
    totals = LiveTotals()
    if not as_json:
        yield f"{'Open now' if old is None else f'Old: {named(old)}'}. New: {named(new)}."
    for change in watched(compare_live(engine, chosen, new, old), total, "records"):
        totals.add(change)
        _warn(f"{change.pseudonym}: the rule {rule} could not be run" for rule in change.failed)
        if not change.is_whole:
            _warn([f"{change.pseudonym}: this record could not be replayed"])
        yield from map(_json, change_json(change)) if as_json else live_lines(change)
    if not as_json:
        yield from totals.lines()
    if totals.has_failed:
        raise SystemExit(1)


def _start_of(day: str) -> "datetime":
    from ledger.domain.edtf import EdtfError, observed_bounds

    try:
        return observed_bounds(day).start
    except EdtfError as error:
        raise click.UsageError(f"--since: {error.reason}") from None


def _warn(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line, err=True)


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line)


def _json(found: object) -> str:
    return json.dumps(found, ensure_ascii=False)
