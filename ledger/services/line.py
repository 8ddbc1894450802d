"""The line of one record, as its people stand now: who is accountable, who is next, and by when.

Read under the record's lock, as one of the lock's `reads`, or on an open connection; then asked as often as needed.
"""

from collections.abc import Sequence
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import Connection

from ledger.domain.calendar import Nation
from ledger.domain.hours import Hours, parse_time
from ledger.domain.line import Absence, Line, Someone
from ledger.domain.pack import Pack
from ledger.domain.pack_alerts import Rung
from ledger.store.append import Driver, Statement
from ledger.store.line import line_statements
from ledger.store.trip import Trip

#: How many answers a line is made of.
LINE_READS: Final = 6
_Rows = Sequence[Sequence[Any]]


def line_reads(record_id: UUID) -> list[Statement]:
    """The look-ups of a record's line: their answers are what `line_of` takes, in this order."""
    return line_statements(record_id)


def line_of(answers: Sequence[_Rows], pack: Pack) -> Line:
    """The line that the answers of `line_reads` make, under a pack; further answers after them are let be."""
    (place,), leading, ladder, involved, absent, left = answers[:LINE_READS]
    nation, desk, opens, closes, desk_agency, desk_person, _clock = place
    lead, deputy, manager, of = _leading(leading)
    return Line(
        desk=desk,
        hours=_hours(nation, opens, closes),
        lead=lead,
        deputy=deputy,
        out_of_hours=None if desk_agency is None else Someone(desk_agency, desk_person),
        absences=tuple(
            Absence(Someone(agency, person), starts, ends, None if cover is None else Someone(cover, covers))
            for agency, person, starts, ends, cover, covers in absent
        ),
        left=frozenset(Someone(agency, person) for agency, person in left),
        ladder=_ladder(ladder, of or desk, manager),
        involved=frozenset(agency for (agency,) in involved),
        alerts=pack.alerts,
    )


def read_line(driver: Driver, record_id: UUID, pack: Pack) -> Line:
    """The line of a record, read in the open transaction of a driver."""
    trip = Trip(driver)
    for statement, parameters in line_reads(record_id):
        trip.add(statement, parameters)
    return line_of(trip.go(), pack)


def line_now(connection: Connection, record_id: UUID, pack: Pack) -> Line:
    """The same on a connection that acts for somebody involved."""
    answers = [
        connection.exec_driver_sql(statement, tuple(parameters)).all()
        for statement, parameters in line_reads(record_id)
    ]
    return line_of(answers, pack)


def _leading(rows: _Rows) -> tuple[Someone | None, Someone | None, Someone | None, str | None]:
    """The lead, the deputy, the manager of the lead's team, and of which agency the lead is or was last."""
    if not rows:
        return None, None, None, None
    agency, person, deputy, _number, ended, manager = rows[0]
    return (
        None if ended is not None else Someone(agency, person),
        None if deputy is None else Someone(agency, deputy),
        None if manager is None else Someone(agency, manager),
        agency,
    )


def _hours(nation: Nation, opens: str | None, closes: str | None) -> Hours:
    if opens is None or closes is None:
        return Hours(nation)
    return Hours(nation, cast("Any", parse_time(opens)), cast("Any", parse_time(closes)))


def _ladder(rows: _Rows, of: str, manager: Someone | None) -> dict[Rung, Someone]:
    """Who is on each rung: the team's manager, else the agency's own, else the partnership's."""
    named = {(agency, rung): None if to is None else Someone(to, person) for agency, rung, to, person in rows}
    found = {"manager": manager} if manager is not None else {}
    for rung in ("manager", "senior", "chair"):
        someone = found.get(rung) or named.get((of, rung)) or named.get((None, rung))
        if someone is not None:
            found[rung] = someone
    return cast("dict[Rung, Someone]", found)
