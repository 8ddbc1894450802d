"""The tables as SQLAlchemy Core knows them, for reads and for the drift check against the migrations.

Three sorts, as the design has them: *ledger* (entries, contents, access_records), *operation* (keys, sessions,
sign-in links, the state row) and *projections* (the rest), which are a function of entries and pack.
Core and not the ORM for all of them: an identity map exists to issue UPDATEs, which the grants refuse.
"""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Index,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

SCHEMA = "ledger"

metadata = MetaData(
    schema=SCHEMA,
    naming_convention={
        "pk": "pk_%(table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    },
)


def _moment(name: str, *, nullable: bool = False) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> Column[str]:
    return Column(name, Text, nullable=nullable)


# --- operation ---------------------------------------------------------------------------------------------------

ledger_state = Table(
    "ledger_state",
    metadata,
    Column("single", Boolean, primary_key=True, server_default=text("true")),
    Column("demonstration", Boolean, nullable=False),
    _text("origin"),
    _moment("clock_at", nullable=True),
    CheckConstraint("single", name="one_row"),
    CheckConstraint("clock_at IS NULL OR demonstration", name="only_a_demonstration_moves_its_clock"),
)

agency_keys = Table(
    "agency_keys",
    metadata,
    Column("key_id", Text, primary_key=True),
    _text("agency_id"),
    Column("secret_sha256", LargeBinary, nullable=False),
    Column("scopes", ARRAY(Text), nullable=False),
    _moment("issued_at"),
    _moment("expires_at"),
    _moment("revoked_at", nullable=True),
)

sign_in_links = Table(
    "sign_in_links",
    metadata,
    Column("token_sha256", LargeBinary, primary_key=True),
    Column("person_id", Uuid, nullable=False),
    _moment("expires_at"),
    _moment("used_at", nullable=True),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_sha256", LargeBinary, primary_key=True),
    Column("person_id", Uuid, nullable=False),
    _moment("began_at"),
    _moment("seen_at"),
    _moment("ended_at", nullable=True),
)

# --- ledger ------------------------------------------------------------------------------------------------------

heads = Table(
    "heads",
    metadata,
    Column("record_id", Uuid, primary_key=True),
    _text("pseudonym"),
    _text("kind"),
    _text("partnership_id"),
    Column("head_seq", BigInteger, nullable=False, server_default=text("0")),
    Column("head_hash", LargeBinary, nullable=False),
    _moment("last_recorded_at"),
    Column("due_seq", BigInteger, nullable=False, server_default=text("0")),
    Column("detected_seq", BigInteger, nullable=False, server_default=text("0")),
    _moment("next_due_at", nullable=True),
    CheckConstraint("kind IN ('child', 'partnership')", name="kind"),
    Index("uq_heads_pseudonym", "pseudonym", unique=True),
    Index("ix_heads_to_detect", "record_id", postgresql_where=text("due_seq > detected_seq")),
    Index("ix_heads_next_due_at", "next_due_at", postgresql_where=text("next_due_at IS NOT NULL")),
)

entries = Table(
    "entries",
    metadata,
    Column("record_id", Uuid, nullable=False),
    Column("number", BigInteger, nullable=False),
    _moment("recorded_at"),
    Column("is_copy", Boolean, nullable=False),
    _text("agency_id"),
    _text("event_id"),
    Column("envelope", LargeBinary, nullable=False),
    PrimaryKeyConstraint("record_id", "number"),
    Index("uq_entries_agency_id_event_id_record_id", "agency_id", "event_id", "record_id", unique=True),
    Index(
        "uq_entries_agency_id_event_id",
        "agency_id",
        "event_id",
        unique=True,
        postgresql_where=text("NOT is_copy"),
    ),
)

contents = Table(
    "contents",
    metadata,
    Column("record_id", Uuid, nullable=False),
    Column("number", BigInteger, nullable=False),
    _text("agency_id"),
    _text("kind"),
    Column("salt", LargeBinary, nullable=False),
    Column("content", LargeBinary, nullable=False),
    PrimaryKeyConstraint("record_id", "number"),
)

access_records = Table(
    "access_records",
    metadata,
    Column("access_id", Uuid, primary_key=True),
    _moment("at"),
    _text("agency_id"),
    Column("person_id", Uuid, nullable=True),
    Column("record_id", Uuid, nullable=False),
    _text("what"),
    _text("purpose"),
    Column("up_to_number", BigInteger, nullable=False),
    _text("request_id"),
    # By the real clock as well: moving a demonstration's clock must not blur who read what when.
    Column("real_at", DateTime(timezone=True), nullable=False, server_default=text("clock_timestamp()")),
    Index("ix_access_records_record_id_at", "record_id", "at"),
)

# --- projections -------------------------------------------------------------------------------------------------

partnerships = Table(
    "partnerships",
    metadata,
    Column("partnership_id", Text, primary_key=True),
    Column("record_id", Uuid, nullable=False),
    _text("name"),
    _text("nation"),
    _text("duty_desk"),
    CheckConstraint("nation IN ('england', 'wales', 'scotland', 'northern_ireland')", name="nation"),
)

agencies = Table(
    "agencies",
    metadata,
    Column("agency_id", Text, primary_key=True),
    _text("partnership_id"),
    _text("kind"),
    _text("name"),
    _text("contact"),
)

people = Table(
    "people",
    metadata,
    Column("person_id", Uuid, primary_key=True),
    _text("agency_id"),
    _text("ref"),
    _text("name"),
    _text("role"),
    Index("uq_people_agency_id_ref", "agency_id", "ref", unique=True),
)

pack_activations = Table(
    "pack_activations",
    metadata,
    _text("partnership_id"),
    Column("number", BigInteger, nullable=False),
    _moment("recorded_at"),
    _text("name"),
    _text("version"),
    _text("digest"),
    PrimaryKeyConstraint("partnership_id", "number"),
)

children = Table(
    "children",
    metadata,
    Column("record_id", Uuid, primary_key=True),
    Column("details", JSONB, nullable=False),
    Column("number", BigInteger, nullable=False),
)

identifiers = Table(
    "identifiers",
    metadata,
    Column("sought", Text, primary_key=True),
    Column("record_id", Uuid, nullable=False),
)

involvements = Table(
    "involvements",
    metadata,
    Column("record_id", Uuid, nullable=False),
    _text("agency_id"),
    Column("number", BigInteger, nullable=False),
    _moment("until", nullable=True),
    PrimaryKeyConstraint("record_id", "agency_id", "number"),
    Index("ix_involvements_agency_id", "agency_id"),
)

leads = Table(
    "leads",
    metadata,
    Column("record_id", Uuid, nullable=False),
    Column("number", BigInteger, nullable=False),
    _text("agency_id"),
    _text("person"),
    _text("role", nullable=True),
    _text("deputy", nullable=True),
    PrimaryKeyConstraint("record_id", "number"),
)

links = Table(
    "links",
    metadata,
    Column("record_id", Uuid, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("index", SmallInteger, nullable=False, server_default=text("0")),
    _text("kind"),
    Column("members", ARRAY(Text), nullable=False),
    Column("is_unlink", Boolean, nullable=False),
    PrimaryKeyConstraint("record_id", "number", "index"),
    CheckConstraint("kind IN ('people', 'things')", name="kind"),
)

withdrawals = Table(
    "withdrawals",
    metadata,
    Column("record_id", Uuid, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("by_number", BigInteger, nullable=False),
    PrimaryKeyConstraint("record_id", "number", "by_number"),
)

claims = Table(
    "claims",
    metadata,
    Column("record_id", Uuid, nullable=False),
    _text("attribute"),
    _text("about"),
    Column("number", BigInteger, nullable=False),
    Column("index", SmallInteger, nullable=False),
    _text("agency_id"),
    # Of what systems say again and again, as who a person is: what is said, in a digest, so that it is read once.
    _text("gist", nullable=True),
    PrimaryKeyConstraint("record_id", "attribute", "about", "number", "index"),
)

landmarks = Table(
    "landmarks",
    metadata,
    Column("record_id", Uuid, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("index", SmallInteger, nullable=False),
    _text("agency_id"),
    _text("sort"),
    _text("about"),
    _text("said"),
    _text("at"),
    Column("is_hidden", Boolean, nullable=False),
    Column("withdrawn_by", BigInteger, nullable=True),
    PrimaryKeyConstraint("record_id", "number", "index"),
)

door_warnings = Table(
    "door_warnings",
    metadata,
    Column("record_id", Uuid, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("index", SmallInteger, nullable=False),
    _text("agency_id"),
    _text("code"),
    _text("pointer"),
    Column("rests_on", ARRAY(BigInteger), nullable=False),
    PrimaryKeyConstraint("record_id", "number", "index"),
)

findings = Table(
    "findings",
    metadata,
    Column("finding_id", Text, primary_key=True),
    Column("record_id", Uuid, nullable=False),
    Column("question", Text, nullable=False),
    _text("kind"),
    _text("rule"),
    _text("pack_version"),
    Column("sides", JSONB, nullable=False),
    Column("evidence", JSONB, nullable=False),
    Column("certain", Boolean, nullable=False),
    Column("change_since", Date, nullable=True),
    Column("is_stale", Boolean, nullable=False, server_default=text("false")),
    Column("marks", JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    _moment("raised_at"),
    Column("opened_number", BigInteger, nullable=False),
    Column("closed_number", BigInteger, nullable=True),
    _text("outcome", nullable=True),
    # Of a gap, what is not known, of whom, and who has asked.
    Column("gap", JSONB, nullable=True),
    Index("ix_findings_record_id", "record_id"),
    Index(
        "uq_findings_record_id_question",
        "record_id",
        "question",
        unique=True,
        postgresql_where=text("closed_number IS NULL"),
    ),
    Index("ix_findings_settled", "record_id", "question", postgresql_where=text("outcome IS NOT NULL")),
    Index("ix_findings_open_gaps", "record_id", postgresql_where=text("kind = 'gap' AND closed_number IS NULL")),
)

record_gaps = Table(
    "record_gaps",
    metadata,
    Column("record_id", Uuid, primary_key=True),
    Column("up_to", BigInteger, nullable=False),
    Column("gaps", JSONB, nullable=False),
)

alerts = Table(
    "alerts",
    metadata,
    Column("alert_id", Text, primary_key=True),
    Column("record_id", Uuid, nullable=False),
    _text("finding_id"),
    _text("to_agency"),
    _text("to_person", nullable=True),
    _moment("raised_at"),
    Column("raised_number", BigInteger, nullable=False),
    Column("acknowledged_number", BigInteger, nullable=True),
    Column("ended_number", BigInteger, nullable=True),
    Index("uq_alerts_finding_id", "finding_id", unique=True),
    Index("ix_alerts_to_agency", "to_agency", "raised_at"),
    Index("ix_alerts_record_id", "record_id"),
)

due_moments = Table(
    "due_moments",
    metadata,
    Column("record_id", Uuid, nullable=False),
    _moment("due_at"),
    _text("cause"),
    Column("number", BigInteger, nullable=False),
    Column("index", SmallInteger, nullable=False),
    PrimaryKeyConstraint("record_id", "due_at", "cause", "number", "index"),
)

check_failures = Table(
    "check_failures",
    metadata,
    Column("record_id", Uuid, nullable=False),
    _text("rule"),
    _text("question"),
    Column("number", BigInteger, nullable=False),
    Column("index", SmallInteger, nullable=False),
    Column("tries", SmallInteger, nullable=False),
    PrimaryKeyConstraint("record_id", "rule", "question"),
)
