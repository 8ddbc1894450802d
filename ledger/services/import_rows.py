"""Bring a file: check each row as the interface would, and keep what it says until its person decides.

Nothing is posted here. Rows are sealed with the key that the settings hold, each bound to its place, and only the
person who brought them gets to see them.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Row

from ledger.domain.import_row import body_of, column_of
from ledger.services.import_file import read_import_file
from ledger.services.observe import name_of
from ledger.services.seal import SealBrokenError, Sealer
from ledger.store import imports
from ledger.store.append import Caller
from ledger.store.party import seek

#: Which fields of an observation may not stand, each by its pointer, and what would be taken: as the interface says it.
CheckBody = Callable[[Mapping[str, Any]], Sequence[tuple[str, str]]]
#: How many of a person's files are listed.
LISTED: Final = 20
ROWS_OF_PAGE: Final = 50
_NOT_KNOWN: Final = "No child is registered under this reference of your agency: check it, or register the child first"
#: What would be taken may be each of a hundred and fifty words.
_WORDS_MAX: Final = 400
_LONG_LIST: Final = "There is no such word here: the Excel template lists all that there are"
_NOT_OURS: Final = (
    "Your agency has no part in a record under this number. Check it: if no child is registered by it, the row is "
    "refused when it is posted."
)


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row as it is shown: what it says while that is kept, the observation that it becomes, what is wrong with it.

    `errors` are by column; what is of no column stands under ''.
    """

    number: int
    state: str
    cells: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    #: The row before it in the file that says the same: both are one entry.
    same_as: int | None = None
    #: What to look at before it is posted, which may be right all the same.
    note: str | None = None
    why: str | None = None


def purpose_of(import_id: UUID, number: int) -> bytes:
    """To what the sealed words of a row are bound: moved to another row they do not open."""
    return b"row %d of import %b" % (number, import_id.bytes)


def bring(
    connection: Connection,
    sealer: Sealer,
    caller: Caller,
    import_id: UUID,
    data: bytes,
    *,
    check: CheckBody,
    now: datetime,
    chance: Callable[[int], bytes],
) -> None:
    """Keep the rows of a file, each as it was found to be; once, whoever presses twice. Raises ImportFileError."""
    assert caller.person_id is not None, "who brings a file is signed in"
    found = [_looked_at(number, cells, caller.agency, check) for number, cells in read_import_file(data)]
    names = {row.number: str(name_of(row.body["child"], caller.agency)) for row in found if not row.errors}
    seek(connection, sorted(set(names.values())))
    known = imports.identified(connection, sorted(set(names.values())))
    seen: dict[str, int] = {}
    kept = []
    for row in found:
        said: dict[str, Any] = {"cells": row.cells, "body": row.body, "errors": dict(row.errors), "same_as": None}
        name = names.get(row.number)
        # Of another agency's children nothing is told here that a post would not leave a trace of.
        if name is not None and "reference" in row.body["child"] and name not in known:
            said["errors"] = {"reference": _NOT_KNOWN}
        elif name is not None and not known.get(name):
            said["note"] = _NOT_OURS
        if not said["errors"]:
            before = seen.setdefault(row.body["event_id"], row.number)
            said["same_as"] = before if before != row.number else None
        sealed = sealer.seal(json.dumps(said).encode(), purpose_of(import_id, row.number), chance)
        kept.append((row.number, "wrong" if said["errors"] else "waiting", sealed))
    imports.add(connection, import_id, (caller.agency, caller.person_id), now.astimezone(UTC), kept)


def shown_rows(
    connection: Connection, sealer: Sealer, import_id: UUID, *, state: str | None = None, page: int = 1
) -> list[ShownRow]:
    """A page of a file's rows, those that are wrong or were refused first."""
    after = (page - 1) * ROWS_OF_PAGE
    found = imports.rows(connection, import_id, state=state, most=ROWS_OF_PAGE, after=after)
    return [_shown(sealer, import_id, row) for row in found]


def opened(sealer: Sealer, import_id: UUID, number: int, sealed: bytes) -> dict[str, Any]:
    """What a row says. Raises SealBrokenError where it was sealed by a key that the settings no longer hold."""
    said: dict[str, Any] = json.loads(sealer.open(sealed, purpose_of(import_id, number)))
    return said


def _shown(sealer: Sealer, import_id: UUID, kept: Row[Any]) -> ShownRow:
    if kept.sealed is None:
        return ShownRow(kept.number, kept.state, why=kept.why)
    try:
        said = opened(sealer, import_id, kept.number, bytes(kept.sealed))
    except SealBrokenError:
        return ShownRow(
            kept.number, kept.state, why="What this row said cannot be opened any more: bring the file again"
        )
    same_as, note = said["same_as"], said.get("note")
    return ShownRow(kept.number, kept.state, said["cells"], said["body"], said["errors"], same_as, note)


def _looked_at(number: int, cells: Mapping[str, str], agency: str, check: CheckBody) -> ShownRow:
    body = body_of(cells, agency)
    errors: dict[str, str] = {}
    for pointer, words in check(body):
        errors.setdefault(column_of(pointer, cells) or "", words if len(words) <= _WORDS_MAX else _LONG_LIST)
    return ShownRow(number, "wrong" if errors else "waiting", cells, body, errors)
