"""`ledger pack`: what can be said of a rule pack before it is put in force."""

from pathlib import Path

import click

from ledger.domain.worked_example import check_examples
from ledger.services.load_pack import PackLoadError, load_pack

DEFAULT = Path(__file__).resolve().parents[2] / "config" / "packs" / "default"


@click.group()
def pack() -> None:
    """Check a rule pack."""


@pack.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path), default=DEFAULT)
def check(folder: Path) -> None:
    """Check the pack in FOLDER (the default pack unless given), and run its worked examples."""
    try:
        checked = load_pack(folder)
    except PackLoadError as error:
        for file, line, message in error.faults:
            click.echo(f"{file}:{line}: {message}", err=True)
        raise SystemExit(1) from None
    failures = check_examples(checked)
    for failure in failures:
        click.echo(f"{failure.attribute}, example {failure.place + 1} ({failure.shows}): {failure.why}", err=True)
    attributes = checked.attributes.values()
    click.echo(
        f"{checked.name} {checked.version}: {len(checked.attributes)} attributes, "
        f"{sum(attribute.is_compared for attribute in attributes)} compared, "
        f"{sum(len(attribute.examples) for attribute in attributes)} examples, {len(failures)} of them wrong; "
        f"digest {checked.digest}"
    )
    if failures:
        raise SystemExit(1)
