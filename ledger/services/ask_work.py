"""Ask another agency for work: a referral, an agreed action, a hand-over of either.

Whoever owns the work that is handed over is accountable for it until it is accepted. What is asked of an agency that
has ended is refused: nobody there would see it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from ledger.domain.entry import parse_entry_id
from ledger.domain.role import Right
from ledger.domain.work import OWED, owed_by
from ledger.services.answer_work import error_of
from ledger.services.context import Context
from ledger.services.lead_name import leading
from ledger.services.project import project
from ledger.services.record import record_one
from ledger.services.refusal import Refusal
from ledger.services.refuse_work import AGENCY_ELSEWHERE, AGENCY_ENDED, NOT_WORK
from ledger.services.submission import Recorded, Submission
from ledger.services.told import Told
from ledger.services.work_on_record import INVOLVED, must_be_involved
from ledger.store.append import Caller, Credential, Locked, Statement, Stored
from ledger.store.work import item_named, standing_in


def pointer_to(kind: str, body: Mapping[str, Any]) -> str:
    """Where a body names the agency that it asks."""
    place = f"/{OWED[kind]}"
    return f"{place}/agency" if isinstance(body[OWED[kind]], Mapping) else place


def must_not_have_ended(standing: Sequence[Sequence[Any]], pointer: str) -> None:
    """Raise RefusedError where the agency of this look-up has ended."""
    if standing and standing[0][1] is not None:
        raise error_of(replace(AGENCY_ENDED, pointer=pointer))


def must_be_here(standing: Sequence[Sequence[Any]], pointer: str, otherwise: Refusal = AGENCY_ELSEWHERE) -> None:
    """Raise RefusedError where the agency of this look-up has ended, or could not know of what it is asked."""
    must_not_have_ended(standing, pointer)
    if standing and not standing[0][2]:
        raise error_of(replace(otherwise, pointer=pointer))


def ask_work(
    context: Context, who: Credential | Caller, record_id: UUID, kind: str, body: Mapping[str, Any]
) -> Recorded:
    """Record that work is asked for, or handed over: by an agency with a part in the record, of one that is there."""
    named = parse_entry_id(body["entry"]) if kind == "handover" and "entry" in body else None
    reads = [INVOLVED(record_id), standing_in(record_id, owed_by(kind, body) or "")]
    if named is not None:
        reads += [item_named(record_id, named), leading(record_id)]

    def effect(caller: Caller, locked: Locked, entry: Stored) -> Iterable[Statement]:
        must_be_involved(locked)
        must_be_here(locked.answers[1], pointer_to(kind, body))
        if named is not None:
            _must_be_work(locked.answers[2], locked.answers[3], caller.agency)
        return project(Told.of(entry, caller.agency, kind, body))

    submission = Submission(kind, body["event_id"], body, names=(record_id,))
    return record_one(context, who, submission, Right.WORK, reads=reads, effect=effect)


def note_check(context: Context, who: Credential | Caller, record_id: UUID, body: Mapping[str, Any]) -> Recorded:
    """Record a check with another agency. What one that has ended answered before is recorded; it is not asked anew."""

    def effect(caller: Caller, locked: Locked, entry: Stored) -> Iterable[Statement]:
        must_be_involved(locked)
        if not {"answered", "result"} & body.keys():
            must_not_have_ended(locked.answers[1], "/with")
        return project(Told.of(entry, caller.agency, "check", body))

    submission = Submission("check", body["event_id"], body, names=(record_id,))
    reads = [INVOLVED(record_id), standing_in(record_id, body["with"])]
    return record_one(context, who, submission, Right.WORK, reads=reads, effect=effect)


def whose(row: Sequence[Any], leads: Sequence[Sequence[Any]]) -> set[str]:
    """Who speaks for a piece of work: who asked, and who owes it; where that agency has ended also whoever leads.

    Where nobody leads, or an agency leads that has ended, the duty desk names who does.
    """
    _kind, _of, asked_by, owes, *_, has_ended = row
    return {asked_by, owes} | ({one for agency, desk, _ in leads for one in (agency, desk)} if has_ended else set())


def _must_be_work(rows: Sequence[Sequence[Any]], leads: Sequence[Sequence[Any]], agency: str) -> None:
    """The entry handed over is a referral or an action of this record that the agency speaks for, and is not done."""
    for row in rows:
        kind, state = row[0], row[4]
        if kind != "handover" and agency in whose(row, leads) and state not in {"done", "declined"}:
            return
    raise error_of(NOT_WORK)
