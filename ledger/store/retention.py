"""The rows of retention classes, holds and orders to erase: what appends keep and look up, and what is still to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, not_, or_, select, text

from ledger.store.append import Statement
from ledger.store.landmarks import withdraw_landmarks
from ledger.store.tables import contents, erasure_orders, heads, holds

_CLASSIFY: Final = """
    INSERT INTO ledger.retentions (record_id, number, agency_id, class, review_on) VALUES (%s, %s, %s, %s, %s)"""
_HOLD: Final = "INSERT INTO ledger.holds (record_id, number, agency_id, review_on) VALUES (%s, %s, %s, %s)"
_HELD: Final = """
    SELECT h.lifted_number, h.agency_id FROM ledger.holds h JOIN ledger.heads r USING (record_id)
    WHERE h.record_id = %s AND r.pseudonym = %s AND h.number = %s"""
_STANDING: Final = "SELECT number FROM ledger.holds WHERE record_id = %s AND lifted_number IS NULL LIMIT 1"
_LIFT: Final = "UPDATE ledger.holds SET lifted_number = %s WHERE record_id = %s AND number = %s"
_NAMED: Final = """
    SELECT e.number, e.agency_id, c.kind FROM ledger.entries e JOIN ledger.heads h USING (record_id)
    LEFT JOIN ledger.contents c ON c.record_id = e.record_id AND c.number = e.number
    WHERE e.record_id = %s AND h.pseudonym = %s AND e.number = ANY (%s::bigint[])"""
# The newest word of each agency, and of these the longest: nobody shortens what another asks for.
_REVIEW: Final = """
    SELECT max(review_on) <= (ledger.clock_now() AT TIME ZONE 'Europe/London')::date FROM (
        SELECT DISTINCT ON (agency_id) review_on FROM ledger.retentions
        WHERE record_id = %s ORDER BY agency_id, number DESC) newest HAVING count(*) > 0"""
_BORN: Final = "SELECT details ->> 'born' FROM ledger.children WHERE record_id = %s"
_OTHERS: Final = """
    SELECT 1 FROM ledger.erasure_orders o JOIN ledger.entries e USING (record_id)
    WHERE o.record_id = %s AND o.number = %s AND e.agency_id <> ALL (ARRAY['ledger', o.agency_id])
    AND (e.number = ANY (o.numbers) OR (o.is_whole AND e.number < o.number)) LIMIT 1"""
_ORDER: Final = """
    INSERT INTO ledger.erasure_orders (record_id, number, agency_id, person_id, ground, is_whole, numbers)
    VALUES (%s, %s, %s, %s, %s, %s, %s)"""
_ORDERED: Final = """
    SELECT o.number, o.agency_id, o.person_id::text, o.ground, o.is_whole, o.numbers, o.answer
    FROM ledger.erasure_orders o JOIN ledger.heads h USING (record_id)
    WHERE o.record_id = %s AND h.pseudonym = %s AND o.number = %s"""
_ANSWER: Final = """
    UPDATE ledger.erasure_orders SET answer = %s, answered_number = %s, answered_agency = %s, answered_by = %s
    WHERE record_id = %s AND number = %s"""
_WITHDRAW: Final = """
    INSERT INTO ledger.withdrawals (record_id, number, by_number)
    SELECT record_id, number, %s::bigint FROM ledger.entries
    WHERE record_id = %s AND number = ANY (%s::bigint[]) ON CONFLICT DO NOTHING"""
_WITHDRAW_WHOLE: Final = """
    INSERT INTO ledger.withdrawals (record_id, number, by_number)
    SELECT e.record_id, e.number, %s::bigint FROM ledger.entries e
    WHERE e.record_id = %s AND e.number < %s::bigint AND e.agency_id <> 'ledger' ON CONFLICT DO NOTHING"""
_WITHDRAW_LANDMARKS_WHOLE: Final = """
    UPDATE ledger.landmarks SET withdrawn_by = %s WHERE record_id = %s AND number < %s AND withdrawn_by IS NULL"""


@dataclass(frozen=True, slots=True)
class Order:
    """An order to erase: which entries of which record, by whom, and what stands against it."""

    record_id: UUID
    number: int
    pseudonym: str
    agency: str
    ground: str
    is_whole: bool
    numbers: tuple[int, ...]
    answer: str | None
    answered_number: int | None
    erased_number: int | None
    is_held: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """For how long a record is kept at the least: its newest class, and the day of its review."""

    record_id: UUID
    pseudonym: str
    name: str
    review_on: date
    is_held: bool


# ── what an append keeps and looks up ──


def keep_class(place: tuple[UUID, int], agency: str, name: str, review_on: date) -> Statement:
    """The class of a record from this entry on."""
    return _CLASSIFY, (*place, agency, name, review_on)


def keep_hold(place: tuple[UUID, int], agency: str, review_on: date | None) -> Statement:
    """A hold, from this entry on."""
    return _HOLD, (*place, agency, review_on)


def hold_named(record_id: UUID, named: tuple[str, int]) -> Statement:
    """A hold: one row with the entry that lifted it and whose it is, or none where there is no such hold."""
    return _HELD, (record_id, *named)


def standing_hold(record_id: UUID) -> Statement:
    """Whether anything is held: one row, or none."""
    return _STANDING, (record_id,)


def lift_hold(record_id: UUID, number: int, by: int) -> Statement:
    """The hold stands no more."""
    return _LIFT, (by, record_id, number)


def entries_named(record_id: UUID, pseudonym: str, numbers: Sequence[int]) -> Statement:
    """(number, agency, kind) of those of these entries that the record has; of a kind that may not be known, None."""
    return _NAMED, (record_id, pseudonym, list(numbers))


def review_reached(record_id: UUID) -> Statement:
    """Whether the day of review has come that the agencies' classes set: one row, or none where there is no class."""
    return _REVIEW, (record_id,)


