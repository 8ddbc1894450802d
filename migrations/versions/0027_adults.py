"""Adults in several children's records: which entry says of whom of its record that they are in which other one too.

By references, numbers and ids; no word of anybody. And what comparing records proposed to look at, which nobody has
confirmed: nothing follows from that, and it may be forgotten at any time.
"""

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE ledger.adults (
    record_id UUID NOT NULL,
    number BIGINT NOT NULL,
    of_number BIGINT NOT NULL,
    move TEXT NOT NULL,
    agency_id TEXT NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    adult_id TEXT,
    person TEXT,
    other_record UUID,
    CONSTRAINT pk_adults PRIMARY KEY (record_id, number),
    CONSTRAINT ck_adults_move CHECK (move IN ('link', 'apart', 'unlink')),
    CONSTRAINT ck_adults_named CHECK (
        (move = 'unlink') = (adult_id IS NULL) AND (move = 'unlink') = (person IS NULL)
        AND (move = 'unlink') = (other_record IS NULL))
);
CREATE INDEX ix_adults_adult_id ON ledger.adults (adult_id);

CREATE TABLE ledger.adult_proposals (
    record_id UUID NOT NULL,
    person TEXT NOT NULL,
    other_record UUID NOT NULL,
    other_person TEXT NOT NULL,
    way TEXT NOT NULL,
    score NUMERIC(3, 2) NOT NULL,
    CONSTRAINT pk_adult_proposals PRIMARY KEY (record_id, person, other_record, other_person, way),
    CONSTRAINT ck_adult_proposals_way CHECK (way IN ('comparison', 'splink'))
);
CREATE TABLE ledger.adult_comparisons (
    record_id UUID NOT NULL,
    way TEXT NOT NULL,
    number BIGINT NOT NULL,
    compared_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_adult_comparisons PRIMARY KEY (record_id, way)
);
"""

INVOLVED = """EXISTS (
    SELECT FROM ledger.involvements i WHERE i.record_id = {table}.record_id AND i.agency_id = ledger.party()
    AND (i.until IS NULL OR i.until > ledger.statement_now())
    AND (i.person_id IS NULL OR i.person_id::text = ledger.person()))"""
OWN_ENTRY = """EXISTS (
    SELECT FROM ledger.entries e WHERE e.record_id = adults.record_id AND e.number = adults.number
    AND e.agency_id = ledger.party())"""
SOMEBODY = "ledger.party() <> ALL ('{ledger,auditor,erasure,rebuild}'::text[])"
REBUILDS = "(ledger.party() = 'rebuild')"
# Who was said not to be one after all stays so, whatever of it is erased.
ERASES = "move <> 'unlink' AND ledger.may_erase(record_id, number)"

OF_ALL = f"""
ALTER TABLE ledger.{{table}} ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger.{{table}} FORCE ROW LEVEL SECURITY;
CREATE POLICY somebody_acts ON ledger.{{table}} AS RESTRICTIVE FOR ALL TO ledger_web USING ({SOMEBODY});
CREATE POLICY involved_read ON ledger.{{table}} FOR SELECT TO ledger_web USING ({INVOLVED});
CREATE POLICY worker_reads ON ledger.{{table}} FOR SELECT TO ledger_worker USING (true);
CREATE POLICY auditor_reads ON ledger.{{table}} FOR SELECT TO ledger_auditor USING (ledger.party() = 'auditor');
GRANT SELECT ON ledger.{{table}} TO ledger_web, ledger_worker, ledger_auditor;
"""
OF_ADULTS = f"""
CREATE POLICY party_projects ON ledger.adults FOR INSERT TO ledger_web
    WITH CHECK (agency_id = ledger.party() AND {OWN_ENTRY});
CREATE POLICY rebuild_reads ON ledger.adults FOR SELECT TO ledger_rebuild USING {REBUILDS};
CREATE POLICY rebuild_makes ON ledger.adults FOR INSERT TO ledger_rebuild WITH CHECK {REBUILDS};
CREATE POLICY rebuild_changes ON ledger.adults FOR UPDATE TO ledger_rebuild USING {REBUILDS} WITH CHECK {REBUILDS};
CREATE POLICY rebuild_takes ON ledger.adults FOR DELETE TO ledger_rebuild USING {REBUILDS};
CREATE POLICY erasure_reads ON ledger.adults FOR SELECT TO ledger_erasure USING ({ERASES});
CREATE POLICY erasure_deletes ON ledger.adults FOR DELETE TO ledger_erasure USING ({ERASES});
GRANT INSERT ON ledger.adults TO ledger_web;
GRANT SELECT, INSERT, UPDATE, DELETE ON ledger.adults TO ledger_rebuild;
GRANT SELECT (record_id, number, move), DELETE ON ledger.adults TO ledger_erasure;
"""
#: What was proposed goes whenever anything of either record is erased; it can be made again of what is left.
ORDERED = """ledger.party() = 'erasure' AND EXISTS (
    SELECT FROM ledger.erasure_orders o WHERE o.record_id IN (adult_proposals.record_id, adult_proposals.other_record)
    AND o.answer = 'approve')"""
FORGETTING = f"""
CREATE POLICY erasure_reads ON ledger.adult_proposals FOR SELECT TO ledger_erasure USING ({ORDERED});
CREATE POLICY erasure_deletes ON ledger.adult_proposals FOR DELETE TO ledger_erasure USING ({ORDERED});
GRANT SELECT (record_id, other_record), DELETE ON ledger.adult_proposals TO ledger_erasure;
"""
#: Of what comparing proposed: only what compares all records writes it.
OF_PROPOSALS = """
CREATE POLICY worker_proposes ON ledger.{table} FOR INSERT TO ledger_worker WITH CHECK (true);
CREATE POLICY worker_forgets ON ledger.{table} FOR DELETE TO ledger_worker USING (true);
GRANT INSERT, DELETE ON ledger.{table} TO ledger_worker;
"""


def upgrade() -> None:
    """One projection, and two tables of what the machine has compared, with who may read them."""
    op.execute(TABLES)
    for table in ("adults", "adult_proposals", "adult_comparisons"):
        op.execute(OF_ALL.replace("{table}", table))
    op.execute(OF_ADULTS)
    op.execute(FORGETTING)
    for table in ("adult_proposals", "adult_comparisons"):
        op.execute(OF_PROPOSALS.format(table=table))


def downgrade() -> None:
    """The one is a function of the entries, and the others can be made again: nothing is lost with them."""
    for table in ("adult_comparisons", "adult_proposals", "adults"):
        op.execute(f"DROP TABLE ledger.{table}")
