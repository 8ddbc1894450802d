"""Breakings of the glass and their reviews: a function of those entries, without their words."""

from sqlalchemy import BigInteger, Column, Index, PrimaryKeyConstraint, Table, Uuid

from ledger.store.tables.columns import metadata, moment, words

glass_breakings = Table(
    "glass_breakings",
    metadata,
    Column("record_id", Uuid, nullable=False),
    Column("number", BigInteger, nullable=False),
    words("agency_id"),
    # Who broke it: a person who was signed in, or whom their agency's system named.
    Column("person_id", Uuid, nullable=True),
    words("author", nullable=True),
    moment("broken_at"),
    moment("until"),
    moment("due_at"),
    # The partnership's duty desk, which is told of each.
    words("desk_agency"),
    PrimaryKeyConstraint("record_id", "number"),
    Index("ix_glass_breakings_agency_id", "agency_id"),
    Index("ix_glass_breakings_desk_agency", "desk_agency"),
)

glass_reviews = Table(
    "glass_reviews",
    metadata,
    Column("record_id", Uuid, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("of_number", BigInteger, nullable=False),
    words("agency_id"),
    Column("person_id", Uuid, nullable=True),
    words("author", nullable=True),
    words("verdict"),
    moment("reviewed_at"),
    PrimaryKeyConstraint("record_id", "number"),
    Index("uq_glass_reviews_record_id_of_number", "record_id", "of_number", unique=True),
)
