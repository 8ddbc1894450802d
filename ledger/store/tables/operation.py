"""Operation: what the ledger needs to run, and no entry tells."""

from sqlalchemy import ARRAY, BigInteger, Boolean, CheckConstraint, Column, Index, LargeBinary, Table, Text, Uuid, text

from ledger.store.tables.columns import metadata, moment, words

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
    # Of the client certificate that it is bound to; NULL: to none.
    Column("certificate_sha256", LargeBinary, nullable=True),
    CheckConstraint("octet_length(certificate_sha256) = 32", name="certificate"),
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
    # How it began, and what it still waits for: only a full one opens pages.
    Column("way", Text, nullable=False, server_default=text("'link'")),
    Column("stage", Text, nullable=False, server_default=text("'full'")),
    # A second factor's secret, sealed, that was shown in this session and not confirmed yet.
    Column("offered", LargeBinary, nullable=True),
    # Why its person looks at what others wrote, where they said so for the session: an auditor's access records.
    Column("purpose", Text, nullable=True),
    CheckConstraint("char_length(purpose) BETWEEN 3 AND 200", name="purpose"),
    CheckConstraint("way IN ('link', 'password', 'provider')", name="way"),
    CheckConstraint("stage IN ('full', 'code', 'enrol')", name="stage"),
    Index("ix_sessions_person_id", "person_id", postgresql_where=text("ended_at IS NULL")),
)

#: How far a record's open alerts were held against its line: its newest lead, and the partnership's newest entry, when
#: that was done, and when it is to be done again.
alert_looks = Table(
    "alert_looks",
    metadata,
    Column("record_id", Uuid, primary_key=True),
    Column("lead_number", BigInteger, nullable=False),
    Column("people_number", BigInteger, nullable=False),
    moment("look_at"),
)
