"""The rows of markings: what an append keeps of them, and what a reader's sight is worked out from."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, select, text

from ledger.domain.marking import WHOLE, Mark, Sharing
from ledger.domain.person import LinkFact, Links
from ledger.store.append import Statement
from ledger.store.database import SYSTEM
from ledger.store.tables import agencies, heads, leads, links, markings, partnerships, ties

_COLUMNS: Final = "record_id, number, index, person, agency_id, marking, to_agencies, not_to, by_number, source_number"
_INSERT: Final = f"INSERT INTO ledger.markings ({_COLUMNS}) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"  # noqa: S608 - constants alone
_END: Final = """
    UPDATE ledger.markings SET ended_number = %s
    WHERE record_id = %s AND source_number = %s AND index = %s AND ended_number IS NULL AND by_number < %s"""
_END_PERSON: Final = """
    UPDATE ledger.markings SET ended_number = %s
    WHERE record_id = %s AND index = -2 AND person = %s AND agency_id = %s AND ended_number IS NULL
        AND by_number < %s"""
# What an entry's own mark extends to: all that corrects it or that it corrects, and all that speaks of any of these.
_HAND_ON: Final = f"""
    WITH RECURSIVE reached (number) AS (
        SELECT %s::bigint
        UNION
        SELECT near.number FROM reached r CROSS JOIN LATERAL (
            SELECT w.by_number FROM ledger.withdrawals w WHERE w.record_id = %s AND w.number = r.number
            UNION ALL SELECT w.number FROM ledger.withdrawals w WHERE w.record_id = %s AND w.by_number = r.number
            UNION ALL SELECT t.number FROM ledger.ties t WHERE t.record_id = %s AND t.of_number = r.number
        ) near (number))
    INSERT INTO ledger.markings ({_COLUMNS})
    SELECT m.record_id, r.number, m.index, m.person, m.agency_id, m.marking, m.to_agencies, m.not_to, m.by_number,
        m.source_number
    FROM reached r CROSS JOIN ledger.markings m
    WHERE m.record_id = %s AND m.number = %s AND m.index = -1 AND m.source_number = m.number AND m.ended_number IS NULL
        AND r.number <> m.number
    ON CONFLICT DO NOTHING"""  # noqa: S608 - constants alone
# An entry takes over what holds for the one that it corrects or speaks of, whoever marked that.
_TAKE_OVER: Final = f"""
    INSERT INTO ledger.markings ({_COLUMNS})
    SELECT m.record_id, %s::bigint, m.index, m.person, m.agency_id, m.marking, m.to_agencies, m.not_to, m.by_number,
        m.source_number
    FROM ledger.markings m
    WHERE m.record_id = %s AND m.number = %s AND m.index = -1 AND m.ended_number IS NULL
    ON CONFLICT DO NOTHING"""  # noqa: S608 - constants alone
_TIE: Final = "INSERT INTO ledger.ties (record_id, number, of_number) VALUES (%s, %s, %s)"
_HIDE: Final = "UPDATE ledger.landmarks SET is_hidden = true WHERE record_id = %s AND number = %s"
_HIDE_PEOPLE: Final = (
    "UPDATE ledger.landmarks SET is_hidden = true "
    "WHERE record_id = %s AND agency_id = %s AND about <> 'child' AND NOT is_hidden"
)
# An entry keeps of each person whom it declares the role and the reference, in the same order.
_DECLARED: Final = text("""
    WITH said AS (
        SELECT record_id, number, attribute, about,
            row_number() OVER (PARTITION BY record_id, number, attribute ORDER BY index) AS place
        FROM ledger.claims WHERE record_id = ANY (:records) AND attribute IN ('entry:ref', 'entry:person'))
    SELECT DISTINCT r.record_id, p.about AS role, r.about AS ref
    FROM said r JOIN said p USING (record_id, number, place)
    WHERE r.attribute = 'entry:ref' AND p.attribute = 'entry:person' AND p.about <> r.about ORDER BY 1, 2, 3""")
# A name that nobody signs in under is everybody's at its agency's desk.
_HOLDING: Final = """
    SELECT a.record_id, p.ref, f.sides, f.evidence FROM ledger.alerts a JOIN ledger.findings f USING (finding_id)
    LEFT JOIN ledger.people p ON p.agency_id = a.to_agency AND p.ref = a.to_person
    WHERE a.record_id = ANY (%s) AND a.to_agency = %s AND a.ended_number IS NULL"""
# What a finding rests on, and what it rested on before it moved on: by the entries in which detection said so.
_RESTING: Final = """
    SELECT d.record_id, d.number, d.agency_id, d.others, f.sides, f.evidence
    FROM ledger.disagreements d LEFT JOIN ledger.findings f USING (record_id, finding_id)
    WHERE d.record_id = ANY (%s) AND d.finding_id IS NOT NULL
    UNION ALL
    SELECT d.record_id, d.number, d.agency_id, d.others, s.body -> 'sides', s.body -> 'evidence'
    FROM ledger.disagreements d
    JOIN ledger.contents c ON c.record_id = d.record_id AND c.agency_id = %s
        AND c.kind IN ('finding_raised', 'finding_joined', 'check_failed')
    CROSS JOIN LATERAL (SELECT convert_from(c.content, 'UTF8')::jsonb -> 'body' AS body) s
    WHERE d.record_id = ANY (%s) AND d.finding_id IS NOT NULL AND s.body ->> 'finding' = d.finding_id"""
_HIDDEN: Final = """
    SELECT number, person, agency_id FROM ledger.markings
    WHERE record_id = %s AND number <= %s AND by_number <= %s AND (ended_number IS NULL OR ended_number > %s)
        AND marking <> 'shared'"""
#: The marks of a record, for whoever reads in the trip of an append.
OWN_ROWS: Final = f"SELECT {_COLUMNS} FROM ledger.markings WHERE record_id = %s AND source_number = number"  # noqa: S608 - constants alone

Place = tuple[UUID, int]


@dataclass(frozen=True, slots=True)
class MarkRow:
    """One mark: on which entry, claim or person of a record, whose, and by which entry it was made."""

    record_id: UUID
    number: int
    mark: Mark
    agency: str
    by_number: int


@dataclass(frozen=True, slots=True)
class Leading:
    """Who leads: an agency, and by their references the professional and their deputy; a desk has neither."""

    agency: str
    person: str | None = None
    deputy: str | None = None


@dataclass(frozen=True, slots=True)
class Holding:
    """Who holds an open alert, and the numbers of the entries on which its finding rests.

    `person` is None where it is everybody's at that agency: its desk's, or a name that nobody signs in under.
    """

    agency: str
    person: str | None
    numbers: frozenset[int]

    def is_with(self, agency: str, person: str | None, number: int) -> bool:
        """Whether somebody (an agency's system: None) is to act on what rests on this entry."""
        is_theirs = person is None or self.person in {None, person}
        return agency == self.agency and is_theirs and number in self.numbers


# ── what an append keeps ──


def put_mark(place: Place, agency: str, mark: Mark, *, by: int) -> list[Statement]:
    """Put a mark on an entry, a claim of it or a person, in the place of the one that stood there."""
    record_id, number = place
    sharing = mark.sharing
    row = (
        record_id, number, mark.index, mark.person, agency, sharing.marking, sorted(sharing.to),
        sorted(sharing.not_to), by, number,
    )  # fmt: skip
    hides = sharing.marking != "shared"
    if mark.person:
        ending: Statement = (_END_PERSON, (by, record_id, mark.person, agency, by))
        hidden = [(_HIDE_PEOPLE, (record_id, agency))] if hides else []
        return [ending, (_INSERT, row), *hidden]
    ending = (_END, (by, record_id, number, mark.index, by))
    handing = [_hand_on(record_id, number)] if mark.index == WHOLE else []
    return [ending, (_INSERT, row), *handing, *([(_HIDE, (record_id, number))] if hides else [])]


def take_over(place: Place, of: int) -> list[Statement]:
    """What corrects or withdraws an entry is seen no further than it is."""
    return [(_TAKE_OVER, (place[1], place[0], of))]


def tie(place: Place, of: int) -> list[Statement]:
    """What speaks of another entry is seen no further than that one is, now or later."""
    return [(_TIE, (*place, of)), (_TAKE_OVER, (place[1], place[0], of))]


def _hand_on(record_id: UUID, number: int) -> Statement:
    return _HAND_ON, (number, record_id, record_id, record_id, record_id, number)


# ── what a reader's sight is worked out from ──


def read_marks(rows: Iterable[Sequence[Any]]) -> list[MarkRow]:
    """Rows of `OWN_ROWS`."""
    return [
        MarkRow(record, number, Mark(index, Sharing(marking, frozenset(to), frozenset(not_to)), person), agency, by)
        for record, number, index, person, agency, marking, to, not_to, by, _source in rows
    ]


def hidden_at(record_id: UUID, up_to: int) -> Statement:
    """The look-up of what was held back of a record once the entry of a number was recorded."""
    return _HIDDEN, (record_id, up_to, up_to, up_to)


def read_hidden(rows: Iterable[Sequence[Any]]) -> tuple[set[int], set[str]]:
    """The numbers of the entries of which anything was held back, and the agencies that had marked people."""
    rows = list(rows)
    return {number for number, person, _ in rows if not person}, {agency for _, person, agency in rows if person}


def marks_of(connection: Connection, record_ids: Collection[UUID]) -> list[MarkRow]:
    """Every mark that was ever made in these records, the newest last."""
    t = markings.c
    query = select(
        t.record_id, t.number, t.index, t.person, t.agency_id, t.marking, t.to_agencies, t.not_to, t.by_number,
        t.source_number,
    ).where(t.record_id.in_(record_ids), t.source_number == t.number)  # fmt: skip
    return read_marks(tuple(row) for row in connection.execute(query.order_by(t.record_id, t.by_number, t.index)))


def handed_on(connection: Connection, record_id: UUID) -> list[MarkRow]:
    """The marks that hold for entries since they hold for what those correct, or speak of, as they stand."""
    t = markings.c
    query = select(
        t.record_id, t.number, t.index, t.person, t.agency_id, t.marking, t.to_agencies, t.not_to, t.by_number,
        t.source_number,
    ).where(t.record_id == record_id, t.source_number != t.number, t.ended_number.is_(None))  # fmt: skip
    return read_marks(tuple(row) for row in connection.execute(query.order_by(t.by_number, t.index)))


def remarked(connection: Connection, record_id: UUID) -> set[int]:
    """The numbers of a record's entries by which something is marked that is marked by others too: from each of them on
    other things may be seen than before it.
    """
    made: dict[tuple[int, int, str, str], list[int]] = {}
    for row in marks_of(connection, [record_id]):
        place = (0 if row.mark.person else row.number, row.mark.index, row.mark.person, row.agency)
        made.setdefault(place, []).append(row.by_number)
    return {number for numbers in made.values() if len(numbers) > 1 for number in numbers}


def ties_of(connection: Connection, record_ids: Collection[UUID]) -> dict[Place, int]:
    """Of each entry that speaks of another, the number of that one."""
    query = select(ties.c.record_id, ties.c.number, ties.c.of_number).where(ties.c.record_id.in_(record_ids))
    return {(row.record_id, row.number): row.of_number for row in connection.execute(query)}


def resting(record_ids: Collection[UUID]) -> Statement:
    """The look-up of disagreements about findings: (record, number, who opened it, with whom, sides, evidence), a row
    for each time that detection said what the finding rests on, and one for it as it stands: bare where it is gone.
    """
    records = list(record_ids)
    return _RESTING, (records, SYSTEM, records)


def resting_in(connection: Connection, record_ids: Collection[UUID]) -> Sequence[Sequence[Any]]:
    """The rows of `resting`."""
    return connection.exec_driver_sql(*resting(record_ids)).all()


def leading_of(connection: Connection, record_ids: Collection[UUID]) -> dict[UUID, Leading]:
    """Who leads each record now; of one who has left the deputy, and the duty desk where there is none."""
    desks = (
        select(heads.c.record_id, partnerships.c.duty_desk)
        .join_from(heads, partnerships, heads.c.partnership_id == partnerships.c.partnership_id)
        .where(heads.c.record_id.in_(record_ids))
    )
    found = {row.record_id: Leading(row.duty_desk) for row in connection.execute(desks)}
    query = (
        select(leads.c.record_id, leads.c.agency_id, leads.c.person, leads.c.deputy, leads.c.ended_number)
        .join_from(leads, agencies, agencies.c.agency_id == leads.c.agency_id)
        .where(leads.c.record_id.in_(record_ids))
        .order_by(leads.c.record_id, leads.c.number)
    )
    latest = {row.record_id: row for row in connection.execute(query)}
    for record_id, row in latest.items():
        if row.ended_number is None:
            found[record_id] = Leading(row.agency_id, row.person, row.deputy)
        elif row.deputy is not None:
            found[record_id] = Leading(row.agency_id, None, row.deputy)
    return found


def holding_in(connection: Connection, record_ids: Collection[UUID], agency: str) -> dict[UUID, list[Holding]]:
    """The open alerts of each record that are with one agency."""
    rows = connection.exec_driver_sql(_HOLDING, (list(record_ids), agency)).all()
    found: dict[UUID, list[Holding]] = {}
    for record_id, person, sides, evidence in rows:
        numbers = frozenset(ref[0] for side in (*sides, evidence) for ref in side)
        found.setdefault(record_id, []).append(Holding(agency, person, numbers))
    return found


def people_links(connection: Connection, record_ids: Collection[UUID]) -> dict[UUID, Links]:
    """Who is one person in each record, by all links that stand, and by roles that detection has not read yet."""
    query = (
        select(links.c.record_id, links.c.members, links.c.is_unlink)
        .where(links.c.record_id.in_(record_ids), links.c.kind == "people")
        .order_by(links.c.record_id, links.c.number, links.c.index)
    )
    facts: dict[UUID, list[LinkFact]] = {}
    for row in connection.execute(_DECLARED, {"records": list(record_ids)}):
        facts.setdefault(row.record_id, []).append(LinkFact("people", is_unlink=False, keys=(row.role, row.ref)))
    for row in connection.execute(query):
        facts.setdefault(row.record_id, []).append(LinkFact("people", row.is_unlink, tuple(row.members)))
    return {record_id: Links.of(of) for record_id, of in facts.items()}
