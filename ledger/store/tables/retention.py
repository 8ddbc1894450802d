"""Classes of retention, holds, and orders to erase: a function of their entries, without their words."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Index,
    PrimaryKeyConstraint,
    Table,
    Uuid,
    text,
)

from ledger.store.tables.columns import metadata, words

retentions = Table(
    "retentions",
    metadata,
    Column("record_id", Uuid, nullable=False),
    Column("number", BigInteger, nullable=False),
    words("agency_id"),
    words("class"),
    Column("review_on", Date, nullable=False),
    PrimaryKeyConstraint("record_id", "number"),
    Index("ix_retentions_review_on", "review_on"),
)

holds = Table(
    "holds",
    metadata,
    Column("record_id", Uuid, nullable=False),
    Column("number", BigInteger, nullable=False),
    words("agency_id"),
    Column("review_on", Date, nullable=True),
    # The entry by which it was lifted.
    Column("lifted_number", BigInteger, nullable=True),
    PrimaryKeyConstraint("record_id", "number"),
)

erasure_orders = Table(
    "erasure_orders",
    metadata,
    Column("record_id", Uuid, nullable=False),
    Column("number", BigInteger, nullable=False),
    words("agency_id"),
    Column("person_id", Uuid, nullable=False),
    words("ground"),
    # All that the record held before the order, or these entries of it.
    Column("is_whole", Boolean, nullable=False),
    Column("numbers", ARRAY(BigInteger), nullable=False),
    words("answer", nullable=True),
    Column("answered_number", BigInteger, nullable=True),
    words("answered_agency", nullable=True),
    Column("answered_by", Uuid, nullable=True),
    # The ledger's entry that says that it is done.
    Column("erased_number", BigInteger, nullable=True),
    PrimaryKeyConstraint("record_id", "number"),
    CheckConstraint("answer IN ('approve', 'refuse')", name="answer"),
    CheckConstraint("answered_by <> person_id", name="two_people"),
    CheckConstraint("(answer IS NULL) = (answered_by IS NULL)", name="answered"),
    Index(
        "ix_erasure_orders_to_do", "record_id", postgresql_where=text("answer = 'approve' AND erased_number IS NULL")
    ),
)
