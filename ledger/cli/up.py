"""`ledger up`: everything on this machine, from one command, until Ctrl-C."""

import os

import click

from config.settings import SettingsError, data_folder, secrets_read, whole_number
from ledger.cli import embedded
from ledger.stack.report import Report
from ledger.stack.restart import DEATHS_LIMIT, RestartLimit


@click.command()
@click.option("--demo", is_flag=True, help="A demonstration: its own data, a clock that moves, the published reviews.")
@click.option("--fresh", is_flag=True, help="Delete the demonstration's data first.")
@click.option("--host", help="Listen on this address (LEDGER_HOST; 127.0.0.1).")
@click.option("--port", type=click.IntRange(0, 65_535), help="Listen on this port (LEDGER_PORT; 8080; 0: any).")
@click.option(
    "--adopt",
    type=click.IntRange(0),
    metavar="SIZE",
    help="The sealer's store is lost: go on without, if the log holds SIZE entries at least. See the guide.",
)
@click.option("--adopt-reads", type=click.IntRange(0), default=0, metavar="SIZE", help="And so many recorded reads.")
def up(*, demo: bool, fresh: bool, host: str | None, port: int | None, adopt: int | None, adopt_reads: int) -> None:
    """Start everything here and keep it running, until Ctrl-C.

    DATABASE_URL and REDIS_URL, where set, are used, and then no server of that kind is started. LEDGER_DATA chooses
    the data folder.
    """
    if fresh and not demo:
        raise click.UsageError("--fresh deletes data and is for the demonstration only: add --demo.")
    try:
        env = secrets_read(os.environ)
        if fresh and env.get("DATABASE_URL"):
            raise click.UsageError("--fresh deletes the embedded database; it does not touch the one of DATABASE_URL.")
        plan = embedded.Plan(
            env=env,
            data=data_folder(env, demonstration=demo),
            host=host or env.get("LEDGER_HOST") or "127.0.0.1",
            port=whole_number(env, "LEDGER_PORT", 8080, 0, 65_535) if port is None else port,
            live_port=whole_number(env, "LEDGER_LIVE_PORT", 0, 0, 65_535) if env.get("LEDGER_LIVE_PORT") else None,
            demo=demo,
            fresh=fresh,
            adopts=None if adopt is None else (adopt, adopt_reads),
            limit=RestartLimit(deaths=whole_number(env, "LEDGER_DEATHS_LIMIT", DEATHS_LIMIT, 2, 10_000)),
        )
    except SettingsError as error:
        raise click.ClickException(str(error)) from error
    raise SystemExit(embedded.run(plan, Report()))
