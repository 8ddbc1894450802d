"""The spine: ledger, operation and projection tables, their roles' grants, row-level security and append-only guards.

Written by hand where autogeneration is silent (policies, grants, triggers, functions). No foreign key points at
`heads`, which every append locks, and none stands between the tables an append fills: a key would cost each post a
look-up and a share lock, and `verify` proves the same from the bytes. The ledger tables know no downgrade.
"""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE ledger.ledger_state (
    single BOOLEAN DEFAULT true NOT NULL,
    demonstration BOOLEAN NOT NULL,
    origin TEXT NOT NULL,
    clock_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_ledger_state PRIMARY KEY (single),
    CONSTRAINT ck_ledger_state_one_row CHECK (single),
    CONSTRAINT ck_ledger_state_only_a_demonstration_moves_its_clock CHECK (clock_at IS NULL OR demonstration)
);

CREATE TABLE ledger.agency_keys (
    key_id TEXT NOT NULL,
    agency_id TEXT NOT NULL,
    secret_sha256 BYTEA NOT NULL,
    scopes TEXT[] NOT NULL,
    issued_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    revoked_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_agency_keys PRIMARY KEY (key_id)
);

CREATE TABLE ledger.sign_in_links (
    token_sha256 BYTEA NOT NULL,
    person_id UUID NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    used_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_sign_in_links PRIMARY KEY (token_sha256)
);

CREATE TABLE ledger.sessions (
    token_sha256 BYTEA NOT NULL,
    person_id UUID NOT NULL,
    began_at TIMESTAMP WITH TIME ZONE NOT NULL,
    seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_sessions PRIMARY KEY (token_sha256)
);

CREATE TABLE ledger.heads (
    record_id UUID NOT NULL,
    pseudonym TEXT NOT NULL,
    kind TEXT NOT NULL,
    partnership_id TEXT NOT NULL,
    head_seq BIGINT DEFAULT 0 NOT NULL,
    head_hash BYTEA NOT NULL,
    last_recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    due_seq BIGINT DEFAULT 0 NOT NULL,
    detected_seq BIGINT DEFAULT 0 NOT NULL,
    next_due_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_heads PRIMARY KEY (record_id),
    CONSTRAINT ck_heads_kind CHECK (kind IN ('child', 'partnership'))
);
CREATE INDEX ix_heads_next_due_at ON ledger.heads (next_due_at) WHERE next_due_at IS NOT NULL;
CREATE INDEX ix_heads_to_detect ON ledger.heads (record_id) WHERE due_seq > detected_seq;
CREATE UNIQUE INDEX uq_heads_pseudonym ON ledger.heads (pseudonym);

CREATE TABLE ledger.entries (
    record_id UUID NOT NULL,
    number BIGINT NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    is_copy BOOLEAN NOT NULL,
    agency_id TEXT NOT NULL,
    event_id TEXT NOT NULL,
    envelope BYTEA NOT NULL,
    CONSTRAINT pk_entries PRIMARY KEY (record_id, number)
);
CREATE UNIQUE INDEX uq_entries_agency_id_event_id ON ledger.entries (agency_id, event_id) WHERE NOT is_copy;
CREATE UNIQUE INDEX uq_entries_agency_id_event_id_record_id ON ledger.entries (agency_id, event_id, record_id);

CREATE TABLE ledger.contents (
    record_id UUID NOT NULL,
    number BIGINT NOT NULL,
    agency_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    salt BYTEA NOT NULL,
    content BYTEA NOT NULL,
    CONSTRAINT pk_contents PRIMARY KEY (record_id, number)
);

CREATE TABLE ledger.access_records (
    access_id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    agency_id TEXT NOT NULL,
    person_id UUID,
    record_id UUID NOT NULL,
    what TEXT NOT NULL,
    purpose TEXT NOT NULL,
    up_to_number BIGINT NOT NULL,
    request_id TEXT NOT NULL,
    real_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT pk_access_records PRIMARY KEY (access_id)
);
CREATE INDEX ix_access_records_record_id_at ON ledger.access_records (record_id, at);

