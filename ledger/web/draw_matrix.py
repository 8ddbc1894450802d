"""The belief matrix of a page: topics by agencies, from a picture as a service tells it.

Nothing is decided here: what is held, stale or in conflict the picture says, and this puts it into rows and columns and
leaves out what a page has no room for, saying how much that is.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ledger.domain.entry import parse_entry_id

#: So many words of one source stand in a cell, and so many topics in a table, before the rest is counted.
HOLDS_MOST: Final = 3
ROWS_MOST: Final = 30
#: What a table may be narrowed to.
SHOWS: Final = ("conflicts", "stale", "unknown", "told")
_NOT_KNOWN: Final = {
    "unknown": "Not known",
    "not_asked": "Not asked",
    "declined": "Declined to say",
    "evaded": "Evaded",
}
#: How a word is known, in the three sorts that a page marks; what is on none of these bases stands in records.
_SORTS: Final = {"seen": "seen", "measured": "seen", "searched": "seen", "told": "told", "agency": "told"}


@dataclass(frozen=True, slots=True)
class Word:
    """One thing that an agency holds, or does not know: its words, its marks, and where it stands in the record."""

    words: str
    said: str
    when: str
    held_since: str
    number: int
    sort: str
    is_in_conflict: bool = False
    is_stale: bool = False
    is_past: bool = False
    is_answered: bool = False


@dataclass(frozen=True, slots=True)
class Square:
    """What one agency has on one topic; ``more`` counts what is left out."""

    agency: str
    name: str
    words: tuple[Word, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Line:
    """One topic about one person, with a square for each column."""

    key: str
    label: str
    meaning: str | None
    ask: str | None
    is_critical: bool
    conflict: str | None
    possible: str | None
    findings: tuple[str, ...]
    squares: tuple[Square, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One person's table: the agencies that have a square in it, the lines that are shown, how many are not."""

    key: str
    label: str
    also_called: tuple[str, ...]
    columns: tuple[tuple[str, str], ...]
    lines: tuple[Line, ...]
    more: int
    conflicts: int


def sheets_of(people: Iterable[Mapping[str, Any]], *, show: str | None = None, whole: bool = False) -> list[Sheet]:
    """A table for each person of whom anything is shown, in the picture's order; ``show`` is one of `SHOWS`."""
    sheets = (_sheet(place, one, show, whole=whole) for place, one in enumerate(people))
    return [one for one in sheets if one.lines]


def _sheet(place: int, person: Mapping[str, Any], show: str | None, *, whole: bool) -> Sheet:
    rows = [row for row in person["attributes"] if show is None or _bears(row, show)]
    kept = rows if whole else _kept(rows)
    agencies = {cell["agency"]: cell["agency_name"] for row in kept for cell in row["cells"]}
    columns = tuple(sorted(agencies.items(), key=lambda column: column[1].lower()))
    return Sheet(
        f"person-{place}",
        person["label"],
        tuple(person["also_called"]),
        columns,
        tuple(_line(f"person-{place}-{number}", row, columns) for number, row in enumerate(kept)),
        len(rows) - len(kept),
        sum(row["conflict"] is not None for row in rows),
    )


def _kept(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """What conflicts, then what is critical, then the rest, as far as there is room, in their own order."""
    first = sorted(
        range(len(rows)), key=lambda number: (rows[number]["conflict"] is None, not rows[number]["critical"])
    )
    return [rows[number] for number in sorted(first[:ROWS_MOST])]


def _bears(row: Mapping[str, Any], show: str) -> bool:
    match show:
        case "conflicts":
            return row["conflict"] is not None
        case "stale":
            return any(hold["state"] == "stale" for cell in row["cells"] for hold in cell["holds"])
        case "unknown":
            return any(cell["not_known"] for cell in row["cells"])
        case _:
            return any(hold["basis"] == "told" for cell in row["cells"] for hold in cell["holds"])


def _line(key: str, row: Mapping[str, Any], columns: Sequence[tuple[str, str]]) -> Line:
    by_agency: dict[str, list[Mapping[str, Any]]] = {}
    for cell in row["cells"]:
        by_agency.setdefault(cell["agency"], []).append(cell)
    return Line(
        key,
        row["label"],
        row["meaning"],
        row["ask"],
        row["critical"],
        row["conflict"]["words"] if row["conflict"] else None,
        row["possible"]["words"] if row["possible"] else None,
        tuple(row["findings"]),
        tuple(_square(agency, name, by_agency.get(agency, ())) for agency, name in columns),
    )


def _square(agency: str, name: str, cells: Sequence[Mapping[str, Any]]) -> Square:
    words = [word for cell in cells for word in _words(cell)]
    # What conflicts is never what is left out.
    order = sorted(range(len(words)), key=lambda number: (not words[number].is_in_conflict, words[number].is_past))
    kept = tuple(words[number] for number in sorted(order[:HOLDS_MOST]))
    return Square(agency, name, kept, len(words) - len(kept) + sum(cell["not_shown"] for cell in cells))


def _words(cell: Mapping[str, Any]) -> Iterator[Word]:
    for hold in cell["holds"]:
        yield Word(
            hold["words"],
            hold["said"],
            hold["state_words"],
            hold["held_since"],
            _number(hold),
            _SORTS.get(hold["basis"], "record"),
            is_in_conflict=bool(hold["conflicts_with"]),
            is_stale=hold["state"] == "stale",
            is_past=hold["state"] in ("ended", "later"),
            is_answered=hold["answered_by"] is not None,
        )
    for said in cell["not_known"]:
        words = _NOT_KNOWN.get(said["not_known"], "Not known")
        yield Word(words, said["said"], f"on {said['observed_words']}", said["recorded_at"], _number(said), "not")
    for said in cell["also_said"]:
        yield Word(said["words"], said["said"], said["valid_words"], said["recorded_at"], _number(said), "also")


def _number(said: Mapping[str, Any]) -> int:
    """The number of the entry in which it stands."""
    found = parse_entry_id(said["entry"])
    return found[1] if found else 0
