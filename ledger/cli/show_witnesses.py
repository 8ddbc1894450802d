"""How the witnesses stand, in lines for `ledger log status`."""

from collections.abc import Iterator
from datetime import UTC, datetime

from sqlalchemy import Connection

from ledger.domain.entry import written_time
from ledger.domain.log.policy import Policy
from ledger.services.see_witnesses import ALARM_S, WitnessReport, see_witnesses
from ledger.store.witnesses import WitnessState

_LOGS = {"entries": "entries", "access": "recorded reads"}


def witness_lines(connection: Connection, policy: Policy | None) -> Iterator[str]:
    """What is to be said of the witnesses that the policy names: nothing, where it names none."""
    report = see_witnesses(connection, policy, datetime.now(UTC))
    if report is None or policy is None:
        return
    yield "Witnesses:"
    for name, (_, url) in policy.witnesses.items():
        states = [state for state in report.states if state.name == name]
        if url is None:
            yield f"  {name}: the policy names no address, so nobody asks it"
        elif not states:
            yield f"  {name}: was not asked yet"
        for state in states:
            yield f"  {name}, {_LOGS[state.log]}: {_stands(state)}"
    yield from _alarms(report)


def _stands(state: WitnessState) -> str:
    last = "has cosigned nothing yet"
    if state.size is not None and state.cosigned_at is not None:
        last = f"cosigned {state.size} at {written_time(state.cosigned_at)}"
    if state.failure is None or state.failed_at is None:
        return last
    loud = "CONTRADICTS THE LOG: " if state.has_diverged else ""
    return f"{last}; {loud}{state.failure} (at {written_time(state.failed_at)})"


def _alarms(report: WitnessReport) -> Iterator[str]:
    for log, seconds in report.without_quorum.items():
        if seconds > ALARM_S:
            yield f"NO QUORUM for {seconds:.0f} s: what is published of the {_LOGS[log]} is that old"
