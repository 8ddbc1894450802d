"""Break the glass: see a child's record for some hours without a part in it.

What an involved agency would see is seen, and never what is restricted to named ones. The involvement ends by itself,
by the ledger's clock; each breaking is an entry, is told to whoever leads, and waits for a review.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from ledger.domain.glass import KIND
from ledger.domain.role import Right
from ledger.services.context import Context
from ledger.services.project import project
from ledger.services.record import record_one
from ledger.services.refusal import GLASS_AUTHOR_NEEDED, GLASS_NOT_NEEDED, Refusal, RefusedError
from ledger.services.submission import Name, Recorded, Submission
from ledger.services.told import Before, Told
from ledger.store.append import Caller, Credential, Locked, Statement, Stored
from ledger.store.glass import reads_of_breaking


def break_glass(context: Context, who: Credential | Caller, name: Name, body: Mapping[str, Any]) -> Recorded:
    """Record a breaking and open the record with it; `body` is what was sent, `name` the child's record or identifier.

    By a person for themselves alone; by an agency's system, which must name an author, for its agency. Raises
    RefusedError: where the agency is involved anyway (`glass_not_needed`), too.
    """
    person = who.person_id if isinstance(who, Caller) else None
    if person is None and not (body.get("author") or {}).get("ref"):
        raise _error(GLASS_AUTHOR_NEEDED)
    sent = {**body, "person": str(person)} if person is not None else body
    names: tuple[list[UUID], list[str]] = ([name], []) if isinstance(name, UUID) else ([], [name])

    def effect(caller: Caller, locked: Locked, entry: Stored) -> Iterable[Statement]:
        is_involved, standing, desk = locked.answers[:3]
        if is_involved:
            raise _error(GLASS_NOT_NEEDED)
        before = Before(standing=_reasons(standing, entry.recorded_at), desk=desk[0][0])
        return project(Told.of(entry, caller.agency, KIND, sent), before)

    right = Right.WORK if person is None else Right.GLASS
    submission = Submission(KIND, body["event_id"], sent, names=(name,))
    return record_one(context, who, submission, right, reads=reads_of_breaking(names, person), effect=effect)


def _reasons(standing: Iterable[tuple[Any, ...]], at: datetime) -> tuple[tuple[datetime, str], ...]:
    """When each breaking that is still open began, and the reason that was given for it."""
    return tuple(
        (began, str(json.loads(content)["body"].get("reason", ""))) for began, until, content in standing if until > at
    )


def _error(refusal: Refusal) -> RefusedError:
    return RefusedError(refusal.code, refusal.detail, refusal.pointer)
