"""What entries on retention, holds and erasure do to the projections."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final
from uuid import UUID

from ledger.domain.civil_day import civil_date
from ledger.domain.edtf import observed_bounds
from ledger.domain.entry import parse_entry_id
from ledger.domain.retention import numbers_erased, review_on
from ledger.services.told import Before, Projection, Told
from ledger.store.append import Statement
from ledger.store.retention import (
    answer_order,
    keep_class,
    keep_hold,
    keep_order,
    lift_hold,
    say_erased,
    withdraw_before,
    withdraw_entries,
)


def _day(text: str) -> date:
    return civil_date(observed_bounds(text).start)


def _class(told: Told, _before: Before) -> Iterable[Statement]:
    body = told.body
    floor = review_on(body["class"], _day(body["counted_from"]))
    reviewed = _day(body["review_on"]) if "review_on" in body else floor
    yield keep_class(told.place, told.agency, body["class"], reviewed)


def _hold(told: Told, _before: Before) -> Iterable[Statement]:
    until = _day(told.body["review_on"]) if "review_on" in told.body else None
    yield keep_hold(told.place, told.agency, until)


def _lift(told: Told, _before: Before) -> Iterable[Statement]:
    number = told.named("of")
    if number is not None:
        yield lift_hold(told.record_id, number, told.number)


def _order(told: Told, _before: Before) -> Iterable[Statement]:
    body = told.body
    named = [parse_entry_id(entry) for entry in body.get("entries", ())]
    is_whole = body.get("whole") == "yes"
    numbers = [] if is_whole else [one[1] for one in named if one is not None]
    person = UUID(str(body["person"]))
    yield keep_order(told.place, told.agency, person, body["ground"], whole=is_whole, numbers=numbers)


def _answer(told: Told, _before: Before) -> Iterable[Statement]:
    body, number = told.body, told.named("of")
    if number is None:
        return
    yield answer_order(told.record_id, number, body["answer"], (told.number, told.agency, UUID(str(body["person"]))))
    if body["answer"] != "approve":
        return
    if body.get("whole") == "yes":
        yield from withdraw_before(told.record_id, number, told.number)
    else:
        yield from withdraw_entries(told.record_id, sorted(numbers_erased(told.kind, body)), told.number)


def _erased(told: Told, _before: Before) -> Iterable[Statement]:
    number = told.named("order")
    if number is not None:
        yield say_erased(told.record_id, number, told.number)


RETENTION: Final[Mapping[str, Projection]] = {
    "retention": _class,
    "hold": _hold,
    "hold_lifting": _lift,
    "erasure_order": _order,
    "erasure_answer": _answer,
    "erased": _erased,
}
