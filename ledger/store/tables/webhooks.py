"""Where agencies are told by webhook. Endpoints and what signs are operation; which hosts may be named is told by
entries.
"""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Column,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
)

from ledger.store.tables.columns import metadata, moment, words

webhooks = Table(
    "webhooks",
    metadata,
    Column("webhook_id", Text, primary_key=True),
    words("agency_id"),
    # Its path and query may be a secret of the receiver's: entries and administrators are told the origin alone.
    words("url"),
    words("signing"),
    # What it is told of; NULL: everything.
    Column("types", ARRAY(Text), nullable=True),
    moment("made_at"),
    moment("ended_at", nullable=True),
    words("ended_why", nullable=True),
    CheckConstraint("signing IN ('hmac', 'ed25519')", name="signing"),
    CheckConstraint("(ended_at IS NULL) = (ended_why IS NULL)", name="ended"),
    CheckConstraint("ended_why IN ('removed', 'disabled', 'gone')", name="ended_why"),
    Index("uq_webhooks_agency_id_url", "agency_id", "url", unique=True, postgresql_where=text("ended_at IS NULL")),
)

webhook_secrets = Table(
    "webhook_secrets",
    metadata,
    words("webhook_id"),
    words("secret_id"),
    # Bound to its endpoint; opened with a key that the database does not hold.
    Column("sealed", LargeBinary, nullable=False),
    # Of Ed25519, the key by which signatures are checked.
    words("public", nullable=True),
    moment("made_at"),
    # Once there is a newer one: until when this signs beside it.
    moment("signs_until", nullable=True),
    PrimaryKeyConstraint("webhook_id", "secret_id"),
)

webhook_hosts = Table(
    "webhook_hosts",
    metadata,
    words("agency_id"),
    # The entry's; the newest is in force.
    Column("number", BigInteger, nullable=False),
    Column("hosts", ARRAY(Text), nullable=False),
    PrimaryKeyConstraint("agency_id", "number"),
)
