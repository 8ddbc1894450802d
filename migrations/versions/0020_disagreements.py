"""Disagreements between agencies: who opened one with whom, and what was then said in it.

Which entry says what, by whom and in which disagreement: no word of any of them. How one stands follows from its rows.
"""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE ledger.disagreements (
    record_id UUID NOT NULL,
    number BIGINT NOT NULL,
    of_number BIGINT NOT NULL,
    agency_id TEXT NOT NULL,
    move TEXT NOT NULL,
    others TEXT[] NOT NULL,
    finding_id TEXT,
    CONSTRAINT pk_disagreements PRIMARY KEY (record_id, number),
    CONSTRAINT ck_disagreements_move CHECK (move IN ('opened', 'reply', 'step_up', 'settled'))
);
CREATE INDEX ix_disagreements_record_id_of_number ON ledger.disagreements (record_id, of_number);
"""

INVOLVED = """EXISTS (
    SELECT FROM ledger.involvements i WHERE i.record_id = disagreements.record_id AND i.agency_id = ledger.party()
    AND (i.until IS NULL OR i.until > ledger.statement_now())
    AND (i.person_id IS NULL OR i.person_id::text = ledger.person()))"""
OWN_ENTRY = """EXISTS (
    SELECT FROM ledger.entries e WHERE e.record_id = disagreements.record_id AND e.number = disagreements.number
    AND e.agency_id = ledger.party())"""
SOMEBODY = "ledger.party() <> ALL ('{ledger,auditor,erasure,rebuild}'::text[])"
REBUILDS = "(ledger.party() = 'rebuild')"

SECURITY = f"""
ALTER TABLE ledger.disagreements ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger.disagreements FORCE ROW LEVEL SECURITY;
CREATE POLICY somebody_acts ON ledger.disagreements AS RESTRICTIVE FOR ALL TO ledger_web USING ({SOMEBODY});
CREATE POLICY involved_read ON ledger.disagreements FOR SELECT TO ledger_web USING ({INVOLVED});
CREATE POLICY party_projects ON ledger.disagreements FOR INSERT TO ledger_web
    WITH CHECK (agency_id = ledger.party() AND {OWN_ENTRY});
-- To tell those whose disagreement it is.
CREATE POLICY worker_reads ON ledger.disagreements FOR SELECT TO ledger_worker USING (true);
CREATE POLICY auditor_reads ON ledger.disagreements FOR SELECT TO ledger_auditor USING (ledger.party() = 'auditor');
CREATE POLICY rebuild_reads ON ledger.disagreements FOR SELECT TO ledger_rebuild USING {REBUILDS};
CREATE POLICY rebuild_makes ON ledger.disagreements FOR INSERT TO ledger_rebuild WITH CHECK {REBUILDS};
CREATE POLICY rebuild_changes ON ledger.disagreements FOR UPDATE TO ledger_rebuild
    USING {REBUILDS} WITH CHECK {REBUILDS};
CREATE POLICY rebuild_takes ON ledger.disagreements FOR DELETE TO ledger_rebuild USING {REBUILDS};

GRANT SELECT, INSERT ON ledger.disagreements TO ledger_web;
GRANT SELECT ON ledger.disagreements TO ledger_worker, ledger_auditor;
GRANT SELECT, INSERT, UPDATE, DELETE ON ledger.disagreements TO ledger_rebuild;
"""


def upgrade() -> None:
    """One projection, with who may read it."""
    op.execute(TABLES)
    op.execute(SECURITY)


def downgrade() -> None:
    """It is a function of the entries: nothing is lost with it."""
    op.execute("DROP TABLE ledger.disagreements")
