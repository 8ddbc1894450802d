"""`ledger deliveries`: mails and webhooks that were given up, having them tried again, and forgetting what is old."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import click

from ledger.cli.environment import current_settings
from ledger.store import ended_deliveries
from ledger.store.append import Driver
from ledger.store.database import connect_engine, driver_of

_KEPT_DAYS = ended_deliveries.KEPT.days


@click.group("deliveries")
def deliveries() -> None:
    """Show the mails and webhooks that were given up, have them tried again, and forget what is old."""


@deliveries.command("dead")
def dead() -> None:
    """Count what was given up, by channel and fault; without what nobody wants any more."""
    with _worker() as driver:
        found = ended_deliveries.dead(driver)
    for channel, fault, count in found:
        click.echo(f"{channel}  {fault}  {count}")
    if not found:
        click.echo("None was given up.")


@deliveries.command("retry")
@click.argument("channel", type=click.Choice(["mail", "notify", "webhook"]), required=False)
def retry(channel: str | None) -> None:
    """Have what was given up tried again from the beginning: by one CHANNEL, or all of it.

    Mails of an alert that is over, or somebody else's by now, do not go.
    """
    with _worker() as driver:
        count = ended_deliveries.retry(driver, channel)
    click.echo(f"{_counted(count)} tried again.")


@deliveries.command("purge")
@click.option(
    "--days",
    type=click.IntRange(min=_KEPT_DAYS),
    default=90,
    show_default=True,
    help=f"How long ago they were sent or given up; {_KEPT_DAYS} or more.",
)
def purge(days: int) -> None:
    """Forget what was sent or given up long ago. What the children's records say of it stays."""
    with _worker() as driver:
        count = ended_deliveries.forget(driver, timedelta(days=days))
    click.echo(f"{_counted(count)} forgotten.")


def _counted(count: int) -> str:
    return f"{count} {'delivery is' if count == 1 else 'deliveries are'}"


@contextmanager
def _worker() -> Iterator[Driver]:
    engine = connect_engine(current_settings().worker_database_url, "ledger_worker", pool_size=1)
    try:
        with driver_of(engine) as driver:
            yield driver
    finally:
        engine.dispose()
