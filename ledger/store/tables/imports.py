"""Files of observations that people bring, row by row, until each is posted."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    Uuid,
    text,
)

from ledger.store.tables.columns import metadata, moment, words

imports = Table(
    "imports",
    metadata,
    Column("import_id", Uuid, primary_key=True),
    words("agency_id"),
    Column("person_id", Uuid, nullable=False),
    moment("made_at"),
    Column("row_count", Integer, nullable=False),
    Column("state", Text, nullable=False, server_default="shown"),
    moment("confirmed_at", nullable=True),
    moment("ended_at", nullable=True),
    words("why", nullable=True),
    CheckConstraint("state IN ('shown', 'posting', 'done', 'dropped', 'stopped')", name="state"),
    CheckConstraint("row_count BETWEEN 1 AND 2000", name="row_count"),
    Index("ix_imports_person_id_made_at", "person_id", "made_at"),
    Index("ix_imports_waiting", "confirmed_at", postgresql_where=text("state = 'posting'")),
)

import_rows = Table(
    "import_rows",
    metadata,
    Column("import_id", Uuid, nullable=False),
    # Its number in the file.
    Column("number", Integer, nullable=False),
    words("state"),
    # What it says, for its person alone; gone once it is posted or dropped.
    Column("sealed", LargeBinary, nullable=True),
    # Why it was refused, in words that repeat nothing of it.
    words("why", nullable=True),
    PrimaryKeyConstraint("import_id", "number"),
    CheckConstraint("state IN ('wrong', 'waiting', 'posted', 'already', 'refused', 'left')", name="state"),
    CheckConstraint("(sealed IS NOT NULL) = (state IN ('wrong', 'waiting'))", name="sealed"),
)
