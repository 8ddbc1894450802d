"""One thread for each witness: asks it for what all are asked for, over and over, and keeps what it cosigned.

A log that does not grow is cosigned again from time to time: whatever comes next is then known to have been added after
that. Of these times over one checkpoint the first is kept and the last.
"""

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

import httpx
import structlog
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from ledger.domain.log.checkpoint import Checkpoint, parse_checkpoint
from ledger.domain.log.merkle import consistency_proof
from ledger.domain.log.note import Verifier, parse_note
from ledger.domain.log.policy import Policy
from ledger.services.ask_witness import (
    Asked,
    Submitted,
    WitnessDivergedError,
    WitnessFailedError,
    ask_witness,
    last_seen,
    witness_client,
)
from ledger.services.hear_divergence import hear_divergence
from ledger.store.log import LOGS, Log, reader, signed, waiting
from ledger.store.log_files import signed_size
from ledger.store.witnesses import (
    Cosignature,
    keep_cosignature,
    last_cosigned,
    note_failure,
    note_success,
    server_now,
)

#: A log whose oldest entry has waited for so many seconds is catching up.
_BEHIND_S: Final = 5.0
#: After how long without a word of the sealer nobody is asked any more: another may be at work, or the ledger closed.
_SILENT_S: Final = 5.0
_HEARING: Final = threading.Lock()
_log = structlog.get_logger("ledger.keep_asking")


@dataclass(frozen=True, slots=True)
class Pace:
    """How often witnesses are asked, in seconds."""

    #: Between two requests to one witness, and between two looks when nobody said that there is something new.
    between: float = 1.0
    #: After how long a checkpoint that is still the newest is cosigned again.
    again: float = 20.0
    #: The longest pause after failures; it doubles up to here.
    failed: float = 15.0


#: As it is where nobody tests.
PACE: Final = Pace()


