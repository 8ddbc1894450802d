"""`ledger pack`: what can be said of a rule pack before it is put in force."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from ledger.domain.worked_example import check_examples
from ledger.services.describe_pack import describe_pack
from ledger.services.load_pack import SHIPPED, LoadedPack, PackLoadError, load_pack_with_places

DEFAULT = SHIPPED / "default"

_folder: Callable[..., Any] = click.argument(
    "folder", type=click.Path(exists=True, file_okay=False, path_type=Path), default=DEFAULT
)


@click.group()
def pack() -> None:
    """Check a rule pack; print its reference."""


@pack.command()
@_folder
def check(folder: Path) -> None:
    """Check the pack in FOLDER (the default pack unless given), and run its worked examples."""
    loaded = _load(folder)
    checked = loaded.pack
    failures = check_examples(checked)
    for failure in failures:
        file, line = loaded.place(failure.path)
        where = f"{failure.name}, example {failure.place + 1} ({failure.shows})"
        click.echo(f"{file}:{line}: {where}: {failure.why}", err=True)
    examples = [
        *(one.examples for one in checked.attributes.values()),
        *(one.examples for one in checked.rules.values()),
    ]
    off = f", {len(checked.switched_off)} switched off" if checked.switched_off else ""
    click.echo(
        f"{checked.name} {checked.version}: {len(checked.attributes)} attributes, {len(checked.compared)} compared, "
        f"{len(checked.topics)} topics, {len(checked.rules)} rules{off}, "
        f"{sum(map(len, examples))} examples, {len(failures)} of them wrong; "
        f"digest {checked.digest}"
    )
    if failures:
        raise SystemExit(1)


@pack.command()
@_folder
def reference(folder: Path) -> None:
    """Print the reference of the pack in FOLDER, in Markdown: how to write a claim, and every word there is."""
    click.echo(describe_pack(_load(folder)), nl=False)


def _load(folder: Path) -> LoadedPack:
    try:
        return load_pack_with_places(folder)
    except PackLoadError as error:
        click.echo(str(error), err=True)
        raise SystemExit(1) from None
