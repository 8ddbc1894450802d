"""What the family says against an entry: a dispute, a request that it be put right, and what came of that.

None of them changes the entry: only a correction by its author's agency does, and an outcome that says that it is to be
erased erases nothing yet. Each is seen no further than the entry of which it speaks, now and later.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from ledger.domain.edtf import observed_bounds
from ledger.domain.entry import parse_entry_id
from ledger.domain.role import Right, Role
from ledger.services.context import Context
from ledger.services.name_entry import NamedEntry
from ledger.services.project import project
from ledger.services.reach import check_right
from ledger.services.record import record_one
from ledger.services.refusal import Refusal, RefusedError
from ledger.services.refuse_sharing import (
    CORRECTION_NOT_KNOWN,
    DECIDED_ALREADY,
    ENTRY_NOT_KNOWN,
    OFFICER_NEEDED,
    RECTIFICATION_NOT_YOURS,
    SECOND_NOT_KNOWN,
    SECOND_SAME,
)
from ledger.services.share import number_in
from ledger.services.submission import Recorded, Submission
from ledger.services.told import Before, Told
from ledger.services.work_on_record import INVOLVED, must_be_involved
from ledger.store.append import Caller, Credential, Locked, Statement, Stored
from ledger.store.sharing import rectification_named

Who = Credential | Caller
Body = Mapping[str, Any]
#: What anybody may say something against: what agencies wrote, and not what was said against that.
_DISPUTABLE: Final = frozenset(
    {
        "observation", "contact", "correction", "decision", "action", "referral", "check", "position", "allegation",
        "child", "share", "consent", "involvement", "attachment",
    }
)  # fmt: skip
_SECOND: Final = """
    SELECT p.person_id FROM ledger.people p JOIN ledger.person_roles r USING (person_id)
    WHERE p.agency_id = ledger.party() AND p.ref = %s AND r.role IN ('records_officer', 'manager')
    AND r.taken_number IS NULL LIMIT 1"""


def dispute(context: Context, who: Who, record_id: UUID, body: Body) -> Recorded:
    """What somebody says against an entry that the sender can see. Detection does not read it."""
    named = NamedEntry(record_id, _named(body["of"], ENTRY_NOT_KNOWN))
    reads = [INVOLVED(record_id), *named.reads()]

    def effect(caller: Caller, locked: Locked, _entry: Stored) -> Iterable[Statement]:
        must_be_involved(locked)
        _entry_of(named, caller, locked)
        return []

    submission = Submission("dispute", body["event_id"], body, names=(record_id,), is_due=False)
    return record_one(context, who, replace(submission, observed_from=observed_bounds(body["on"])[0]), "work",
                      reads=reads, effect=effect)  # fmt: skip


def ask_to_rectify(context: Context, who: Who, record_id: UUID, body: Body) -> Recorded:
    """A request that an entry be put right: its agency answers within a month of the day on which it was asked."""
    number = _named(body["of"], ENTRY_NOT_KNOWN)
    named = NamedEntry(record_id, number)
    reads = [INVOLVED(record_id), *named.reads()]

    def effect(caller: Caller, locked: Locked, entry: Stored) -> Iterable[Statement]:
        must_be_involved(locked)
        agency = _entry_of(named, caller, locked)
        return project(Told.of(entry, caller.agency, "rectification", body), Before(agency=agency))

    submission = Submission(
        "rectification", body["event_id"], body, names=(record_id,), observed_from=observed_bounds(body["on"])[0]
    )
    return record_one(context, who, submission, "work", reads=reads, effect=effect)


def conclude(context: Context, who: Who, record_id: UUID, body: Body) -> Recorded:
    """What came of it: by a records officer of the agency whose entry it is, and a second person there."""
    if not isinstance(who, Caller) or Role.RECORDS_OFFICER not in who.roles:
        raise _error(OFFICER_NEEDED)
    check_right(who, Right.DISCLOSE)
    named = _named(body["of"], RECTIFICATION_NOT_YOURS)
    if body["second"] == who.person_ref:
        raise _error(SECOND_SAME)
    correction = _named(body["correction"], CORRECTION_NOT_KNOWN) if "correction" in body else None
    reads = [INVOLVED(record_id), rectification_named(record_id, named), (_SECOND, (body["second"],))]

    def effect(caller: Caller, locked: Locked, entry: Stored) -> Iterable[Statement]:
        must_be_involved(locked)
        if not locked.answers[1] or locked.answers[1][0][1] != caller.agency:
            raise _error(RECTIFICATION_NOT_YOURS)
        of_number, _, outcome = locked.answers[1][0]
        if outcome is not None:
            raise _error(DECIDED_ALREADY)
        if not locked.answers[2]:
            raise _error(SECOND_NOT_KNOWN)
        if correction is not None:
            _check_correction(locked, entry, body["correction"], of_number)
        return project(Told.of(entry, caller.agency, "rectification_outcome", body))

    if correction is not None:
        reads.append(
            ("SELECT number, by_number FROM ledger.withdrawals WHERE record_id = %s AND by_number = %s",
             (record_id, correction[1]))
        )  # fmt: skip
    submission = Submission("rectification_outcome", body["event_id"], body, names=(record_id,))
    return record_one(context, who, submission, Right.DISCLOSE, reads=reads, effect=effect)


#: How each of these bodies is recorded.
FAMILY: Final[Mapping[str, Callable[[Context, Who, UUID, Body], Recorded]]] = {
    "dispute": dispute,
    "rectification": ask_to_rectify,
    "rectification_outcome": conclude,
}


def _check_correction(locked: Locked, entry: Stored, named: str, of_number: int) -> None:
    withdrawn = {number for number, _ in locked.answers[3]}
    if number_in(entry, named) is None or of_number not in withdrawn:
        raise _error(CORRECTION_NOT_KNOWN)


def _entry_of(named: NamedEntry, caller: Caller, locked: Locked) -> str:
    """The agency whose entry is named. Raises RefusedError where it is none that the sender may see and dispute."""
    seen = named.seen(caller.agency, locked.answers[1:])
    if seen is None or seen.kind not in _DISPUTABLE:
        raise _error(ENTRY_NOT_KNOWN)
    return seen.agency


def _named(entry: str, otherwise: Refusal) -> tuple[str, int]:
    named = parse_entry_id(entry)
    if named is None:
        raise _error(otherwise)
    return named


def _error(refusal: Refusal) -> RefusedError:
    return RefusedError(refusal.code, refusal.detail, refusal.pointer)
