"""Have the witnesses of the policy cosign the log's checkpoints, each in a thread of its own.

Not every checkpoint: one about each second, the same for all of them, or they would not meet on one under load. It
stays the one that is asked for until a quorum has cosigned it, or for ten seconds. A slow witness delays neither the
sealing nor the others, and skips what it missed.
"""

import math
import time
from collections.abc import Mapping, Sequence
from typing import Final

import structlog
from sqlalchemy import Connection, Engine

from ledger.domain.log.note import Verifier
from ledger.domain.log.policy import Policy, is_met
from ledger.services.ask_witness import Asked, is_address
from ledger.services.keep_asking import PACE, Pace, WitnessAsker
from ledger.services.see_witnesses import ALARM_S, without_quorum
from ledger.store.log import LOGS, Log, asks_witnesses
from ledger.store.log_files import signed_size
from ledger.store.witnesses import forget_others, server_now

#: For how long one checkpoint is asked for where no quorum cosigns it. Short, for whoever cosigns it late says a time
#: at which there may be entries already that it does not cover.
_TARGET_S: Final = 10.0
_log = structlog.get_logger("ledger.ask_witnesses")


class PolicyUnfitError(ValueError):
    """The policy names a witness that cannot be asked."""


def asked_witnesses(policy: Policy | None) -> list[Asked]:
    """The witnesses with an address. Raises PolicyUnfitError for an address that is none, and keys of one name."""
    found = []
    for name, (verifier, url) in ({} if policy is None else policy.witnesses).items():
        if url is None:
            continue
        if not is_address(url):
            raise PolicyUnfitError("a witness's address in the policy must begin with https:// or http:// and a host")
        found.append(Asked(name, verifier, url))
    if len({one.verifier.name for one in found}) < len(found):
        raise PolicyUnfitError("two witnesses of the policy have keys of one name")
    return found


class WitnessAskers:
    """The threads, one a witness. `log_keys`: each log's own keys, the present one first.

    They ask for as long as `look` is called: only the sealer at work speaks for the log.
    """

    def __init__(
        self,
        engine: Engine,
        policy: Policy,
        log_keys: Mapping[Log, Sequence[Verifier]],
        pace: Pace = PACE,
    ) -> None:
        #: What all are asked to cosign, and since when, by the monotonic clock.
        self._sizes: dict[Log, int] = dict.fromkeys(LOGS, 0)
        self._since: dict[Log, float] = dict.fromkeys(LOGS, -math.inf)
        self._askers = [
            WitnessAsker(engine, policy, one, log_keys, self._sizes, pace) for one in asked_witnesses(policy)
        ]
        self._policy, self._pace, self._alarmed_at = policy, pace, time.monotonic()

    def start(self, connection: Connection) -> None:
        """Begin to ask. Threads are daemons: a process that ends waits for none of them."""
        forget_others(connection, self._policy.witnesses)
        for asker in self._askers:
            asker.start()

    def look(self, connection: Connection) -> None:
        """Have them ask, at once where there is a new checkpoint; waits for none of them. Says so when no quorum is
        met for a minute, and again each minute.
        """
        now, has_moved = time.monotonic(), False
        for log in LOGS:
            size = signed_size(connection, log)
            if size > self._sizes[log] and self._may_move(log, now - self._since[log]):
                self._sizes[log], self._since[log], has_moved = size, now, True
        for asker in self._askers:
            asker.looked_at = now
            if has_moved:
                asker.woken.set()
        if time.monotonic() - self._alarmed_at > ALARM_S:
            self._alarmed_at = time.monotonic()
            for log, seconds in without_quorum(connection, self._policy, server_now(connection)).items():
                if seconds > ALARM_S:
                    _log.error("no_quorum_of_witnesses", log=log, seconds=round(seconds))

    def _may_move(self, log: Log, age_s: float) -> bool:
        """Whether they may be asked for another checkpoint than the one of this age."""
        if age_s < self._pace.between or age_s >= _TARGET_S:
            return age_s >= _TARGET_S
        cosigned = {one.witness.name for one in self._askers if one.has_cosigned(log, self._sizes[log])}
        return not asks_witnesses(self._policy) or is_met(self._policy, cosigned)

    def stop(self) -> None:
        """End, and keep what was cosigned again meanwhile; an exchange that is under way is not waited for."""
        for asker in self._askers:
            asker.stopping.set()
            asker.woken.set()
        until = time.monotonic() + 1.0
        for asker in self._askers:
            asker.join(timeout=max(0.0, until - time.monotonic()))
