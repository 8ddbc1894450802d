"""Who is involved with a child, for the others who are; and what others say of something, found by agency.

An involvement is told to everybody involved, and can be marked by nobody; whose own row of `involvements` is whose own
alone, for every policy asks it. So what others may know of it is a projection of its own: that an agency, as a whole,
has a part, since which entry and until when.
"""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE ledger.parts (
    record_id UUID NOT NULL,
    agency_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    until TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_parts PRIMARY KEY (record_id, agency_id, number)
);
-- What others say of something is found without going through all that its own agency said of it.
CREATE INDEX ix_claims_by_agency ON ledger.claims (record_id, attribute, about, agency_id, number);
"""

FILL = """
ALTER TABLE ledger.involvements NO FORCE ROW LEVEL SECURITY;
INSERT INTO ledger.parts (record_id, agency_id, number, until)
SELECT record_id, agency_id, number, until FROM ledger.involvements WHERE person_id IS NULL;
ALTER TABLE ledger.involvements FORCE ROW LEVEL SECURITY;
"""

INVOLVED = """EXISTS (
    SELECT FROM ledger.involvements i WHERE i.record_id = {table}.record_id AND i.agency_id = ledger.party()
    AND (i.until IS NULL OR i.until > ledger.statement_now())
    AND (i.person_id IS NULL OR i.person_id::text = ledger.person()))"""
OWN_ENTRY = """EXISTS (
    SELECT FROM ledger.entries e WHERE e.record_id = parts.record_id AND e.number = parts.number
    AND e.agency_id = ledger.party())"""
SOMEBODY = "ledger.party() <> ALL ('{ledger,auditor,erasure,rebuild}'::text[])"
REBUILDS = "(ledger.party() = 'rebuild')"

SECURITY = f"""
ALTER TABLE ledger.parts ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger.parts FORCE ROW LEVEL SECURITY;
CREATE POLICY somebody_acts ON ledger.parts AS RESTRICTIVE FOR ALL TO ledger_web USING ({SOMEBODY});
CREATE POLICY involved_read ON ledger.parts FOR SELECT TO ledger_web USING ({INVOLVED.format(table="parts")});
-- Another agency's begins when it is named lead; the service lets only those do that who are involved themselves.
CREATE POLICY party_projects ON ledger.parts FOR INSERT TO ledger_web WITH CHECK ({OWN_ENTRY});
-- The worker involves the duty desk where nobody leads.
CREATE POLICY worker_begins ON ledger.parts FOR INSERT TO ledger_worker WITH CHECK (true);
CREATE POLICY auditor_reads ON ledger.parts FOR SELECT TO ledger_auditor USING (ledger.party() = 'auditor');
CREATE POLICY rebuild_reads ON ledger.parts FOR SELECT TO ledger_rebuild USING {REBUILDS};
CREATE POLICY rebuild_makes ON ledger.parts FOR INSERT TO ledger_rebuild WITH CHECK {REBUILDS};
CREATE POLICY rebuild_changes ON ledger.parts FOR UPDATE TO ledger_rebuild USING {REBUILDS} WITH CHECK {REBUILDS};
CREATE POLICY rebuild_takes ON ledger.parts FOR DELETE TO ledger_rebuild USING {REBUILDS};
GRANT SELECT, INSERT ON ledger.parts TO ledger_web;
GRANT INSERT ON ledger.parts TO ledger_worker;
GRANT SELECT ON ledger.parts TO ledger_auditor;
GRANT SELECT, INSERT, UPDATE, DELETE ON ledger.parts TO ledger_rebuild;
"""


def upgrade() -> None:
    """One projection, and one index."""
    op.execute(TABLES)
    op.execute(FILL)
    op.execute(SECURITY)


def downgrade() -> None:
    """It is a function of the entries: nothing is lost with it."""
    op.execute("DROP INDEX ledger.ix_claims_by_agency")
    op.execute("DROP TABLE ledger.parts")
