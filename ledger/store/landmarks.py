"""The dates by which bodies are judged at the door, and the warnings that were given there: statements of an append.

Landmarks are read in the first trip of a post and written in its second, beside the entry that gave them. Row-level
security gives a party its own, and of others' what no marking hides where it is involved.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, select, tuple_

from ledger.domain.door import DoorWarning
from ledger.domain.landmark import Known, Landmark
from ledger.store.append import Statement
from ledger.store.tables import door_warnings

_COLUMNS: Final = """
    SELECT l.record_id, l.number, l.agency_id, l.sort, l.about, l.said, l.at, l.is_hidden,
        (SELECT a.kind FROM ledger.agencies a WHERE a.agency_id = l.agency_id)
    FROM ledger.landmarks l WHERE l.withdrawn_by IS NULL AND """
_OF_ONE: Final = f"{_COLUMNS} l.record_id = %s"
# A child may be named by an identifier, which is resolved in the same trip: so both ways to a record stand here.
_OF_NAMED: Final = f"""{_COLUMNS} l.record_id = ANY (
    %s::uuid[] || ARRAY(SELECT record_id FROM ledger.identifiers WHERE sought = ANY (%s::text[])))"""  # noqa: S608 - made of constants alone
# What the same agency says again is kept once, but for a correction: the entry that said it before is withdrawn by it.
# Who is called by which names is not looked up here: once an agency has marked anybody, others are judged by what it
# says of the child alone.
_INSERT: Final = """
    INSERT INTO ledger.landmarks (record_id, number, index, agency_id, sort, about, said, at, is_hidden)
    SELECT n.record_id, n.number, t.index - 1, n.agency_id, t.sort, t.about, t.said, t.at, h.is_hidden
    FROM (SELECT %s::uuid, %s::bigint, %s::text, %s::boolean, %s::boolean)
        AS n (record_id, number, agency_id, is_hidden, is_again)
    CROSS JOIN unnest(%s::text[], %s::text[], %s::text[], %s::text[])
        WITH ORDINALITY AS t (sort, about, said, at, index)
    CROSS JOIN LATERAL (SELECT n.is_hidden OR t.about <> 'child' AND EXISTS (
        SELECT FROM ledger.markings m WHERE m.record_id = n.record_id AND m.index = -2
        AND m.agency_id = n.agency_id AND m.ended_number IS NULL AND m.marking <> 'shared')) AS h (is_hidden)
    WHERE n.is_again OR NOT EXISTS (
        SELECT FROM ledger.landmarks l WHERE l.record_id = n.record_id AND l.agency_id = n.agency_id
        AND (l.sort, l.about, l.said, l.at, l.is_hidden) = (t.sort, t.about, t.said, t.at, h.is_hidden)
        AND l.withdrawn_by IS NULL)"""
_WARN: Final = """
    INSERT INTO ledger.door_warnings (record_id, number, index, agency_id, code, pointer, rests_on)
    VALUES (%s, %s, %s, %s, %s, %s, %s::bigint[])"""
_WITHDRAW: Final = (
    "UPDATE ledger.landmarks SET withdrawn_by = %s WHERE record_id = %s AND number = %s AND withdrawn_by IS NULL"
)
_GIVEN: Final = """
    SELECT w.record_id, w.number, w.code, w.pointer FROM ledger.door_warnings w
    JOIN unnest(%s::uuid[], %s::bigint[]) AS asked (record_id, number) USING (record_id, number)
    WHERE w.agency_id = ledger.party() ORDER BY w.record_id, w.number, w.index"""

#: A landmark that stands, and whether only its own agency may be judged by it.
Standing = tuple[Known, bool]


def standing(names: Sequence[UUID | str]) -> Statement:
    """The look-up of what stands in the records that a post names, by ids or identifiers."""
    if len(names) == 1 and isinstance(names[0], UUID):
        return _OF_ONE, (names[0],)
    records = [name for name in names if isinstance(name, UUID)]
    return _OF_NAMED, (records, [name for name in names if isinstance(name, str)])


def read_standing(rows: Iterable[Sequence[Any]]) -> dict[UUID, list[Standing]]:
    """What the look-up answered, by record."""
    found: dict[UUID, list[Standing]] = {}
    for record_id, number, agency, sort, about, said, at, is_hidden, kind in rows:
        known = Known(Landmark(sort, about, said, at), number, agency, kind)
        found.setdefault(record_id, []).append((known, is_hidden))
    return found


def keep_landmarks(
    place: tuple[UUID, int], agency: str, landmarks: Sequence[Landmark], *, is_hidden: bool, is_again: bool = False
) -> list[Statement]:
    """Keep what an entry, by its record and number, gives; what its agency said before as well, where `is_again`."""
    if not landmarks:
        return []
    columns = [[getattr(one, name) for one in landmarks] for name in ("sort", "about", "said", "at")]
    return [(_INSERT, (*place, agency, is_hidden, is_again, *columns))]


def withdraw_landmarks(record_id: UUID, number: int, by: int) -> Statement:
    """What a corrected or voided entry gave counts no more."""
    return _WITHDRAW, (by, record_id, number)


def keep_warnings(place: tuple[UUID, int], agency: str, warnings: Sequence[DoorWarning]) -> list[Statement]:
    """Keep the warnings that were given of an entry."""
    return [
        (_WARN, (*place, index, agency, warning.code, warning.pointer, list(warning.rests_on)))
        for index, warning in enumerate(warnings)
    ]


def given(places: Collection[tuple[UUID, int]]) -> Statement:
    """The look-up of the warnings that the party was given of its own entries."""
    return _GIVEN, ([record for record, _ in places], [number for _, number in places])


def read_given(rows: Iterable[Sequence[Any]]) -> dict[tuple[UUID, int], tuple[DoorWarning, ...]]:
    """What that look-up answered, by entry."""
    found: dict[tuple[UUID, int], tuple[DoorWarning, ...]] = {}
    for record_id, number, code, pointer in rows:
        found[record_id, number] = (*found.get((record_id, number), ()), DoorWarning(code, pointer))
    return found


def warnings_in(connection: Connection, record_id: UUID, numbers: Collection[int]) -> Mapping[int, list[DoorWarning]]:
    """The warnings of these entries of a record, in order, with what they rest on; who may see them is not asked."""
    query = (
        select(door_warnings.c.number, door_warnings.c.code, door_warnings.c.pointer, door_warnings.c.rests_on)
        .where(door_warnings.c.record_id == record_id, door_warnings.c.number.in_(numbers))
        .order_by(door_warnings.c.number, door_warnings.c.index)
    )
    found: dict[int, list[DoorWarning]] = {}
    for row in connection.execute(query):
        found.setdefault(row.number, []).append(DoorWarning(row.code, row.pointer, tuple(row.rests_on)))
    return found


def own_warnings(
    connection: Connection, places: Collection[tuple[UUID, int]]
) -> dict[tuple[UUID, int], tuple[DoorWarning, ...]]:
    """The warnings of entries that are the party's own."""
    if not places:
        return {}
    columns = (door_warnings.c.record_id, door_warnings.c.number, door_warnings.c.code, door_warnings.c.pointer)
    place = tuple_(door_warnings.c.record_id, door_warnings.c.number)
    query = select(*columns).where(place.in_(places)).order_by(*columns[:2], door_warnings.c.index)
    return read_given(tuple(row) for row in connection.execute(query))
