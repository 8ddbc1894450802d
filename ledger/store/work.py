"""The rows of work that is asked for, and of the partnerships that a record went to: kept, moved on and looked up.

Row-level security gives a party what it asked for or was asked for, involved or not, and what is asked in the records
in which it has a part.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select

from ledger.domain.work import Item
from ledger.store.append import Statement
from ledger.store.tables import agencies, heads, work_items

Place = tuple[UUID, int]

_INSERT: Final = """
    INSERT INTO ledger.work_items
        (record_id, number, kind, of, about_number, asked_by, owed_by, asked_at, due_at, state, state_number)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"""
#: What nothing can come of any more (`ledger.domain.work`).
_IS_FINAL: Final = """(w.state = 'declined' OR (w.kind <> 'handover' AND w.state = 'done')
    OR (w.kind <> 'action' AND w.state = 'accepted'))"""
_MOVE_ON: Final = f"""
    UPDATE ledger.work_items w SET state = %s, state_number = %s,
        owed_by = CASE WHEN %s = 'accepted' THEN %s ELSE w.owed_by END
    WHERE w.record_id = %s AND w.number = %s AND NOT {_IS_FINAL} AND NOT (w.kind = 'handover' AND %s = 'done')"""  # noqa: S608 - constants
# What goes over with a hand-over that this very reply accepted: all that stood when it was accepted.
_HAND_ON: Final = f"""
    UPDATE ledger.work_items w SET owed_by = %s, state_number = %s
    FROM ledger.work_items o
    WHERE o.record_id = %s AND o.number = %s AND o.state = 'accepted' AND o.state_number = %s AND o.kind = 'handover'
    AND w.record_id = o.record_id AND w.kind <> 'handover' AND w.state <> 'done' AND NOT {_IS_FINAL}
    AND ((o.of = 'work' AND w.number = o.about_number) OR (o.of = 'record' AND w.owed_by = o.asked_by))"""  # noqa: S608 - constants
_ONE: Final = """
    SELECT w.kind, w.of, w.asked_by, w.owed_by, w.state, w.due_at, w.number, ledger.clock_now(),
        a.agency_id IS NOT NULL, a.ended_number IS NOT NULL
    FROM ledger.work_items w JOIN ledger.heads h USING (record_id)
    LEFT JOIN ledger.agencies a ON a.agency_id = w.owed_by
    WHERE w.record_id = %s AND h.pseudonym = %s AND w.number = %s"""
_KIND: Final = """
    SELECT c.kind FROM ledger.contents c JOIN ledger.heads h USING (record_id)
    WHERE c.record_id = %s AND h.pseudonym = %s AND c.number = %s"""
_MOVED: Final = """
    INSERT INTO ledger.record_moves (record_id, number, recorded_at, from_partnership, to_partnership)
    VALUES (%s, %s, %s, %s, %s)"""
_MOVE_HEAD: Final = "UPDATE ledger.heads SET partnership_id = %s WHERE record_id = %s"
_PARTS: Final = """
    SELECT DISTINCT record_id FROM ledger.involvements
    WHERE record_id = ANY (%s) AND agency_id = ledger.party() AND person_id IS NULL
    AND (until IS NULL OR until > ledger.clock_now())"""
_ENDED: Final = "SELECT partnership_id, ended_number FROM ledger.agencies WHERE agency_id = %s"
# Who had a part in a record when it went to another partnership keeps it.
_STANDING_IN: Final = """
    SELECT a.partnership_id, a.ended_number, a.partnership_id = h.partnership_id OR EXISTS (
        SELECT FROM ledger.parts p WHERE p.record_id = h.record_id AND p.agency_id = a.agency_id
        AND (p.until IS NULL OR p.until > ledger.clock_now()))
    FROM ledger.agencies a JOIN ledger.heads h ON h.record_id = %s WHERE a.agency_id = %s"""


#: What an agency has to do still, by record and entry: work, requests to answer, and the leads that it holds. It is
#: named three times.
LEFT_BEHIND: Final = """
    SELECT w.record_id, w.number, w.kind AS what, w.asked_by FROM ledger.work_items w
    WHERE w.owed_by = %s AND w.state <> 'done' AND w.state <> 'declined'
    AND NOT (w.kind = 'handover' AND w.state = 'accepted')
    UNION ALL
    SELECT q.record_id, q.number, 'information_request', q.agency_id FROM ledger.information_requests q
    WHERE q.to_agency = %s AND q.answer IS NULL
    UNION ALL
    SELECT l.record_id, l.number, 'lead', NULL FROM ledger.leads l
    WHERE l.agency_id = %s AND l.ended_number IS NULL
    AND l.number = (SELECT max(n.number) FROM ledger.leads n WHERE n.record_id = l.record_id)"""


@dataclass(frozen=True, slots=True)
class WorkRow:
    """One piece of work, in which record, and by what name that record is in the log."""

    record_id: UUID
    pseudonym: str
    item: Item


# ── what an append keeps and looks up ──


def keep_item(record_id: UUID, item: Item) -> Statement:
    """That a piece of work was asked for."""
    return _INSERT, (
        record_id, item.number, item.kind, item.of, item.about, item.asked_by, item.owed_by, item.asked_at, item.due_at,
        item.state, item.state_number,
    )  # fmt: skip


def move_on(place: Place, of: int, agency: str, state: str) -> list[Statement]:
    """What an answer, or that it is done, makes of a piece of work; and what goes over with it."""
    record_id, number = place
    moved: list[Statement] = [(_MOVE_ON, (state, number, state, agency, record_id, of, state))]
    if state == "accepted":
        moved.append((_HAND_ON, (agency, number, record_id, of, number)))
    return moved


def item_named(record_id: UUID, named: tuple[str, int]) -> Statement:
    """The look-up of one piece of work, by its entry: (kind, of, asked_by, owed_by, state, due_at, number, now, whether
    an agency of the ledger owes it, whether that has ended).
    """
    return _ONE, (record_id, *named)


def kind_named(record_id: UUID, named: tuple[str, int]) -> Statement:
    """The look-up of (kind) of the entry of this name, where the party may read it."""
    return _KIND, (record_id, *named)


def keep_move(place: Place, at: datetime, away: str, to: str) -> Statement:
    """That a record went from one partnership to another."""
    return _MOVED, (*place, at, away, to)


def move_head(record_id: UUID, to: str) -> Statement:
    """Let the record belong to another partnership; only beside the row that says so."""
    return _MOVE_HEAD, (to, record_id)


def standing_of(agency: str) -> Statement:
    """The look-up of (partnership, the entry by which it ended) of an agency; no row where there is none."""
    return _ENDED, (agency,)


def standing_in(record_id: UUID, agency: str) -> Statement:
    """The same beside a record, and whether the agency is of the record's partnership or has a part in it now."""
    return _STANDING_IN, (record_id, agency)


