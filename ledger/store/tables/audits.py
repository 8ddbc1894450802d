"""What is done once for all workers, and what each self-audit found. Operation: an entry tells the latter too."""

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, Identity, Index, LargeBinary, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from ledger.store.tables.columns import metadata, moment, words

duties = Table(
    "duties",
    metadata,
    Column("name", Text, primary_key=True),
    # By the real clock; NULL: never.
    moment("done_at", nullable=True),
)

self_audits = Table(
    "self_audits",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    words("scope"),
    moment("began_at"),
    moment("ended_at"),
    # How many entries and records of reads were gone through, and which part of the log, up to and not with the last.
    Column("entries", BigInteger, nullable=False),
    Column("reads", BigInteger, nullable=False),
    Column("from_index", BigInteger, nullable=False),
    Column("to_index", BigInteger, nullable=False),
    Column("root", LargeBinary, nullable=True),
    Column("problems", JSONB, nullable=False),
    # An entry says so: there was news, and the ledger was not closed.
    Column("is_said", Boolean, nullable=False),
    CheckConstraint("scope IN ('lately', 'all')", name="scope"),
    Index("ix_self_audits_ended_at", "ended_at"),
)
