"""`ledger detect`: which records detection has parked, and having them tried again."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import click

from ledger.cli.environment import current_settings
from ledger.domain.entry import written_time
from ledger.store import setbacks
from ledger.store.append import Driver
from ledger.store.database import connect_engine, driver_of


@click.group("detect")
def detect() -> None:
    """Show the records on which detection failed again and again, and have them tried again.

    They are tried again by themselves when the program or the rule pack is another one.
    """


@detect.command("parked")
def parked() -> None:
    """List the records that are parked: each record's id, since when by the real clock, after how many failures.

    Why each failed stands in the workers' log.
    """
    with _worker() as driver:
        found = setbacks.parked(driver)
    for record_id, since, tries in found:
        click.echo(f"{record_id}  {written_time(since)}  {tries}")
    if not found:
        click.echo("None is parked.")


@detect.command("retry")
@click.argument("record", type=click.UUID, required=False)
def retry(record: UUID | None) -> None:
    """Have what is parked tried again at the workers' next look: one RECORD by its id, or all of it."""
    with _worker() as driver:
        found = setbacks.retry(driver, record)
    if record is not None and not found:
        raise click.ClickException("this record is not parked")
    click.echo(f"{len(found)} {'record is' if len(found) == 1 else 'records are'} tried again.")


@contextmanager
def _worker() -> Iterator[Driver]:
    engine = connect_engine(current_settings().worker_database_url, "ledger_worker", pool_size=1)
    try:
        with driver_of(engine) as driver:
            yield driver
    finally:
        engine.dispose()