CREATE TABLE ledger.partnerships (
    partnership_id TEXT NOT NULL,
    record_id UUID NOT NULL,
    name TEXT NOT NULL,
    nation TEXT NOT NULL,
    duty_desk TEXT NOT NULL,
    CONSTRAINT pk_partnerships PRIMARY KEY (partnership_id),
    CONSTRAINT ck_partnerships_nation CHECK (nation IN ('england', 'wales', 'scotland', 'northern_ireland'))
);

CREATE TABLE ledger.agencies (
    agency_id TEXT NOT NULL,
    partnership_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    contact TEXT NOT NULL,
    CONSTRAINT pk_agencies PRIMARY KEY (agency_id)
);

CREATE TABLE ledger.people (
    person_id UUID NOT NULL,
    agency_id TEXT NOT NULL,
    ref TEXT NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    CONSTRAINT pk_people PRIMARY KEY (person_id)
);
CREATE UNIQUE INDEX uq_people_agency_id_ref ON ledger.people (agency_id, ref);

CREATE TABLE ledger.pack_activations (
    partnership_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    digest TEXT NOT NULL,
    CONSTRAINT pk_pack_activations PRIMARY KEY (partnership_id, number)
);

CREATE TABLE ledger.children (
    record_id UUID NOT NULL,
    details JSONB NOT NULL,
    number BIGINT NOT NULL,
    CONSTRAINT pk_children PRIMARY KEY (record_id)
);

CREATE TABLE ledger.identifiers (
    sought TEXT NOT NULL,
    record_id UUID NOT NULL,
    CONSTRAINT pk_identifiers PRIMARY KEY (sought)
);

CREATE TABLE ledger.involvements (
    record_id UUID NOT NULL,
    agency_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    until TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_involvements PRIMARY KEY (record_id, agency_id, number)
);
CREATE INDEX ix_involvements_agency_id ON ledger.involvements (agency_id);

CREATE TABLE ledger.leads (
    record_id UUID NOT NULL,
    number BIGINT NOT NULL,
    agency_id TEXT NOT NULL,
    person TEXT NOT NULL,
    role TEXT,
    deputy TEXT,
    CONSTRAINT pk_leads PRIMARY KEY (record_id, number)
);

CREATE TABLE ledger.links (
    record_id UUID NOT NULL,
    number BIGINT NOT NULL,
    index SMALLINT DEFAULT 0 NOT NULL,
    kind TEXT NOT NULL,
    members TEXT[] NOT NULL,
    is_unlink BOOLEAN NOT NULL,
    CONSTRAINT pk_links PRIMARY KEY (record_id, number, index),
    CONSTRAINT ck_links_kind CHECK (kind IN ('people', 'things'))
);

CREATE TABLE ledger.withdrawals (
    record_id UUID NOT NULL,
    number BIGINT NOT NULL,
    by_number BIGINT NOT NULL,
    CONSTRAINT pk_withdrawals PRIMARY KEY (record_id, number, by_number)
);

CREATE TABLE ledger.claims (
    record_id UUID NOT NULL,
    attribute TEXT NOT NULL,
    about TEXT NOT NULL,
    number BIGINT NOT NULL,
    index SMALLINT NOT NULL,
    agency_id TEXT NOT NULL,
    CONSTRAINT pk_claims PRIMARY KEY (record_id, attribute, about, number, index)
);

CREATE TABLE ledger.findings (
    finding_id TEXT NOT NULL,
    record_id UUID NOT NULL,
    question TEXT NOT NULL,
    kind TEXT NOT NULL,
    rule TEXT NOT NULL,
    pack_version TEXT NOT NULL,
    sides JSONB NOT NULL,
    evidence JSONB NOT NULL,
    certain BOOLEAN NOT NULL,
    change_since DATE,
    is_stale BOOLEAN DEFAULT false NOT NULL,
    raised_at TIMESTAMP WITH TIME ZONE NOT NULL,
    opened_number BIGINT NOT NULL,
    closed_number BIGINT,
    CONSTRAINT pk_findings PRIMARY KEY (finding_id)
);
CREATE INDEX ix_findings_record_id ON ledger.findings (record_id);
CREATE UNIQUE INDEX uq_findings_record_id_question ON ledger.findings (record_id, question) WHERE closed_number IS NULL;

