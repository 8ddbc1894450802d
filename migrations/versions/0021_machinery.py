"""Signs of life of processes, troubles that were told, how late detection is, and records that are parked."""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE ledger.setbacks (
    record_id UUID NOT NULL,
    release TEXT NOT NULL,
    pack BIGINT NOT NULL,
    tries SMALLINT NOT NULL,
    rests_until TIMESTAMP WITH TIME ZONE NOT NULL,
    parked_at TIMESTAMP WITH TIME ZONE,
    told_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_setbacks PRIMARY KEY (record_id, release)
);
CREATE TABLE ledger.heartbeats (
    part TEXT NOT NULL,
    host TEXT NOT NULL,
    pid BIGINT NOT NULL,
    release TEXT NOT NULL,
    began_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    heard_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    left_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_heartbeats PRIMARY KEY (part, host, pid)
);
CREATE TABLE ledger.lags (
    record_id UUID NOT NULL,
    due_seq BIGINT NOT NULL,
    next_due_at TIMESTAMP WITH TIME ZONE,
    since TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT pk_lags PRIMARY KEY (record_id)
);
CREATE TABLE ledger.troubles (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    name TEXT NOT NULL,
    subject TEXT DEFAULT '' NOT NULL,
    began_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    began_mailed BOOLEAN DEFAULT false NOT NULL,
    ended_mailed BOOLEAN DEFAULT false NOT NULL,
    mail_after TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT pk_troubles PRIMARY KEY (id)
);
CREATE UNIQUE INDEX uq_troubles_name_subject ON ledger.troubles (name, subject) WHERE ended_at IS NULL;
"""

#: Whoever is alive watches and tells: workers, and the processes that serve. The sealer says that it lives.
GRANTS = """
GRANT SELECT, INSERT (record_id, release, pack, tries, rests_until),
    UPDATE (pack, tries, rests_until, parked_at, told_at), DELETE ON ledger.setbacks TO ledger_worker;
GRANT SELECT (record_id, parked_at) ON ledger.setbacks TO ledger_web;
GRANT SELECT, INSERT (part, host, pid, release), UPDATE (heard_at, left_at, release), DELETE ON ledger.heartbeats
    TO ledger_worker, ledger_web, ledger_sealer;
GRANT SELECT, INSERT (record_id, due_seq, next_due_at), DELETE ON ledger.lags TO ledger_worker, ledger_web;
GRANT SELECT, INSERT (name, subject, began_at), UPDATE (ended_at, began_mailed, ended_mailed, mail_after)
    ON ledger.troubles TO ledger_worker, ledger_web;
GRANT SELECT ON ledger.witness_states TO ledger_worker;
-- What a process that serves puts into the feed of whoever runs the ledger, and counts of what does not leave.
GRANT INSERT ON ledger.feed_items, ledger.feeds TO ledger_web;
GRANT UPDATE (last_seq) ON ledger.feeds TO ledger_web;
GRANT SELECT (channel, made_at, not_before, tries, sent_at, dead_at) ON ledger.deliveries TO ledger_web;
CREATE POLICY live_tells ON ledger.feed_items FOR INSERT TO ledger_web
    WITH CHECK (party = 'operator' AND ledger.party() = 'live');
CREATE POLICY live_begins ON ledger.feeds FOR INSERT TO ledger_web
    WITH CHECK (party = 'operator' AND ledger.party() = 'live');
CREATE POLICY live_counts ON ledger.feeds FOR UPDATE TO ledger_web
    USING (party = 'operator' AND ledger.party() = 'live') WITH CHECK (party = 'operator' AND ledger.party() = 'live');
CREATE POLICY live_watches ON ledger.deliveries FOR SELECT TO ledger_web USING (ledger.party() = 'live');
"""
NO_GRANTS = """
DROP POLICY live_watches ON ledger.deliveries;
DROP POLICY live_counts ON ledger.feeds;
DROP POLICY live_begins ON ledger.feeds;
DROP POLICY live_tells ON ledger.feed_items;
REVOKE SELECT (not_before) ON ledger.deliveries FROM ledger_web;
REVOKE UPDATE (last_seq) ON ledger.feeds FROM ledger_web;
REVOKE INSERT ON ledger.feed_items, ledger.feeds FROM ledger_web;
REVOKE SELECT ON ledger.witness_states FROM ledger_worker;
"""


def upgrade() -> None:
    """Four tables."""
    op.execute(TABLES)
    op.execute(GRANTS)


def downgrade() -> None:
    """What failed is tried again; what is wrong is said again by whoever finds it."""
    op.execute(NO_GRANTS)
    op.execute("DROP TABLE ledger.troubles, ledger.lags, ledger.heartbeats, ledger.setbacks")
