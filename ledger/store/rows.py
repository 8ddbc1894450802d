"""Many rows in few statements: multi-row VALUES in a few fixed sizes, so that each shape is prepared once.

COPY would be the other bulk path, but PostgreSQL refuses it on tables with row-level security.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

import psycopg

_SIZES = (100, 25, 5, 1)
#: Columns sent in binary: as text they would be hex, twice the size.
_BINARY = frozenset({"envelope", "salt", "content"})


@cache
def _statement(table: str, columns: tuple[str, ...], rows: int) -> bytes:
    one = "(" + ", ".join("%b" if column in _BINARY else "%s" for column in columns) + ")"
    names = ", ".join(f'"{column}"' for column in columns)
    # Table and columns are constants of the append; values never stand in the text.
    return f"INSERT INTO ledger.{table} ({names}) VALUES {', '.join([one] * rows)}".encode()  # noqa: S608


def insert_rows(
    driver: psycopg.Connection[tuple[Any, ...]],
    table: str,
    columns: tuple[str, ...],
    rows: Sequence[tuple[Any, ...]],
) -> None:
    """Insert rows, in order, within the caller's transaction and pipeline."""
    start = 0
    for size in _SIZES:
        while len(rows) - start >= size:
            chunk = rows[start : start + size]
            driver.execute(_statement(table, columns, size), [value for row in chunk for value in row])
            start += size
