"""What people do about an alert: open it, take it on, act on it, put it off. Each is an entry in the child's record.

Only an action stops the clock (or an outcome: `ledger.services.conclude`). Whoever acts must be in the alert's line:
who holds it, who held it before and still is in the line, a manager or the duty desk of the agency that holds it.
Everybody else is refused with the reason, and so is whoever has left: two who may act each think that the other does.
"""

import contextlib
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from ledger.domain import alert
from ledger.domain.alert import State, moved_by
from ledger.domain.line import Someone
from ledger.domain.role import Right
from ledger.services.alert_line import check, refuse_actor, refuse_snooze
from ledger.services.authenticate import authenticate
from ledger.services.context import Context
from ledger.services.line import line_of, line_reads
from ledger.services.project import project
from ledger.services.reach import check_reach
from ledger.services.read_alerts import may_know
from ledger.services.record import record_one
from ledger.services.refusal import NOT_KNOWN, Refusal, RefusedError
from ledger.services.refuse_alerts import ALERT_ENDED, NOT_IN_LINE
from ledger.services.see import Reader
from ledger.services.submission import Recorded, Submission, named
from ledger.services.told import Told
from ledger.store.alert_acts import acting_reads, place_of_alert, read_acting
from ledger.store.append import Caller, ContendedError, Credential, Locked, Statement, Stored

_ACTING: Final = 2


def act_on_alert(context: Context, who: Credential | Caller, alert_id: str, body: Mapping[str, Any]) -> Recorded:
    """Record what was done about an alert: the clock stops. `body` is what was sent. Raises RefusedError."""
    return record_act(context, who, alert_id, alert.ACTION, body)


def snooze_alert(context: Context, who: Credential | Caller, alert_id: str, body: Mapping[str, Any]) -> Recorded:
    """Put an alert off until a moment, for a reason, with somebody who owns that. Raises RefusedError."""
    return record_act(context, who, alert_id, alert.SNOOZE, body)


def note_opened(context: Context, who: Credential | Caller, told: Mapping[str, Any]) -> bool:
    """Record that whoever holds an alert has opened it, the first time; `told` is the alert as they read it.

    An agency's system that reads one is nobody who has opened it. Never raises for what it could not record: reading
    goes before.
    """
    is_news = State(told["state"]) in moved_by(alert.OPENED)
    if not (isinstance(who, Caller) and who.person_id is not None and told["yours"] and is_news):
        return False
    body = {"event_id": f"opened.{told['id']}.{told['held_number']}"}
    with contextlib.suppress(RefusedError, ContendedError):
        return record_act(context, who, told["id"], alert.OPENED, body).is_new
    return False


def record_act(
    context: Context, who: Credential | Caller, alert_id: str, kind: str, body: Mapping[str, Any]
) -> Recorded:
    """Record one of the acts of people on an alert. Raises RefusedError where they may not, or it cannot be so."""
    caller, record_id = look_for_alert(context, who, alert_id)
    ref = caller.person_ref if caller.person_id is not None else (body.get("author") or {}).get("ref")
    # The address names the alert, and the entry must: what was done about it is told by entries alone.
    told = {**body, alert.BY_PEOPLE[kind]: alert_id, **named(caller)}

    def effect(caller: Caller, locked: Locked, entry: Stored) -> list[Statement]:
        one, actor = read_acting(locked.answers)
        line = line_of(locked.answers[_ACTING:], context.pack)
        who, at = Someone(caller.agency, ref), entry.recorded_at
        # Whoever let their time run out cannot put off the clock of the one it went on to.
        check(refuse_actor(who, caller.person_id, one, actor, line, at, formerly=kind != alert.SNOOZE))
        if kind == alert.SNOOZE:
            check(refuse_snooze(one, told, line, at))
        if kind == alert.OPENED and one.state not in moved_by(alert.OPENED):
            raise _error(ALERT_ENDED)  # somebody was sooner
        return project(Told.of(entry, caller.agency, kind, told))

    submission = Submission(kind, body["event_id"], told, names=(record_id,), is_due=False)
    reads = [*acting_reads(alert_id, ref), *line_reads(record_id)]
    return record_one(context, caller, submission, right_of(caller), reads=reads, effect=effect)


def right_of(who: Credential | Caller) -> Right:
    """A system needs the scope `work`; a person a right of its own, which managers have too."""
    return Right.ANSWER if isinstance(who, Caller) and who.person_id is not None else Right.WORK


def look_for_alert(context: Context, who: Credential | Caller, alert_id: str) -> tuple[Caller, UUID]:
    """Who acts, and in which record. Raises RefusedError, with the reason to whoever may know of the alert."""
    with context.engine.begin() as connection:
        caller = authenticate(connection, who, right_of(who))
        found = place_of_alert(connection, alert_id)
        if found is None:
            raise _error(NOT_KNOWN)
        check_reach(connection, caller, found.record_id, right_of(caller))
        if caller.agency not in found.agencies:
            reader = Reader(caller.agency, caller.person_id, caller.person_ref, roles=caller.roles, caps=context.caps)
            knows = may_know(connection, reader, alert_id, pack=context.pack, chance=context.chance)
            raise _error(NOT_IN_LINE if knows else NOT_KNOWN)
        return caller, found.record_id


def _error(refusal: Refusal) -> RefusedError:
    return RefusedError(refusal.code, refusal.detail, refusal.pointer)
