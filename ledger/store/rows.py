"""Many rows in few statements: multi-row VALUES in a few fixed sizes, so that each shape is prepared once.

COPY would be the other bulk path, but PostgreSQL refuses it on tables with row-level security.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from ledger.store.trip import Trip

_SIZES = (100, 25, 5, 2, 1)
#: Columns sent in binary: as text they would be hex, twice the size.
_BINARY = frozenset({"envelope", "salt", "content"})


@cache
def _insert(table: str, columns: tuple[str, ...]) -> tuple[str, str]:
    one = "(" + ", ".join("%b" if column in _BINARY else "%s" for column in columns) + ")"
    names = ", ".join(f'"{column}"' for column in columns)
    return " ".join(("INSERT INTO", f"ledger.{table}", f"({names})", "VALUES {rows}")), one


@cache
def _statement(template: str, one: str, rows: int) -> str:
    return template.format(rows=", ".join([one] * rows))


def add_values(trip: Trip, template: str, one: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Add a statement for many rows to a trip: `one` row's places are repeated where the template says `{rows}`."""
    start = 0
    for size in _SIZES:
        while len(rows) - start >= size:
            chunk = rows[start : start + size]
            trip.add(_statement(template, one, size), [value for row in chunk for value in row])
            start += size


def add_rows(trip: Trip, table: str, columns: tuple[str, ...], rows: Sequence[tuple[Any, ...]]) -> None:
    """Add the insertion of rows, in order, to a trip."""
    add_values(trip, *_insert(table, columns), rows)
