"""Say what a finding came to: an entry in the child's record, by the agency that its alert was brought to.

An outcome closes the finding from when it is recorded, and is remembered: what the finding rested on does not raise it
again, and new evidence does. It settles nothing for anybody else, and no statement is changed by it. What takes two
people to close is closed by the second, who is not the first.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from ledger.domain.role import Right
from ledger.domain.rule import GLASS_BROKEN
from ledger.services.acknowledge import named
from ledger.services.authenticate import authenticate
from ledger.services.context import Context
from ledger.services.record import record_one
from ledger.services.refusal import (
    A_REVIEW_ENDS_IT,
    AN_ANSWER_ENDS_IT,
    AUTHOR_NEEDED,
    FINDING_CLOSED,
    NOT_FOR_AN_OUTCOME,
    NOT_KNOWN,
    SAME_PERSON,
    Refusal,
    RefusedError,
)
from ledger.services.say_findings import CHECK_FAILED
from ledger.services.submission import Recorded, Submission
from ledger.store.alerts import one_alert
from ledger.store.append import Caller, Credential, Locked, Statement, Stored
from ledger.store.party import act_for

KIND: Final = "outcome"
_ALERT: Final = """
    SELECT a.record_id, a.finding_id, f.kind, f.rule, f.opened_number
    FROM ledger.alerts a JOIN ledger.findings f USING (finding_id)
    WHERE a.alert_id = :alert AND a.to_agency = :agency"""
_OPEN: Final = "SELECT closed_number FROM ledger.findings WHERE record_id = %s AND finding_id = %s"
#: An alert is one agency's, so whoever may conclude is of the party; what it recorded may not be detected yet.
_OUTCOMES: Final = """
    SELECT number, content FROM ledger.contents
    WHERE record_id = %s AND kind = 'outcome' AND agency_id = ledger.party() AND number > %s"""
_PEOPLE: Final = "SELECT person_id::text, ref FROM ledger.people WHERE agency_id = ledger.party()"


@dataclass(frozen=True, slots=True)
class _Concerned:
    """What an outcome is of."""

    record_id: UUID
    finding: str
    opened: int
    needs_two: bool

    @property
    def reads(self) -> list[Statement]:
        """What must be known under the lock: whether it is open, and who has signed."""
        reads: list[Statement] = [(_OPEN, (self.record_id, self.finding))]
        return [*reads, *self.signing] if self.needs_two else reads

    @property
    def signing(self) -> list[Statement]:
        return [(_OUTCOMES, (self.record_id, self.opened)), (_PEOPLE, ())]


def conclude(context: Context, credential: Credential | Caller, alert_id: str, body: Mapping[str, Any]) -> Recorded:
    """By an agency's system or a person; `body` is what was sent: `event_id`, `outcome`, `reason`, perhaps `author`.

    Raises RefusedError: where it takes two people to close the finding, also where no author is named, and where that
    one has signed already.
    """
    caller, concerned = _look(context, credential, alert_id)
    told = {**body, "of": alert_id, "finding": concerned.finding, **named(caller)}
    return _record(context, caller, concerned, told)


def conclude_as(context: Context, person: Caller, alert_id: str, outcome: str, reason: str) -> Recorded:
    """By a signed-in professional, for their agency; a second press answers as the first did.

    Where it takes two people to close the finding, each of them records one outcome.

    Raises RefusedError: also where another outcome was recorded of it before (`event_id_reused`), and where it has
    closed (`finding_closed`).
    """
    caller, concerned = _look(context, person, alert_id)
    body = {
        "event_id": f"concluded.{alert_id}" + (f".{caller.person_id}" if concerned.needs_two else ""),
        "of": alert_id,
        "finding": concerned.finding,
        "outcome": outcome,
        "reason": reason,
        **named(caller),
    }
    return _record(context, caller, concerned, body)


def _look(context: Context, who: Credential | Caller, alert_id: str) -> tuple[Caller, _Concerned]:
    with context.engine.begin() as connection:
        caller = authenticate(connection, who, Right.WORK)
        if one_alert(connection, caller.agency, caller.person_ref, alert_id) is None:
            raise _error(NOT_KNOWN)
        return caller, _found(connection, alert_id, caller.agency, context)


def _found(connection: Any, alert_id: str, agency: str, context: Context) -> _Concerned:
    """What an alert that was brought to the agency is of, where that is for people to conclude."""
    row = connection.execute(text(_ALERT), {"alert": alert_id, "agency": agency}).one_or_none()
    if row is None:
        raise _error(NOT_KNOWN)
    if row.kind == CHECK_FAILED:
        raise _error(NOT_FOR_AN_OUTCOME)
    if row.kind == "gap":
        raise _error(AN_ANSWER_ENDS_IT)
    if row.rule == GLASS_BROKEN:
        raise _error(A_REVIEW_ENDS_IT)
    rule = context.pack.rules.get(row.rule)
    return _Concerned(row.record_id, row.finding_id, row.opened_number, rule is not None and rule.needs_two)


def _record(context: Context, caller: Caller, concerned: _Concerned, body: Mapping[str, Any]) -> Recorded:
    if concerned.needs_two and not _signs(body):
        raise _error(AUTHOR_NEEDED)

    def effect(_caller: Caller, locked: Locked, _entry: Stored) -> list[Statement]:
        # Detection closes the finding, in its turn; one that has ended by now needs no outcome.
        if locked.answers[0] and locked.answers[0][0][0] is not None:
            raise _error(FINDING_CLOSED)
        if concerned.needs_two:
            signed = _Signed(*locked.answers[1:3])
            if signed.name_of(body) in signed.of(concerned.finding):
                raise _error(SAME_PERSON)
        return []

    submission = Submission(KIND, body["event_id"], body, names=(concerned.record_id,))
    recorded = record_one(context, caller, submission, "work", reads=concerned.reads, effect=effect)
    if not concerned.needs_two:
        return recorded
    with context.engine.begin() as connection:
        act_for(connection, caller.agency, caller.person_id)
        answers = [connection.exec_driver_sql(sql, tuple(values)).all() for sql, values in concerned.signing]
    # Those up to this very entry: a retry answers as the first did.
    signers = _Signed(*answers).of(concerned.finding, up_to=recorded.entry.number)
    return replace(recorded, signed=min(len(signers), _TWO))


_TWO: Final = 2


class _Signed:
    """Who has said what findings came to: people by their agency's references, however they said it."""

    def __init__(self, outcomes: Iterable[Sequence[Any]], people: Iterable[Sequence[Any]]) -> None:
        self._bodies = [(number, json.loads(content)["body"]) for number, content in outcomes]
        self._refs: dict[str, str] = {str(person): str(ref) for person, ref in people}

    def of(self, finding: str, *, up_to: int | None = None) -> set[str]:
        """Who concluded this one."""
        return {
            self.name_of(body)
            for number, body in self._bodies
            if body.get("finding") == finding and (up_to is None or number <= up_to)
        }

    def name_of(self, body: Mapping[str, Any]) -> str:
        signs = _signs(body)
        return self._refs.get(signs, signs)


def _signs(body: Mapping[str, Any]) -> str:
    """Who says an outcome: the person who was signed in, or the author that the agency's system names."""
    return str(body.get("person") or (body.get("author") or {}).get("ref") or "")


def _error(refusal: Refusal) -> RefusedError:
    return RefusedError(refusal.code, refusal.detail, refusal.pointer)
