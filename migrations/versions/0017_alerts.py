"""Where an alert is in its life, until when an action is awaited, who held it before; and when it is next looked at.

What is new on an alert is a function of entries: of those that stand already it is filled in as `ledger rebuild` would.
"""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

COLUMNS = """
ALTER TABLE ledger.alerts
    ADD COLUMN tier TEXT NOT NULL DEFAULT 'queue',
    ADD COLUMN stage TEXT NOT NULL DEFAULT 'lead',
    ADD COLUMN state TEXT NOT NULL DEFAULT 'raised',
    ADD COLUMN act_by TIMESTAMP WITH TIME ZONE,
    ADD COLUMN held JSONB NOT NULL DEFAULT '[]'::jsonb,
    ADD COLUMN held_number BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN lapses SMALLINT NOT NULL DEFAULT 0,
    ADD COLUMN acted_number BIGINT,
    ADD COLUMN snoozed_number BIGINT,
    ADD COLUMN moved_number BIGINT NOT NULL DEFAULT 0,
    ADD CONSTRAINT ck_alerts_tier CHECK (tier IN ('interrupt', 'queue')),
    ADD CONSTRAINT ck_alerts_state CHECK (
        state IN ('raised', 'sent', 'opened', 'acknowledged', 'acted_on', 'snoozed', 'lapsed', 'resolved'));
-- Whose clock has run out, whose line may have changed, and what went on from whom.
CREATE INDEX ix_alerts_act_by ON ledger.alerts (act_by) WHERE ended_number IS NULL AND act_by IS NOT NULL;
CREATE INDEX ix_alerts_open ON ledger.alerts (record_id) WHERE ended_number IS NULL;
CREATE INDEX ix_alerts_held ON ledger.alerts USING gin (held jsonb_path_ops) WHERE ended_number IS NULL;
-- Open findings of which nobody was alerted: those of rules that were not live.
CREATE INDEX ix_findings_open_rule ON ledger.findings (rule) WHERE closed_number IS NULL;

-- How far a record's open alerts have been held against its line: by the keeper alone, and lost without harm.
CREATE TABLE ledger.alert_looks (
    record_id UUID NOT NULL,
    lead_number BIGINT NOT NULL,
    people_number BIGINT NOT NULL,
    look_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_alert_looks PRIMARY KEY (record_id)
);
"""

#: The rows that stand, from the entries that they are told by.
FILL = """
ALTER TABLE ledger.alerts NO FORCE ROW LEVEL SECURITY;
ALTER TABLE ledger.contents NO FORCE ROW LEVEL SECURITY;
UPDATE ledger.alerts a SET held_number = a.raised_number, acted_number = o.last,
    state = CASE WHEN a.ended_number IS NOT NULL THEN 'resolved' WHEN o.last IS NOT NULL THEN 'acted_on'
        WHEN a.acknowledged_number IS NOT NULL THEN 'acknowledged' ELSE 'raised' END,
    moved_number = greatest(a.raised_number, a.acknowledged_number, a.ended_number, o.last, k.last)
FROM ledger.alerts b
LEFT JOIN LATERAL (
    SELECT max(c.number) AS last FROM ledger.contents c WHERE c.record_id = b.record_id AND c.kind = 'outcome'
    AND convert_from(c.content, 'UTF8')::jsonb -> 'body' ->> 'of' = b.alert_id
    AND (b.ended_number IS NULL OR c.number < b.ended_number)) o ON true
LEFT JOIN LATERAL (
    SELECT max(c.number) AS last FROM ledger.contents c WHERE c.record_id = b.record_id AND c.kind = 'acknowledgement'
    AND convert_from(c.content, 'UTF8')::jsonb -> 'body' ->> 'of' = b.alert_id) k ON true
WHERE a.alert_id = b.alert_id;
ALTER TABLE ledger.alerts FORCE ROW LEVEL SECURITY;
ALTER TABLE ledger.contents FORCE ROW LEVEL SECURITY;
"""

#: Whoever holds an alert, or held it, says what they did.
THEIRS = """to_agency = ledger.party()
    OR held @> jsonb_build_array(jsonb_build_object('agency', ledger.party()))"""

SECURITY = f"""
ALTER POLICY recipient_updates ON ledger.alerts USING ({THEIRS}) WITH CHECK ({THEIRS});
GRANT UPDATE (state, act_by, acted_number, snoozed_number, moved_number) ON ledger.alerts TO ledger_web;
GRANT UPDATE (to_agency, to_person, tier, stage, state, act_by, held, held_number, lapses, acknowledged_number,
    moved_number) ON ledger.alerts TO ledger_worker;
ALTER TABLE ledger.alert_looks ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger.alert_looks FORCE ROW LEVEL SECURITY;
CREATE POLICY keeper_reads ON ledger.alert_looks FOR SELECT TO ledger_worker USING (true);
CREATE POLICY keeper_notes ON ledger.alert_looks FOR INSERT TO ledger_worker WITH CHECK (true);
CREATE POLICY keeper_moves ON ledger.alert_looks FOR UPDATE TO ledger_worker USING (true) WITH CHECK (true);
CREATE POLICY keeper_forgets ON ledger.alert_looks FOR DELETE TO ledger_worker USING (true);
GRANT SELECT, INSERT, UPDATE (lead_number, people_number, look_at), DELETE ON ledger.alert_looks TO ledger_worker;
"""


def upgrade() -> None:
    """Columns, what they are for rows that stand, a table of the keeper's own, and who changes what."""
    op.execute(COLUMNS)
    op.execute(FILL)
    op.execute(SECURITY)


def downgrade() -> None:
    """All of it follows from entries, or is lost without harm."""
    op.execute("DROP TABLE ledger.alert_looks")
    theirs = "to_agency = ledger.party()"
    op.execute(f"ALTER POLICY recipient_updates ON ledger.alerts USING ({theirs}) WITH CHECK ({theirs})")
    op.execute("DROP INDEX ledger.ix_findings_open_rule, ledger.ix_alerts_open")
    op.execute("REVOKE UPDATE (to_agency, to_person, acknowledged_number) ON ledger.alerts FROM ledger_worker")
    op.execute(
        "ALTER TABLE ledger.alerts DROP COLUMN tier, DROP COLUMN stage, DROP COLUMN state, DROP COLUMN act_by, "
        "DROP COLUMN held, DROP COLUMN held_number, DROP COLUMN lapses, DROP COLUMN acted_number, "
        "DROP COLUMN snoozed_number, DROP COLUMN moved_number"
    )
