"""Give a copy of a whole log as files: its leaves and hashes as c2sp.org/tlog-tiles has them, under one checkpoint.

The log of entries has no content. Of the log of reads it is told what was read, by whom and why, for the records of the
partnership of the auditor who gets it; of others' the leaf goes alone. Before anything is handed out the tree is built
again from the leaves, and an entry in each partnership's record says that a copy of its log was taken.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Engine

from ledger.domain.entry import written_time
from ledger.domain.log.merkle import Frontier, leaf_hash
from ledger.domain.log.tiles import WIDTH, bundle_of, tile_path, tiles_of
from ledger.domain.role import Right
from ledger.services.context import Context
from ledger.services.export_files import Parcel, Spool, json_line, put, spool
from ledger.services.export_manifest import KIND, Progress, Silent, close_up
from ledger.services.export_proofs import ProofBrokenError, Sealed, auditing, bracket_log, find_sealed, require_signer
from ledger.services.export_words import read_me_of_log
from ledger.services.note_access import note_access
from ledger.services.reading import reading
from ledger.services.refusal import RefusedError
from ledger.services.see import Reader
from ledger.services.write_own import write_own
from ledger.store.append import Caller
from ledger.store.audit import record_of_partnership
from ledger.store.database import SYSTEM, transaction
from ledger.store.exports import partnership_records, reads
from ledger.store.log import HASH_BYTES, Log, tile
from ledger.store.log_files import leaves_of
from ledger.store.people import directory, names

#: What the access record says was read.
_LOOK: Final[dict[Log, str]] = {"entries": "log", "access": "access records"}
#: Leaves that are read together: whole bundles.
_BATCH: Final = 32 * WIDTH
SILENT: Final = Silent()


@dataclass(frozen=True, slots=True)
class LogCopy:
    """What was made: of how large a log, and its export.json's SHA-256."""

    size: int
    sha256: str


def export_log(
    context: Context,
    admin: Engine,
    who: Caller,
    log: Log,
    reason: str,
    parcel: Parcel,
    *,
    progress: Progress = SILENT,
) -> LogCopy:
    """Fill a parcel with a copy of a log for an auditor, and record that; only then may it be handed out.

    `admin` is of the administering role, which writes in partnerships' records. Raises RefusedError.
    """
    signer = require_signer(context)
    with reading(context, who, Right.MONITOR, purpose=reason) as (connection, reader):
        place = record_of_partnership(connection, who.home)
        note_access(connection, reader, {place: 0}, _LOOK[log], context.chance)
        recipient = _recipient(connection, reader)
    with auditing(context, who.person_id) as connection, spool() as told:
        sealed = find_sealed(connection, context, log)
        if sealed is None:
            raise RefusedError(
                "not_sealed_yet", "nothing of this log is under a published checkpoint yet: ledger sealer"
            )
        _Copying(connection, sealed, parcel, told, who.partnership, progress).write()
        vkey = sealed.keys.log if log == "entries" else sealed.keys.access
        size = sealed.checkpoint.size
        read_me = read_me_of_log(sealed.keys.origin, log, size, (vkey, signer.vkey), recipient)
        put(parcel, "READ-ME.txt", [read_me.encode()])
    said: dict[str, Any] = {
        "kind": "log",
        "log": log,
        "origin": sealed.keys.origin,
        "keys": {"log": vkey, "receipts": signer.vkey},
        "made_at": written_time(context.real_now()),
        "record": None,
        "as_of": None,
        "size": size,
        "for": recipient,
    }
    digest = close_up(parcel, signer, said)
    _record(context, admin, who, log, size, digest)
    return LogCopy(size, digest)


def _recipient(connection: Connection, reader: Reader) -> str:
    home = reader.home or reader.agency
    agencies = directory(connection)
    assert reader.person_id is not None, "an auditor is a person"
    name = names(connection, [reader.person_id]).get(reader.person_id, "")
    return f"{name} of {agencies[home].name if home in agencies else home}, as an auditor"


def _record(context: Context, admin: Engine, who: Caller, log: Log, size: int, digest: str) -> None:
    with transaction(admin, party=SYSTEM) as connection:
        records = partnership_records(connection)
    body = {"to": "auditor", "person": str(who.person_id), "log": log, "log_size": size, "sha256": digest}
    for record_id in records.values():
        write_own(admin, record_id, KIND, body, context.chance)


@dataclass(slots=True)
class _Copying:
    """One log on its way into its parcel; the connection acts as auditors."""

    connection: Connection
    sealed: Sealed
    parcel: Parcel
    told: Spool
    partnership: str
    progress: Progress

    def write(self) -> None:
        """Everything but what describes it. Raises ProofBrokenError where leaves and checkpoint do not agree."""
        sealed = self.sealed
        put(self.parcel, "checkpoint", [sealed.checkpoint.note_with_cosignatures.encode()])
        put(self.parcel, "policy", [sealed.policy.encode()])
        put(self.parcel, "brackets.jsonl", map(json_line, bracket_log(self.connection, sealed)))
        self._write_leaves()
        for one in tiles_of(sealed.checkpoint.size):
            assert one.level != "entries", "tiles of hashes"
            hashes = tile(self.connection, sealed.log, one.level, one.index) or b""
            if len(hashes) < one.width * HASH_BYTES:
                raise ProofBrokenError("a tile of the log is missing or too short")
            put(self.parcel, one.path, [bytes(hashes)[: one.width * HASH_BYTES]])
        if sealed.log == "access":
            put(self.parcel, "reads.jsonl", map(json_line, self.told))

    def _write_leaves(self) -> None:
        edge, size = Frontier(), self.sealed.checkpoint.size
        read: Callable[[int, int], list[bytes]] = self._entries if self.sealed.log == "entries" else self._reads
        for first in range(0, size, _BATCH):
            leaves = read(first, min(first + _BATCH, size))
            edge.extend(map(leaf_hash, leaves))
            for path, bundle in _bundles(first, leaves):
                put(self.parcel, path, [bundle])
            self.progress.at("leaves", min(first + _BATCH, size), size)
        if edge.size != size or edge.root() != self.sealed.checkpoint.root:
            raise ProofBrokenError("the leaves of the log are not those that its checkpoint was signed over")

    def _entries(self, first: int, end: int) -> list[bytes]:
        return leaves_of(self.connection, "entries", first, end - first)

    def _reads(self, first: int, end: int) -> list[bytes]:
        found = reads(self.connection, first, end, self.partnership)
        for one in found:
            if one.salt is not None and one.content is not None:
                self.told.put({"index": one.index, "salt": one.salt.hex(), "content": one.content.decode()})
        return [one.leaf for one in found]


def _bundles(first: int, leaves: list[bytes]) -> Iterator[tuple[str, bytes]]:
    for start in range(0, len(leaves), WIDTH):
        within = leaves[start : start + WIDTH]
        yield tile_path("entries", (first + start) // WIDTH, len(within)), bundle_of(within)
