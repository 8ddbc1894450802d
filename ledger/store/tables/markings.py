"""Markings: what is held back from whom, by entry, claim and person; and which entry speaks of which."""

from sqlalchemy import ARRAY, BigInteger, Column, Index, PrimaryKeyConstraint, SmallInteger, Table, Text, Uuid, text

from ledger.store.tables.columns import metadata, words

markings = Table(
    "markings",
    metadata,
    Column("record_id", Uuid, nullable=False),
    # The entry that is marked; where a person is, the entry that marks them.
    Column("number", BigInteger, nullable=False),
    # A claim's place in its entry; -1: the whole entry; -2: a person.
    Column("index", SmallInteger, nullable=False),
    Column("person", Text, nullable=False, server_default=text("''")),
    # Whose mark it is: that of the entry's own agency, or of whoever marked the person.
    words("agency_id"),
    words("marking"),
    Column("to_agencies", ARRAY(Text), nullable=False),
    Column("not_to", ARRAY(Text), nullable=False),
    # The entry that made it so.
    Column("by_number", BigInteger, nullable=False),
    # The entry from which it is handed on to one that corrects it or speaks of it; its own number otherwise.
    Column("source_number", BigInteger, nullable=False),
    # The entry by which another mark took its place.
    Column("ended_number", BigInteger, nullable=True),
    PrimaryKeyConstraint("record_id", "number", "index", "person", "source_number", "by_number"),
)

ties = Table(
    "ties",
    metadata,
    Column("record_id", Uuid, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("of_number", BigInteger, nullable=False),
    PrimaryKeyConstraint("record_id", "number"),
    Index("ix_ties_record_id_of_number", "record_id", "of_number"),
)
