"""Who asked whom, what consents stand, what somebody wants put right: numbers, and words of closed lists."""

from sqlalchemy import BigInteger, Boolean, Column, Index, PrimaryKeyConstraint, Table, Uuid

from ledger.store.tables.columns import metadata, moment, words

information_requests = Table(
    "information_requests",
    metadata,
    Column("record_id", Uuid, nullable=False),
    Column("number", BigInteger, nullable=False),
    words("agency_id"),
    words("to_agency"),
    # The newest answer, and its entry.
    words("answer", nullable=True),
    Column("answered_number", BigInteger, nullable=True),
    PrimaryKeyConstraint("record_id", "number"),
    Index("ix_information_requests_to_agency", "to_agency"),
    Index("ix_information_requests_agency_id", "agency_id"),
)

consents = Table(
    "consents",
    metadata,
    Column("record_id", Uuid, nullable=False),
    Column("number", BigInteger, nullable=False),
    words("agency_id"),
    # Whose word it is, by key, and a digest of what it is for: enough to tell whether a later one is on the same.
    words("person"),
    words("purpose_digest"),
    words("answer"),
    Column("replaces", BigInteger, nullable=True),
    moment("observed_at"),
    moment("until", nullable=True),
    Column("is_hidden", Boolean, nullable=False),
    PrimaryKeyConstraint("record_id", "number"),
)

rectifications = Table(
    "rectifications",
    metadata,
    Column("record_id", Uuid, nullable=False),
    Column("number", BigInteger, nullable=False),
    # The entry that is to be put right, and whose it is.
    Column("of_number", BigInteger, nullable=False),
    words("agency_id"),
    moment("due_at"),
    words("outcome", nullable=True),
    Column("outcome_number", BigInteger, nullable=True),
    PrimaryKeyConstraint("record_id", "number"),
    Index("ix_rectifications_agency_id", "agency_id"),
)