def born(record_id: UUID) -> Statement:
    """When the child was born, as it is written: one row, perhaps of None."""
    return _BORN, (record_id,)


def covers_others(record_id: UUID, number: int) -> Statement:
    """One row where an order covers another agency's entries than that of who gave it."""
    return _OTHERS, (record_id, number)


def keep_order(
    place: tuple[UUID, int], agency: str, person: UUID, ground: str, *, whole: bool, numbers: Sequence[int]
) -> Statement:
    """An order, which nobody has answered."""
    return _ORDER, (*place, agency, person, ground, whole, sorted(numbers))


def order_named(record_id: UUID, named: tuple[str, int]) -> Statement:
    """(number, agency, person, ground, whole, numbers, answer) of an order, or no row."""
    return _ORDERED, (record_id, *named)


def answer_order(record_id: UUID, number: int, answer: str, by: tuple[int, str, UUID]) -> Statement:
    """The answer to an order, `by` this entry of this agency and person."""
    return _ANSWER, (answer, *by, record_id, number)


def withdraw_entries(record_id: UUID, numbers: Sequence[int], by: int) -> list[Statement]:
    """What is to be erased counts no more, from this entry on."""
    withdrawn: list[Statement] = [(_WITHDRAW, (by, record_id, sorted(numbers)))]
    return [*withdrawn, *(withdraw_landmarks(record_id, number, by) for number in sorted(numbers))]


def withdraw_before(record_id: UUID, before: int, by: int) -> list[Statement]:
    """The same of all that agencies recorded before an entry."""
    return [
        (_WITHDRAW_WHOLE, (by, record_id, before)),
        (_WITHDRAW_LANDMARKS_WHOLE, (by, record_id, before)),
    ]


# ── what is to do, and what there is ──

# The newest word of each agency on a record, and of these the longest.
_KEPT: Final = text("""
    SELECT k.record_id, r.pseudonym, k.class, k.review_on,
        EXISTS (SELECT FROM ledger.holds h WHERE h.record_id = k.record_id AND h.lifted_number IS NULL)
    FROM (
        SELECT DISTINCT ON (record_id) * FROM (
            SELECT DISTINCT ON (record_id, agency_id) record_id, class, review_on FROM ledger.retentions
            ORDER BY record_id, agency_id, number DESC) newest
        ORDER BY record_id, review_on DESC, class) k
    JOIN ledger.heads r USING (record_id)
    WHERE k.review_on <= :until ORDER BY k.review_on, k.record_id LIMIT 200""")

_IS_HELD = select(holds.c.number).where(
    holds.c.record_id == erasure_orders.c.record_id, holds.c.lifted_number.is_(None)
)


def orders_to_do(connection: Connection) -> list[Order]:
    """Approved orders that are not carried out, that nothing holds back, and of which detection has taken note."""
    columns = erasure_orders.c
    query = (
        select(erasure_orders, heads.c.pseudonym)
        .join_from(erasure_orders, heads, heads.c.record_id == columns.record_id)
        .where(columns.answer == "approve", columns.erased_number.is_(None), not_(_IS_HELD.exists()))
        .where(heads.c.detected_seq >= columns.answered_number)
        .order_by(columns.record_id, columns.number)
        .limit(100)
    )
    return [_order(row, is_held=False) for row in connection.execute(query)]


