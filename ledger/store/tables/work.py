"""Who asked whom for what work, and how that stands; and to which partnership a record went.

A row is a number, kinds, agencies and moments: no word of what is to be done.
"""

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, PrimaryKeyConstraint, Table, Uuid

from ledger.store.tables.columns import metadata, moment, words

work_items = Table(
    "work_items",
    metadata,
    Column("record_id", Uuid, nullable=False),
    # Of the entry by which it was asked for.
    Column("number", BigInteger, nullable=False),
    words("kind"),
    # Of a hand-over: what is handed over, and the entry whose work it is.
    words("of", nullable=True),
    Column("about_number", BigInteger, nullable=True),
    words("asked_by"),
    # As it was written, where that can be an agency's reference or a sort of agency; whoever accepted it from then on.
    words("owed_by", nullable=True),
    moment("asked_at"),
    moment("due_at", nullable=True),
    words("state"),
    Column("state_number", BigInteger, nullable=False),
    PrimaryKeyConstraint("record_id", "number"),
    CheckConstraint("kind IN ('referral', 'action', 'handover')", name="kind"),
    CheckConstraint("of IN ('lead', 'work', 'record')", name="of"),
    CheckConstraint("state IN ('asked', 'acknowledged', 'accepted', 'declined', 'done')", name="state"),
    Index("ix_work_items_owed_by", "owed_by", "asked_at"),
    Index("ix_work_items_asked_by", "asked_by", "asked_at"),
)

record_moves = Table(
    "record_moves",
    metadata,
    Column("record_id", Uuid, nullable=False),
    Column("number", BigInteger, nullable=False),
    moment("recorded_at"),
    words("from_partnership"),
    words("to_partnership"),
    PrimaryKeyConstraint("record_id", "number"),
)
