"""`ledger adults`: look through all records for adults who may be one person; links nobody."""

import os
from pathlib import Path

import click

from config.settings import DEFAULT_PACK_FOLDER


@click.group("adults")
def adults() -> None:
    """Adults who may be in several children's records."""


@adults.command("propose")
@click.option("--splink", "by_splink", is_flag=True, help="Weigh by Splink (the extra `link`), for very many records.")
@click.option("--pack", "folder", type=click.Path(exists=True, file_okay=False, path_type=Path),
              help="The folder of the rule pack in use.  [default: LEDGER_PACK, else the default pack]")  # fmt: skip
def propose(*, by_splink: bool, folder: Path | None) -> None:
    """Compare the adults of all records of each partnership, and keep who may be one for people to look at.

    What an earlier run kept is replaced; posts go on meanwhile. Nobody is linked: whoever may read both records sees
    the proposals with their reasons (GET /api/v1/children/{id}/adult-proposals) and links, or says that they are two.
    It prints counts and nothing of anybody.
    """
    from ledger.cli.environment import current_settings
    from ledger.cli.progress import watched
    from ledger.services.load_pack import load_pack
    from ledger.services.propose_adults import compare_all
    from ledger.services.propose_by_splink import WAY, SplinkMissingError, propose_by_splink
    from ledger.store.database import connect_engine

    pack = load_pack(folder or Path(os.environ.get("LEDGER_PACK") or DEFAULT_PACK_FOLDER))
    engine = connect_engine(current_settings().worker_database_url, "ledger_worker", pool_size=1)
    try:
        if by_splink:
            done = compare_all(
                engine,
                pack,
                watch=lambda places, total: watched(places, total, "records"),
                way=(WAY, propose_by_splink),
            )
        else:
            done = compare_all(engine, pack, watch=lambda places, total: watched(places, total, "records"))
    except SplinkMissingError:
        raise click.ClickException("Splink is not installed: pip install 'splink~=5.0', the extra `link`") from None
    finally:
        engine.dispose()
    click.echo(f"{done.records} records with {done.adults} named adults; {done.pairs} pairs looked at.")
    click.echo(f"{done.likely} are likely to be one, {done.possible} may be.")
    if done.too_common:
        click.echo(
            f"{done.too_common} times too many shared the same to compare each with each; --splink weighs these."
        )
