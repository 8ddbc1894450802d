"""The bodies about one child that only agencies involved with it may send, and what some of them do at once.

Each is an entry from the start. Involvement, link, correction and void take effect here; what the others mean
to detection comes from the rules that read them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from ledger.domain.edtf import observed_bounds
from ledger.domain.entry import parse_entry_id
from ledger.domain.role import Right
from ledger.services.context import Context
from ledger.services.link import LINKS, Linking
from ledger.services.project import project
from ledger.services.record import Effect, record_one
from ledger.services.refusal import (
    ALREADY_WITHDRAWN,
    ENTRY_NOT_YOURS,
    NOT_KNOWN,
    Refusal,
    RefusedError,
)
from ledger.services.submission import Recorded, Submission
from ledger.services.told import Told
from ledger.store.append import Caller, Credential, Locked, Statement, Stored

#: Bodies that need involvement and are recorded; those with an effect of their own have it below. What hands on the
#: lead is in `lead_handover`.
WORK = (
    "action", "referral", "handover", "reply", "position", "allegation",
    "link", "unlink",
)  # fmt: skip

#: What each can withdraw. An attachment has nothing to put right: its bytes are what they are.
_WITHDRAWN_BY = {
    "correction": ("observation", "contact", "correction"),
    "void": ("observation", "contact", "correction", "attachment"),
}


def INVOLVED(record_id: UUID) -> Statement:  # noqa: N802 - reads as the constant it nearly is
    """The look-up whose answer `must_be_involved` expects first."""
    return (
        (
            "SELECT 1 FROM ledger.involvements WHERE record_id = %s AND agency_id = ledger.party() "
            "AND (until IS NULL OR until > ledger.clock_now()) "
            # A broken glass opens for reading: whoever broke it has no part in the work, an agency's system neither.
            "AND person_id IS NULL AND NOT EXISTS (SELECT FROM ledger.glass_breakings b "
            "WHERE b.record_id = involvements.record_id AND b.number = involvements.number) LIMIT 1"
        ),
        (record_id,),
    )


def must_be_involved(locked: Locked) -> None:
    """Raise RefusedError unless the first answer says that the party is involved."""
    if not locked.answers[0]:
        raise _error(NOT_KNOWN)


def involve(context: Context, credential: Credential | Caller, record_id: UUID, body: Mapping[str, Any]) -> Recorded:
    """Record the sender's part in a child's record: from now, and to `until` where that is given.

    A person needs a right of its own, which practitioners have not: it opens the record to all of their agency.
    """

    def effect(caller: Caller, _locked: Locked, entry: Stored) -> Iterable[Statement]:
        return project(Told.of(entry, caller.agency, "involvement", body))

    is_person = isinstance(credential, Caller) and credential.person_id is not None
    right = Right.INVOLVE if is_person else Right.WORK
    return _record(context, credential, record_id, "involvement", body, right=right, effect=effect)


def work(
    context: Context, credential: Credential | Caller, record_id: UUID, kind: str, body: Mapping[str, Any]
) -> Recorded:
    """Record one of the WORK bodies by an agency that is involved with the child."""
    reads = [INVOLVED(record_id)]
    linking = Linking(record_id, credential.agency, kind, body, context.pack) if kind in LINKS else None
    if linking is not None:
        reads += linking.reads()

    def effect(caller: Caller, locked: Locked, entry: Stored) -> Iterable[Statement]:
        must_be_involved(locked)
        if linking is not None:
            linking.check(locked.answers[1:])
        return project(Told.of(entry, caller.agency, kind, body))

    return _record(context, credential, record_id, kind, body, reads=reads, effect=effect)


def withdraw(
    context: Context,
    credential: Credential | Caller,
    record_id: UUID,
    kind: str,
    body: Mapping[str, Any],
) -> Recorded:
    """Record a correction or a void of the sender's own observation or contact, or a void of an attachment of its own.

    Both entries stay, and an attachment its bytes: who may no longer see these is for its marking to say.

    It counts from when it is recorded: what was believed before then is what replay shows for before then.
    """
    field = "corrects" if kind == "correction" else "voids"
    named = parse_entry_id(body[field])
    if named is None:
        raise _error(replace(ENTRY_NOT_YOURS, pointer=f"/{field}"))
    pseudonym, number = named
    reads: list[Statement] = [
        (
            (
                "SELECT c.kind FROM ledger.contents c JOIN ledger.heads h USING (record_id) WHERE c.record_id = %s "
                "AND h.pseudonym = %s AND c.number = %s AND c.agency_id = ledger.party()"
            ),
            (record_id, pseudonym, number),
        ),
        ("SELECT by_number FROM ledger.withdrawals WHERE record_id = %s AND number = %s", (record_id, number)),
    ]

    def effect(caller: Caller, locked: Locked, entry: Stored) -> Iterable[Statement]:
        if not locked.answers[0] or locked.answers[0][0][0] not in _WITHDRAWN_BY[kind]:
            raise _error(replace(ENTRY_NOT_YOURS, pointer=f"/{field}"))
        if locked.answers[1]:
            raise _error(replace(ALREADY_WITHDRAWN, pointer=f"/{field}"))
        return project(Told.of(entry, caller.agency, kind, body))

    observed_from = observed_bounds(body["observation"]["observed"])[0] if kind == "correction" else None
    submission = Submission(kind, body["event_id"], body, names=(record_id,), observed_from=observed_from)
    return record_one(context, credential, submission, "observe", reads=reads, effect=effect)


def _record(
    context: Context,
    credential: Credential | Caller,
    record_id: UUID,
    kind: str,
    body: Mapping[str, Any],
    *,
    right: Right = Right.WORK,
    reads: list[Statement] | None = None,
    effect: Effect,
) -> Recorded:
    submission = Submission(kind, body["event_id"], body, names=(record_id,))
    return record_one(context, credential, submission, right, reads=reads or [], effect=effect)


def _error(refusal: Refusal) -> RefusedError:
    return RefusedError(refusal.code, refusal.detail, refusal.pointer)
