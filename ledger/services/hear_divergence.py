"""What is made of a witness's word that this log does not continue what it saw.

It is believed by halves, for a witness may be broken: it is told loudly, and no more. Nobody may write any more once
the witness shows a checkpoint that this log's own key signed and that contradicts the database, or once witnesses that
make a quorum say so: those whose word is enough to publish a checkpoint are believed when they refuse one.
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from ledger.domain.log.checkpoint import Checkpoint
from ledger.domain.log.merkle import root_of
from ledger.domain.log.policy import Policy, is_met
from ledger.services.ask_witness import WitnessDivergedError
from ledger.store.log import Log, asks_witnesses, close, newest, reader
from ledger.store.witnesses import note_failure, server_now, witness_states

#: Why the ledger is closed.
HOLDS_MORE: Final = "witness_holds_more"
HOLDS_OTHER: Final = "witness_holds_other"
QUORUM_SAYS: Final = "quorum_of_witnesses_diverges"
_WORDS: Final = {
    HOLDS_MORE: "it holds a larger checkpoint that this log's key signed: the database is older, or another one",
    HOLDS_OTHER: "it holds a checkpoint that this log's key signed, and the database has another root at its size",
}


@dataclass(frozen=True, slots=True)
class Heard:
    """What the witness said, in words of ours, and whether the ledger is closed for it."""

    why: str
    is_closed: bool


def hear_divergence(
    connection: Connection,
    policy: Policy,
    name: str,
    log: Log,
    *,
    ours: Checkpoint,
    seen: Checkpoint | None,
    error: WitnessDivergedError,
) -> Heard | None:
    """Note it, and close the ledger where it is proven; None where the log has grown meanwhile, and all is well.

    `ours` is what the witness refused; `seen` what it shows of this log under the log's own signature, if anything. The
    caller commits.
    """
    proven = None if seen is None else contradiction(connection, log, seen)
    if proven is None and error.size is not None and _has_grown(connection, log, error.size):
        return None
    why = str(error) if proven is None else _WORDS[proven]
    note_failure(connection, log, name, why=why, at=server_now(connection), has_diverged=True)
    if proven is None and asks_witnesses(policy):
        claiming = {one.name for one in witness_states(connection) if one.log == log and one.has_diverged}
        proven = QUORUM_SAYS if is_met(policy, claiming) else None
    if proven is not None:
        size = error.size if seen is None else seen.size
        close(connection, proven, log, ours.size, size if size is not None and size > ours.size else None)
    return Heard(why, proven is not None)


def contradiction(connection: Connection, log: Log, seen: Checkpoint) -> str | None:
    """Why a checkpoint that this log's key signed closes the ledger; None where the database agrees with it."""
    ours = newest(connection, log)
    size = 0 if ours is None else ours.size
    if seen.size > size:
        return HOLDS_MORE
    return None if root_of(seen.size, reader(connection, log, size)) == seen.root else HOLDS_OTHER


def _has_grown(connection: Connection, log: Log, size: int) -> bool:
    found = newest(connection, log)
    return found is not None and found.size >= size