CREATE TABLE ledger.alerts (
    alert_id TEXT NOT NULL,
    record_id UUID NOT NULL,
    finding_id TEXT NOT NULL,
    to_agency TEXT NOT NULL,
    to_person TEXT,
    raised_at TIMESTAMP WITH TIME ZONE NOT NULL,
    raised_number BIGINT NOT NULL,
    acknowledged_number BIGINT,
    ended_number BIGINT,
    CONSTRAINT pk_alerts PRIMARY KEY (alert_id)
);
CREATE INDEX ix_alerts_record_id ON ledger.alerts (record_id);
CREATE INDEX ix_alerts_to_agency ON ledger.alerts (to_agency, raised_at);
CREATE UNIQUE INDEX uq_alerts_finding_id ON ledger.alerts (finding_id);

CREATE TABLE ledger.due_moments (
    record_id UUID NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    cause TEXT NOT NULL,
    number BIGINT NOT NULL,
    index SMALLINT NOT NULL,
    CONSTRAINT pk_due_moments PRIMARY KEY (record_id, due_at, cause, number, index)
);

CREATE TABLE ledger.check_failures (
    record_id UUID NOT NULL,
    rule TEXT NOT NULL,
    question TEXT NOT NULL,
    number BIGINT NOT NULL,
    index SMALLINT NOT NULL,
    tries SMALLINT NOT NULL,
    CONSTRAINT pk_check_failures PRIMARY KEY (record_id, rule, question)
);
"""

FUNCTIONS = """
-- The one clock: every process reads recorded time through it. Only a demonstration ledger's row may hold a moment.
CREATE FUNCTION ledger.clock_now() RETURNS timestamptz LANGUAGE sql VOLATILE PARALLEL SAFE
    SET search_path = ledger, pg_temp
    AS $$ SELECT coalesce((SELECT clock_at FROM ledger.ledger_state), clock_timestamp()) $$;

-- Who is acting: set with SET LOCAL, '' once a transaction that set it has ended, so both that and NULL mean nobody.
CREATE FUNCTION ledger.party() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('ledger.party', true), '') $$;

CREATE FUNCTION ledger.refuse_change() RETURNS trigger LANGUAGE plpgsql
    SET search_path = ledger, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' AND TG_TABLE_NAME = 'contents' AND current_user = 'ledger_erasure' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% of ledger.% is refused: the ledger is append-only', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE FUNCTION ledger.clock_moves_forward() RETURNS trigger LANGUAGE plpgsql
    SET search_path = ledger, pg_temp AS $$
BEGIN
    IF NEW.demonstration <> OLD.demonstration OR NEW.origin <> OLD.origin THEN
        RAISE EXCEPTION 'what kind of ledger this is was said in its first entry and stays so';
    END IF;
    IF NEW.clock_at IS NOT NULL AND OLD.clock_at IS NOT NULL AND NEW.clock_at < OLD.clock_at THEN
        RAISE EXCEPTION 'the clock of a demonstration ledger only moves forward';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER clock_moves_forward BEFORE UPDATE ON ledger.ledger_state
    FOR EACH ROW EXECUTE FUNCTION ledger.clock_moves_forward();
