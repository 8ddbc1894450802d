"""What the partnership's entries about its people do to the projections: who is there, who stands in, who is next."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from ledger.domain.edtf import observed_bounds
from ledger.services.told import Before, Projection, Told
from ledger.store.append import Statement


def _insert(table: str, columns: str) -> str:
    """A row of the partnership in whose record the entry stands: an entry does not repeat that."""
    values = ", ".join("%s" for _ in columns.split())
    return (
        f"INSERT INTO ledger.{table} (partnership_id, {', '.join(columns.split())}) "  # noqa: S608 - constants alone
        f"SELECT p.partnership_id, {values} FROM ledger.partnerships p WHERE p.record_id = %s"
    )


_LEFT: Final = _insert("leavings", "number agency_id person")
_RETURNED: Final = """
    UPDATE ledger.leavings SET returned_number = %s WHERE agency_id = %s AND person = %s AND returned_number IS NULL"""
_ABSENT: Final = _insert("absences", "number agency_id person starts_at ends_at cover_agency cover_person")
_BACK: Final = """
    UPDATE ledger.absences SET ended_number = %s WHERE agency_id = %s AND person = %s AND ended_number IS NULL"""
_TEAM: Final = _insert("teams", "number agency_id team name manager members")
_RUNG: Final = _insert("ladders", "number agency_id rung to_agency to_person")
_HOURS: Final = _insert("working_hours", "number opens closes desk_agency desk_person")
_REACH: Final = _insert("reachables", "number agency_id person mail phone")


def absent_between(body: Mapping[str, Any]) -> tuple[datetime, datetime | None]:
    """From when, and up to and not with when (None: nobody knows yet) an absence lasts, in UTC.

    Days are London's, and the last one is a day away: who is away until Friday is there on Saturday.
    """
    return observed_bounds(body["since"]).start, observed_bounds(body["until"]).end if "until" in body else None


def _person_left(told: Told, _before: Before) -> Iterable[Statement]:
    yield _LEFT, (told.number, told.body["agency"], told.body["ref"], told.record_id)


def _person_returned(told: Told, _before: Before) -> Iterable[Statement]:
    yield _RETURNED, (told.number, told.body["agency"], told.body["ref"])


def _absence(told: Told, _before: Before) -> Iterable[Statement]:
    body = told.body
    cover = body.get("cover") or {}
    whose = (told.number, body["agency"], body["ref"])
    yield _ABSENT, (*whose, *absent_between(body), cover.get("agency"), cover.get("person"), told.record_id)


def _absence_ended(told: Told, _before: Before) -> Iterable[Statement]:
    yield _BACK, (told.number, told.body["agency"], told.body["ref"])


def _team(told: Told, _before: Before) -> Iterable[Statement]:
    body = told.body
    named = (body["agency"], body["team"], body["name"], body.get("manager"), list(body["members"]))
    yield _TEAM, (told.number, *named, told.record_id)


def _rung(told: Told, _before: Before) -> Iterable[Statement]:
    to = told.body.get("to") or {}
    whose = (told.number, told.body.get("agency"), told.body["rung"])
    yield _RUNG, (*whose, to.get("agency"), to.get("person"), told.record_id)


def _hours(told: Told, _before: Before) -> Iterable[Statement]:
    desk = told.body.get("out_of_hours") or {}
    hours = (told.number, told.body["opens"], told.body["closes"])
    yield _HOURS, (*hours, desk.get("agency"), desk.get("person"), told.record_id)


def _reach(told: Told, _before: Before) -> Iterable[Statement]:
    body = told.body
    yield _REACH, (told.number, body["agency"], body.get("ref"), body.get("mail"), body.get("phone"), told.record_id)


PEOPLE: Final[Mapping[str, Projection]] = {
    "person_left": _person_left,
    "person_returned": _person_returned,
    "absence": _absence,
    "absence_ended": _absence_ended,
    "team_set": _team,
    "ladder_set": _rung,
    "hours_set": _hours,
    "reach_set": _reach,
}
