"""Read a record, or the log, back with every stored byte hashed: envelopes made again and chained, contents committed.

An envelope is not parsed: what it must say is known from the entry before it and from its own content, so it is made
again and compared with what is stored; but for its time, which is held by the hash that the next entry names.
"""

from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from sqlalchemy import Connection

from ledger.domain.entry import FORMAT, GENESIS, ChainBrokenError, leaf_hash
from ledger.domain.log.merkle import EMPTY_ROOT, Frontier
from ledger.store.readback import StoredBytes, bytes_of_log, bytes_of_record

_COMMITMENT_AT = slice(15, 79)
#: What an envelope ends with after all that is known of it: a time of 27 characters, of which the chain vouches.
_TIME_AND_END = 29


@dataclass(frozen=True, slots=True)
class ReadBack:
    """How much was read back: entries, how many bytes their envelopes, salts and contents are, and what stands for all:
    the hash of a record's last entry, or the root of the log.
    """

    entries: int
    size: int
    hash: bytes


def read_record_back(connection: Connection, record_id: UUID, up_to: int) -> ReadBack:
    """A record up to a number. Raises ChainBrokenError at the first entry that does not hold.

    The connection acts for an auditor. Cost: a few microseconds for each entry besides reading it.
    """
    chain, size = _Chains(), 0
    for row in bytes_of_record(connection, record_id, up_to):
        size += chain.take(row)
    if chain.count != up_to:
        raise ChainBrokenError(chain.count + 1, "there is no entry of this number")
    return ReadBack(chain.count, size, chain.last)


def read_log_back(connection: Connection, size: int) -> ReadBack:
    """The log up to a size: each record chained, and all of it one tree. Raises ChainBrokenError likewise."""
    chain, total, edge = _Chains(), 0, Frontier()
    for row in bytes_of_log(connection, size):
        total += chain.take(row)
        edge.append(chain.last)
    if chain.count != size:
        raise ChainBrokenError(chain.count, "the log has no entry at this place")
    return ReadBack(chain.count, total, edge.root() if size else EMPTY_ROOT)


class _Chains:
    """The last entry of each record that was read, and how many there were."""

    def __init__(self) -> None:
        self.count, self.last = 0, GENESIS
        self._ends: dict[str, tuple[int, bytes]] = {}

    def take(self, row: StoredBytes) -> int:
        """Let an entry follow those of its record; how many bytes it has."""
        number, pseudonym, stored, salt, content = row
        before, previous = self._ends.get(pseudonym, (0, GENESIS))
        if number != before + 1:
            raise ChainBrokenError(before + 1, "there is no entry of this number")
        if content is None:
            commitment, size = stored[_COMMITMENT_AT].decode("ascii", "replace"), len(stored)
        else:
            commitment, size = sha256(salt + content).hexdigest(), len(stored) + len(salt) + len(content)
        begins = (
            f'{{"commitment":"{commitment}","format":"{FORMAT}","number":{number},"previous":"{previous.hex()}",'
            f'"record":"{pseudonym}","recorded_at":"'
        )
        if stored[:-_TIME_AND_END] != begins.encode("ascii", "replace") or stored[-2:] != b'"}':
            raise ChainBrokenError(number, "it is not what its content and the entry before it make it")
        self.last = leaf_hash(stored)
        self._ends[pseudonym] = number, self.last
        self.count += 1
        return size
