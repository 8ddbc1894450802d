"""`ledger backtest`: run scenarios through detection without a server, and say what was found, missed and false."""

import json
import os
from collections.abc import Sequence
from pathlib import Path

import click

from config.settings import DEFAULT_PACK_FOLDER


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path), metavar="PATH…")
@click.option(
    "--pack",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder of a rule pack.  [default: LEDGER_PACK, else the default pack]",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object per finding raised, a line each.")
def backtest(paths: Sequence[Path], folder: Path | None, *, as_json: bool) -> None:
    """Run the scenarios in these files and folders.

    Exits with 1 when anything expected is missed or anything rejected is raised, with 2 when a file cannot be used.
    """
    from ledger.cli.report_backtest import report
    from ledger.services import backtest as service
    from ledger.services.load_pack import PackLoadError, load_pack
    from ledger.services.load_scenario import ScenarioError, load_scenarios

    try:
        pack = load_pack(folder or Path(os.environ.get("LEDGER_PACK") or DEFAULT_PACK_FOLDER))
        scenarios = load_scenarios(paths)
    except (ScenarioError, PackLoadError) as error:
        click.echo(str(error), err=True)
        raise SystemExit(2) from None
    runs = [service.backtest(scenario, pack) for scenario in scenarios]
    for warning in (text for run in runs for text in service.warnings(run)):
        click.echo(warning, err=True)
    found = [service.finding_json(run, raised) for run in runs for raised in run.findings]
    for text in (json.dumps(one, ensure_ascii=False) for one in found) if as_json else report(runs):
        click.echo(text)
    if not all(run.score.passes for run in runs):
        raise SystemExit(1)
