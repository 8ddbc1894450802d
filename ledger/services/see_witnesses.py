"""How the witnesses stand: whether enough of them cosign what is signed, and which do not, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from ledger.domain.log.policy import Policy
from ledger.store.log import LOGS, Log, asks_witnesses, published
from ledger.store.witnesses import WitnessState, unmet_since, witness_states

#: For how many seconds a checkpoint may wait for its quorum before somebody is to look.
ALARM_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class WitnessReport:
    """What an operator is shown. Of each log, for how many seconds its newest checkpoints have waited for a quorum."""

    without_quorum: dict[Log, float]
    states: Sequence[WitnessState]

    @property
    def has_quorum(self) -> bool:
        """Whether no log has waited too long."""
        return all(seconds <= ALARM_S for seconds in self.without_quorum.values())

    @property
    def failing(self) -> list[str]:
        """The policy's names of those that did not answer as they should when they were asked last."""
        return sorted({state.name for state in self.states if state.failure is not None})

    @property
    def diverged(self) -> list[str]:
        """The names of those that say that they saw what the log does not continue."""
        return sorted({state.name for state in self.states if state.has_diverged})

    def to_json(self) -> dict[str, object]:
        """For whoever watches the machine."""
        return {
            "quorum": self.has_quorum,
            "without_quorum_s": {log: round(seconds, 1) for log, seconds in self.without_quorum.items()},
            "failing": self.failing,
            "diverged": self.diverged,
        }


def see_witnesses(connection: Connection, policy: Policy | None, now: datetime) -> WitnessReport | None:
    """How they stand; None where no policy names any."""
    if policy is None or not policy.witnesses:
        return None
    states = [state for state in witness_states(connection) if state.name in policy.witnesses]
    return WitnessReport(without_quorum(connection, policy, now), states)


def without_quorum(connection: Connection, policy: Policy, now: datetime) -> dict[Log, float]:
    """For how many seconds each log's newest checkpoints have waited for the witnesses that the policy asks for."""
    found: dict[Log, float] = dict.fromkeys(LOGS, 0.0)
    if not asks_witnesses(policy):
        return found
    for log in LOGS:
        met = published(connection, log, policy)
        since = unmet_since(connection, log, 0 if met is None else met.size)
        if since is not None:
            found[log] = max(0.0, (now - since).total_seconds())
    return found
