"""The log: what waits to be sealed, positions, tiles, checkpoints with their cosignatures, and closures.

`log` is `entries` or `access` throughout. Positions, tiles, checkpoints and cosignatures are ledger tables: they only
grow. What waits is operation: a row an entry or access record, taken away by the sealer.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Identity,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)

from ledger.store.tables.columns import metadata, moment, real_moment, words

_LOGS = "log IN ('entries', 'access')"


unsealed = Table(
    "unsealed",
    metadata,
    # Drawn under the lock of the record's head: within a record it ascends as the numbers do.
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("record_id", Uuid, nullable=False),
    Column("number", BigInteger, nullable=False),
    # When it came to wait: how far the log lags behind is read from the oldest.
    real_moment("since"),
)

unsealed_access = Table(
    "unsealed_access",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("access_id", Uuid, nullable=False),
    real_moment("since"),
)

entry_positions = Table(
    "entry_positions",
    metadata,
    Column("index", BigInteger, primary_key=True, autoincrement=False),
    Column("record_id", Uuid, nullable=False),
    Column("number", BigInteger, nullable=False),
    UniqueConstraint("record_id", "number"),
)

access_positions = Table(
    "access_positions",
    metadata,
    Column("index", BigInteger, primary_key=True, autoincrement=False),
    Column("access_id", Uuid, nullable=False),
    UniqueConstraint("access_id"),
)

log_tiles = Table(
    "log_tiles",
    metadata,
    words("log"),
    Column("level", SmallInteger, nullable=False),
    Column("index", BigInteger, nullable=False),
    # 32 bytes each, up to 256 of them.
    Column("hashes", LargeBinary, nullable=False),
    PrimaryKeyConstraint("log", "level", "index"),
    CheckConstraint(_LOGS, name="log"),
    CheckConstraint("octet_length(hashes) BETWEEN 32 AND 8192 AND octet_length(hashes) % 32 = 0", name="hashes"),
)

checkpoints = Table(
    "checkpoints",
    metadata,
    words("log"),
    Column("size", BigInteger, nullable=False),
    Column("root", LargeBinary, nullable=False),
    # The checkpoint's text and the log's own signature line.
    words("note"),
    moment("signed_at"),
    PrimaryKeyConstraint("log", "size"),
    CheckConstraint(_LOGS, name="log"),
    CheckConstraint("octet_length(root) = 32", name="root"),
)

cosignatures = Table(
    "cosignatures",
    metadata,
    words("log"),
    Column("size", BigInteger, nullable=False),
    words("name"),
    words("line"),
    moment("cosigned_at"),
    # Again at the end of a pause: what comes after is then known to have been added after that.
    PrimaryKeyConstraint("log", "size", "name", "cosigned_at"),
    CheckConstraint(_LOGS, name="log"),
)

witness_states = Table(
    "witness_states",
    metadata,
    words("log"),
    words("name"),
    # The size that it cosigned last, and when by its clock; then the last time that it did not, and why.
    Column("size", BigInteger, nullable=True),
    moment("cosigned_at", nullable=True),
    moment("failed_at", nullable=True),
    Column("failure", Text, nullable=True),
    Column("has_diverged", Boolean, nullable=False),
    PrimaryKeyConstraint("log", "name"),
    CheckConstraint(_LOGS, name="log"),
)

closures = Table(
    "closures",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    real_moment("closed_at"),
    words("why"),
    Column("log", Text, nullable=False),
    # Of what is missing or wrong: from the first index up to, and not with, the last; NULL where it is not known.
    Column("from_index", BigInteger, nullable=True),
    Column("to_index", BigInteger, nullable=True),
    # NULL: every append is refused.
    moment("opened_at", nullable=True),
    CheckConstraint(_LOGS, name="log"),
    Index("ix_closures_open", "id", postgresql_where=text("opened_at IS NULL")),
)
