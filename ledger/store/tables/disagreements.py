"""Disagreements between agencies: one row for each thing said in one, by numbers and words of closed lists."""

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, Column, Index, PrimaryKeyConstraint, Table, Text, Uuid

from ledger.store.tables.columns import metadata, words

disagreements = Table(
    "disagreements",
    metadata,
    Column("record_id", Uuid, nullable=False),
    Column("number", BigInteger, nullable=False),
    # The entry that opened it: of that one its own number.
    Column("of_number", BigInteger, nullable=False),
    words("agency_id"),
    words("move"),
    # Of what opens it: with whom, and the finding that it is about, where it is about one.
    Column("others", ARRAY(Text), nullable=False),
    words("finding_id", nullable=True),
    PrimaryKeyConstraint("record_id", "number"),
    CheckConstraint("move IN ('opened', 'reply', 'step_up', 'settled')", name="move"),
    Index("ix_disagreements_record_id_of_number", "record_id", "of_number"),
)
