"""Say that a referral or an agreed action is done: by who asked for it or who owes it, and once.

What another agency says that was done is its observation; the word that closes an agency's action is that agency's, or
of whoever asked it.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from ledger.domain.entry import parse_entry_id
from ledger.domain.role import Right
from ledger.services.answer_work import error_of
from ledger.services.ask_work import whose
from ledger.services.context import Context
from ledger.services.lead_name import leading
from ledger.services.project import project
from ledger.services.record import record_one
from ledger.services.refuse_work import ANSWERED_FINALLY, DONE_BY_OTHERS, NOTHING_TO_DO
from ledger.services.submission import Recorded, Submission
from ledger.services.told import Told
from ledger.services.work_on_record import INVOLVED, must_be_involved
from ledger.store.append import Caller, Credential, Locked, Statement, Stored
from ledger.store.work import item_named, kind_named

_TO_DO: Final = frozenset({"referral", "action"})


def finish(context: Context, who: Credential | Caller, record_id: UUID, body: Mapping[str, Any]) -> Recorded:
    """Record that it is done. RefusedError: nothing that can be done by that id, others' to say, or said before.

    What was turned down may still be done, by whoever asked for it.
    """
    named = parse_entry_id(body["of"]) or ("", 0)
    reads = [INVOLVED(record_id), item_named(record_id, named), leading(record_id), kind_named(record_id, named)]

    def effect(caller: Caller, locked: Locked, entry: Stored) -> Iterable[Statement]:
        must_be_involved(locked)
        _involved, rows, leads, kinds = locked.answers
        if not kinds or kinds[0][0] not in _TO_DO:
            raise error_of(NOTHING_TO_DO)
        # Of what was asked before there was a list of work nothing stands there until that is made again.
        for row in rows:
            state, is_agencys = row[4], row[8]
            # Of an office that is no agency of the ledger's it is not known who speaks for it.
            if is_agencys and caller.agency not in whose(row, leads):
                raise error_of(DONE_BY_OTHERS)
            if state == "done":
                raise error_of(ANSWERED_FINALLY)
        return project(Told.of(entry, caller.agency, "done", body))

    submission = Submission("done", body["event_id"], body, names=(record_id,))
    return record_one(context, who, submission, Right.WORK, reads=reads, effect=effect)
