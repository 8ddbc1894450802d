"""What entries about an alert do to it: its state by the table of moves, who holds it, and until when it may rest.

Each entry is one statement, and does nothing to a row that has taken up a later one: of an alert whose first entry was
erased the row stays, and is not moved twice when projections are made again.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from ledger.domain import alert
from ledger.domain.edtf import observed_bounds
from ledger.services.told import Before, Projection, Told
from ledger.store.append import Statement

#: By which values of its entry a column is changed.
_Values = Callable[[Told], tuple[Any, ...]]


def until_of(body: Mapping[str, Any]) -> datetime:
    """When a snooze ends, in UTC: a day is its beginning in London."""
    return observed_bounds(body["until"]).start


def _act_by(told: Told) -> tuple[datetime | None]:
    said = told.body.get("act_by")
    return (datetime.fromisoformat(said) if said else None,)


def _number(told: Told) -> tuple[int]:
    return (told.number,)


def _to(told: Told) -> tuple[str, str | None]:
    return told.body["to"]["agency"], told.body["to"]["person"]


def _none(_told: Told) -> tuple[()]:
    return ()


_CLOCK: Final = ("act_by = %s", _act_by)
_STOPPED: Final = ("act_by = NULL, acted_number = %s", _number)
#: Whoever held it goes on seeing that it went on. The clock that begins is named by its entry.
_TO: Final = (
    """to_agency = t.agency, to_person = t.person, stage = t.stage, held_number = t.number, acknowledged_number = NULL,
        held = CASE WHEN (a.to_agency, a.to_person) IS NOT DISTINCT FROM (t.agency, t.person) THEN a.held
            ELSE a.held || jsonb_build_object(
                'agency', a.to_agency, 'person', a.to_person, 'stage', a.stage, 'number', a.held_number) END""",
    _none,
)

_CHANGES: Final[Mapping[str, tuple[tuple[str, _Values], ...]]] = {
    alert.OPENED: (),
    alert.ACKNOWLEDGED: (("acknowledged_number = coalesce(a.acknowledged_number, %s)", _number),),
    alert.ACTION: (_STOPPED,),
    alert.OUTCOME: (_STOPPED,),
    alert.SNOOZE: (("act_by = %s, snoozed_number = %s", lambda told: (until_of(told.body), told.number)),),
    alert.WOKEN: (_CLOCK, ("held_number = %s, acknowledged_number = NULL", _number)),
    alert.LAPSED: (_TO, _CLOCK, ("lapses = a.lapses + 1", _none)),
    alert.MOVED: (_TO, _CLOCK),
    alert.RERAISED: (_TO, _CLOCK, ("tier = %s, lapses = 0", lambda told: (told.body["tier"],))),
}
#: Whom a new lead takes it from, however high it had gone: it begins again with them.
_AFRESH: Final = frozenset({"lead_changed"})


def _case(kind: str) -> str:
    """The state to which an entry of a kind moves it."""
    return " ".join(f"WHEN '{state}' THEN '{to}'" for state, to in alert.moved_by(kind).items())


def _moving(kind: str) -> Projection:
    changes = _CHANGES[kind]
    sets = ", ".join((f"state = CASE a.state {_case(kind)} ELSE a.state END", *(text for text, _ in changes)))
    brings = kind in alert.BRINGS
    beside = " FROM (VALUES (%s::text, %s::text, %s::text, %s::bigint)) AS t (agency, person, stage, number)"
    where = "a.alert_id = %s AND a.moved_number < %s"
    if kind != alert.ACKNOWLEDGED:
        where += " AND a.ended_number IS NULL"
    if kind not in (alert.ACKNOWLEDGED, *alert.STOPS):
        where += f" AND a.state IN ({', '.join(repr(str(state)) for state in alert.moved_by(kind))})"
    query = f"UPDATE ledger.alerts a SET {sets}, moved_number = %s{beside if brings else ''} WHERE {where}"  # noqa: S608 - constants alone
    named = alert.BY_PEOPLE.get(kind, "alert")

    def project(told: Told, _before: Before) -> Iterable[Statement]:
        values = [value for _, of in changes for value in of(told)]
        to = (*_to(told), told.body["stage"], told.number) if brings else ()
        yield query, (*values, told.number, *to, told.body[named], told.number)
        if told.body.get("why") in _AFRESH:
            yield _BEGIN_AGAIN, (told.body[named], told.number)

    return project


_BEGIN_AGAIN: Final = "UPDATE ledger.alerts SET lapses = 0 WHERE alert_id = %s AND moved_number = %s"
_SENT: Final = f"""
    UPDATE ledger.alerts a SET state = CASE a.state {_case(alert.DISPATCH)} ELSE a.state END, moved_number = %s
    WHERE a.alert_id = %s AND a.moved_number < %s AND a.ended_number IS NULL
        AND (a.to_agency, a.to_person) IS NOT DISTINCT FROM (%s::text, %s::text)"""  # noqa: S608 - constants alone


def _dispatch(told: Told, _before: Before) -> Iterable[Statement]:
    """What went out to whoever holds the alert now; what went to another moves nothing."""
    yield _SENT, (told.number, told.body["of"], told.number, *_to(told))


#: Of entries that people and agencies send.
BY_PEOPLE: Final[Mapping[str, Projection]] = {kind: _moving(kind) for kind in alert.BY_PEOPLE}
#: Of what the ledger says by itself, beside detection.
BY_THE_KEEPER: Final[Mapping[str, Projection]] = {
    **{kind: _moving(kind) for kind in sorted(alert.OF_THE_KEEPER)},
    alert.DISPATCH: _dispatch,
}
#: Said with what detection finds.
RERAISED: Final[Projection] = _moving(alert.RERAISED)
