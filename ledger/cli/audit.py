"""`ledger audit`: look through the ledger and its log now, by hand, and change nothing."""

import json
import sys

import click


@click.command()
@click.option("--all", "everything", is_flag=True, help="All of it, and not the last 10,000 of each log alone.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def audit(*, everything: bool, as_json: bool) -> None:
    """Look through the ledger for what does not hold: envelopes, chains, commitments, tiles, roots, signatures, heads.

    The workers do the same each minute, and all of it each day, and close the ledger where it does not hold. This
    closes nothing and writes nothing.

    Exits with 0 where all holds, with 1 where something does not, with 2 where it cannot be told.
    """
    from sqlalchemy.exc import DBAPIError

    from ledger.cli.environment import current_settings
    from ledger.services.self_audit import audit as look
    from ledger.store.database import connect_engine

    engine = connect_engine(current_settings().worker_database_url, "ledger_worker", pool_size=1)
    try:
        found = look(engine, "all" if everything else "lately", progress=_progress)
    except DBAPIError as error:
        click.echo(f"the database cannot be used: {type(error.orig).__name__}; ledger doctor says more", err=True)
        raise SystemExit(2) from None
    finally:
        engine.dispose()
    if as_json:
        click.echo(json.dumps(found.body() | {"waiting": found.waiting}))
    else:
        for one in found.problems:
            where = f"index {one.index}" if one.index is not None else f"{one.record}"
            of = f" ({one.record}.{one.number})" if one.index is not None and one.record else ""
            click.echo(f"{one.log}, {where}{of}: {one.why}")
        for log, count in found.waiting.items():
            click.echo(f"{log}: {count} have waited for more than a minute to be sealed")
        root = "nothing is sealed" if found.root is None else f"root {found.root.hex()}"
        held = "does not hold" if found.problems else "holds"
        click.echo(f"{found.entries} entries and {found.reads} reads looked through: the ledger {held}; {root}.")
    raise SystemExit(1 if found.problems else 0)


def _progress(done: int, of: int) -> None:
    if sys.stderr.isatty() and of:
        click.echo(f"\r{done} of {of}", err=True, nl=done >= of)
