"""Files that people bring: what each row came to, and what the rows say, which nothing here opens.

The web's role sees its acting person's own alone; a worker's sees which files wait, and no row.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, Row, text

#: What was looked at and not confirmed is forgotten after this, and what is over after that.
UNCONFIRMED_KEPT: Final = timedelta(days=1)
KEPT: Final = timedelta(days=30)

_ADD = text("""
    INSERT INTO ledger.imports (import_id, agency_id, person_id, made_at, row_count)
    VALUES (:import, :agency, :person, :at, :rows) ON CONFLICT (import_id) DO NOTHING""")
_ADD_ROW = text("""
    INSERT INTO ledger.import_rows (import_id, number, state, sealed) VALUES (:import, :number, :state, :sealed)""")
_OWN = """
    SELECT i.import_id, i.made_at, i.row_count, i.state, i.confirmed_at, i.ended_at, i.why, r.*
    FROM ledger.imports i CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE state = 'wrong') AS wrong, count(*) FILTER (WHERE state = 'waiting') AS waiting,
            count(*) FILTER (WHERE state = 'posted') AS posted, count(*) FILTER (WHERE state = 'already') AS already,
            count(*) FILTER (WHERE state = 'refused') AS refused, count(*) FILTER (WHERE state = 'left') AS left_out
        FROM ledger.import_rows r WHERE r.import_id = i.import_id) r"""
_ONE = text(f"{_OWN} WHERE i.import_id = :import")
_ALL = text(f"{_OWN} ORDER BY i.made_at DESC LIMIT :most")
_ROWS = text("""
    SELECT number, state, sealed, why FROM ledger.import_rows
    WHERE import_id = :import AND (CAST(:state AS text) IS NULL OR state = :state)
    ORDER BY state <> 'wrong', state <> 'refused', number LIMIT :most OFFSET :after""")
_TO_POST = text("""
    SELECT number, sealed FROM ledger.import_rows WHERE import_id = :import AND state = 'waiting'
    ORDER BY number LIMIT :most""")
_CONFIRM = text("""
    UPDATE ledger.imports SET state = 'posting', confirmed_at = :at WHERE import_id = :import AND state = 'shown'""")
_END = text("""
    UPDATE ledger.imports SET state = :state, ended_at = :at, why = :why
    WHERE import_id = :import AND state IN ('shown', 'posting')""")
_LEAVE = text("""
    UPDATE ledger.import_rows SET state = 'left', sealed = NULL
    WHERE import_id = :import AND (state = 'wrong' OR (state = 'waiting' AND :waiting))""")
_BECAME = text("""
    UPDATE ledger.import_rows SET state = :state, sealed = NULL, why = :why
    WHERE import_id = :import AND number = :number AND state IN ('waiting', 'left')""")
_WAITING = text("""
    SELECT import_id, agency_id, person_id FROM ledger.imports WHERE state = 'posting'
    ORDER BY confirmed_at, import_id""")
_IDENTIFIED = text("""
    SELECT d.sought, EXISTS (
        SELECT FROM ledger.involvements i WHERE i.record_id = d.record_id AND i.agency_id = ledger.party()
        AND (i.until IS NULL OR i.until > ledger.clock_now())) AS is_ours
    FROM ledger.identifiers d WHERE d.sought = ANY (CAST(:names AS text[]))""")
_OVER = """
    SELECT import_id FROM ledger.imports
    WHERE (state = 'shown' AND made_at < :unconfirmed) OR (ended_at < :ended)"""
_FORGET = (
    text(f"DELETE FROM ledger.import_rows WHERE import_id IN ({_OVER})"),  # noqa: S608 - no value is in it
    text(f"DELETE FROM ledger.imports WHERE import_id IN ({_OVER})"),  # noqa: S608 - likewise
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file whose rows are to be posted, and whose it is."""

    import_id: UUID
    agency: str
    person_id: UUID


def add(
    connection: Connection,
    import_id: UUID,
    owner: tuple[str, UUID],
    at: datetime,
    rows: Sequence[tuple[int, str, bytes]],
) -> bool:
    """Keep a file's rows, each with its number, its state and what it says, sealed; False where they are kept."""
    given = {"import": import_id, "agency": owner[0], "person": owner[1], "at": at, "rows": len(rows)}
    if connection.execute(_ADD, given).rowcount == 0:
        return False
    connection.execute(
        _ADD_ROW,
        [{"import": import_id, "number": number, "state": state, "sealed": sealed} for number, state, sealed in rows],
    )
    return True


def one(connection: Connection, import_id: UUID) -> Row[tuple[object, ...]] | None:
    """A file of the acting person's, with how many of its rows came to what."""
    return connection.execute(_ONE, {"import": import_id}).one_or_none()


def newest(connection: Connection, most: int) -> Sequence[Row[tuple[object, ...]]]:
    """The acting person's files, the newest first."""
    return connection.execute(_ALL, {"most": most}).all()


def rows(
    connection: Connection, import_id: UUID, *, state: str | None, most: int, after: int
) -> Sequence[Row[tuple[object, ...]]]:
    """Some rows of a file, those that are wrong or were refused first; of one state where it is named."""
    return connection.execute(_ROWS, {"import": import_id, "state": state, "most": most, "after": after}).all()


def to_post(connection: Connection, import_id: UUID, most: int) -> list[tuple[int, bytes]]:
    """The next rows to post: number, and what it says, sealed."""
    found = connection.execute(_TO_POST, {"import": import_id, "most": most})
    return [(number, bytes(sealed)) for number, sealed in found]


def confirm(connection: Connection, import_id: UUID, at: datetime) -> bool:
    """Have the rows that are right posted, and let go of the others; False where that was decided already."""
    if connection.execute(_CONFIRM, {"import": import_id, "at": at}).rowcount == 0:
        return False
    connection.execute(_LEAVE, {"import": import_id, "waiting": False})
    return True


def end(connection: Connection, import_id: UUID, state: str, at: datetime, why: str | None = None) -> bool:
    """Let it be over, and let go of what no row came to anything of; False where it was over already."""
    if connection.execute(_END, {"import": import_id, "state": state, "at": at, "why": why}).rowcount == 0:
        return False
    connection.execute(_LEAVE, {"import": import_id, "waiting": True})
    return True


def became(connection: Connection, import_id: UUID, what: Iterable[tuple[int, str, str | None]]) -> None:
    """What rows came to: number, state, and why where it was refused. What they said is let go of."""
    found = [{"import": import_id, "number": number, "state": state, "why": why} for number, state, why in what]
    if found:
        connection.execute(_BECAME, found)


def identified(connection: Connection, names: Sequence[str]) -> dict[str, bool]:
    """Which of these identifiers, named to the transaction before, name a child; and whether the party has a part."""
    found = connection.execute(_IDENTIFIED, {"names": list(names)})
    return {row.sought: row.is_ours for row in found}


def waiting(connection: Connection) -> list[Waiting]:
    """The files whose rows are to be posted, the one that has waited longest first. As the worker's role."""
    return [Waiting(import_id, agency, person) for import_id, agency, person in connection.execute(_WAITING)]


def forget(connection: Connection, now: datetime) -> None:
    """Let go of what was never confirmed, and of what is long over. As the worker's role."""
    for statement in _FORGET:
        connection.execute(statement, {"unconfirmed": now - UNCONFIRMED_KEPT, "ended": now - KEPT})