"""

#: Never updated, deleted or truncated (contents: deleted by the erasure role alone).
APPEND_ONLY = ("entries", "contents", "access_records")

#: Readable by an agency for the records that it is involved with.
OF_A_RECORD = ("children", "leads", "links", "withdrawals", "findings", "alerts")
#: The same, and an agency's own rows wherever they lie.
OF_AN_AGENCY_IN_A_RECORD = ("entries", "contents", "claims")

INVOLVED = """record_id IN (
    SELECT i.record_id FROM ledger.involvements i
    WHERE i.agency_id = ledger.party() AND (i.until IS NULL OR i.until > ledger.clock_now()))"""

#: An author knows what became of an entry of its own, involved or not.
OWN_WITHDRAWN = """EXISTS (
    SELECT FROM ledger.entries e WHERE e.record_id = withdrawals.record_id AND e.number = withdrawals.number
    AND e.agency_id = ledger.party())"""


def _lock_down(table: str) -> None:
    op.execute(f"ALTER TABLE ledger.{table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE ledger.{table} FORCE ROW LEVEL SECURITY")


def _policy(table: str, name: str, verb: str, role: str, *, using: str | None = None, check: str | None = None) -> None:
    clauses = (f" USING ({using})" if using else "") + (f" WITH CHECK ({check})" if check else "")
    op.execute(f"CREATE POLICY {name} ON ledger.{table} AS PERMISSIVE FOR {verb} TO {role}{clauses}")


def _append_only() -> None:
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON ledger.{table} "
            "FOR EACH ROW EXECUTE FUNCTION ledger.refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER never_truncated BEFORE TRUNCATE ON ledger.{table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change()"
        )


def _row_level_security() -> None:
    for table in (*OF_A_RECORD, *OF_AN_AGENCY_IN_A_RECORD):
        _lock_down(table)
        own = "agency_id = ledger.party() OR " if table in OF_AN_AGENCY_IN_A_RECORD else ""
        own = f"{OWN_WITHDRAWN} OR " if table == "withdrawals" else own
        _policy(table, "involved_read", "SELECT", "ledger_web", using=own + INVOLVED)
        _policy(table, "worker_reads", "SELECT", "ledger_worker", using="true")
    for table in OF_AN_AGENCY_IN_A_RECORD:
        _policy(table, "party_appends", "INSERT", "ledger_web", check="agency_id = ledger.party()")
        _policy(table, "admin_appends", "INSERT", "ledger_admin", check="agency_id = ledger.party()")
        _policy(table, "worker_appends", "INSERT", "ledger_worker", check="agency_id = 'ledger'")
    for table in ("entries", "contents"):
        # The administrator's command line reads only what the ledger itself wrote: the partnership's record.
        _policy(table, "admin_reads_own", "SELECT", "ledger_admin", using="agency_id = ledger.party()")
        _policy(table, "auditor_reads", "SELECT", "ledger_auditor", using="ledger.party() = 'auditor'")
    _policy("entries", "sealer_reads_envelopes", "SELECT", "ledger_sealer", using="true")
    _policy("contents", "erasure_reads", "SELECT", "ledger_erasure", using="ledger.party() = 'erasure'")
    _policy("contents", "erasure_deletes", "DELETE", "ledger_erasure", using="ledger.party() = 'erasure'")
    for table in ("children", "leads", "links", "withdrawals"):
        _policy(table, "party_projects", "INSERT", "ledger_web", check="ledger.party() IS NOT NULL")
    _policy("links", "worker_projects", "INSERT", "ledger_worker", check="true")
    _policy("children", "party_updates", "UPDATE", "ledger_web", using=INVOLVED, check=INVOLVED)
    for table in ("findings", "alerts"):
        _policy(table, "worker_projects", "INSERT", "ledger_worker", check="true")
        _policy(table, "worker_updates", "UPDATE", "ledger_worker", using="true", check="true")
    _policy(
        "alerts",
        "recipient_updates",
        "UPDATE",
        "ledger_web",
        using="to_agency = ledger.party()",
        check="to_agency = ledger.party()",
    )

    # An identifier is found only by who can already name it: nobody can list them.
    _lock_down("identifiers")
    _policy(
        "identifiers",
        "named",
        "SELECT",
        "ledger_web",
        using="""ledger.party() IS NOT NULL AND sought = ANY (
        (SELECT string_to_array(nullif(current_setting('ledger.sought', true), ''), E'\\n'))::text[])""",
    )
    _policy("identifiers", "party_names", "INSERT", "ledger_web", check="ledger.party() IS NOT NULL")

    _lock_down("involvements")
    _policy("involvements", "own", "SELECT", "ledger_web", using="agency_id = ledger.party()")
    # Another agency's begins when it is named lead; the service lets only those do that who are involved themselves.
    _policy("involvements", "party_begins", "INSERT", "ledger_web", check="ledger.party() IS NOT NULL")
    _policy("involvements", "worker_reads", "SELECT", "ledger_worker", using="true")
    _policy("involvements", "worker_begins", "INSERT", "ledger_worker", check="true")

    _lock_down("access_records")
    _policy("access_records", "party_records", "INSERT", "ledger_web", check="agency_id = ledger.party()")
    _policy("access_records", "auditor_reads", "SELECT", "ledger_auditor", using="ledger.party() = 'auditor'")


GRANTS = """
GRANT USAGE ON SCHEMA ledger TO ledger_web, ledger_worker, ledger_sealer, ledger_auditor, ledger_erasure, ledger_admin;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA ledger FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger.clock_now(), ledger.party()
    TO ledger_web, ledger_worker, ledger_sealer, ledger_auditor, ledger_erasure, ledger_admin;
