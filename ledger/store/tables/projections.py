"""Projections: all of it a function of entries and pack."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Index,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from ledger.store.tables.columns import metadata, moment, words

partnerships = Table(
    "partnerships",
    metadata,
    Column("partnership_id", Text, primary_key=True),
    Column("record_id", Uuid, nullable=False),
    words("name"),
    words("nation"),
    words("duty_desk"),
    CheckConstraint("nation IN ('england', 'wales', 'scotland', 'northern_ireland')", name="nation"),
)

agencies = Table(
    "agencies",
    metadata,
    Column("agency_id", Text, primary_key=True),
    words("partnership_id"),
    words("kind"),
    words("name"),
    words("contact"),
    #: Of the entry by which it ended; NULL: it has not.
    Column("ended_number", BigInteger, nullable=True),
)

people = Table(
    "people",
    metadata,
    Column("person_id", Uuid, primary_key=True),
    words("agency_id"),
    words("ref"),
    words("name"),
    words("role"),
    Index("uq_people_agency_id_ref", "agency_id", "ref", unique=True),
)

pack_activations = Table(
    "pack_activations",
    metadata,
    words("partnership_id"),
    Column("number", BigInteger, nullable=False),
    moment("recorded_at"),
    words("name"),
    words("version"),
    words("digest"),
    # The names of its rules, those that are always there left out; NULL where its entry does not say.
    Column("rules", ARRAY(Text), nullable=True),
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
    words("agency_id"),
    Column("number", BigInteger, nullable=False),
    moment("until", nullable=True),
    # A membership of one person alone, as of who broke the glass; NULL: everybody's of the agency.
    Column("person_id", Uuid, nullable=True),
    PrimaryKeyConstraint("record_id", "agency_id", "number"),
    Index("ix_involvements_agency_id_record_id", "agency_id", "record_id"),
)

# Of the same what everybody involved may know: which agencies, as a whole.
parts = Table(
    "parts",
    metadata,
    Column("record_id", Uuid, nullable=False),
    words("agency_id"),
    Column("number", BigInteger, nullable=False),
    moment("until", nullable=True),
    PrimaryKeyConstraint("record_id", "agency_id", "number"),
)

leads = Table(
    "leads",
    metadata,
    Column("record_id", Uuid, nullable=False),
    Column("number", BigInteger, nullable=False),
    words("agency_id"),
    words("person"),
    words("role", nullable=True),
    words("deputy", nullable=True),
    #: Of the entry by which they led no longer, though nobody had taken over.
    Column("ended_number", BigInteger, nullable=True),
    PrimaryKeyConstraint("record_id", "number"),
    Index("ix_leads_agency_id_person", "agency_id", "person"),
)

links = Table(
    "links",
    metadata,
    Column("record_id", Uuid, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("index", SmallInteger, nullable=False, server_default=text("0")),
    words("kind"),
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
    words("attribute"),
    words("about"),
    Column("number", BigInteger, nullable=False),
    Column("index", SmallInteger, nullable=False),
    words("agency_id"),
    # Of what systems say again and again, as who a person is: what is said, in a digest, so that it is read once.
    words("gist", nullable=True),
    PrimaryKeyConstraint("record_id", "attribute", "about", "number", "index"),
    Index("ix_claims_by_agency", "record_id", "attribute", "about", "agency_id", "number"),
)

landmarks = Table(
    "landmarks",
    metadata,
    Column("record_id", Uuid, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("index", SmallInteger, nullable=False),
    words("agency_id"),
    words("sort"),
    words("about"),
    words("said"),
    words("at"),
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
    words("agency_id"),
    words("code"),
    words("pointer"),
    Column("rests_on", ARRAY(BigInteger), nullable=False),
    PrimaryKeyConstraint("record_id", "number", "index"),
)

findings = Table(
    "findings",
    metadata,
    Column("finding_id", Text, primary_key=True),
    Column("record_id", Uuid, nullable=False),
    Column("question", Text, nullable=False),
    words("kind"),
    words("rule"),
    words("pack_version"),
    Column("sides", JSONB, nullable=False),
    Column("evidence", JSONB, nullable=False),
    Column("certain", Boolean, nullable=False),
    Column("change_since", Date, nullable=True),
    Column("is_stale", Boolean, nullable=False, server_default=text("false")),
    Column("marks", JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    moment("raised_at"),
    Column("opened_number", BigInteger, nullable=False),
    Column("closed_number", BigInteger, nullable=True),
    words("outcome", nullable=True),
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
    Index("ix_findings_open_rule", "rule", postgresql_where=text("closed_number IS NULL")),
    Index("ix_findings_open_gaps", "record_id", postgresql_where=text("kind = 'gap' AND closed_number IS NULL")),
)

record_gaps = Table(
    "record_gaps",
    metadata,
    Column("record_id", Uuid, primary_key=True),
    Column("gaps", JSONB, nullable=False),
)

alerts = Table(
    "alerts",
    metadata,
    Column("alert_id", Text, primary_key=True),
    Column("record_id", Uuid, nullable=False),
    words("finding_id"),
    words("to_agency"),
    words("to_person", nullable=True),
    moment("raised_at"),
    Column("raised_number", BigInteger, nullable=False),
    Column("acknowledged_number", BigInteger, nullable=True),
    Column("ended_number", BigInteger, nullable=True),
    Column("tier", Text, nullable=False, server_default=text("'queue'")),
    # In what part they hold it, how far it has come with them, and until when somebody has to act, or it rests.
    Column("stage", Text, nullable=False, server_default=text("'lead'")),
    Column("state", Text, nullable=False, server_default=text("'raised'")),
    moment("act_by", nullable=True),
    # Who held it before, in order: {agency, person, stage, number of the entry since which they did}.
    Column("held", JSONB, nullable=False, server_default=text("'[]'::jsonb")),
    # The entry with which the clock of whoever holds it began, and how often one has run out since it was raised.
    Column("held_number", BigInteger, nullable=False, server_default=text("0")),
    Column("lapses", SmallInteger, nullable=False, server_default=text("0")),
    Column("acted_number", BigInteger, nullable=True),
    Column("snoozed_number", BigInteger, nullable=True),
    Column("moved_number", BigInteger, nullable=False, server_default=text("0")),
    CheckConstraint("tier IN ('interrupt', 'queue')", name="tier"),
    CheckConstraint(
        "state IN ('raised', 'sent', 'opened', 'acknowledged', 'acted_on', 'snoozed', 'lapsed', 'resolved')",
        name="state",
    ),
    Index("uq_alerts_finding_id", "finding_id", unique=True),
    Index("ix_alerts_to_agency", "to_agency", "raised_at"),
    Index("ix_alerts_record_id", "record_id"),
    Index("ix_alerts_act_by", "act_by", postgresql_where=text("ended_number IS NULL AND act_by IS NOT NULL")),
    Index("ix_alerts_open", "record_id", postgresql_where=text("ended_number IS NULL")),
    Index(
        "ix_alerts_held",
        "held",
        postgresql_using="gin",
        postgresql_ops={"held": "jsonb_path_ops"},
        postgresql_where=text("ended_number IS NULL"),
    ),
)

due_moments = Table(
    "due_moments",
    metadata,
    Column("record_id", Uuid, nullable=False),
    moment("due_at"),
    words("cause"),
    Column("number", BigInteger, nullable=False),
    Column("index", SmallInteger, nullable=False),
    PrimaryKeyConstraint("record_id", "due_at", "cause", "number", "index"),
)

check_failures = Table(
    "check_failures",
    metadata,
    Column("record_id", Uuid, nullable=False),
    words("rule"),
    words("question"),
    Column("number", BigInteger, nullable=False),
    Column("index", SmallInteger, nullable=False),
    Column("tries", SmallInteger, nullable=False),
    PrimaryKeyConstraint("record_id", "rule", "question"),
)
