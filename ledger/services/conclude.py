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

from ledger.domain.line import Someone
from ledger.domain.rule import GLASS_BROKEN
from ledger.services.act_on_alert import look_for_alert, right_of
from ledger.services.agree_to_differ import Differing, NotStartedError, differing
from ledger.services.alert_line import check, refuse_actor
from ledger.services.context import Context
from ledger.services.line import line_of, line_reads
from ledger.services.project import project
from ledger.services.record import Effect, record, record_one
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
from ledger.services.refuse_alerts import HAS_LEFT, NOT_IN_LINE
from ledger.services.say_findings import CHECK_FAILED
from ledger.services.submission import Recorded, Submission, named
from ledger.services.told import Told
from ledger.store.alert_acts import acting_reads, read_acting
from ledger.store.alerts import one_alert
from ledger.store.append import Caller, Credential, Locked, Statement, Stored
from ledger.store.party import act_for

KIND: Final = "outcome"
_ALERT: Final = """
    SELECT a.record_id, a.finding_id, f.kind, f.rule, f.opened_number
    FROM ledger.alerts a JOIN ledger.findings f USING (finding_id)
    WHERE a.alert_id = :alert"""
_OPEN: Final = "SELECT closed_number FROM ledger.findings WHERE record_id = %s AND finding_id = %s"
#: An alert is one agency's, so whoever may conclude is of the party; what it recorded may not be detected yet.
_OUTCOMES: Final = """
    SELECT number, content FROM ledger.contents
    WHERE record_id = %s AND kind = 'outcome' AND agency_id = ledger.party() AND number > %s"""
_PEOPLE: Final = "SELECT person_id::text, ref FROM ledger.people WHERE agency_id = ledger.party()"


@dataclass(frozen=True, slots=True)
class _Concerned:
    """What an outcome is of."""

    alert: str
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
    caller, _ = look_for_alert(context, who, alert_id)
    with context.engine.begin() as connection:
        act_for(connection, caller.agency, caller.person_id)
        concerned = _found(connection, alert_id, context)
        # The second of two may be anybody at the agency to whom it is shown.
        if concerned.needs_two and one_alert(connection, caller.agency, caller.person_ref, alert_id) is None:
            raise _error(NOT_IN_LINE)
        return caller, concerned


def _found(connection: Any, alert_id: str, context: Context) -> _Concerned:
    """What an alert is of, where that is for people to conclude."""
    row = connection.execute(text(_ALERT), {"alert": alert_id}).one_or_none()
    if row is None:
        raise _error(NOT_KNOWN)
    if row.kind == CHECK_FAILED:
        raise _error(NOT_FOR_AN_OUTCOME)
    if row.kind == "gap":
        raise _error(AN_ANSWER_ENDS_IT)
    if row.rule == GLASS_BROKEN:
        raise _error(A_REVIEW_ENDS_IT)
    rule = context.pack.rules.get(row.rule)
    return _Concerned(alert_id, row.record_id, row.finding_id, row.opened_number, rule is not None and rule.needs_two)


def _record(context: Context, caller: Caller, concerned: _Concerned, body: Mapping[str, Any]) -> Recorded:
    if concerned.needs_two and not _signs(body):
        raise _error(AUTHOR_NEEDED)

    ref = caller.person_ref if caller.person_id is not None else (body.get("author") or {}).get("ref")
    standing = concerned.reads

    def effect(caller: Caller, locked: Locked, entry: Stored) -> list[Statement]:
        # Detection closes the finding, in its turn; one that has ended by now needs no outcome.
        if locked.answers[0] and locked.answers[0][0][0] is not None:
            raise _error(FINDING_CLOSED)
        one, actor = read_acting(locked.answers[len(standing) :])
        if concerned.needs_two:
            check(HAS_LEFT if actor.has_left else None)
            signed = _Signed(*locked.answers[1:3])
            if signed.name_of(body) in signed.of(concerned.finding):
                raise _error(SAME_PERSON)
        else:
            line = line_of(locked.answers[len(standing) + 2 :], context.pack)
            who = Someone(caller.agency, ref)
            check(refuse_actor(who, caller.person_id, one, actor, line, entry.recorded_at))
        return project(Told.of(entry, caller.agency, KIND, body))

    submission = Submission(KIND, body["event_id"], body, names=(concerned.record_id,))
    started = differing(context, caller, (concerned.record_id, concerned.finding), body)
    reads = [*standing, *acting_reads(concerned.alert, ref), *line_reads(concerned.record_id)]
    recorded = _record_both(context, caller, submission, started, reads=reads, effect=effect)
    if not concerned.needs_two:
        return recorded
    with context.engine.begin() as connection:
        act_for(connection, caller.agency, caller.person_id)
        answers = [connection.exec_driver_sql(sql, tuple(values)).all() for sql, values in concerned.signing]
    # Those up to this very entry: a retry answers as the first did.
    signers = _Signed(*answers).of(concerned.finding, up_to=recorded.entry.number)
    return replace(recorded, signed=min(len(signers), _TWO))


def _record_both(
    context: Context,
    caller: Caller,
    submission: Submission,
    started: Differing | None,
    *,
    reads: Sequence[Statement],
    effect: Effect,
) -> Recorded:
    """The outcome, and with it in one append the disagreement that it starts, where it starts one."""
    if started is None:
        return record_one(context, caller, submission, right_of(caller), reads=reads, effect=effect)
    placed: list[Locked] = []

    def first(party: Caller, locked: Locked, entry: Stored) -> Iterable[Statement]:
        statements = effect(party, locked, entry)
        placed.append(locked)
        return statements

    def then(party: Caller, locked: Locked, entry: Stored) -> Iterable[Statement]:
        if not placed or placed[-1] is not locked:
            raise NotStartedError  # in this try the outcome itself was none that is new
        return started.keep(party, entry, locked.answers[len(reads) :])

    try:
        outcomes = record(
            context,
            caller,
            [submission, started.submission],
            right_of(caller),
            reads=[*reads, *started.reads()],
            effect={submission.kind: first, started.submission.kind: then},
        )
    except NotStartedError:
        return record_one(context, caller, submission, right_of(caller), reads=reads, effect=effect)
    outcome = outcomes[0]
    assert isinstance(outcome, Recorded), "nothing was started beside what was refused"
    return outcome


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
