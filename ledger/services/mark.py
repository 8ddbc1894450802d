"""Change who may see an entry of one's own, a claim in it, or what one's agency says of a person.

The change is an entry. It holds for all that was recorded before, too: what is tightened is hidden in past views as
well, and what is loosened stays hidden where a past view asks of the time before.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from ledger.domain.claim import observation_of
from ledger.domain.entry import parse_entry_id
from ledger.domain.marking import NEVER_MARKED as KINDS_NEVER_MARKED
from ledger.services.authenticate import authenticate
from ledger.services.context import Context
from ledger.services.project import project
from ledger.services.record import record_one
from ledger.services.refusal import MARKING_NOT_YOURS, NEVER_MARKED, NO_SUCH_CLAIM, Refusal, RefusedError
from ledger.services.submission import Recorded, Submission
from ledger.services.told import Before, Told
from ledger.services.work_on_record import INVOLVED, must_be_involved
from ledger.store.append import Caller, Credential, Locked, Statement, Stored
from ledger.store.party import act_for

KIND = "marking"
_OWN = """
    SELECT c.kind, c.content FROM ledger.contents c JOIN ledger.heads h USING (record_id)
    WHERE c.record_id = %s AND h.pseudonym = %s AND c.number = %s AND c.agency_id = ledger.party()"""

_COPIES = """
    SELECT e.record_id, e.number FROM ledger.entries e
    WHERE e.agency_id = ledger.party() AND e.event_id = (
        SELECT o.event_id FROM ledger.entries o JOIN ledger.heads h USING (record_id)
        WHERE o.record_id = %s AND h.pseudonym = %s AND o.number = %s AND o.agency_id = ledger.party())"""


def mark(context: Context, who: Credential | Caller, record_id: UUID, body: Mapping[str, Any]) -> Recorded:
    """Record a marking. Raises RefusedError where the entry is not the sender's own, or the claim not there."""
    named = parse_entry_id(str(body.get("of", "")))
    if "of" in body and named is None:
        raise _error(MARKING_NOT_YOURS)
    places = {} if named is None else _places(context, who, record_id, named)
    reads: list[Statement] = [INVOLVED(record_id)] if named is None else [(_OWN, (record_id, *named))]

    def effect(caller: Caller, locked: Locked, entry: Stored) -> Iterable[Statement]:
        if named is None:
            must_be_involved(locked)
            return []  # a person's mark is one that the entry carries itself
        if not locked.answers[0]:
            raise _error(MARKING_NOT_YOURS)
        kind, content = locked.answers[0][0]
        if kind in KINDS_NEVER_MARKED:
            raise _error(NEVER_MARKED)  # who is told of it is not for whoever did it to say
        claims = (observation_of(kind, json.loads(content)["body"]) or {}).get("claims", ())
        if body.get("claim", -1) >= len(claims):
            raise _error(NO_SUCH_CLAIM)
        before = Before(number=places.get(entry.record_id, named[1]))
        return project(Told.of(entry, caller.agency, KIND, body), before)

    others = sorted(places.keys() - {record_id})
    submission = Submission(KIND, body["event_id"], body, names=(record_id, *others))
    return record_one(context, who, submission, "observe", reads=reads, effect=effect)


def _places(context: Context, who: Credential | Caller, record_id: UUID, named: tuple[str, int]) -> dict[UUID, int]:
    """Of each record that holds the entry, as it was sent and as copies in siblings' records, its number there.

    What is held back in one must not stand open in another. Which these are never changes, so they are looked up before
    the records are locked.
    """
    with context.engine.begin() as connection:
        if isinstance(who, Credential):
            authenticate(connection, who, "observe")
        else:
            act_for(connection, who.agency, who.person_id)
        rows = connection.exec_driver_sql(_COPIES, (record_id, *named)).all()
    return {row[0]: row[1] for row in rows}


def _error(refusal: Refusal) -> RefusedError:
    return RefusedError(refusal.code, refusal.detail, refusal.pointer)