def parts_in(record_ids: Sequence[UUID]) -> Statement:
    """The look-up of those among these records in which the party has a part now: its own, and not a person's alone."""
    return _PARTS, (list(record_ids),)


# ── the lists ──


def _is_final() -> ColumnElement[bool]:
    table = work_items.c
    return or_(
        table.state == "declined",
        and_(table.kind != "handover", table.state == "done"),
        and_(table.kind != "action", table.state == "accepted"),
    )


def shown_state() -> ColumnElement[str]:
    """How an item stands now, as `Item.shown` says it of a moment."""
    table = work_items.c
    is_offer = and_(table.kind == "handover", ~_is_final())
    return case(
        (and_(is_offer, table.due_at <= func.ledger.clock_now()), "lapsed"),
        (and_(is_offer, table.state == "asked"), "offered"),
        else_=table.state,
    )


def work_of(
    connection: Connection,
    names: Sequence[str],
    *,
    side: str,
    states: Sequence[str] | None,
    before: Place | None,
    limit: int,
) -> list[WorkRow]:
    """What is owed ``owed_by_us`` or ``owed_to_us``, the newest first; ``names`` are the agency's id and its sort.

    ``states`` as they are shown; None: what something can still come of, an agreed action until it is done.
    """
    table = work_items.c
    query = (
        select(table.record_id, heads.c.pseudonym, *_ITEM)
        .join_from(work_items, heads, heads.c.record_id == table.record_id)
        .where(table.owed_by.in_(names) if side == "owed_by_us" else table.asked_by == names[0], _concerns(names[0]))
        .order_by(table.asked_at.desc(), table.record_id, table.number)
        .limit(limit)
    )
    query = query.where(~_is_final()) if states is None else query.where(shown_state().in_(states))
    if before is not None:
        at = (
            select(table.asked_at)
            .where(table.record_id == before[0], table.number == before[1])
            .correlate(None)
            .scalar_subquery()
        )
        later = and_(table.asked_at == at, or_(table.record_id > before[0], _after(before)))
        query = query.where(or_(table.asked_at < at, later))
    return [WorkRow(row[0], row[1], Item(*tuple(row)[2:])) for row in connection.execute(query)]


def _concerns(agency: str) -> ColumnElement[bool]:
    """Of its own partnership, or offered to it, or asked by itself: what another one's words name it for is not its."""
    own = select(agencies.c.partnership_id).where(agencies.c.agency_id == agency).correlate(None).scalar_subquery()
    table = work_items.c
    return or_(heads.c.partnership_id == own, table.kind == "handover", table.asked_by == agency)


def _after(before: Place) -> ColumnElement[bool]:
    return and_(work_items.c.record_id == before[0], work_items.c.number > before[1])


_ITEM: Final = (
    work_items.c.number, work_items.c.kind, work_items.c.of, work_items.c.about_number, work_items.c.asked_by,
    work_items.c.owed_by, work_items.c.asked_at, work_items.c.due_at, work_items.c.state, work_items.c.state_number,
)  # fmt: skip


def place_of_item(connection: Connection, named: tuple[str, int], names: Sequence[str]) -> Place | None:
    """Where the item of this name stands, if it is owed by or to the agency of these names, as `work_of` takes them."""
    pseudonym, number = named
    query = (
        select(work_items.c.record_id, work_items.c.number)
        .join_from(work_items, heads, heads.c.record_id == work_items.c.record_id)
        .where(heads.c.pseudonym == pseudonym, work_items.c.number == number)
        .where(or_(work_items.c.owed_by.in_(names), work_items.c.asked_by == names[0]), _concerns(names[0]))
    )
    found = connection.execute(query).one_or_none()
    return None if found is None else (found.record_id, found.number)


def kind_of_agency(connection: Connection, agency: str) -> str | None:
    """What sort of agency this is."""
    found: Any = connection.scalar(select(agencies.c.kind).where(agencies.c.agency_id == agency))
    return None if found is None else str(found)
