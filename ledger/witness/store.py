"""What a witness remembers: one SQLite file, which belongs to one key.

A witness without memory would cosign anything. So the file is made with the key and never by the service; it holds the
key's public half and serves no other. What is decided is decided and stored within one write transaction, durable on
disk when that returns (write-ahead log, synchronous FULL): two requests at once cannot both be cosigned, and no answer
is given that a power cut could undo.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from ledger.witness.weigh import Kind

#: How many cosigned checkpoints of a log are kept: at one a second more than a day, at one a minute some two months.
SEEN_MOST = 100_000
#: How many contradictions of a log, and how many unproven ones, are kept: the first of each sort. One proof is enough.
EVIDENCE_MOST = 100
#: How long a request waits for another to be stored.
_WAIT_S = 5.0

_TABLES = """
CREATE TABLE witness (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    format TEXT NOT NULL,
    vkey TEXT NOT NULL
) STRICT;
CREATE TABLE seen (
    origin TEXT NOT NULL,
    size INTEGER NOT NULL CHECK (size >= 0),
    root BLOB NOT NULL CHECK (length(root) = 32),
    note TEXT NOT NULL,
    cosigned_at INTEGER NOT NULL,
    PRIMARY KEY (origin, size)
) STRICT, WITHOUT ROWID;
CREATE TABLE evidence (
    number INTEGER PRIMARY KEY,
    origin TEXT NOT NULL,
    found_at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    older TEXT NOT NULL,
    newer TEXT NOT NULL,
    proof TEXT NOT NULL,
    UNIQUE (origin, newer)
) STRICT;
"""
_FORMAT = "ledger-witness/1"


class StoreError(Exception):
    """The store cannot be used; the text says why, for whoever runs the witness."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A checkpoint that was cosigned: its note with the log's own signatures alone, and when, in POSIX seconds."""

    size: int
    root: bytes
    note: str
    cosigned_at: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """Two notes that one log signed and that contradict each other, and the proof that came with the newer one."""

    origin: str
    found_at: int
    kind: Kind
    older: str
    newer: str
    proof: tuple[str, ...]
    number: int = 0


class Store:
    """The file of one witness. Every operation opens it anew, so threads and processes share nothing."""

    def __init__(self, path: Path, vkey: str) -> None:
        """Open a store that is there. Raises StoreError where it is missing, or another key's."""
        self.path = path
        if not path.is_file():
            raise StoreError(
                "the store is missing. A witness that forgot must not go on: make a new key and a new store"
            )
        try:
            with self._connected() as connection:
                found = connection.execute("SELECT format, vkey FROM witness").fetchone()
        except sqlite3.DatabaseError as error:
            raise StoreError("the store cannot be read as a witness's") from error
        if found != (_FORMAT, vkey):
            raise StoreError("the store belongs to another key")

    @classmethod
    def make(cls, path: Path, vkey: str) -> "Store":
        """Make the store of a new key. Raises StoreError where there is a file already."""
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except FileExistsError:
            raise StoreError("there is a store already; it is left as it is") from None
        except OSError as error:
            raise StoreError("the store's folder cannot be written to") from error
        with closing(_connect(path)) as connection:
            connection.executescript(_TABLES)
            connection.execute("INSERT INTO witness VALUES (1, ?, ?)", (_FORMAT, vkey))
        return cls(path, vkey)

    @contextmanager
    def deciding(self) -> Iterator["Deciding"]:
        """Check and store as one: whoever else decides waits. Committed and on disk when this ends, else undone."""
        with self._connected() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield Deciding(connection)
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    def latest(self, origin: str) -> Seen | None:
        """What was cosigned last for a log."""
        with self._connected() as connection:
            return Deciding(connection).latest(origin)

    def evidence(self, origin: str | None = None) -> list[Evidence]:
        """What was kept against the logs, or one of them, in the order in which it was found."""
        with self._connected() as connection:
            rows = connection.execute(
                "SELECT origin, found_at, kind, older, newer, proof, number FROM evidence"
                " WHERE ?1 IS NULL OR origin = ?1 ORDER BY number",
                (origin,),
            ).fetchall()
        return [
            Evidence(origin, found_at, Kind(kind), older, newer, tuple(proof.split()), number)
            for origin, found_at, kind, older, newer, proof, number in rows
        ]

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        with closing(_connect(self.path)) as connection:
            yield connection


def _connect(path: Path) -> sqlite3.Connection:
    # mode=rw: a file that vanished is not made again in silence.
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", timeout=_WAIT_S, isolation_level=None, uri=True)
    try:
        mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()
        connection.execute("PRAGMA synchronous = FULL")
    except BaseException:
        connection.close()
        raise
    if mode != ("wal",):
        connection.close()
        raise StoreError("the store's file system cannot carry a write-ahead log; use a disk of this machine")
    return connection


class Deciding:
    """One transaction on the store."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def latest(self, origin: str) -> Seen | None:
        """What was cosigned last for a log: its largest."""
        return self._seen("WHERE origin = ? ORDER BY size DESC LIMIT 1", (origin,))

    def seen(self, origin: str, size: int) -> Seen | None:
        """What was cosigned at a size, where that was and is still kept."""
        return self._seen("WHERE origin = ? AND size = ?", (origin, size))

    def keep(self, origin: str, seen: Seen) -> None:
        """Remember what is about to be cosigned, and forget what is long past."""
        kept = self._connection.execute(
            "INSERT INTO seen VALUES (?, ?, ?, ?, ?) ON CONFLICT (origin, size) DO UPDATE SET"
            " cosigned_at = excluded.cosigned_at WHERE root = excluded.root",
            (origin, seen.size, seen.root, seen.note, seen.cosigned_at),
        )
        if kept.rowcount != 1:
            raise StoreError("another root of this size was cosigned")
        self._connection.execute(
            "DELETE FROM seen WHERE origin = ?1 AND size <="
            " (SELECT size FROM seen WHERE origin = ?1 ORDER BY size DESC LIMIT 1 OFFSET ?2)",
            (origin, SEEN_MOST),
        )
        # It holds after all: what came with a wrong proof before has been shown.
        self._connection.execute(
            "DELETE FROM evidence WHERE origin = ? AND kind = ? AND newer = ?",
            (origin, Kind.NOT_SHOWN.value, seen.note),
        )

    def keep_evidence(self, found: Evidence) -> None:
        """Keep a contradiction: each newer note once, a proof in the place of a mere refusal, and not without end."""
        (kept,) = self._connection.execute(
            "SELECT count(*) FROM evidence WHERE origin = ?1 AND (kind = ?2) = (?3 = ?2)",
            (found.origin, Kind.NOT_SHOWN.value, found.kind.value),
        ).fetchone()
        if kept >= EVIDENCE_MOST:
            return
        self._connection.execute(
            "INSERT INTO evidence (origin, found_at, kind, older, newer, proof) VALUES (?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (origin, newer) DO UPDATE SET found_at = excluded.found_at, kind = excluded.kind,"
            " older = excluded.older, proof = excluded.proof"
            " WHERE kind = 'not_shown' AND excluded.kind <> 'not_shown'",
            (found.origin, found.found_at, found.kind.value, found.older, found.newer, " ".join(found.proof)),
        )

    def _seen(self, where: str, values: tuple[object, ...]) -> Seen | None:
        row = self._connection.execute(f"SELECT size, root, note, cosigned_at FROM seen {where}", values).fetchone()  # noqa: S608 — text of our own
        return None if row is None else Seen(*row)
