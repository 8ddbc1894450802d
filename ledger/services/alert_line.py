"""Who may act on an alert, and how long it may be put off: what is asked under the record's lock."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from ledger.domain import alert
from ledger.domain.alert import State, moved_by
from ledger.domain.line import Line, Someone
from ledger.domain.role import Role
from ledger.services.project_alerts import until_of
from ledger.services.refusal import Refusal, RefusedError
from ledger.services.refuse_alerts import (
    ALERT_ENDED,
    HAS_LEFT,
    NO_CLOCK_RUNS,
    NOT_IN_LINE,
    OWNER_NOT_IN_LINE,
    PUT_OFF_BEFORE,
    SNOOZE_IN_PAST,
    SNOOZE_TOO_LONG,
    SNOOZED_ALREADY,
)
from ledger.store.alert_acts import ActedOn, Actor


def refuse_actor(
    who: Someone, person: UUID | None, one: ActedOn, actor: Actor, line: Line, at: datetime, *, formerly: bool = True
) -> Refusal | None:
    """Why this person may not act on an alert, or (without one) this agency's system in the name of `who`.

    `formerly`: whoever held it before and still is in the line may, too.
    """
    if actor.has_left:
        return HAS_LEFT
    # For whom the ledger does not know an agency's system answers.
    answers = person is None and not actor.is_known
    if who.agency == one.to.agency:
        at_desk = who.agency == line.desk and Role.PRACTITIONER in actor.roles
        if who == one.to or one.is_desks or answers or at_desk or Role.MANAGER in actor.roles:
            return None
    if not formerly:
        return NOT_IN_LINE
    before = {former for former in one.before if former.agency == who.agency and line.holds(former, at)}
    if who in before or any(answers or former.person is None for former in before):
        return None
    return NOT_IN_LINE


def refuse_snooze(one: ActedOn, body: Mapping[str, Any], line: Line, at: datetime) -> Refusal | None:
    """Why an alert cannot be put off so: it has ended, rests already, no clock runs, or for how long."""
    if one.has_ended:
        return ALERT_ENDED
    if one.state is State.SNOOZED:
        return SNOOZED_ALREADY
    if one.state not in moved_by(alert.SNOOZE):
        return NO_CLOCK_RUNS
    if one.has_come_back:
        return PUT_OFF_BEFORE
    until = until_of(body)
    if until <= at:
        return SNOOZE_IN_PAST
    if until > line.snooze_until("interrupt" if one.tier == "interrupt" else "queue", at):
        return SNOOZE_TOO_LONG
    owner = Someone(body["owner"]["agency"], body["owner"].get("person"))
    # Whoever is at the agency that holds it may own that it rests; of elsewhere only whoever is in the line.
    return None if owner.agency == one.to.agency or line.holds(owner, at) else OWNER_NOT_IN_LINE


def check(refusal: Refusal | None) -> None:
    """Raise RefusedError where there is a reason to."""
    if refusal is not None:
        raise RefusedError(refusal.code, refusal.detail, refusal.pointer)
