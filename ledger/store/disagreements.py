"""The rows of disagreements between agencies: what an append keeps and looks up, and those of a record.

A row says who said which sort of thing in which disagreement, and no word of it. Row-level security gives them to
whoever is involved with the child; what an entry says is for the markings.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import Connection, and_, select

from ledger.domain.disagreement import Ladder, Move, Standing
from ledger.store.append import Driver, Statement
from ledger.store.tables import disagreements, entries
from ledger.store.trip import ask

Place = tuple[UUID, int]
Said = Literal["opened", "reply", "step_up", "settled"]

_INSERT: Final = """
    INSERT INTO ledger.disagreements (record_id, number, of_number, agency_id, move, others, finding_id)
    VALUES (%s, %s, %s, %s, %s, %s, %s)"""
_COLUMNS: Final = "d.of_number, d.number, d.agency_id, d.move, d.others, d.finding_id, e.recorded_at"
_FROM: Final = "ledger.disagreements d JOIN ledger.entries e ON e.record_id = d.record_id AND e.number = d.number"
_OF_ONE: Final = f"""
    SELECT {_COLUMNS} FROM {_FROM} JOIN ledger.heads h ON h.record_id = d.record_id
    WHERE d.record_id = %s AND h.pseudonym = %s AND d.of_number = %s ORDER BY d.number"""  # noqa: S608 - constants
_ON_FINDING: Final = f"""
    SELECT {_COLUMNS} FROM {_FROM} WHERE d.record_id = %s AND d.of_number IN (
        SELECT o.number FROM ledger.disagreements o WHERE o.record_id = %s AND o.finding_id = %s)
    ORDER BY d.number"""  # noqa: S608 - constants
_TOLD: Final = f"SELECT {_COLUMNS} FROM {_FROM} WHERE d.record_id = %s AND d.of_number = %s ORDER BY d.number"  # noqa: S608 - constants
# Who ever had a part in the record: it may be about how that ended, and the record may have gone to another partnership
# since. Who took part is told to everybody involved, and can be marked by nobody.
_TOOK_PART: Final = """
    SELECT a.agency_id, a.ended_number IS NOT NULL FROM ledger.agencies a
    JOIN ledger.heads h ON h.record_id = %s
    JOIN ledger.partnerships p ON p.partnership_id = h.partnership_id
    WHERE a.agency_id = ANY (%s::text[]) AND (
        p.duty_desk = a.agency_id
        OR EXISTS (SELECT FROM ledger.leads l WHERE l.record_id = h.record_id AND l.agency_id = a.agency_id)
        OR EXISTS (SELECT FROM ledger.contents c
            WHERE c.record_id = h.record_id AND c.agency_id = a.agency_id AND c.kind = 'involvement'))"""
_MARKED: Final = """
    SELECT agency_id, marking, to_agencies FROM ledger.markings
    WHERE record_id = %s AND number = ANY (%s::bigint[]) AND index > -2 AND ended_number IS NULL
    AND marking <> 'shared'"""


@dataclass(frozen=True, slots=True)
class Row:
    """One thing said in the disagreement that entry `of` opened."""

    of: int
    number: int
    agency: str
    move: Said
    others: tuple[str, ...]
    finding: str | None
    at: datetime

    @classmethod
    def read(cls, row: Sequence[Any]) -> "Row":
        """From the columns of a look-up."""
        of, number, agency, move, others, finding, at = row
        return cls(of, number, agency, move, tuple(others), finding, at)


# ── what an append keeps and looks up ──


def keep_opened(place: Place, agency: str, others: Sequence[str], finding: str | None) -> Statement:
    """That an agency opened one with others."""
    return _INSERT, (*place, place[1], agency, "opened", list(others), finding)


def keep_move(place: Place, of: int, agency: str, move: str) -> Statement:
    """What was said in it."""
    return _INSERT, (*place, of, agency, move, [], None)


def disagreement_named(record_id: UUID, named: tuple[str, int]) -> Statement:
    """All that was said in the one that the entry of this name opened."""
    return _OF_ONE, (record_id, *named)


def on_finding(record_id: UUID, finding: str) -> Statement:
    """All that was said in those about one finding."""
    return _ON_FINDING, (record_id, record_id, finding)


def took_part(record_id: UUID, agencies: Iterable[str]) -> Statement:
    """Which of these agencies have, or had, a part in the record."""
    return _TOOK_PART, (record_id, list(agencies))


def parts_there(connection: Connection, record_id: UUID, agencies: Iterable[str]) -> list[str]:
    """Those of these agencies that have, or had, a part in the record and have not ended."""
    query, values = took_part(record_id, agencies)
    return [agency for agency, has_ended in connection.exec_driver_sql(query, tuple(values)).all() if not has_ended]


def marked(record_id: UUID, numbers: Collection[int]) -> Statement:
    """What holds these entries, or claims in them, back: (whose marking, which, for whom)."""
    return _MARKED, (record_id, list(numbers))


# ── how they stand ──


def standings(rows: Iterable[Row], ladder: Ladder) -> dict[int, Standing]:
    """How each disagreement stands by its rows, by the number of the entry that opened it."""
    by_one: dict[int, dict[Said, list[Row]]] = {}
    for row in rows:
        by_one.setdefault(row.of, {}).setdefault(row.move, []).append(row)
    return {
        of: Standing.of(
            _move(opened),
            opened.others,
            ladder,
            steps=map(_move, said.get("step_up", ())),
            replies=map(_move, said.get("reply", ())),
            settled=map(_move, said.get("settled", ())),
        )
        for of, said in by_one.items()
        for opened in said.get("opened", ())[:1]
    }


def is_open_on(rows: Iterable[Sequence[Any]], ladder: Ladder) -> bool:
    """Whether any of these, by their columns, is not settled."""
    return any(one.settled is None for one in standings(map(Row.read, rows), ladder).values())


def rows_of(connection: Connection, record_id: UUID) -> list[Row]:
    """All that was said in the disagreements of a record, in its order; as far as the party sees rows."""
    table = disagreements.c
    query = (
        select(
            table.of_number, table.number, table.agency_id, table.move, table.others, table.finding_id,
            entries.c.recorded_at,
        )
        .join_from(
            disagreements, entries,
            and_(entries.c.record_id == table.record_id, entries.c.number == table.number),
        )
        .where(table.record_id == record_id)
        .order_by(table.number)
    )  # fmt: skip
    return [Row.read(row) for row in connection.execute(query)]


def told_of(driver: Driver, record_id: UUID, of: int) -> list[Row]:
    """The same of one disagreement, for whoever tells those whose it is."""
    return [Row.read(row) for row in ask(driver, _TOLD, (record_id, of))]


def _move(row: Row) -> Move:
    return Move(row.agency, row.at, row.number)
