"""How long a record is kept, and what holds it: classes of retention, and legal holds placed and lifted.

Each is an entry in the child's record by a records officer who is signed in. Nothing is deleted by any of them: on its
day a record comes up for review, and a hold stands in the way of every order to erase for as long as it is not lifted.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from ledger.domain.civil_day import civil_date
from ledger.domain.edtf import observed_bounds, parse
from ledger.domain.entry import parse_entry_id
from ledger.domain.retention import CLASSES, review_on
from ledger.domain.role import Right, Role
from ledger.services.context import Context
from ledger.services.project import project
from ledger.services.reach import check_right
from ledger.services.record import record_one
from ledger.services.refusal import Refusal, RefusedError
from ledger.services.refuse_retention import (
    COUNTED_BEFORE_BIRTH,
    HOLD_LIFTED,
    HOLD_NOT_KNOWN,
    HOLD_NOT_YOURS,
    REVIEW_TOO_EARLY,
)
from ledger.services.refuse_sharing import OFFICER_NEEDED
from ledger.services.submission import Recorded, Submission
from ledger.services.told import Told
from ledger.services.work_on_record import INVOLVED, must_be_involved
from ledger.store.append import Caller, Credential, Locked, Statement, Stored
from ledger.store.retention import born, hold_named

Who = Credential | Caller
Body = Mapping[str, Any]


def officer(who: Who) -> Caller:
    """The records officer who calls; an agency's key does not. Raises RefusedError."""
    if not isinstance(who, Caller) or Role.RECORDS_OFFICER not in who.roles or who.person_id is None:
        raise error(OFFICER_NEEDED)
    check_right(who, Right.RETAIN)
    return who


def classify(context: Context, who: Who, record_id: UUID, body: Body) -> Recorded:
    """For how long the record is kept at the least; a later entry takes the place of an earlier one."""
    floor = review_on(body["class"], _day(body["counted_from"]))
    chosen = _day(body["review_on"]) if "review_on" in body else floor
    if chosen < floor:
        raise error(REVIEW_TOO_EARLY)

    def effect(caller: Caller, locked: Locked, entry: Stored) -> Iterable[Statement]:
        must_be_involved(locked)
        _check_birth(locked.answers[1], body)
        return project(Told.of(entry, caller.agency, "retention", body))

    reads = [born(record_id)]
    return recorded(context, officer(who), record_id, "retention", body, reads=reads, effect=effect)


def hold(context: Context, who: Who, record_id: UUID, body: Body) -> Recorded:
    """Nothing of the record is erased from now on: an inquest, an inquiry, proceedings, or a review is on."""

    def effect(caller: Caller, locked: Locked, entry: Stored) -> Iterable[Statement]:
        must_be_involved(locked)
        return project(Told.of(entry, caller.agency, "hold", body))

    return recorded(context, officer(who), record_id, "hold", body, effect=effect)


def lift(context: Context, who: Who, record_id: UUID, body: Body) -> Recorded:
    """A hold stands no more, and why."""
    named = parse_entry_id(body["of"])
    if named is None:
        raise error(HOLD_NOT_KNOWN)

    def effect(caller: Caller, locked: Locked, entry: Stored) -> Iterable[Statement]:
        must_be_involved(locked)
        if not locked.answers[1]:
            raise error(HOLD_NOT_KNOWN)
        if locked.answers[1][0][0] is not None:
            raise error(HOLD_LIFTED)
        if locked.answers[1][0][1] != caller.agency:
            raise error(HOLD_NOT_YOURS)
        return project(Told.of(entry, caller.agency, "hold_lifting", body))

    reads = [hold_named(record_id, named)]
    return recorded(context, officer(who), record_id, "hold_lifting", body, reads=reads, effect=effect)


#: How each of these bodies is recorded.
KEEPING: Final[Mapping[str, Callable[[Context, Who, UUID, Body], Recorded]]] = {
    "retention": classify,
    "hold": hold,
    "hold_lifting": lift,
}


def recorded(
    context: Context,
    who: Caller,
    record_id: UUID,
    kind: str,
    body: Body,
    *,
    reads: Iterable[Statement] = (),
    effect: Callable[[Caller, Locked, Stored], Iterable[Statement]],
    is_due: bool = False,
) -> Recorded:
    """One such entry; the first answer is whether the officer's agency is involved."""
    # Who was signed in stands in the entry: what is projected is told by entries alone.
    told = {**body, "person": str(who.person_id)}
    submission = Submission(kind, body["event_id"], told, names=(record_id,), is_due=is_due)
    return record_one(context, who, submission, Right.RETAIN, reads=[INVOLVED(record_id), *reads], effect=effect)


def _check_birth(found: Sequence[Sequence[Any]], body: Body) -> None:
    """What counts from something in the child's life counts from no day before it began."""
    written = found[0][0] if found else None
    if written is None or CLASSES[body["class"]].is_of_another:
        return
    if _day(body["counted_from"]) < civil_date(parse(str(written)).earliest_start):
        raise error(COUNTED_BEFORE_BIRTH)


def error(refusal: Refusal) -> RefusedError:
    """A refusal, to raise."""
    return RefusedError(refusal.code, refusal.detail, refusal.pointer)


def _day(text: str) -> date:
    return civil_date(observed_bounds(text).start)
