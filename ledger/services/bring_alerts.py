"""Bring findings to whoever is accountable, as people, rules and alerts stand under the record's lock.

A finding is brought once, by one alert; what joins it later raises that alert again, or nothing. A rule that was in
shadow at the time of the step brings nothing: when it comes live, the keeper of alerts brings what is still open. A
clock begins when its entry is recorded, not when something was found: nobody is late because a machine was down.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from ledger.domain.alert import RAISED, RERAISED, State
from ledger.domain.entry import written_time
from ledger.domain.line import Holder, Line
from ledger.domain.pack import Pack
from ledger.domain.pack_alerts import Tier
from ledger.domain.reraise import Why
from ledger.domain.shadow import is_live
from ledger.services.line import LINE_READS, line_of, line_reads
from ledger.store.append import Statement
from ledger.store.open_alerts import OpenAlert, open_alerts_of
from ledger.store.rules import read_states, states_in

#: In these parts it is with whoever it was first brought to; in any other it has gone on from there.
_FIRST: Final = frozenset({"lead", "cover", "out_of_hours"})
#: A clock runs, and nobody has put it off.
_RESTS: Final = frozenset({State.ACTED_ON, State.SNOOZED, State.RESOLVED})


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a step would have brought: the finding, the rule that answers for it, and since when.

    ``why``: what raises it again, where somebody has it already; None: nothing does. ``always``: whatever the rule.
    """

    finding: str
    rule: str
    tier: Tier
    at: datetime
    step: str
    why: Why | None = None
    always: bool = False


@dataclass(frozen=True, slots=True)
class Brought:
    """An entry to be: its kind, event id and body, and who is accountable by it."""

    kind: str
    event_id: str
    body: dict[str, Any]
    holder: Holder


def bring_reads(record_id: UUID) -> list[Statement]:
    """The look-ups by which `Bringing` knows how everything stands, for a lock's `reads`."""
    return [*line_reads(record_id), states_in(record_id), open_alerts_of(record_id)]


class Bringing:
    """Who is accountable in one record, which rules are live, and what was brought already."""

    def __init__(self, answers: Sequence[Sequence[Sequence[Any]]], pack: Pack | None) -> None:
        """``answers`` are those of `bring_reads`; without a pack its clocks are the defaults."""
        self.line = line_of(answers, pack or Pack("", "", "", {}))
        self._states = read_states(answers[LINE_READS])
        self._alerts = {alert.finding_id: alert for alert in (OpenAlert(*row) for row in answers[LINE_READS + 1])}
        self._involved = set(self.line.involved)

    def bring(self, wanted: Wanted, now: datetime) -> Brought | None:
        """The alert that brings what is wanted at this moment, or raises it again; None where nobody is told."""
        if not wanted.always and not is_live(wanted.rule, self._states, wanted.at):
            return None
        known = self._alerts.get(wanted.finding)
        if known is None:
            brought = raised_alert(wanted.finding, wanted.at, wanted.tier, self.line, now)
        elif wanted.why is not None:
            brought = _again(wanted, wanted.why, known, self.line, now)
        else:
            return None
        self._alerts[wanted.finding] = _as_open(wanted.finding, brought)
        return brought

    def newly_involved(self, brought: Brought) -> bool:
        """Whether whoever it is brought to has no part in the record yet, without which they cannot read it; once."""
        is_new = brought.holder.agency not in self._involved
        self._involved.add(brought.holder.agency)
        return is_new


def raised_alert(finding: str, raised_at: datetime, tier: Tier, line: Line, now: datetime) -> Brought:
    """The alert of a finding that was raised at one moment and is brought to somebody at another."""
    holder = line.receiver(tier, now)
    body = {
        "alert": alert_id(finding),
        "finding": finding,
        "raised_at": written_time(raised_at),
        **_held(holder, tier, line.act_by(tier, holder.stage, now)),
    }
    return Brought(RAISED, f"{finding}.alert", body, holder)


def involvement(record_id: UUID, brought: Brought, number: int) -> tuple[str, str, dict[str, Any]]:
    """The entry by which whoever is to act may read: (kind, event id, body)."""
    reason = "alerts outside working hours" if brought.holder.stage == "out_of_hours" else "no lead professional"
    body = {"agency": brought.holder.agency, "role": "duty_desk", "reason": reason}
    return "involvement", f"{record_id}.duty_desk.{number}", body


def alert_id(finding: str) -> str:
    """The name of the one alert that a finding has."""
    return hashlib.sha256(f"alert/{finding}".encode()).hexdigest()[:32]


def _again(wanted: Wanted, why: Why, known: OpenAlert, line: Line, now: datetime) -> Brought:
    """Raised again: with whoever it has gone on to, else as if it were new; no clock that runs is put off by it."""
    tier = _heavier(wanted.tier, known.tier)
    holder, runs_out = line.receiver(tier, now), None
    if known.state not in _RESTS:
        runs_out = known.act_by
        if known.stage not in _FIRST and not line.has_left(known.to_agency, known.to_person):
            holder = Holder(known.stage, known.to_agency, known.to_person)
    act_by = line.act_by(tier, holder.stage, now)
    body = {
        "alert": alert_id(wanted.finding),
        "finding": wanted.finding,
        "why": why,
        "step": wanted.step,
        **_held(holder, tier, act_by if runs_out is None else min(act_by, runs_out)),
    }
    return Brought(RERAISED, f"{wanted.finding}.again.{wanted.step}", body, holder)


def _as_open(finding: str, brought: Brought) -> OpenAlert:
    holder, body = brought.holder, brought.body
    act_by = datetime.fromisoformat(body["act_by"])
    return OpenAlert(finding, body["tier"], State.RAISED, holder.stage, holder.agency, holder.person, act_by)


def _heavier(one: Tier, other: Tier) -> Tier:
    return "interrupt" if "interrupt" in {one, other} else "queue"


def _held(holder: Holder, tier: Tier, act_by: datetime) -> dict[str, Any]:
    return {
        "tier": tier,
        "to": {"agency": holder.agency, "person": holder.person},
        "stage": holder.stage,
        "act_by": written_time(act_by),
    }
