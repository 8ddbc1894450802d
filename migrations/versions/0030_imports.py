"""Imports: a file of observations that somebody checks before any of it is posted.

What its rows say is kept sealed, for the person alone who brought them, and only until each is posted or they think
better of it. Then a row is a number and what became of it.
"""

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE ledger.imports (
    import_id UUID NOT NULL,
    agency_id TEXT NOT NULL,
    person_id UUID NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    row_count INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'shown',
    confirmed_at TIMESTAMP WITH TIME ZONE,
    ended_at TIMESTAMP WITH TIME ZONE,
    why TEXT,
    CONSTRAINT pk_imports PRIMARY KEY (import_id),
    CONSTRAINT ck_imports_state CHECK (state IN ('shown', 'posting', 'done', 'dropped', 'stopped')),
    CONSTRAINT ck_imports_row_count CHECK (row_count BETWEEN 1 AND 2000)
);
CREATE INDEX ix_imports_person_id_made_at ON ledger.imports (person_id, made_at);
CREATE INDEX ix_imports_waiting ON ledger.imports (confirmed_at) WHERE state = 'posting';

CREATE TABLE ledger.import_rows (
    import_id UUID NOT NULL,
    number INTEGER NOT NULL,
    state TEXT NOT NULL,
    sealed BYTEA,
    why TEXT,
    CONSTRAINT pk_import_rows PRIMARY KEY (import_id, number),
    CONSTRAINT ck_import_rows_state CHECK (state IN ('wrong', 'waiting', 'posted', 'already', 'refused', 'left')),
    CONSTRAINT ck_import_rows_sealed CHECK ((sealed IS NOT NULL) = (state IN ('wrong', 'waiting')))
);
"""

SOMEBODY = "ledger.party() <> ALL ('{ledger,auditor,erasure,rebuild}'::text[])"
OWN = "agency_id = ledger.party() AND person_id::text = ledger.person()"
OWN_ROW = f"""EXISTS (
    SELECT FROM ledger.imports i WHERE i.import_id = import_rows.import_id AND i.{OWN.replace("AND ", "AND i.")})"""

SECURITY = f"""
ALTER TABLE ledger.imports ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger.imports FORCE ROW LEVEL SECURITY;
ALTER TABLE ledger.import_rows ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger.import_rows FORCE ROW LEVEL SECURITY;

CREATE POLICY somebody_acts ON ledger.imports AS RESTRICTIVE FOR ALL TO ledger_web USING ({SOMEBODY});
CREATE POLICY own_reads ON ledger.imports FOR SELECT TO ledger_web USING ({OWN});
CREATE POLICY own_brings ON ledger.imports FOR INSERT TO ledger_web WITH CHECK ({OWN});
CREATE POLICY own_moves ON ledger.imports FOR UPDATE TO ledger_web USING ({OWN}) WITH CHECK ({OWN});
CREATE POLICY somebody_acts ON ledger.import_rows AS RESTRICTIVE FOR ALL TO ledger_web USING ({SOMEBODY});
CREATE POLICY own_reads ON ledger.import_rows FOR SELECT TO ledger_web USING ({OWN_ROW});
CREATE POLICY own_brings ON ledger.import_rows FOR INSERT TO ledger_web WITH CHECK ({OWN_ROW});
CREATE POLICY own_moves ON ledger.import_rows FOR UPDATE TO ledger_web USING ({OWN_ROW}) WITH CHECK ({OWN_ROW});

-- A worker finds what is to be posted, and whose it is; what a row says it reads as that person, or not at all.
CREATE POLICY worker_finds ON ledger.imports FOR SELECT TO ledger_worker USING (true);
CREATE POLICY worker_forgets ON ledger.imports FOR DELETE TO ledger_worker USING (true);
CREATE POLICY worker_finds ON ledger.import_rows FOR SELECT TO ledger_worker USING (true);
CREATE POLICY worker_forgets ON ledger.import_rows FOR DELETE TO ledger_worker USING (true);

GRANT SELECT, INSERT ON ledger.imports, ledger.import_rows TO ledger_web;
GRANT UPDATE (state, confirmed_at, ended_at, why) ON ledger.imports TO ledger_web;
GRANT UPDATE (state, sealed, why) ON ledger.import_rows TO ledger_web;
GRANT SELECT, DELETE ON ledger.imports TO ledger_worker;
GRANT SELECT (import_id), DELETE ON ledger.import_rows TO ledger_worker;
"""


def upgrade() -> None:
    """Two tables, held by row-level security to the person who brought the file."""
    op.execute(TABLES)
    op.execute(SECURITY)


def downgrade() -> None:
    """What was not posted goes with them: whoever brought it has their file."""
    op.execute("DROP TABLE ledger.import_rows")
    op.execute("DROP TABLE ledger.imports")
