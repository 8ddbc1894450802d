"""What an export says of the log: where each entry stands, its path to one checkpoint, and who cosigned when.

All of it is read as the role of auditors, whoever gets the export: an agency's own sees the places of its own entries
alone, and a copy of a record has a proof for each entry. An index and a path tell of an entry that it is there and when
it came, which the envelopes of a record tell anyway (docs/decisions/0022).
"""

import base64
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from ledger.domain.log.merkle import HashReader, consistency_proof, inclusion_proof, verify_inclusion
from ledger.domain.log.note import parse_vkey
from ledger.domain.log.policy import Policy, parse_policy, text_of
from ledger.services.announce_log import Announcement, read_announced
from ledger.services.brackets import least_witnesses
from ledger.services.context import Context
from ledger.services.receive import ReceiptSigner
from ledger.services.refusal import NOT_AUDITED_HERE, RECEIPTS_NOT_HERE, RefusedError
from ledger.store.exports import brackets, cosigned_each_minute, positions, snapshot
from ledger.store.log import Log, Published, published, reader, signed
from ledger.store.party import AUDITOR, act_for
from ledger.store.positions import last_number_within

#: For how long the sealer is waited for, and how often it is looked whether it has been.
WAIT_S: Final = 10.0
_LOOK_S: Final = 0.2
#: What is told while an export is made: how much of what is done, of how much.
Told = Callable[[str, int, int], object]

Sleep = Callable[[float], object]


@dataclass(frozen=True, slots=True)
class Sealed:
    """The checkpoint that all proofs of an export lead to, by what it is checked, and whom the operator asked."""

    log: Log
    checkpoint: Published
    keys: Announcement
    policy: str


class ProofBrokenError(Exception):
    """The log does not hold what the record does: nothing is handed out, for it could not be verified."""


def require_signer(context: Context) -> ReceiptSigner:
    """What signs exports; without it none is made."""
    if context.receipts is None:
        raise RefusedError(RECEIPTS_NOT_HERE.code, RECEIPTS_NOT_HERE.detail)
    return context.receipts


@contextmanager
def auditing(context: Context, person: UUID | None = None) -> Iterator[Connection]:
    """An unchanging view of the log, as the auditors' role. Raises RefusedError where there is none."""
    if context.auditor is None:
        raise RefusedError(NOT_AUDITED_HERE.code, NOT_AUDITED_HERE.detail)
    with snapshot(context.auditor, AUDITOR, person) as connection:
        yield connection


def find_sealed(connection: Connection, context: Context, log: Log) -> Sealed | None:
    """The newest published checkpoint of a log; None where nothing was sealed or announced yet."""
    checkpoint, keys = published(connection, log, context.log_policy), read_announced(connection)
    if checkpoint is None or keys is None:
        return None
    vkey = keys.log if log == "entries" else keys.access
    policy = context.log_policy or Policy(logs=((parse_vkey(vkey), None),))
    return Sealed(log, checkpoint, keys, text_of(policy))


def wait_for_seal(
    context: Context, record_id: UUID, number: int, *, wait_s: float = WAIT_S, sleep: Sleep = time.sleep
) -> Sealed:
    """The checkpoint that covers a record up to a number; waits for the sealer where it has not been there yet.

    Where nothing was ever sealed there is none to wait for. Raises RefusedError (`not_sealed_yet`) that says which
    entries are missing.
    """
    until = time.monotonic() + wait_s
    while True:
        with _looking(context) as connection:
            sealed = find_sealed(connection, context, "entries")
            covered = last_number_within(connection, record_id, sealed.checkpoint.size) if sealed else 0
        if sealed is not None and covered >= number:
            return sealed
        if sealed is None or time.monotonic() >= until:
            raise _not_sealed(covered + 1, number)
        sleep(_LOOK_S)


@contextmanager
def _looking(context: Context) -> Iterator[Connection]:
    if context.auditor is None:
        raise RefusedError(NOT_AUDITED_HERE.code, NOT_AUDITED_HERE.detail)
    with context.auditor.begin() as connection:
        act_for(connection, AUDITOR)
        yield connection


def _not_sealed(first: int, last: int) -> RefusedError:
    which = f"Entry {first} is" if first == last else f"Entries {first} to {last} are"
    return RefusedError(
        "not_sealed_yet",
        f"{which} not under a published checkpoint of the log yet. Nothing was exported. The sealer comes by each "
        "second, and witnesses may take longer; if this stays so, it does not run: ledger log status.",
        "/as_of",
        retry_after_s=10,
    )


class Proofs:
    """The paths of one record's entries to one checkpoint. Made within a transaction of `auditing`."""

    def __init__(self, connection: Connection, sealed: Sealed, record_id: UUID, number: int) -> None:
        self.indexes: Sequence[int] = positions(connection, record_id, number)
        if len(self.indexes) != number:
            raise ProofBrokenError("the log lacks entries of this record")
        self._size, self._root = sealed.checkpoint.size, sealed.checkpoint.root
        self._read = _kept(reader(connection, sealed.log, self._size))

    def of(self, number: int) -> tuple[int, list[bytes]]:
        """Where the entry of a number stands, and its path."""
        index = self.indexes[number - 1]
        if index >= self._size:
            raise ProofBrokenError(f"entry {number} of this record stands behind the log's last checkpoint")
        return index, inclusion_proof(index, self._size, self._read)


def check_path(sealed: Sealed, index: int, path: Sequence[bytes], leaf: bytes) -> None:
    """Raise ProofBrokenError unless a path leads from the leaf hash to the checkpoint."""
    if not verify_inclusion(index, sealed.checkpoint.size, leaf, path, sealed.checkpoint.root):
        raise ProofBrokenError(f"the entry at {index} of the log is not what the record holds there")


def bracket_record(connection: Connection, sealed: Sealed, indexes: Sequence[int]) -> Iterator[dict[str, object]]:
    """For each leaf the last cosigned checkpoint before it and the first that covers it, each once, ascending."""
    return _lines(connection, sealed, brackets(connection, sealed.log, indexes, sealed.checkpoint.size, _least(sealed)))


def bracket_log(connection: Connection, sealed: Sealed) -> Iterator[dict[str, object]]:
    """The cosigned checkpoints of a log, the first of each minute."""
    return _lines(
        connection, sealed, cosigned_each_minute(connection, sealed.log, sealed.checkpoint.size, _least(sealed))
    )


def _least(sealed: Sealed) -> int:
    return least_witnesses(parse_policy(sealed.policy))


def _lines(connection: Connection, sealed: Sealed, sizes: Sequence[int]) -> Iterator[dict[str, object]]:
    read = _kept(reader(connection, sealed.log, sealed.checkpoint.size))
    for size in sizes:
        checkpoint = signed(connection, sealed.log, size)
        if checkpoint is not None:
            path = [] if size == sealed.checkpoint.size else consistency_proof(size, sealed.checkpoint.size, read)
            yield {"checkpoint": checkpoint.note_with_cosignatures, "consistency": [*map(base64_of, path)]}


def _kept(read: HashReader) -> HashReader:
    """Each hash is worked out once: the paths of one record share most of theirs."""
    known: dict[tuple[int, int], bytes] = {}

    def reading(level: int, index: int) -> bytes:
        found = known.get((level, index))
        if found is None:
            try:
                found = known[level, index] = read(level, index)
            except LookupError as error:
                raise ProofBrokenError(str(error)) from error
        return found

    return reading


def base64_of(data: bytes) -> str:
    """Bytes as JSON carries them."""
    return base64.b64encode(data).decode()
