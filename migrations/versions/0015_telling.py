"""Telling people and agencies: what waits to be told, each party's feed, and what leaves by a channel.

All of it is operation: what was found and who is accountable stands in entries. A feed's numbers are given under the
lock of its row, one after the other, so that whoever has read up to a number has missed nothing before it.
"""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE ledger.outbox (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    record_id UUID NOT NULL,
    number BIGINT NOT NULL,
    since TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    tries SMALLINT DEFAULT 0 NOT NULL,
    not_before TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT pk_outbox PRIMARY KEY (id)
);
ALTER TABLE ledger.outbox SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);

CREATE TABLE ledger.feeds (
    party TEXT NOT NULL,
    agency_id TEXT NOT NULL,
    last_seq BIGINT DEFAULT 0 NOT NULL,
    read_seq BIGINT DEFAULT 0 NOT NULL,
    CONSTRAINT pk_feeds PRIMARY KEY (party),
    CONSTRAINT ck_feeds_read CHECK (read_seq BETWEEN 0 AND last_seq)
);
CREATE TABLE ledger.feed_items (
    party TEXT NOT NULL,
    seq BIGINT NOT NULL,
    item_id TEXT NOT NULL,
    type TEXT NOT NULL,
    agency_id TEXT NOT NULL,
    record_id UUID,
    number BIGINT,
    subject TEXT,
    tier TEXT,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    put_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT pk_feed_items PRIMARY KEY (party, seq),
    CONSTRAINT uq_feed_items_party_item_id UNIQUE (party, item_id)
);
CREATE INDEX ix_feed_items_put_at ON ledger.feed_items (put_at);

CREATE TABLE ledger.deliveries (
    delivery_id TEXT NOT NULL,
    party TEXT NOT NULL,
    agency_id TEXT NOT NULL,
    item_id TEXT NOT NULL,
    channel TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    record_id UUID,
    number BIGINT,
    subject TEXT,
    type TEXT NOT NULL,
    tier TEXT,
    made_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    not_before TIMESTAMP WITH TIME ZONE NOT NULL,
    tries SMALLINT DEFAULT 0 NOT NULL,
    leased_until TIMESTAMP WITH TIME ZONE,
    fence BIGINT DEFAULT 0 NOT NULL,
    sent_at TIMESTAMP WITH TIME ZONE,
    dead_at TIMESTAMP WITH TIME ZONE,
    fault TEXT,
    CONSTRAINT pk_deliveries PRIMARY KEY (delivery_id),
    CONSTRAINT ck_deliveries_channel CHECK (channel IN ('mail', 'notify', 'webhook')),
    CONSTRAINT ck_deliveries_ended CHECK (sent_at IS NULL OR dead_at IS NULL)
);
CREATE INDEX ix_deliveries_to_do ON ledger.deliveries (not_before) WHERE sent_at IS NULL AND dead_at IS NULL;
CREATE INDEX ix_deliveries_dead_at ON ledger.deliveries (dead_at) WHERE dead_at IS NOT NULL;
"""

#: Whose feed it is: an agency's own, its people's and desk's; and everybody the operators', which names nobody. `live`
#: is the process that holds the streams: what it passes on are types and names of alerts, never what they say.
THEIRS = "agency_id = ledger.party() OR party = 'operator'"
SECURITY = f"""
ALTER TABLE ledger.feeds ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger.feeds FORCE ROW LEVEL SECURITY;
ALTER TABLE ledger.feed_items ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger.feed_items FORCE ROW LEVEL SECURITY;
ALTER TABLE ledger.deliveries ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger.deliveries FORCE ROW LEVEL SECURITY;

CREATE POLICY somebody_acts ON ledger.feeds AS RESTRICTIVE FOR ALL TO ledger_web
    USING (ledger.party() <> ALL ('{{ledger,auditor,erasure,rebuild}}'::text[]));
CREATE POLICY somebody_acts ON ledger.feed_items AS RESTRICTIVE FOR ALL TO ledger_web
    USING (ledger.party() <> ALL ('{{ledger,auditor,erasure,rebuild}}'::text[]));
CREATE POLICY theirs_read ON ledger.feeds FOR SELECT TO ledger_web USING ({THEIRS} OR ledger.party() = 'live');
CREATE POLICY theirs_confirm ON ledger.feeds FOR UPDATE TO ledger_web
    USING (agency_id = ledger.party()) WITH CHECK (agency_id = ledger.party());
CREATE POLICY theirs_read ON ledger.feed_items FOR SELECT TO ledger_web USING ({THEIRS} OR ledger.party() = 'live');
CREATE POLICY worker_reads ON ledger.feeds FOR SELECT TO ledger_worker USING (true);
CREATE POLICY worker_begins ON ledger.feeds FOR INSERT TO ledger_worker WITH CHECK (true);
CREATE POLICY worker_counts ON ledger.feeds FOR UPDATE TO ledger_worker USING (true) WITH CHECK (true);
CREATE POLICY worker_reads ON ledger.feed_items FOR SELECT TO ledger_worker USING (true);
CREATE POLICY worker_puts ON ledger.feed_items FOR INSERT TO ledger_worker WITH CHECK (true);
CREATE POLICY worker_reads ON ledger.deliveries FOR SELECT TO ledger_worker USING (true);
CREATE POLICY worker_plans ON ledger.deliveries FOR INSERT TO ledger_worker WITH CHECK (true);
CREATE POLICY worker_sends ON ledger.deliveries FOR UPDATE TO ledger_worker USING (true) WITH CHECK (true);

GRANT INSERT (record_id, number) ON ledger.outbox TO ledger_web, ledger_worker, ledger_admin;
-- How many wait, and since when.
GRANT SELECT (id, since) ON ledger.outbox TO ledger_web, ledger_auditor, ledger_admin;
-- What could not be told is left alone for a while; and to lock a row asks for a right to change it.
GRANT SELECT, DELETE, UPDATE (tries, not_before) ON ledger.outbox TO ledger_worker;
-- Who signs in under a reference: in whose feed it is put.
GRANT SELECT (person_id, agency_id, ref) ON ledger.people TO ledger_worker;
GRANT SELECT ON ledger.feeds, ledger.feed_items TO ledger_web;
GRANT UPDATE (read_seq) ON ledger.feeds TO ledger_web;
GRANT SELECT, INSERT, UPDATE (last_seq) ON ledger.feeds TO ledger_worker;
GRANT SELECT, INSERT ON ledger.feed_items TO ledger_worker;
GRANT SELECT, INSERT ON ledger.deliveries TO ledger_worker;
GRANT UPDATE (not_before, tries, leased_until, fence, sent_at, dead_at, fault) ON ledger.deliveries TO ledger_worker;
"""


def upgrade() -> None:
    """Four tables. What was raised before this is in people's lists already, and is not told again."""
    op.execute(TABLES)
    op.execute(SECURITY)


def downgrade() -> None:
    """What was not sent yet is not sent."""
    op.execute("REVOKE SELECT (person_id, agency_id, ref) ON ledger.people FROM ledger_worker")
    op.execute("DROP TABLE ledger.deliveries, ledger.feed_items, ledger.feeds, ledger.outbox")
