"""Review a breaking of the glass: by whoever leads the child, a manager or an auditor, and never by who broke it.

The review alone closes what detection says of the breaking. One is enough, and the first stands.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from ledger.domain.entry import parse_entry_id
from ledger.domain.glass import REVIEW_KIND
from ledger.domain.role import Reach, Right, on_record, reach_of
from ledger.services.context import Context
from ledger.services.project import project
from ledger.services.record import record_one
from ledger.services.refusal import (
    GLASS_AUTHOR_NEEDED,
    GLASS_REVIEWED,
    NOT_A_BREAKING,
    NOT_KNOWN,
    OWN_BREAKING,
    Refusal,
    RefusedError,
)
from ledger.services.submission import Recorded, Submission
from ledger.services.told import Told
from ledger.store.append import Caller, Credential, Locked, Statement, Stored
from ledger.store.glass import reads_of_review


def review_glass(context: Context, who: Credential | Caller, record_id: UUID, body: Mapping[str, Any]) -> Recorded:
    """Record a review; `body` is what was sent. Raises RefusedError.

    An agency's system reviews where its agency leads the child, or is the duty desk of a child whom nobody leads; it
    must name an author, and what its own agency broke is not for it.
    """
    person = who.person_id if isinstance(who, Caller) else None
    if person is None and not (body.get("author") or {}).get("ref"):
        raise _error(GLASS_AUTHOR_NEEDED)
    sent = {**body, "person": str(person)} if person is not None else body
    pseudonym, number = parse_entry_id(body["of"]) or ("", 0)

    def effect(caller: Caller, locked: Locked, entry: Stored) -> Iterable[Statement]:
        found = _Found(*locked.answers[:4])
        if not found.may_review(caller, number):
            raise _error(NOT_KNOWN)
        if not found.breaking or found.breaking[0][3] != pseudonym:
            raise _error(NOT_A_BREAKING)
        if found.is_by(caller):
            raise _error(OWN_BREAKING)
        if found.breaking[0][4] is not None:
            raise _error(GLASS_REVIEWED)
        return project(Told.of(entry, caller.agency, REVIEW_KIND, sent))

    submission = Submission(REVIEW_KIND, body["event_id"], sent, names=(record_id,))
    right = Right.WORK if person is None else Right.REVIEW
    return record_one(context, who, submission, right, reads=reads_of_review(record_id, number), effect=effect)


@dataclass(frozen=True, slots=True)
class _Found:
    """What the look-ups of a review answered."""

    breaking: Sequence[tuple[Any, ...]]
    involved: Sequence[tuple[Any, ...]]
    lead: Sequence[tuple[Any, ...]]
    desk: Sequence[tuple[Any, ...]]

    def may_review(self, caller: Caller, number: int) -> bool:
        """Whether this caller's right to review the breaking of this number reaches the record."""
        agency, person, deputy, since = self.lead[0] if self.lead else (None, None, None, 0)
        # Whoever broke it could have one of their own named lead afterwards: that makes nobody their reviewer.
        is_taken = bool(self.breaking) and self.breaking[0][0] == caller.agency and since > number
        is_theirs = agency == caller.agency and not is_taken
        if caller.person_id is None:
            leads = is_theirs or (agency is None and self.desk == [(caller.agency,)])
            return bool(self.involved) and leads
        roles = on_record(
            caller.roles,
            leads=is_theirs and person == caller.person_ref,
            deputises=is_theirs and deputy == caller.person_ref,
        )
        reach = reach_of(roles, Right.REVIEW)
        return reach is Reach.ANY or (reach is not Reach.NONE and bool(self.involved))

    def is_by(self, caller: Caller) -> bool:
        """Whether the caller broke it: the same person, however they called; of a system, the same agency."""
        agency, person, named = self.breaking[0][:3]
        if agency != caller.agency:
            return False
        if caller.person_id is None:
            return True
        return person == str(caller.person_id) or (named is not None and named == caller.person_ref)


def _error(refusal: Refusal) -> RefusedError:
    return RefusedError(refusal.code, refusal.detail, refusal.pointer)
