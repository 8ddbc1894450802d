"""`ledger rebuild`: make every projection again from the entries, and say where it is not what stands."""

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from config.settings import DEFAULT_PACK_FOLDER

if TYPE_CHECKING:
    from ledger.services.packs_by_digest import PacksByDigest
    from ledger.services.rebuild import Remade

#: Of so many rows that differ each is named; of the rest how many there are.
_NAMED_MOST = 200


@click.command()
@click.option("--swap", is_flag=True, help="Put what was made in the place of what stands, where they differ.")
@click.option("--record", "named", multiple=True, metavar="ID", help="Only this child's record. Repeatable.")
@click.option("--pack", "folder", type=click.Path(exists=True, file_okay=False, path_type=Path),
              help="The folder of the rule pack in use.  [default: LEDGER_PACK, else the default pack]")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="One JSON object per row that differs, and one of totals, last.")
def rebuild(*, swap: bool, named: Sequence[str], folder: Path | None, as_json: bool) -> None:
    """Make every projection again from the entries alone, and compare it with what stands, byte by byte.

    Posts go on meanwhile. Nothing is changed without --swap; with it each record is put right in one transaction. Rows
    are named by the record's pseudonym and an entry's number, and nothing that anybody wrote is shown. It needs
    DATABASE_URL, the login that migrates.

    Exits with 0 where all is the same or was put right, with 1 where something differs, with 2 where it cannot be told.
    """
    from sqlalchemy.exc import DBAPIError

    from ledger.cli.environment import current_settings
    from ledger.services.load_pack import PackLoadError
    from ledger.services.packs_by_digest import PacksByDigest

    try:
        packs = PacksByDigest(folder or Path(os.environ.get("LEDGER_PACK") or DEFAULT_PACK_FOLDER))
        code = _rebuild(current_settings().database_url, packs, named, swap=swap, as_json=as_json)
    except PackLoadError as error:
        click.echo(str(error), err=True)
        raise SystemExit(2) from None
    except DBAPIError as error:
        click.echo(f"the database cannot be used: {type(error.orig).__name__}; ledger doctor says more", err=True)
        raise SystemExit(2) from None
    raise SystemExit(code)


def _rebuild(url: str, packs: "PacksByDigest", named: Sequence[str], *, swap: bool, as_json: bool) -> int:
    import psycopg

    from ledger.cli.progress import watched
    from ledger.services.rebuild import InUseError, rebuilding

    totals = _Totals()
    try:
        with rebuilding(url, packs, swaps=swap, named=[one.strip().lower() for one in named]) as under_way:
            count = under_way.count()
            if named and count < len(set(named)):
                click.echo("not every --record is a child's record of this ledger", err=True)
                return 2
            _tell(totals.add(under_way.partnerships()), as_json=as_json)
            for remade in watched(under_way.records(), count, "records"):
                _tell(totals.add(remade), as_json=as_json)
            if not named:
                _tell(totals.add(under_way.strays()), as_json=as_json)
    except InUseError:
        click.echo("another rebuild is under way", err=True)
        return 2
    except psycopg.Error as error:
        click.echo(f"the database cannot be used: {type(error).__name__}", err=True)
        return 2
    for digest in sorted(packs.missing):
        click.echo(f"the rule pack {digest} was in force and is not at hand; the one in use stood for it", err=True)
    if as_json:
        click.echo(json.dumps(totals.as_mapping()))
    else:
        for line in totals.lines():
            click.echo(line)
    return totals.code


class _Totals:
    """What was found of all records, by table."""

    def __init__(self) -> None:
        self.tables: dict[str, dict[str, int]] = {}
        self.records = self.swapped = self.entries = 0
        self.failed: list[str] = []
        self._named = 0
        self._differ = self._left = 0

    def add(self, remade: "Remade") -> list[dict[str, Any]]:
        """Count one record; what is to be told of it."""
        self.records += bool(remade.pseudonym)
        self.entries += remade.head if remade.pseudonym else 0
        self.swapped += remade.is_swapped
        told: list[dict[str, Any]]
        for table in remade.tables:
            counts = self.tables.setdefault(table.table, dict.fromkeys(("rows", "missing", "extra", "different"), 0))
            counts["rows"] += table.rows
            for one in table.differences:
                counts[one.why] += 1
        found = list(remade.differences)
        self._differ += len(found)
        self._left += 0 if remade.is_swapped else len(found)
        told = [
            {"record": remade.pseudonym, "head": remade.head, "table": one.table, "why": one.why}
            | ({"row": one.named} if one.named else {})
            for one in found[: max(_NAMED_MOST - self._named, 0)]
        ]
        self._named += len(told)
        if remade.why:
            self.failed.append(remade.pseudonym)
            told.append({"record": remade.pseudonym, "head": remade.head, "failed": remade.why})
        return told

    @property
    def code(self) -> int:
        if self.failed:
            return 2
        return 1 if self._left else 0

    def as_mapping(self) -> dict[str, Any]:
        return {
            "records": self.records,
            "entries": self.entries,
            "tables": self.tables,
            "differ": self._differ,
            "swapped": self.swapped,
            "failed": self.failed,
        }

    def lines(self) -> Iterator[str]:
        yield f"{'table':<22}{'rows':>10}{'equal':>10}{'missing':>9}{'extra':>7}{'different':>11}"
        for name, counts in self.tables.items():
            equal = counts["rows"] - counts["missing"] - counts["different"]
            yield (
                f"{name:<22}{counts['rows']:>10}{equal:>10}{counts['missing']:>9}{counts['extra']:>7}"
                f"{counts['different']:>11}"
            )
        yield f"{self.records} records made again from {self.entries} entries, each at its own head."
        if self._differ > self._named:
            yield f"Of {self._differ} rows that differ the first {self._named} were named."
        if self.swapped:
            yield f"Put right: {self.swapped}. Nothing else was changed."
        elif self._differ:
            yield "Nothing was changed. ledger rebuild --swap puts what was made in the place of what stands."
        else:
            yield "Everything that stands is what the entries make."


def _tell(found: Sequence[dict[str, Any]], *, as_json: bool) -> None:
    for one in found:
        if as_json:
            click.echo(json.dumps(one))
        elif "failed" in one:
            click.echo(f"{one['record']}: {one['failed']}", err=True)
        else:
            where = f"{one['record']} at {one['head']}" if one["record"] else "partnerships"
            click.echo(f"{where}: {one['table']} {one.get('row', '')} {one['why']}".replace("  ", " "))
