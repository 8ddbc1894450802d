"""Rows of words as a table on a terminal: the first column to the left, the others to the right."""

from collections.abc import Iterator, Sequence


def columns(rows: Sequence[Sequence[str]], indent: str = "  ") -> Iterator[str]:
    """The lines of a table."""
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))] if rows else []
    for row in rows:
        first, *rest = row
        cells = [f"{first:<{widths[0]}}", *(cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True))]
        yield indent + "  ".join(cells).rstrip()