GRANT SELECT ON ledger.ledger_state, ledger.alembic_version
    TO ledger_web, ledger_worker, ledger_sealer, ledger_auditor, ledger_erasure, ledger_admin;

GRANT SELECT, INSERT ON ledger.heads TO ledger_web, ledger_admin;
GRANT SELECT ON ledger.heads TO ledger_worker, ledger_sealer, ledger_auditor;
GRANT UPDATE (head_seq, head_hash, last_recorded_at, due_seq) ON ledger.heads TO ledger_web, ledger_admin;
GRANT UPDATE (head_seq, head_hash, last_recorded_at, due_seq, detected_seq, next_due_at) ON ledger.heads
    TO ledger_worker;

GRANT SELECT, INSERT ON ledger.entries, ledger.contents TO ledger_web, ledger_worker, ledger_admin;
GRANT SELECT ON ledger.entries, ledger.contents, ledger.access_records TO ledger_auditor;
GRANT SELECT (record_id, number, recorded_at, envelope) ON ledger.entries TO ledger_sealer;
GRANT SELECT, DELETE ON ledger.contents TO ledger_erasure;
GRANT INSERT ON ledger.access_records TO ledger_web;

GRANT SELECT, INSERT ON ledger.claims, ledger.leads, ledger.links, ledger.withdrawals, ledger.involvements,
    ledger.identifiers, ledger.children TO ledger_web;
GRANT UPDATE (details, number) ON ledger.children TO ledger_web;
GRANT SELECT ON ledger.claims, ledger.leads, ledger.links, ledger.withdrawals, ledger.involvements, ledger.children
    TO ledger_worker;
-- The worker links whom an observation declares to hold a role, and involves the duty desk where nobody leads.
GRANT INSERT ON ledger.involvements, ledger.links TO ledger_worker;
GRANT SELECT ON ledger.findings, ledger.alerts TO ledger_web;
GRANT UPDATE (acknowledged_number) ON ledger.alerts TO ledger_web;
GRANT SELECT, INSERT ON ledger.findings, ledger.alerts TO ledger_worker;
GRANT UPDATE (question, kind, sides, evidence, certain, change_since, is_stale, closed_number) ON ledger.findings
    TO ledger_worker;
GRANT UPDATE (ended_number) ON ledger.alerts TO ledger_worker;
GRANT SELECT, INSERT, DELETE ON ledger.due_moments TO ledger_worker;
GRANT SELECT, INSERT, DELETE ON ledger.check_failures TO ledger_worker;
GRANT UPDATE (number, index, tries) ON ledger.check_failures TO ledger_worker;

GRANT SELECT ON ledger.partnerships, ledger.agencies, ledger.people, ledger.pack_activations
    TO ledger_web, ledger_worker, ledger_auditor, ledger_admin;
GRANT INSERT ON ledger.partnerships, ledger.agencies, ledger.people, ledger.pack_activations,
    ledger.agency_keys, ledger.sign_in_links, ledger.ledger_state TO ledger_admin;
GRANT SELECT ON ledger.agency_keys, ledger.sign_in_links, ledger.sessions TO ledger_web, ledger_admin;
GRANT UPDATE (expires_at, revoked_at) ON ledger.agency_keys TO ledger_admin;
GRANT UPDATE (clock_at) ON ledger.ledger_state TO ledger_admin;
GRANT UPDATE (used_at) ON ledger.sign_in_links TO ledger_web;
GRANT INSERT ON ledger.sessions TO ledger_web;
GRANT UPDATE (seen_at, ended_at) ON ledger.sessions TO ledger_web;
"""


def upgrade() -> None:
    """Everything at once: there is nothing before it."""
    op.execute(TABLES)
    op.execute(FUNCTIONS)
    _append_only()
    _row_level_security()
    op.execute(GRANTS)


def downgrade() -> None:
    """Refused: dropping the ledger's tables is not a migration."""
    raise RuntimeError("the first migration holds the ledger itself and is never undone")
