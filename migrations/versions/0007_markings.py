"""Markings as rows, so that the database holds to them too, and which entry speaks of which other."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE ledger.markings (
    record_id UUID NOT NULL,
    number BIGINT NOT NULL,
    index SMALLINT NOT NULL,
    person TEXT DEFAULT '' NOT NULL,
    agency_id TEXT NOT NULL,
    marking TEXT NOT NULL,
    to_agencies TEXT[] NOT NULL,
    not_to TEXT[] NOT NULL,
    by_number BIGINT NOT NULL,
    source_number BIGINT NOT NULL,
    ended_number BIGINT,
    CONSTRAINT pk_markings PRIMARY KEY (record_id, number, index, person, source_number, by_number)
);

CREATE TABLE ledger.ties (
    record_id UUID NOT NULL,
    number BIGINT NOT NULL,
    of_number BIGINT NOT NULL,
    CONSTRAINT pk_ties PRIMARY KEY (record_id, number)
);
CREATE INDEX ix_ties_record_id_of_number ON ledger.ties (record_id, of_number);
"""

INVOLVED = """EXISTS (
    SELECT FROM ledger.involvements i WHERE i.record_id = markings.record_id AND i.agency_id = ledger.party()
    AND (i.until IS NULL OR i.until > ledger.clock_now()))"""

SECURITY = f"""
ALTER TABLE ledger.markings ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger.markings FORCE ROW LEVEL SECURITY;
ALTER TABLE ledger.ties ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger.ties FORCE ROW LEVEL SECURITY;

-- Numbers, agencies and people's keys, by which the party's own sight is worked out: nothing that anybody said.
CREATE POLICY involved_read ON ledger.markings FOR SELECT TO ledger_web
    USING (agency_id = ledger.party() OR {INVOLVED});
-- What speaks of another agency's entry is seen no further than that: so its marks are handed on as that agency's.
CREATE POLICY party_projects ON ledger.markings FOR INSERT TO ledger_web WITH CHECK (ledger.party() IS NOT NULL);
CREATE POLICY party_changes ON ledger.markings FOR UPDATE TO ledger_web
    USING (agency_id = ledger.party()) WITH CHECK (agency_id = ledger.party());
CREATE POLICY worker_reads ON ledger.markings FOR SELECT TO ledger_worker USING (true);
CREATE POLICY auditor_reads ON ledger.markings FOR SELECT TO ledger_auditor USING (ledger.party() = 'auditor');

CREATE POLICY party_reads ON ledger.ties FOR SELECT TO ledger_web USING (ledger.party() IS NOT NULL);
CREATE POLICY party_projects ON ledger.ties FOR INSERT TO ledger_web WITH CHECK (ledger.party() IS NOT NULL);
CREATE POLICY worker_reads ON ledger.ties FOR SELECT TO ledger_worker USING (true);
CREATE POLICY auditor_reads ON ledger.ties FOR SELECT TO ledger_auditor USING (ledger.party() = 'auditor');

GRANT SELECT, INSERT ON ledger.markings, ledger.ties TO ledger_web;
GRANT UPDATE (ended_number) ON ledger.markings TO ledger_web;
GRANT SELECT ON ledger.markings, ledger.ties TO ledger_worker, ledger_auditor;
-- What is marked later measures nobody else's posts any more.
GRANT UPDATE (is_hidden) ON ledger.landmarks TO ledger_web;
"""


def upgrade() -> None:
    """Two projections, each with who may read it."""
    op.execute(TABLES)
    op.execute(SECURITY)


def downgrade() -> None:
    """Both are functions of the entries: nothing is lost with them."""
    op.execute("REVOKE UPDATE (is_hidden) ON ledger.landmarks FROM ledger_web")
    op.execute("DROP TABLE ledger.ties")
    op.execute("DROP TABLE ledger.markings")
