"""Requests for information with their answers, consents, and requests that an entry be put right: what is looked up.

An agency that is asked need not be involved: being asked opens to it the words of the request and nothing else.
"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE ledger.information_requests (
    record_id UUID NOT NULL,
    number BIGINT NOT NULL,
    agency_id TEXT NOT NULL,
    to_agency TEXT NOT NULL,
    answer TEXT,
    answered_number BIGINT,
    CONSTRAINT pk_information_requests PRIMARY KEY (record_id, number)
);
CREATE INDEX ix_information_requests_to_agency ON ledger.information_requests (to_agency);
CREATE INDEX ix_information_requests_agency_id ON ledger.information_requests (agency_id);

CREATE TABLE ledger.consents (
    record_id UUID NOT NULL,
    number BIGINT NOT NULL,
    agency_id TEXT NOT NULL,
    person TEXT NOT NULL,
    purpose_digest TEXT NOT NULL,
    answer TEXT NOT NULL,
    replaces BIGINT,
    observed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    until TIMESTAMP WITH TIME ZONE,
    is_hidden BOOLEAN NOT NULL,
    CONSTRAINT pk_consents PRIMARY KEY (record_id, number)
);

CREATE TABLE ledger.rectifications (
    record_id UUID NOT NULL,
    number BIGINT NOT NULL,
    of_number BIGINT NOT NULL,
    agency_id TEXT NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    outcome TEXT,
    outcome_number BIGINT,
    CONSTRAINT pk_rectifications PRIMARY KEY (record_id, number)
);
CREATE INDEX ix_rectifications_agency_id ON ledger.rectifications (agency_id);
"""

INVOLVED = """EXISTS (
    SELECT FROM ledger.involvements i WHERE i.record_id = {table}.record_id AND i.agency_id = ledger.party()
    AND (i.until IS NULL OR i.until > ledger.clock_now())
    AND (i.person_id IS NULL OR i.person_id::text = ledger.person()))"""

#: The words of a request for whoever was asked, and of the answer for whoever asked; of nothing else.
ASKED = """(record_id, number) IN (
    SELECT q.record_id, n.number FROM ledger.information_requests q
    CROSS JOIN LATERAL (VALUES (q.number), (q.answered_number)) AS n (number)
    WHERE (q.to_agency = ledger.party() OR q.agency_id = ledger.party()) AND n.number IS NOT NULL)"""

INVOLVED_IN_CONSENTS = INVOLVED.format(table="consents")
SECURITY = f"""
ALTER TABLE ledger.information_requests ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger.information_requests FORCE ROW LEVEL SECURITY;
ALTER TABLE ledger.consents ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger.consents FORCE ROW LEVEL SECURITY;
ALTER TABLE ledger.rectifications ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger.rectifications FORCE ROW LEVEL SECURITY;

CREATE POLICY parties_read ON ledger.information_requests FOR SELECT TO ledger_web
    USING (agency_id = ledger.party() OR to_agency = ledger.party());
CREATE POLICY party_asks ON ledger.information_requests FOR INSERT TO ledger_web
    WITH CHECK (agency_id = ledger.party());
CREATE POLICY asked_answers ON ledger.information_requests FOR UPDATE TO ledger_web
    USING (to_agency = ledger.party()) WITH CHECK (to_agency = ledger.party());
CREATE POLICY auditor_reads ON ledger.information_requests FOR SELECT TO ledger_auditor
    USING (ledger.party() = 'auditor');
CREATE POLICY worker_reads ON ledger.information_requests FOR SELECT TO ledger_worker USING (true);

-- What is hidden from the involved is no measure for what they send: a warning would tell them of it.
CREATE POLICY involved_read ON ledger.consents FOR SELECT TO ledger_web
    USING (agency_id = ledger.party() OR (NOT is_hidden AND {INVOLVED_IN_CONSENTS}));
CREATE POLICY party_projects ON ledger.consents FOR INSERT TO ledger_web WITH CHECK (agency_id = ledger.party());
CREATE POLICY auditor_reads ON ledger.consents FOR SELECT TO ledger_auditor USING (ledger.party() = 'auditor');

-- Whoever wrote the entry owes the answer, and is told; who asked and what stands in the request's own entry.
CREATE POLICY owing_reads ON ledger.rectifications FOR SELECT TO ledger_web USING (agency_id = ledger.party());
CREATE POLICY party_asks ON ledger.rectifications FOR INSERT TO ledger_web WITH CHECK (ledger.party() IS NOT NULL);
CREATE POLICY owing_answers ON ledger.rectifications FOR UPDATE TO ledger_web
    USING (agency_id = ledger.party()) WITH CHECK (agency_id = ledger.party());
CREATE POLICY auditor_reads ON ledger.rectifications FOR SELECT TO ledger_auditor USING (ledger.party() = 'auditor');

CREATE POLICY requested_read ON ledger.entries FOR SELECT TO ledger_web USING ({ASKED});
CREATE POLICY requested_read ON ledger.contents FOR SELECT TO ledger_web USING ({ASKED});

GRANT SELECT, INSERT ON ledger.information_requests, ledger.consents, ledger.rectifications TO ledger_web;
GRANT UPDATE (answer, answered_number) ON ledger.information_requests TO ledger_web;
GRANT UPDATE (outcome, outcome_number) ON ledger.rectifications TO ledger_web;
GRANT SELECT ON ledger.information_requests TO ledger_worker;
GRANT SELECT ON ledger.information_requests, ledger.consents, ledger.rectifications TO ledger_auditor;
"""  # noqa: S608 - constants alone


def upgrade() -> None:
    """Three projections, each with who may read it, and what being asked opens."""
    op.execute(TABLES)
    op.execute(SECURITY)


def downgrade() -> None:
    """All of it is a function of the entries: nothing is lost with it."""
    op.execute("DROP POLICY requested_read ON ledger.entries")
    op.execute("DROP POLICY requested_read ON ledger.contents")
    op.execute("DROP TABLE ledger.rectifications")
    op.execute("DROP TABLE ledger.consents")
    op.execute("DROP TABLE ledger.information_requests")
