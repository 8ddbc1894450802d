"""What `ledger up` has done between the database and the processes: migrate, then open the ledger.

A process of its own, so that what it imports does not stay in the supervisor's memory. It says what it did as one
JSON object a line; sign-in links pass through this pipe and nowhere else.
"""

import json
import time

import click

from ledger.cli.environment import current_settings


@click.command(hidden=True)
@click.option("--demo", is_flag=True, help="Open a demonstration ledger for the published cases.")
@click.option("--embedded", is_flag=True, help="The database is this stack's own.")
def prepare(*, demo: bool, embedded: bool) -> None:
    """Migrate and open the ledger; a line for each."""
    settings = current_settings()
    from ledger.cli.opening import existing_kind, open_embedded
    from ledger.services.load_pack import PackLoadError, load_pack
    from ledger.services.refusal import RefusedError
    from ledger.store.migrate import CannotMigrateError, let_roles_log_in, upgrade

    began = time.monotonic()
    try:
        load_pack(settings.pack_folder)
        revision = upgrade(settings.database_url)
        if embedded:
            let_roles_log_in(settings.database_url)
        _say(part="schema", text=f"at {revision}", seconds=time.monotonic() - began)
        began = time.monotonic()
        kind = existing_kind(settings)
        if kind == "demonstration" or embedded or demo:
            links = open_embedded(settings, demo)
            _say(part="ledger", text="open, a demonstration", seconds=time.monotonic() - began)
            for link in links:
                _say(link={"name": link.name, "role": link.role, "url": settings.base_url + link.path})
        elif kind is None:
            # A database of somebody's own is never made a demonstration unasked: that could not be taken back.
            _say(part="ledger", text="none here yet: open one with 'ledger partnership open', or --demo")
        else:
            _say(part="ledger", text="open")
    except PackLoadError as error:
        _say(error=f"the rule pack cannot be used:\n{error}")
        raise SystemExit(1) from error
    except CannotMigrateError as error:
        _say(error=str(error))
        raise SystemExit(1) from error
    except RefusedError as error:
        _say(error=error.refusal.detail)
        raise SystemExit(1) from error


def _say(**what: object) -> None:
    click.echo(json.dumps(what))