def orders_of(connection: Connection, *, is_open: bool) -> list[Order]:
    """The orders of the records that the party is involved with, newest first: those still to do, or all of them."""
    columns = erasure_orders.c
    query = (
        select(erasure_orders, heads.c.pseudonym, _IS_HELD.exists().label("held"))
        .join_from(erasure_orders, heads, heads.c.record_id == columns.record_id)
        .order_by(columns.record_id, columns.number.desc())
        .limit(200)
    )
    if is_open:
        query = query.where(columns.erased_number.is_(None), or_(columns.answer.is_(None), columns.answer == "approve"))
    return [_order(row, is_held=row.held) for row in connection.execute(query)]


def kept_of(connection: Connection, *, until: date) -> list[Kept]:
    """The records, of those the party is involved with, whose review is due by a day, the earliest first."""
    rows = connection.execute(_KEPT, {"until": until})
    return [Kept(*row) for row in rows]


def standing_holds(connection: Connection) -> list[tuple[UUID, str, int, date | None]]:
    """(record, pseudonym, number, day of review) of the holds that stand in the party's records."""
    query = (
        select(holds.c.record_id, heads.c.pseudonym, holds.c.number, holds.c.review_on)
        .join_from(holds, heads, heads.c.record_id == holds.c.record_id)
        .where(holds.c.lifted_number.is_(None))
        .order_by(holds.c.record_id, holds.c.number)
        .limit(200)
    )
    return [tuple(row) for row in connection.execute(query)]


def _order(row: Any, *, is_held: bool) -> Order:
    return Order(
        row.record_id,
        row.number,
        row.pseudonym,
        row.agency_id,
        row.ground,
        row.is_whole,
        tuple(row.numbers),
        row.answer,
        row.answered_number,
        row.erased_number,
        is_held,
    )


# ── erasing: as the role that may, and can read nothing of it ──

#: Where what an entry said is repeated, each with the column that names the entry.
REPEATED: Final = ("claims", "landmarks", "door_warnings", "links", "leads", "markings", "consents", "adults")
#: What is left of these while the record is not erased whole: what keeps an entry, what corrects it or speaks of it, or
#: a person's statements from somebody, and who that person is. Erasing what said so must open nothing that others said.
_PROTECTING: Final = {
    "markings": " AND false",
    # Who was said not to be one after all stays so.
    "adults": " AND move <> 'unlink'",
    "links": """ AND NOT EXISTS (SELECT FROM ledger.markings m WHERE m.record_id = links.record_id
        AND m.ended_number IS NULL AND (m.person <> '' OR m.not_to <> '{}'))""",
}


def erase_contents(connection: Connection, order: Order) -> int:
    """Take away what the order covers, there and wherever it is repeated; how many contents went.

    The connection acts as `erasure`. Row-level security holds this to orders that stand and are approved.
    """
    covered = "number < :before" if order.is_whole else "number = ANY (:numbers)"
    given: dict[str, Any] = {"record": order.record_id, "before": order.number, "numbers": list(order.numbers)}
    gone = connection.execute(
        text(f"DELETE FROM ledger.contents WHERE record_id = :record AND {covered}"),  # noqa: S608 - constants
        given,
    ).rowcount
    for table in REPEATED:
        but = "" if order.is_whole else _PROTECTING.get(table, "")
        connection.execute(text(f"DELETE FROM ledger.{table} WHERE record_id = :record AND {covered}{but}"), given)  # noqa: S608
    connection.execute(
        text(f"UPDATE ledger.children SET details = '{{}}' WHERE record_id = :record AND {covered}"),  # noqa: S608
        given,
    )
    connection.execute(text("DELETE FROM ledger.record_gaps WHERE record_id = :record"), given)
    connection.execute(text("DELETE FROM ledger.adult_proposals WHERE :record IN (record_id, other_record)"), given)
    if order.is_whole:
        connection.execute(text("DELETE FROM ledger.identifiers WHERE record_id = :record"), given)
    return gone


def contents_left(connection: Connection, order: Order, kept: Sequence[str]) -> bool:
    """Whether anything that the order covers still stands."""
    columns = contents.c
    covered = columns.number < order.number if order.is_whole else columns.number.in_(order.numbers)
    query = select(columns.number).where(columns.record_id == order.record_id, covered, columns.kind.not_in(kept))
    return connection.scalar(query.limit(1)) is not None


def say_erased(record_id: UUID, number: int, by: int) -> Statement:
    """The order is carried out, as this entry says."""
    return (
        "UPDATE ledger.erasure_orders SET erased_number = %s WHERE record_id = %s AND number = %s",
        (by, record_id, number),
    )
