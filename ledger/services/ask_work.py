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
from ledger.services.project import project
from ledger.services.record import record_one
from ledger.services.refuse_work import AGENCY_ENDED, NOT_WORK
from ledger.services.submission import Recorded, Submission
from ledger.services.told import Told
from ledger.services.work_on_record import INVOLVED, must_be_involved
from ledger.store.append import Caller, Credential, Locked, Statement, Stored
from ledger.store.work import item_named, standing_of


def pointer_to(kind: str, body: Mapping[str, Any]) -> str:
    """Where a body names the agency that it asks."""
    place = f"/{OWED[kind]}"
    return f"{place}/agency" if isinstance(body[OWED[kind]], Mapping) else place


def must_not_have_ended(standing: Sequence[Sequence[Any]], pointer: str) -> None:
    """Raise RefusedError where the agency of this look-up has ended."""
    if standing and standing[0][1] is not None:
        raise error_of(replace(AGENCY_ENDED, pointer=pointer))


def ask_work(
    context: Context, who: Credential | Caller, record_id: UUID, kind: str, body: Mapping[str, Any]
) -> Recorded:
    """Record that work is asked for, or handed over: by an agency with a part in the record, of one that is there."""
    named = parse_entry_id(body["entry"]) if kind == "handover" and "entry" in body else None
    reads = [INVOLVED(record_id), standing_of(owed_by(kind, body) or "")]
    if named is not None:
        reads.append(item_named(record_id, named))

    def effect(caller: Caller, locked: Locked, entry: Stored) -> Iterable[Statement]:
        must_be_involved(locked)
        must_not_have_ended(locked.answers[1], pointer_to(kind, body))
        if named is not None:
            _must_be_work(locked.answers[2], caller.agency)
        return project(Told.of(entry, caller.agency, kind, body))

    submission = Submission(kind, body["event_id"], body, names=(record_id,))
    return record_one(context, who, submission, Right.WORK, reads=reads, effect=effect)


def _must_be_work(rows: Sequence[Sequence[Any]], agency: str) -> None:
    """The entry handed over is a referral or an action of this record that the agency has: asked, or owes, itself."""
    for kind, _of, asked_by, owes, state, *_ in rows:
        if kind != "handover" and agency in {asked_by, owes} and state not in {"done", "declined"}:
            return
    raise error_of(NOT_WORK)
