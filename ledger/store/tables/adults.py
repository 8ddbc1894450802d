"""Adults in several children's records: what entries say of them, and what comparing proposed to look at."""

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Numeric, PrimaryKeyConstraint, Table, Uuid

from ledger.store.tables.columns import metadata, moment, words

adults = Table(
    "adults",
    metadata,
    Column("record_id", Uuid, nullable=False),
    Column("number", BigInteger, nullable=False),
    # The entry that it is about: its own number but for one that takes another back.
    Column("of_number", BigInteger, nullable=False),
    words("move"),
    words("agency_id"),
    moment("recorded_at"),
    # In both records the same; of what takes another back there is none, nor whom it names.
    words("adult_id", nullable=True),
    words("person", nullable=True),
    Column("other_record", Uuid, nullable=True),
    PrimaryKeyConstraint("record_id", "number"),
    CheckConstraint("move IN ('link', 'apart', 'unlink')", name="move"),
    CheckConstraint(
        "(move = 'unlink') = (adult_id IS NULL) AND (move = 'unlink') = (person IS NULL) "
        "AND (move = 'unlink') = (other_record IS NULL)",
        name="named",
    ),
    Index("ix_adults_adult_id", "adult_id"),
)

adult_proposals = Table(
    "adult_proposals",
    metadata,
    Column("record_id", Uuid, nullable=False),
    words("person"),
    Column("other_record", Uuid, nullable=False),
    words("other_person"),
    words("way"),
    Column("score", Numeric(3, 2), nullable=False),
    PrimaryKeyConstraint("record_id", "person", "other_record", "other_person", "way"),
    CheckConstraint("way IN ('comparison', 'splink')", name="way"),
)

#: Up to which of its entries a record was compared with all others, when, and in which way.
adult_comparisons = Table(
    "adult_comparisons",
    metadata,
    Column("record_id", Uuid, nullable=False),
    words("way"),
    Column("number", BigInteger, nullable=False),
    moment("compared_at"),
    PrimaryKeyConstraint("record_id", "way"),
)
