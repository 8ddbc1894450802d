"""A second schema with the projections in it, filled beside the standing ones, compared with them, and swapped in."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

import psycopg
from sqlalchemy import Table

from ledger.store.append import Driver, Statement
from ledger.store.party import ACT, REBUILD
from ledger.store.tables import SCHEMA, metadata
from ledger.store.tables.sorts import OF_CHILDREN, PROJECTIONS, STAYS_AFTER_ERASURE
from ledger.store.trip import Trip, ask

ROLE: Final = "ledger_rebuild"
SECOND: Final = "ledger_rebuilt"
_AT_ONCE: Final = 200
#: What names the entry of a row that stays though it was erased, where it is not `number`.
_NAMING: Final = {"withdrawals": "by_number", "findings": "opened_number", "alerts": "raised_number"}
_NAMES: Final = re.compile(rf"\b{SCHEMA}\.({'|'.join(sorted(PROJECTIONS, key=len, reverse=True))})\b")
#: What names a row of a table without a word of it: beside the record's pseudonym, an entry's number or who takes part.
_NAMED_BY: Final = ("opened_number", "raised_number", "number", "agency_id", "partnership_id", "person_id")


@dataclass(frozen=True, slots=True)
class Schema:
    """Where statements of projections run: the standing schema, or the second one.

    Statements name the standing schema; for the second one every projection in them is named there, so that what an
    append runs and what a rebuild runs are the same.
    """

    name: str = SCHEMA

    def run(self, driver: Driver, statements: Iterable[Statement]) -> None:
        """Run statements in order, in the open transaction."""
        trip, waiting = Trip(driver), 0
        for statement, parameters in statements:
            trip.add(self._named(statement), parameters)
            waiting += 1
            if waiting == _AT_ONCE:
                trip.go()
                trip, waiting = Trip(driver), 0
        if waiting:
            trip.go()

    def look(self, driver: Driver, statement: Statement) -> list[tuple[Any, ...]]:
        """The rows of a look-up."""
        return ask(driver, self._named(statement[0]), statement[1])

    def _named(self, statement: str) -> str:
        return statement if self.name == SCHEMA else _renamed(statement, self.name)


@lru_cache(maxsize=500)
def _renamed(statement: str, schema: str) -> str:
    return _NAMES.sub(rf"{schema}.\1", statement)


def act_to_rebuild(driver: Driver) -> None:
    """Act as what makes projections again, for the rest of this transaction: without that its role sees no row."""
    ask(driver, ACT, (REBUILD, ""))


# ── the second schema itself ──


def make_second(owner: psycopg.Connection[Any]) -> None:
    """Make the second schema, empty, in the place of one that a run left behind. As who may create schemas."""
    owner.execute(f"DROP SCHEMA IF EXISTS {SECOND} CASCADE".encode())
    owner.execute(f"CREATE SCHEMA {SECOND} AUTHORIZATION {ROLE}".encode())
    owner.execute(f"SET ROLE {ROLE}".encode())
    for name in sorted(PROJECTIONS):
        owner.execute(
            f"CREATE UNLOGGED TABLE {SECOND}.{name} "
            f"(LIKE {SCHEMA}.{name} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)".encode()
        )
        owner.execute(f"ALTER TABLE {SECOND}.{name} ADD PRIMARY KEY ({', '.join(_key(name))})".encode())
        # Rows are looked for by record, as in the standing schema.
        if _key(name)[0] != '"record_id"' and "record_id" in metadata.tables[f"{SCHEMA}.{name}"].columns:
            owner.execute(f"CREATE INDEX ON {SECOND}.{name} (record_id)".encode())
    owner.execute("RESET ROLE")


def drop_second(owner: psycopg.Connection[Any]) -> None:
    """Take it away again."""
    owner.execute(f"SET ROLE {ROLE}".encode())
    owner.execute(f"DROP SCHEMA IF EXISTS {SECOND} CASCADE".encode())
    owner.execute("RESET ROLE")


# ── comparing and swapping ──


@dataclass(frozen=True, slots=True)
class Difference:
    """One row that is not as it would be made again; `named` says which without a word of what it holds."""

    table: str
    why: str
    named: str


@dataclass(frozen=True, slots=True)
class Compared:
    """One table, of one record or of all partnerships."""

    table: str
    rows: int
    differences: tuple[Difference, ...]


def compare(driver: Driver, table: str, record_id: UUID | None) -> Compared:
    """The rows of one table in both schemas, as text, in the order of its key; of one record, or (None) all there are.

    A row is missing where it would be made and does not stand, extra where it stands and would not be made.
    """
    key, (where, parameters) = ", ".join(_key(table)), _where(record_id)
    said = ["''", *(f"'{column} ' || {column}" for column in _named_by(table))]
    named = f"ltrim(concat_ws(' ', {', '.join(said)}))"
    rows = ask(
        driver,
        f"""
        SELECT CASE WHEN s.said IS NULL THEN 'missing' WHEN m.said IS NULL THEN 'extra' ELSE 'different' END,
            coalesce(s.named, m.named)
        FROM (SELECT {key}, {named} AS named, t::text AS said FROM {SCHEMA}.{table} t {where}) s
        FULL JOIN (SELECT {key}, {named} AS named, t::text AS said FROM {SECOND}.{table} t {where}) m USING ({key})
        WHERE s.said IS DISTINCT FROM m.said ORDER BY {key}""",  # noqa: S608 - constants alone
        (*parameters, *parameters),
    )
    [(count,)] = ask(driver, f"SELECT count(*) FROM {SECOND}.{table} {where}", parameters)  # noqa: S608
    return Compared(table, count, tuple(Difference(table, why, named) for why, named in rows))


def swap(driver: Driver, table: str, record_id: UUID | None) -> None:
    """Put the rows that were made in the place of those that stand, where they differ."""
    where, parameters = _where(record_id, "t.")
    alike = " AND ".join(f"m.{column} = t.{column}" for column in _key(table))
    columns = ", ".join(f'"{column.name}"' for column in metadata.tables[f"{SCHEMA}.{table}"].columns)
    beside = "WHERE" if not where else f"{where} AND"
    ask(
        driver,
        f"""
        DELETE FROM {SCHEMA}.{table} t {beside} NOT EXISTS (
            SELECT FROM {SECOND}.{table} m WHERE {alike} AND m::text = t::text)""",  # noqa: S608 - constants alone
        parameters,
    )
    ask(
        driver,
        f"""
        INSERT INTO {SCHEMA}.{table} ({columns}) SELECT {columns} FROM {SECOND}.{table} t {beside} NOT EXISTS (
            SELECT FROM {SCHEMA}.{table} m WHERE {alike})""",  # noqa: S608 - constants alone
        parameters,
    )


def clear(driver: Driver, tables: Iterable[str], schema: str, record_id: UUID, but: Sequence[int] = ()) -> None:
    """Take a record's rows away, but for those that stay of entries whose contents were erased."""
    trip = Trip(driver)
    for table in tables:
        if but and table in STAYS_AFTER_ERASURE:
            number = _NAMING.get(table, "number")
            trip.add(
                f"DELETE FROM {schema}.{table} WHERE record_id = %s AND NOT {number} = ANY (%s::bigint[])",  # noqa: S608
                (record_id, list(but)),
            )
        else:
            trip.add(f"DELETE FROM {schema}.{table} WHERE record_id = %s", (record_id,))  # noqa: S608
    trip.go()


