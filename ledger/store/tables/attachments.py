"""Attachments' bytes, beside the entries that commit to them, and agencies' policies for photographs."""

from sqlalchemy import BigInteger, CheckConstraint, Column, LargeBinary, PrimaryKeyConstraint, Table, Uuid

from ledger.store.tables.columns import metadata, words

attachment_bytes = Table(
    "attachment_bytes",
    metadata,
    Column("record_id", Uuid, nullable=False),
    Column("number", BigInteger, nullable=False),
    words("agency_id"),
    words("media_type"),
    Column("sha256", LargeBinary, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("bytes", LargeBinary, nullable=False),
    PrimaryKeyConstraint("record_id", "number"),
    CheckConstraint("octet_length(bytes) = size", name="size"),
    CheckConstraint("sha256(bytes) = sha256", name="sha256"),
)

photograph_policies = Table(
    "photograph_policies",
    metadata,
    words("agency_id"),
    # The entry of the partnership's record that says so: the newest is in force.
    Column("number", BigInteger, nullable=False),
    words("reference"),
    words("title", nullable=True),
    words("url", nullable=True),
    PrimaryKeyConstraint("agency_id", "number"),
    CheckConstraint("title IS NOT NULL OR url IS NOT NULL", name="can_be_found"),
)
