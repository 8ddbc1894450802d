"""What bodies are judged by at the door, the warnings that were given there, and what is asked at the next contact."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE ledger.landmarks (
    record_id UUID NOT NULL,
    number BIGINT NOT NULL,
    index SMALLINT NOT NULL,
    agency_id TEXT NOT NULL,
    sort TEXT NOT NULL,
    about TEXT NOT NULL,
    said TEXT NOT NULL,
    at TEXT NOT NULL,
    is_hidden BOOLEAN NOT NULL,
    withdrawn_by BIGINT,
    CONSTRAINT pk_landmarks PRIMARY KEY (record_id, number, index)
);

CREATE TABLE ledger.door_warnings (
    record_id UUID NOT NULL,
    number BIGINT NOT NULL,
    index SMALLINT NOT NULL,
    agency_id TEXT NOT NULL,
    code TEXT NOT NULL,
    pointer TEXT NOT NULL,
    rests_on BIGINT[] NOT NULL,
    CONSTRAINT pk_door_warnings PRIMARY KEY (record_id, number, index)
);

CREATE TABLE ledger.record_gaps (
    record_id UUID NOT NULL,
    up_to BIGINT NOT NULL,
    gaps JSONB NOT NULL,
    CONSTRAINT pk_record_gaps PRIMARY KEY (record_id)
);

ALTER TABLE ledger.findings ADD COLUMN gap JSONB;
CREATE INDEX ix_findings_open_gaps ON ledger.findings (record_id) WHERE kind = 'gap' AND closed_number IS NULL;
"""

#: Asked of one record at a time, in every post: by the record, and not by all that an agency is involved with.
INVOLVED = """EXISTS (
    SELECT FROM ledger.involvements i WHERE i.record_id = {table}.record_id AND i.agency_id = ledger.party()
    AND (i.until IS NULL OR i.until > ledger.clock_now()))"""

SECURITY = f"""
ALTER TABLE ledger.landmarks ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger.landmarks FORCE ROW LEVEL SECURITY;
ALTER TABLE ledger.door_warnings ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger.door_warnings FORCE ROW LEVEL SECURITY;
ALTER TABLE ledger.record_gaps ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger.record_gaps FORCE ROW LEVEL SECURITY;

-- What is hidden from the involved is no measure for what they send: a warning would tell them of it.
CREATE POLICY involved_read ON ledger.landmarks FOR SELECT TO ledger_web
    USING (agency_id = ledger.party() OR (NOT is_hidden AND {INVOLVED.format(table="landmarks")}));
CREATE POLICY party_projects ON ledger.landmarks FOR INSERT TO ledger_web WITH CHECK (agency_id = ledger.party());
CREATE POLICY party_withdraws ON ledger.landmarks FOR UPDATE TO ledger_web
    USING (agency_id = ledger.party()) WITH CHECK (agency_id = ledger.party());
CREATE POLICY involved_read ON ledger.door_warnings FOR SELECT TO ledger_web
    USING (agency_id = ledger.party() OR {INVOLVED.format(table="door_warnings")});
CREATE POLICY party_projects ON ledger.door_warnings FOR INSERT TO ledger_web WITH CHECK (agency_id = ledger.party());
CREATE POLICY involved_read ON ledger.record_gaps FOR SELECT TO ledger_web
    USING ({INVOLVED.format(table="record_gaps")});
CREATE POLICY worker_reads ON ledger.record_gaps FOR SELECT TO ledger_worker USING (true);
CREATE POLICY worker_projects ON ledger.record_gaps FOR INSERT TO ledger_worker WITH CHECK (true);
CREATE POLICY worker_updates ON ledger.record_gaps FOR UPDATE TO ledger_worker USING (true) WITH CHECK (true);

GRANT SELECT, INSERT ON ledger.landmarks, ledger.door_warnings TO ledger_web;
GRANT UPDATE (withdrawn_by) ON ledger.landmarks TO ledger_web;
GRANT SELECT ON ledger.record_gaps TO ledger_web;
GRANT SELECT, INSERT ON ledger.record_gaps TO ledger_worker;
GRANT UPDATE (up_to, gaps) ON ledger.record_gaps TO ledger_worker;
GRANT UPDATE (gap) ON ledger.findings TO ledger_worker;
"""


def upgrade() -> None:
    """Three projections and a column of one, each with who may read it."""
    op.execute(TABLES)
    op.execute(SECURITY)


def downgrade() -> None:
    """All of it is a function of the entries: nothing is lost with it."""
    op.execute("DROP INDEX ledger.ix_findings_open_gaps")
    op.execute("DROP TABLE ledger.record_gaps")
    op.execute("ALTER TABLE ledger.findings DROP COLUMN gap")
    op.execute("DROP TABLE ledger.door_warnings")
    op.execute("DROP TABLE ledger.landmarks")