class WitnessAsker(threading.Thread):
    """Asks one witness about both logs. `sizes`: what all are asked for now; 0 where there is nothing yet."""

    def __init__(
        self,
        engine: Engine,
        policy: Policy,
        witness: Asked,
        log_keys: Mapping[Log, Sequence[Verifier]],
        sizes: Mapping[Log, int],
        pace: Pace,
    ) -> None:
        super().__init__(name="ask a witness", daemon=True)
        self.woken, self.stopping = threading.Event(), threading.Event()
        #: When the sealer was last at work.
        self.looked_at = time.monotonic()
        self.witness = witness
        self._engine, self._policy = engine, policy
        self._log_keys, self._sizes, self._pace = log_keys, sizes, pace
        #: What it cosigned last of each log, and whether that stands in the database.
        self._last: dict[Log, tuple[Cosignature, bool]] = {}
        self._asked_at: dict[Log, float] = {}

    def run(self) -> None:
        pause = self._pace.between
        with witness_client() as client:
            while not self.stopping.is_set():
                self.woken.clear()
                is_speaking = time.monotonic() - self.looked_at < _SILENT_S
                results = [self.ask(client, log) if is_speaking else None for log in LOGS]
                if False in results:
                    pause = min(2 * pause, self._pace.failed)
                elif True in results:
                    pause = self._pace.between
                if results != [None] * len(LOGS):
                    self.stopping.wait(pause)
                self.woken.wait(self._pace.between)
        self._keep_pending()

    def has_cosigned(self, log: Log, size: int) -> bool:
        """Whether it has cosigned a size, or a larger one, as far as this process knows."""
        return log in self._last and self._last[log][0].size >= size

    def ask(self, client: httpx.Client, log: Log) -> bool | None:
        """Ask about one log: whether it cosigned; None where there was nothing to ask."""
        try:
            return self._ask(client, log)
        except (SQLAlchemyError, LookupError, ValueError) as error:
            # The database is away, or it holds what is no checkpoint or lacks a tile: the sealer says which.
            _log.warning("cannot_ask_witness", witness=self.witness.name, log=log, error=type(error).__name__)
            return False

    def _ask(self, client: httpx.Client, log: Log) -> bool | None:
        with self._engine.begin() as connection:
            size = self._sizes[log]
            submitted = self._submitted(connection, log, size) if self._is_due(connection, log, size) else None
            if submitted is None:
                return None
            old, began, now = self._old(connection, log), time.monotonic(), server_now(connection)
        self._asked_at[log] = began
        try:
            got = ask_witness(
                client, self.witness, submitted, old, lambda: now + timedelta(seconds=time.monotonic() - began)
            )
        except WitnessDivergedError as error:
            self._diverged(client, log, submitted.checkpoint, error)
            return False
        except WitnessFailedError as error:
            self._failed(log, str(error))
            return False
        self._keep(log, Cosignature(size, got.line, got.at))
        return True

    def _submitted(self, connection: Connection, log: Log, size: int) -> Submitted | None:
        found = signed(connection, log, size)
        if found is None:
            return None
        note = parse_note(found.note_with_cosignatures)
        # The log's own signature alone: what other witnesses signed is nothing to this one.
        own = {key.key_id for key in self._log_keys[log]}
        alone = replace(note, signatures=tuple(one for one in note.signatures if one.key_id in own))
        return Submitted(parse_checkpoint(note.text), str(alone), lambda old: self._proof(log, old, size))

    def _proof(self, log: Log, old: int, new: int) -> list[bytes]:
        with self._engine.begin() as connection:
            return consistency_proof(old, new, reader(connection, log, new))

    def _old(self, connection: Connection, log: Log) -> int:
        if log in self._last:
            return self._last[log][0].size
        last = last_cosigned(connection, log, self.witness.verifier.name)
        return 0 if last is None else last[0]

    def _is_due(self, connection: Connection, log: Log, size: int) -> bool:
        """Whether there is something to ask: not while entries wait that may be older than the answer would be.

        A cosignature says that what it does not cover came later. While the log catches up that is not so.
        """
        if size == 0:
            return False
        if not self.has_cosigned(log, size):
            return waiting(connection, log).seconds < _BEHIND_S
        if time.monotonic() - self._asked_at[log] < self._pace.again:
            return False
        return signed_size(connection, log) == size and waiting(connection, log).count == 0

    def _keep(self, log: Log, cosigned: Cosignature) -> None:
        """Keep the first cosignature over a checkpoint at once, and of later ones the last, when the log has grown.

        The first says by when an entry was there; the last, after when the next came. A crash loses only the second.
        """
        known = self._last.get(log)
        is_again = known is not None and known[0].size == cosigned.size
        with self._engine.begin() as connection:
            if not is_again:
                self._keep_last(connection, log)
                keep_cosignature(connection, log, self.witness.verifier.name, cosigned)
            note_success(connection, log, self.witness.name, cosigned.size, cosigned.at)
        self._last[log] = (cosigned, not is_again)

    def _keep_last(self, connection: Connection, log: Log) -> None:
        known = self._last.get(log)
        if known is not None and not known[1]:
            keep_cosignature(connection, log, self.witness.verifier.name, known[0])

    def _keep_pending(self) -> None:
        try:
            with self._engine.begin() as connection:
                for log in self._last:
                    self._keep_last(connection, log)
        except SQLAlchemyError:
            _log.warning("database_away", witness=self.witness.name)

    def _failed(self, log: Log, why: str) -> None:
        _log.warning("witness_failed", witness=self.witness.name, log=log, reason=why)
        with self._engine.begin() as connection:
            note_failure(connection, log, self.witness.name, why=why, at=server_now(connection))

    def _diverged(self, client: httpx.Client, log: Log, ours: Checkpoint, error: WitnessDivergedError) -> None:
        seen = last_seen(client, self.witness, self._log_keys[log])
        # One after the other, so that several who say the same close the ledger once.
        with _HEARING, self._engine.begin() as connection:
            heard = hear_divergence(connection, self._policy, self.witness.name, log, ours=ours, seen=seen, error=error)
        if heard is not None:
            event = "ledger_closed_by_witness" if heard.is_closed else "witness_diverged"
            _log.error(event, witness=self.witness.name, log=log, reason=heard.why)
