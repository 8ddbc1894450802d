"""What `ledger up` has done between the database and the processes: migrate, then open the ledger.

A process of its own, so that what it imports does not stay in the supervisor's memory. It says what it did as one
JSON object a line; sign-in links pass through this pipe and nowhere else.
"""

import json
import time

import click

from ledger.cli.environment import current_settings


@click.command(hidden=True)
@click.option("--demo", is_flag=True, help="With the published reviews' agencies, people and clock.")
def prepare(*, demo: bool) -> None:
    """Migrate and open the ledger; a line for each."""
    settings = current_settings()
    from ledger.cli.opening import open_embedded
    from ledger.services.load_pack import PackLoadError
    from ledger.store.migrate import CannotMigrateError, upgrade

    began = time.monotonic()
    try:
        revision = upgrade(settings.database_url)
        _say(part="schema", text=f"at {revision}", seconds=time.monotonic() - began)
        began = time.monotonic()
        links = open_embedded(settings, demo)
    except (CannotMigrateError, PackLoadError) as error:
        _say(error=str(error))
        raise SystemExit(1) from error
    _say(part="ledger", text="open, a demonstration", seconds=time.monotonic() - began)
    for link in links:
        _say(link={"name": link.name, "role": link.role, "url": f"{settings.base_url}{link.path}"})


def _say(**what: object) -> None:
    click.echo(json.dumps(what))
