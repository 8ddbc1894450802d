"""Operation: what the ledger needs to run, and no entry tells."""

from sqlalchemy import ARRAY, Boolean, CheckConstraint, Column, LargeBinary, Table, Text, Uuid, text

from ledger.store.tables.base import metadata, moment, words

ledger_state = Table(
    "ledger_state",
    metadata,
    Column("single", Boolean, primary_key=True, server_default=text("true")),
    Column("demonstration", Boolean, nullable=False),
    words("origin"),
    moment("clock_at", nullable=True),
    CheckConstraint("single", name="one_row"),
    CheckConstraint("clock_at IS NULL OR demonstration", name="only_a_demonstration_moves_its_clock"),
)

agency_keys = Table(
    "agency_keys",
    metadata,
    Column("key_id", Text, primary_key=True),
    words("agency_id"),
    Column("secret_sha256", LargeBinary, nullable=False),
    Column("scopes", ARRAY(Text), nullable=False),
    moment("issued_at"),
    moment("expires_at"),
    moment("revoked_at", nullable=True),
)

sign_in_links = Table(
    "sign_in_links",
    metadata,
    Column("token_sha256", LargeBinary, primary_key=True),
    Column("person_id", Uuid, nullable=False),
    moment("expires_at"),
    moment("used_at", nullable=True),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_sha256", LargeBinary, primary_key=True),
    Column("person_id", Uuid, nullable=False),
    moment("began_at"),
    moment("seen_at"),
    moment("ended_at", nullable=True),
)