def keep_erased(driver: Driver, record_id: UUID, numbers: Sequence[int]) -> None:
    """Take over into the second schema the rows that stay though the contents of these entries were erased."""
    trip = Trip(driver)
    for table in STAYS_AFTER_ERASURE:
        number = _NAMING.get(table, "number")
        trip.add(
            f"INSERT INTO {SECOND}.{table} SELECT * FROM {SCHEMA}.{table} "  # noqa: S608 - constants alone
            f"WHERE record_id = %s AND {number} = ANY (%s::bigint[])",
            (record_id, list(numbers)),
        )
    trip.go()


def count_strays(driver: Driver) -> Iterator[Compared]:
    """Rows of records that do not exist: no entry could have made them."""
    for table in OF_CHILDREN:
        [(count,)] = ask(
            driver,
            f"""
            SELECT count(*) FROM {SCHEMA}.{table} t
            WHERE NOT EXISTS (SELECT FROM {SCHEMA}.heads h WHERE h.record_id = t.record_id AND h.kind = 'child')""",  # noqa: S608
        )
        if count:
            yield Compared(table, 0, (Difference(table, "extra", f"{count} rows of no record"),) * count)


def _where(record_id: UUID | None, of: str = "") -> tuple[str, tuple[UUID, ...]]:
    return ("", ()) if record_id is None else (f"WHERE {of}record_id = %s", (record_id,))


def _key(table: str) -> list[str]:
    found: Table = metadata.tables[f"{SCHEMA}.{table}"]
    return [f'"{column.name}"' for column in found.primary_key.columns]


def _named_by(table: str) -> list[str]:
    found = metadata.tables[f"{SCHEMA}.{table}"]
    return [name for name in _NAMED_BY if name in found.columns]
