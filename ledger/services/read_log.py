"""Read the log, for whoever checks it: checkpoints and hashes for anybody, the entries for those who keep watch.

A checkpoint and a hash tell nobody anything of anybody. The bundles give of each entry its record's pseudonym, number
and time, and so how busy a record is; they are for auditors, and for agencies' systems with the scope `monitor`. They
hold no content, so reading them leaves no access record; else a watch over the log of who read would never come to its
end. They are read as the role of auditors, since no other that serves sees the entries of all.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import Final

from sqlalchemy import Connection

from ledger.domain.log.note import parse_vkey
from ledger.domain.log.policy import Policy, text_of
from ledger.domain.log.tiles import HEIGHT, WIDTH, Tile, bundle_of
from ledger.domain.role import Right, Role
from ledger.services.announce_log import Announcement, read_announced
from ledger.services.authenticate import authenticate, require
from ledger.services.context import Context
from ledger.services.refusal import NOT_AUDITED_HERE, ROLE_MISSING, Refusal, RefusedError
from ledger.store.append import Caller, Credential
from ledger.store.identity import holds
from ledger.store.log import HASH_BYTES, Log, published
from ledger.store.log import tile as stored_tile
from ledger.store.log_files import leaves_of, signed_size
from ledger.store.party import AUDITOR, act_for

#: For how long the announced keys are held in memory: they stand in an entry, which takes a look as an auditor.
_HELD_S: Final = 60.0
NOT_THERE: Final = Refusal("not_known", "The log has nothing here.")


def read_checkpoint(context: Context, log: Log) -> str:
    """The newest published checkpoint (c2sp.org/tlog-checkpoint) with its signatures. Raises RefusedError."""
    with context.engine.begin() as connection:
        found = published(connection, log, context.log_policy)
    if found is None:
        raise RefusedError(NOT_THERE.code, NOT_THERE.detail)
    return found.note_with_cosignatures


def read_tile(context: Context, log: Log, tile: Tile) -> bytes:
    """A tile's hashes. Raises RefusedError where no signed checkpoint covers it: what is not signed may yet change."""
    assert tile.level != "entries", "bundles are not for everybody"
    with context.engine.begin() as connection:
        hashes = None
        if _is_signed(connection, log, tile, tile.level):
            hashes = stored_tile(connection, log, tile.level, tile.index)
    if hashes is None:
        raise RefusedError(NOT_THERE.code, NOT_THERE.detail)
    return bytes(hashes)[: HASH_BYTES * tile.width]


def read_bundle(context: Context, who: Credential | Caller, log: Log, tile: Tile) -> bytes:
    """The entries of a bundle, or of the log of who read the leaves. Raises RefusedError, NotHeldError."""
    person = _checked(context, who)
    if context.auditor is None:
        raise RefusedError(NOT_AUDITED_HERE.code, NOT_AUDITED_HERE.detail)
    with context.auditor.begin() as connection:
        act_for(connection, AUDITOR, None if person is None else person.person_id)
        if person is not None and (person.person_id is None or not holds(connection, person.person_id, Role.AUDITOR)):
            raise RefusedError(ROLE_MISSING.code, ROLE_MISSING.detail)
        leaves: list[bytes] = []
        if _is_signed(connection, log, tile, 0):
            leaves = leaves_of(connection, log, tile.index * WIDTH, tile.width)
    if len(leaves) != tile.width:
        raise RefusedError(NOT_THERE.code, NOT_THERE.detail)
    return bundle_of(leaves)


def _checked(context: Context, who: Credential | Caller) -> Caller | None:
    """Who calls, where it is a person: whether they are an auditor is asked again where they read."""
    if isinstance(who, Caller):
        return require(who, Right.MONITOR)
    with context.engine.begin() as connection:
        authenticate(connection, who, Right.MONITOR)
    return None


def _is_signed(connection: Connection, log: Log, tile: Tile, level: int) -> bool:
    """Whether a signed checkpoint covers all of it. Beyond 63 levels of the tree there is nothing to cover."""
    size = signed_size(connection, log) >> min(HEIGHT * level, 63)
    return tile.index * WIDTH + tile.width <= size


@dataclass
class KeysHeld:
    """The keys as they were announced, held for a while by one process. `now` is a clock that only goes on."""

    context: Context
    now: Callable[[], float]
    _announced: Announcement | None = None
    _until: float = float("-inf")
    _lock: Lock = field(default_factory=Lock)

    def verifier_keys(self) -> list[str]:
        """The verifier keys of the log of entries, of the log of who read, and of receipts. Raises RefusedError."""
        announced = self._read()
        own = self.context.receipts
        keys = [] if announced is None else [announced.log, announced.access]
        keys += [own.vkey] if own is not None else []
        if not keys:
            raise RefusedError(NOT_THERE.code, NOT_THERE.detail)
        return keys

    def policy(self) -> str:
        """The operator's policy (c2sp.org/tlog-policy); where there is none, one that asks for no witness."""
        if self.context.log_policy is not None:
            return text_of(self.context.log_policy)
        announced = self._read()
        if announced is None:
            raise RefusedError(NOT_THERE.code, NOT_THERE.detail)
        return text_of(Policy(logs=((parse_vkey(announced.log), None),)))

    def _read(self) -> Announcement | None:
        with self._lock:
            if self.now() >= self._until and self.context.auditor is not None:
                with self.context.auditor.begin() as connection:
                    act_for(connection, AUDITOR)
                    self._announced = read_announced(connection)
                # What nobody has announced yet is looked for again at once: that is how a ledger begins.
                self._until = self.now() + (_HELD_S if self._announced is not None else 0)
        return self._announced
