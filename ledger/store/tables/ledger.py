"""The ledger itself: heads, entries, contents and the records of who read."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    Uuid,
    text,
)

from ledger.store.tables.columns import metadata, moment, real_moment, words

heads = Table(
    "heads",
    metadata,
    Column("record_id", Uuid, primary_key=True),
    words("pseudonym"),
    words("kind"),
    words("partnership_id"),
    Column("head_seq", BigInteger, nullable=False, server_default=text("0")),
    Column("head_hash", LargeBinary, nullable=False),
    moment("last_recorded_at"),
    Column("due_seq", BigInteger, nullable=False, server_default=text("0")),
    Column("detected_seq", BigInteger, nullable=False, server_default=text("0")),
    moment("next_due_at", nullable=True),
    CheckConstraint("kind IN ('child', 'partnership')", name="kind"),
    Index("uq_heads_pseudonym", "pseudonym", unique=True),
    Index("ix_heads_to_detect", "record_id", postgresql_where=text("due_seq > detected_seq")),
    Index("ix_heads_next_due_at", "next_due_at", postgresql_where=text("next_due_at IS NOT NULL")),
)

entries = Table(
    "entries",
    metadata,
    Column("record_id", Uuid, nullable=False),
    Column("number", BigInteger, nullable=False),
    moment("recorded_at"),
    Column("is_copy", Boolean, nullable=False),
    words("agency_id"),
    words("event_id"),
    Column("envelope", LargeBinary, nullable=False),
    PrimaryKeyConstraint("record_id", "number"),
    Index("uq_entries_agency_id_event_id_record_id", "agency_id", "event_id", "record_id", unique=True),
    Index(
        "uq_entries_agency_id_event_id",
        "agency_id",
        "event_id",
        unique=True,
        postgresql_where=text("NOT is_copy"),
    ),
)

contents = Table(
    "contents",
    metadata,
    Column("record_id", Uuid, nullable=False),
    Column("number", BigInteger, nullable=False),
    words("agency_id"),
    words("kind"),
    Column("salt", LargeBinary, nullable=False),
    Column("content", LargeBinary, nullable=False),
    PrimaryKeyConstraint("record_id", "number"),
)

access_records = Table(
    "access_records",
    metadata,
    Column("access_id", Uuid, primary_key=True),
    moment("at"),
    words("agency_id"),
    Column("person_id", Uuid, nullable=True),
    Column("record_id", Uuid, nullable=False),
    words("what"),
    words("purpose"),
    Column("up_to_number", BigInteger, nullable=False),
    words("request_id"),
    # By the real clock as well: moving a demonstration's clock must not blur who read what when.
    real_moment("real_at"),
    Column("outcome", Text, nullable=False, server_default=text("'answered'")),
    words("refused_for", nullable=True),
    # The first look of a reader at a record within an hour; these are counted.
    Column("is_opening", Boolean, nullable=False, server_default=text("false")),
    # They had no other part in it than a broken glass.
    Column("by_glass", Boolean, nullable=False, server_default=text("false")),
    # Both made by the database as the row is written: what the second log commits to, and under which salt.
    Column("salt", LargeBinary, nullable=False),
    Column("leaf", LargeBinary, nullable=False),
    CheckConstraint("outcome IN ('answered', 'refused')", name="outcome"),
    CheckConstraint("(outcome = 'refused') = (refused_for IS NOT NULL)", name="refused_for"),
    Index("ix_access_records_record_id_at", "record_id", "at"),
    Index("ix_access_records_opened", "record_id", "real_at", postgresql_where=text("is_opening")),
    Index("ix_access_records_opened_by_person", "person_id", "real_at", postgresql_where=text("is_opening")),
    Index("ix_access_records_opened_by_agency", "agency_id", "real_at", postgresql_where=text("is_opening")),
    Index("ix_access_records_real_at", "real_at", "access_id"),
)
