"""Read back the receipt of one's own entry, and once it is sealed the proof that it stands in the log.

The proof leads to the first checkpoint to be shown that covers the entry, so the answer does not change as the log
grows; only cosignatures may still be added under it. An agency gets proofs of its own entries alone, and of the log
only the size and the place: that these tell how much is recorded meanwhile is accepted (decision 24).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from ledger.domain.log.merkle import consistency_proof, inclusion_proof
from ledger.domain.log.proof import TlogProof
from ledger.domain.role import Right
from ledger.services.authenticate import authenticate
from ledger.services.brackets import least_witnesses
from ledger.services.context import Context
from ledger.services.read_own import own_entry
from ledger.services.refusal import RECEIPTS_NOT_HERE, RefusedError
from ledger.store.append import Caller, Credential, Stored
from ledger.store.log import Log, Published, covering, position_of, reader, signed
from ledger.store.log_files import brackets_of

_LOG: Final[Log] = "entries"


@dataclass(frozen=True, slots=True)
class Before:
    """The last checkpoint that others cosigned before the entry was in the log, and that the log then only grew.

    `consistency` is the proof (RFC 9162 section 2.1.4) from this checkpoint to that of the receipt's proof.
    """

    size: int
    at: datetime
    checkpoint: str
    consistency: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Sealed:
    """Where an entry stands in the log: its index from 0, and the proof to a checkpoint of `log_size` leaves."""

    index: int
    log_size: int
    #: c2sp.org/tlog-proof@v1.
    proof: str
    #: Whether the witnesses that the policy asks for have cosigned that checkpoint.
    is_witnessed: bool
    #: When the first checkpoint that covers it was cosigned, as the last who did says; None where none was.
    by: datetime | None
    before: Before | None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the author of an entry can show of it; `sealed` is None while no checkpoint to be shown covers it."""

    entry: Stored
    sealed: Sealed | None


def read_receipt(context: Context, who: Credential | Caller, entry_id: str) -> Receipt:
    """The receipt of one of the caller's own entries. Raises RefusedError, NotHeldError."""
    if context.receipts is None:
        raise RefusedError(RECEIPTS_NOT_HERE.code, RECEIPTS_NOT_HERE.detail)
    with context.engine.begin() as connection:
        caller = authenticate(connection, who, Right.OBSERVE)
        entry = own_entry(connection, caller.agency, entry_id).entry
        sealed = _sealed(context, connection, entry)
    return Receipt(entry, sealed)


def _sealed(context: Context, connection: Connection, entry: Stored) -> Sealed | None:
    index = position_of(connection, entry.record_id, entry.number)
    shown = None if index is None else covering(connection, _LOG, index, context.log_policy)
    if index is None or shown is None:
        return None
    hashes = inclusion_proof(index, shown.size, reader(connection, _LOG, shown.size))
    proof = TlogProof(index, tuple(hashes), shown.note_with_cosignatures)
    before, covered = brackets_of(connection, _LOG, index, least_witnesses(context.log_policy))
    return Sealed(
        index,
        shown.size,
        proof.to_text(),
        shown.met,
        None if covered is None else covered.at,
        None if before is None else _before(connection, shown, before.size, before.at),
    )


def _before(connection: Connection, shown: Published, size: int, at: datetime) -> Before | None:
    checkpoint = signed(connection, _LOG, size)
    if checkpoint is None or size == 0:
        return None  # from the empty log nothing is shown
    consistency = consistency_proof(size, shown.size, reader(connection, _LOG, shown.size))
    return Before(size, at, checkpoint.note_with_cosignatures, tuple(consistency))
