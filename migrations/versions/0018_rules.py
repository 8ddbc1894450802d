"""Which rules are in shadow, in which partnership; what was done about each alert; and how each rule fares, in counts.

Into shadow and out of it are entries of the partnership's record, and so is which rules a pack had; a verdict is an
entry of a child's. The counts are operation: the worker, which sees every record, keeps them, and the web, which does
not, reads nothing else.
"""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

TABLES = """
-- Of activations from before this, which rules their pack had is not known.
ALTER TABLE ledger.pack_activations ADD COLUMN rules TEXT[];

CREATE TABLE ledger.rule_states (
    partnership_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    rule TEXT NOT NULL,
    is_live BOOLEAN NOT NULL,
    why TEXT NOT NULL,
    CONSTRAINT pk_rule_states PRIMARY KEY (partnership_id, number),
    CONSTRAINT ck_rule_states_why CHECK (why IN ('below_floor', 'new_in_pack', 'by_operator'))
);
CREATE INDEX ix_rule_states_partnership_id_rule ON ledger.rule_states (partnership_id, rule, number);

CREATE TABLE ledger.verdicts (
    record_id UUID NOT NULL,
    number BIGINT NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    alert_id TEXT NOT NULL,
    verdict TEXT NOT NULL,
    CONSTRAINT pk_verdicts PRIMARY KEY (record_id, number),
    CONSTRAINT ck_verdicts_verdict CHECK (verdict IN ('acted', 'dismissed'))
);
CREATE INDEX ix_verdicts_alert_id ON ledger.verdicts (alert_id);

CREATE TABLE ledger.rule_counts (
    partnership_id TEXT NOT NULL,
    rule TEXT NOT NULL,
    counted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    took_s DOUBLE PRECISION NOT NULL,
    since TIMESTAMP WITH TIME ZONE NOT NULL,
    raised BIGINT NOT NULL,
    alerted BIGINT NOT NULL,
    acted BIGINT NOT NULL,
    dismissed BIGINT NOT NULL,
    waiting BIGINT NOT NULL,
    median_s DOUBLE PRECISION,
    CONSTRAINT pk_rule_counts PRIMARY KEY (partnership_id, rule)
);
"""

OF_PARTNERSHIP = "partnership_id = (SELECT a.partnership_id FROM ledger.agencies a WHERE a.agency_id = ledger.party())"
OWN_STATE = """EXISTS (
    SELECT FROM ledger.entries e JOIN ledger.partnerships p USING (record_id)
    WHERE p.partnership_id = rule_states.partnership_id AND e.number = rule_states.number
    AND e.agency_id = ledger.party())"""
OWN_VERDICT = """EXISTS (
    SELECT FROM ledger.entries e WHERE e.record_id = verdicts.record_id AND e.number = verdicts.number
    AND e.agency_id = ledger.party())"""
INVOLVED = """EXISTS (
    SELECT FROM ledger.involvements i WHERE i.record_id = verdicts.record_id AND i.agency_id = ledger.party()
    AND (i.until IS NULL OR i.until > ledger.statement_now())
    AND (i.person_id IS NULL OR i.person_id::text = ledger.person()))"""
SOMEBODY = "ledger.party() <> ALL ('{ledger,auditor,erasure,rebuild}'::text[])"
BY_LEDGER = "WITH CHECK (ledger.party() = 'ledger')"
REBUILDS = "ledger.party() = 'rebuild'"
REBUILDING = (
    ("rebuild_reads", "SELECT", "ledger_rebuild", f"USING ({REBUILDS})"),
    ("rebuild_makes", "INSERT", "ledger_rebuild", f"WITH CHECK ({REBUILDS})"),
    ("rebuild_changes", "UPDATE", "ledger_rebuild", f"USING ({REBUILDS}) WITH CHECK ({REBUILDS})"),
    ("rebuild_takes", "DELETE", "ledger_rebuild", f"USING ({REBUILDS})"),
)

#: Policies of each table: name, verb, role, condition.
POLICIES = {
    "rule_states": (
        ("partnership_reads", "SELECT", "ledger_web", f"USING ({OF_PARTNERSHIP})"),
        ("party_projects", "INSERT", "ledger_web", f"WITH CHECK ({OF_PARTNERSHIP} AND {OWN_STATE})"),
        ("worker_reads", "SELECT", "ledger_worker", "USING (true)"),
        ("worker_projects", "INSERT", "ledger_worker", BY_LEDGER),
        ("auditor_reads", "SELECT", "ledger_auditor", "USING (ledger.party() = 'auditor')"),
        ("admin_reads", "SELECT", "ledger_admin", "USING (true)"),
        ("admin_projects", "INSERT", "ledger_admin", BY_LEDGER),
        *REBUILDING,
    ),
    "verdicts": (
        ("involved_read", "SELECT", "ledger_web", f"USING ({INVOLVED})"),
        ("party_projects", "INSERT", "ledger_web", f"WITH CHECK ({OWN_VERDICT})"),
        ("worker_reads", "SELECT", "ledger_worker", "USING (true)"),
        ("auditor_reads", "SELECT", "ledger_auditor", "USING (ledger.party() = 'auditor')"),
        *REBUILDING,
    ),
    "rule_counts": (
        ("partnership_reads", "SELECT", "ledger_web", f"USING ({OF_PARTNERSHIP})"),
        ("worker_reads", "SELECT", "ledger_worker", "USING (true)"),
        ("worker_counts", "INSERT", "ledger_worker", BY_LEDGER),
        ("worker_counts_again", "UPDATE", "ledger_worker", f"USING (true) {BY_LEDGER}"),
        ("worker_forgets", "DELETE", "ledger_worker", "USING (ledger.party() = 'ledger')"),
        ("admin_reads", "SELECT", "ledger_admin", "USING (true)"),
    ),
}
GRANTS = """
GRANT SELECT, INSERT ON ledger.rule_states TO ledger_web, ledger_worker, ledger_admin;
GRANT SELECT ON ledger.rule_states TO ledger_auditor;
GRANT SELECT, INSERT ON ledger.verdicts TO ledger_web;
GRANT SELECT ON ledger.verdicts TO ledger_worker, ledger_auditor;
GRANT SELECT, INSERT, UPDATE, DELETE ON ledger.rule_states, ledger.verdicts TO ledger_rebuild;
GRANT SELECT ON ledger.rule_counts TO ledger_web, ledger_admin;
GRANT SELECT, INSERT, UPDATE, DELETE ON ledger.rule_counts TO ledger_worker;
"""


def upgrade() -> None:
    """Three tables, and the rules of an activated pack."""
    op.execute(TABLES)
    for table, policies in POLICIES.items():
        op.execute(f"ALTER TABLE ledger.{table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE ledger.{table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY somebody_acts ON ledger.{table} AS RESTRICTIVE FOR ALL TO ledger_web USING ({SOMEBODY})"
        )
        for name, verb, role, said in policies:
            op.execute(f"CREATE POLICY {name} ON ledger.{table} FOR {verb} TO {role} {said}")
    op.execute(GRANTS)


def downgrade() -> None:
    """What entries tell can be made again; counts are counted again."""
    op.execute("DROP TABLE ledger.rule_counts, ledger.verdicts, ledger.rule_states")
    op.execute("ALTER TABLE ledger.pack_activations DROP COLUMN rules")
