"""Telling: what waits to be told, each party's feed, and what leaves by a channel. Operation, all of it.

A party is `agency:<id>` (its systems), `person:<uuid>`, `desk:<agency id>` (whoever is at that agency's desk) or
`operator`.
"""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    Identity,
    Index,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from ledger.store.tables.columns import metadata, moment, real_moment, words

outbox = Table(
    "outbox",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("record_id", Uuid, nullable=False),
    Column("number", BigInteger, nullable=False),
    real_moment("since"),
    # How often it could not be told, and until when it is left alone.
    Column("tries", SmallInteger, nullable=False, server_default=text("0")),
    real_moment("not_before"),
)

feeds = Table(
    "feeds",
    metadata,
    Column("party", Text, primary_key=True),
    words("agency_id"),
    Column("last_seq", BigInteger, nullable=False, server_default=text("0")),
    # Up to where its reader says that it has read.
    Column("read_seq", BigInteger, nullable=False, server_default=text("0")),
    CheckConstraint("read_seq BETWEEN 0 AND last_seq", name="read"),
)

feed_items = Table(
    "feed_items",
    metadata,
    words("party"),
    Column("seq", BigInteger, nullable=False),
    words("item_id"),
    words("type"),
    words("agency_id"),
    # The entry that tells it; NULL of what no entry tells.
    Column("record_id", Uuid, nullable=True),
    Column("number", BigInteger, nullable=True),
    # What it is about, by name: an alert's id, an entry's.
    words("subject", nullable=True),
    words("tier", nullable=True),
    moment("at"),
    real_moment("put_at"),
    PrimaryKeyConstraint("party", "seq"),
    UniqueConstraint("party", "item_id"),
    Index("ix_feed_items_put_at", "put_at"),
)

_TO_DO = text("sent_at IS NULL AND dead_at IS NULL")

deliveries = Table(
    "deliveries",
    metadata,
    # The message's id wherever it goes, however often.
    Column("delivery_id", Text, primary_key=True),
    words("party"),
    words("agency_id"),
    words("item_id"),
    words("channel"),
    words("endpoint"),
    Column("record_id", Uuid, nullable=True),
    Column("number", BigInteger, nullable=True),
    words("subject", nullable=True),
    words("type"),
    words("tier", nullable=True),
    real_moment("made_at"),
    moment("not_before"),
    Column("tries", SmallInteger, nullable=False, server_default=text("0")),
    moment("leased_until", nullable=True),
    # Whoever takes it counts it up: who took it before can no longer say what became of it.
    Column("fence", BigInteger, nullable=False, server_default=text("0")),
    moment("sent_at", nullable=True),
    moment("dead_at", nullable=True),
    # In one word, why it was not taken.
    words("fault", nullable=True),
    # The message that it went in, or goes in again, with what waited for the same person.
    words("bundle", nullable=True),
    # By the real clock, as leases are.
    moment("retry_at", nullable=True),
    # An entry says that it was sent.
    moment("said_at", nullable=True),
    CheckConstraint("channel IN ('mail', 'notify', 'webhook')", name="channel"),
    CheckConstraint("sent_at IS NULL OR dead_at IS NULL", name="ended"),
    Index("ix_deliveries_to_do", "not_before", postgresql_where=_TO_DO),
    Index("ix_deliveries_webhook", "endpoint", "made_at", postgresql_where=text("channel = 'webhook'")),
    Index("ix_deliveries_dead_at", "dead_at", postgresql_where=text("dead_at IS NOT NULL")),
    Index("ix_deliveries_endpoint", "channel", "endpoint", postgresql_where=_TO_DO),
    Index("ix_deliveries_bundle", "bundle", postgresql_where=_TO_DO),
    Index(
        "ix_deliveries_unsaid",
        "record_id",
        "sent_at",
        postgresql_where=text("sent_at IS NOT NULL AND said_at IS NULL AND record_id IS NOT NULL"),
    ),
)

#: On which days each partnership's digests were made: once, whoever tries.
digest_days = Table(
    "digest_days",
    metadata,
    words("partnership_id"),
    Column("day", Date, nullable=False),
    real_moment("made_at"),
    PrimaryKeyConstraint("partnership_id", "day"),
)

#: What each party's digest of a day counted when it was made: its mail says the same however often it is tried.
digests = Table(
    "digests",
    metadata,
    words("party"),
    Column("day", Date, nullable=False),
    Column("counts", JSONB, nullable=False),
    PrimaryKeyConstraint("party", "day"),
)
