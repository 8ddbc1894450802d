"""What leaves by other channels: messages under a lease, days with a digest, and where agencies are told by webhook:
their endpoints, what signs, and which hosts they may name.
"""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

SENDING = """
ALTER TABLE ledger.deliveries
    ADD COLUMN bundle TEXT,
    ADD COLUMN retry_at TIMESTAMP WITH TIME ZONE,
    ADD COLUMN said_at TIMESTAMP WITH TIME ZONE;
-- Rows that wait come and go in bursts: plans must know of them soon.
ALTER TABLE ledger.deliveries SET (
    autovacuum_analyze_scale_factor = 0.02, autovacuum_analyze_threshold = 500, autovacuum_vacuum_scale_factor = 0.05);
CREATE INDEX ix_deliveries_endpoint ON ledger.deliveries (channel, endpoint)
    WHERE sent_at IS NULL AND dead_at IS NULL;
CREATE INDEX ix_deliveries_bundle ON ledger.deliveries (bundle) WHERE sent_at IS NULL AND dead_at IS NULL;
CREATE INDEX ix_deliveries_unsaid ON ledger.deliveries (record_id, sent_at)
    WHERE sent_at IS NOT NULL AND said_at IS NULL AND record_id IS NOT NULL;

CREATE TABLE ledger.digest_days (
    partnership_id TEXT NOT NULL,
    day DATE NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT pk_digest_days PRIMARY KEY (partnership_id, day)
);
CREATE TABLE ledger.digests (
    party TEXT NOT NULL,
    day DATE NOT NULL,
    counts JSONB NOT NULL,
    CONSTRAINT pk_digests PRIMARY KEY (party, day)
);
ALTER TABLE ledger.digests ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger.digests FORCE ROW LEVEL SECURITY;
CREATE POLICY worker_reads ON ledger.digests FOR SELECT TO ledger_worker USING (true);
CREATE POLICY worker_makes ON ledger.digests FOR INSERT TO ledger_worker WITH CHECK (true);
CREATE POLICY worker_forgets ON ledger.digests FOR DELETE TO ledger_worker USING (true);
GRANT SELECT, INSERT, DELETE ON ledger.digests TO ledger_worker;
ALTER TABLE ledger.digest_days ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger.digest_days FORCE ROW LEVEL SECURITY;
CREATE POLICY worker_reads ON ledger.digest_days FOR SELECT TO ledger_worker USING (true);
CREATE POLICY worker_makes ON ledger.digest_days FOR INSERT TO ledger_worker WITH CHECK (true);
GRANT SELECT, INSERT (partnership_id, day) ON ledger.digest_days TO ledger_worker;

-- What is somebody else's by now, or over, is not sent and not kept: it is no dead letter.
CREATE POLICY worker_ends ON ledger.deliveries FOR DELETE TO ledger_worker
    USING (sent_at IS NULL AND dead_at IS NULL);
GRANT DELETE, UPDATE (bundle, retry_at, said_at) ON ledger.deliveries TO ledger_worker;
"""

WEBHOOKS = """
CREATE TABLE ledger.webhooks (
    webhook_id TEXT NOT NULL,
    agency_id TEXT NOT NULL,
    url TEXT NOT NULL,
    signing TEXT NOT NULL,
    types TEXT[],
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    ended_why TEXT,
    CONSTRAINT pk_webhooks PRIMARY KEY (webhook_id),
    CONSTRAINT ck_webhooks_signing CHECK (signing IN ('hmac', 'ed25519')),
    CONSTRAINT ck_webhooks_ended CHECK ((ended_at IS NULL) = (ended_why IS NULL)),
    CONSTRAINT ck_webhooks_ended_why CHECK (ended_why IN ('removed', 'disabled', 'gone'))
);
CREATE UNIQUE INDEX uq_webhooks_agency_id_url ON ledger.webhooks (agency_id, url) WHERE ended_at IS NULL;

CREATE TABLE ledger.webhook_secrets (
    webhook_id TEXT NOT NULL,
    secret_id TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    public TEXT,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    signs_until TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_webhook_secrets PRIMARY KEY (webhook_id, secret_id)
);

CREATE TABLE ledger.webhook_hosts (
    agency_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    hosts TEXT[] NOT NULL,
    CONSTRAINT pk_webhook_hosts PRIMARY KEY (agency_id, number)
);
CREATE INDEX ix_deliveries_webhook ON ledger.deliveries (endpoint, made_at) WHERE channel = 'webhook';
"""

#: Whoever acts for an agency of one's own partnership: its administrators see the endpoints of all of it.
PARTNERS = """EXISTS (
    SELECT FROM ledger.agencies a JOIN ledger.agencies mine USING (partnership_id)
    WHERE a.agency_id = webhooks.agency_id AND mine.agency_id = ledger.party())"""
#: What signs is of one's own endpoint.
OWN_WEBHOOK = """EXISTS (
    SELECT FROM ledger.webhooks w WHERE w.webhook_id = webhook_secrets.webhook_id AND w.agency_id = ledger.party())"""
SOMEBODY = "ledger.party() <> ALL ('{ledger,auditor,erasure,rebuild}'::text[])"
REBUILDS = "ledger.party() = 'rebuild'"
#: Table, policy, verb, role, and what it says.
WEBHOOK_POLICIES = (
    ("webhooks", "partners_read", "SELECT", "ledger_web", f"USING ({PARTNERS})"),
    ("webhooks", "party_adds", "INSERT", "ledger_web", "WITH CHECK (agency_id = ledger.party() AND ended_at IS NULL)"),
    # An endpoint that has ended has ended for good.
    ("webhooks", "partners_end", "UPDATE", "ledger_web",
     f"USING (ended_at IS NULL AND {PARTNERS}) WITH CHECK (ended_at IS NOT NULL)"),
    ("webhooks", "worker_reads", "SELECT", "ledger_worker", "USING (true)"),
    ("webhooks", "worker_ends", "UPDATE", "ledger_worker",
     "USING (ended_at IS NULL) WITH CHECK (ended_why = 'gone')"),
    ("webhook_secrets", "party_reads", "SELECT", "ledger_web", f"USING ({OWN_WEBHOOK})"),
    ("webhook_secrets", "party_adds", "INSERT", "ledger_web", f"WITH CHECK ({OWN_WEBHOOK})"),
    ("webhook_secrets", "party_rotates", "UPDATE", "ledger_web", f"USING ({OWN_WEBHOOK}) WITH CHECK ({OWN_WEBHOOK})"),
    ("webhook_secrets", "party_forgets", "DELETE", "ledger_web",
     f"USING ({OWN_WEBHOOK} AND signs_until <= clock_timestamp())"),
    ("webhook_secrets", "worker_reads", "SELECT", "ledger_worker", "USING (true)"),
    ("webhook_hosts", "party_reads", "SELECT", "ledger_web", "USING (agency_id = ledger.party())"),
    ("webhook_hosts", "worker_reads", "SELECT", "ledger_worker", "USING (true)"),
    ("webhook_hosts", "admin_reads", "SELECT", "ledger_admin", "USING (ledger.party() = 'ledger')"),
    ("webhook_hosts", "admin_allows", "INSERT", "ledger_admin", "WITH CHECK (ledger.party() = 'ledger')"),
    ("webhook_hosts", "rebuild_reads", "SELECT", "ledger_rebuild", f"USING ({REBUILDS})"),
    ("webhook_hosts", "rebuild_makes", "INSERT", "ledger_rebuild", f"WITH CHECK ({REBUILDS})"),
    ("webhook_hosts", "rebuild_changes", "UPDATE", "ledger_rebuild", f"USING ({REBUILDS}) WITH CHECK ({REBUILDS})"),
    ("webhook_hosts", "rebuild_takes", "DELETE", "ledger_rebuild", f"USING ({REBUILDS})"),
    # How an agency's own webhooks go.
    ("deliveries", "theirs_read", "SELECT", "ledger_web", "USING (channel = 'webhook' AND agency_id = ledger.party())"),
)  # fmt: skip
WEBHOOK_GRANTS = """
GRANT SELECT, INSERT, UPDATE (ended_at, ended_why) ON ledger.webhooks TO ledger_web;
GRANT SELECT, UPDATE (ended_at, ended_why) ON ledger.webhooks TO ledger_worker;
-- What is sealed is opened where it signs, and nowhere else.
GRANT SELECT (webhook_id, secret_id, public, made_at, signs_until), INSERT, UPDATE (signs_until), DELETE
    ON ledger.webhook_secrets TO ledger_web;
GRANT SELECT ON ledger.webhook_secrets TO ledger_worker;
GRANT SELECT ON ledger.webhook_hosts TO ledger_web, ledger_worker, ledger_admin;
GRANT INSERT ON ledger.webhook_hosts TO ledger_admin;
GRANT SELECT, INSERT, UPDATE, DELETE ON ledger.webhook_hosts TO ledger_rebuild;
GRANT SELECT (channel, agency_id, endpoint, made_at, sent_at, dead_at, tries, fault) ON ledger.deliveries TO ledger_web;
-- Whom to tell that an endpoint has gone.
GRANT SELECT (person_id, role, taken_number) ON ledger.person_roles TO ledger_worker;
"""


def _webhooks() -> None:
    op.execute(WEBHOOKS)
    for table in ("webhooks", "webhook_secrets", "webhook_hosts"):
        op.execute(f"ALTER TABLE ledger.{table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE ledger.{table} FORCE ROW LEVEL SECURITY")
    for table in ("webhooks", "webhook_secrets", "webhook_hosts", "deliveries"):
        op.execute(
            f"CREATE POLICY somebody_acts ON ledger.{table} AS RESTRICTIVE FOR ALL TO ledger_web USING ({SOMEBODY})"
        )
    for table, policy, verb, role, said in WEBHOOK_POLICIES:
        op.execute(f"CREATE POLICY {policy} ON ledger.{table} FOR {verb} TO {role} {said}")
    op.execute(WEBHOOK_GRANTS)


def _not_sending() -> None:
    op.execute("DROP POLICY worker_ends ON ledger.deliveries")
    op.execute("REVOKE DELETE ON ledger.deliveries FROM ledger_worker")
    op.execute(
        "ALTER TABLE ledger.deliveries RESET "
        "(autovacuum_analyze_scale_factor, autovacuum_analyze_threshold, autovacuum_vacuum_scale_factor)"
    )
    op.execute("ALTER TABLE ledger.deliveries DROP COLUMN bundle, DROP COLUMN retry_at, DROP COLUMN said_at")
    op.execute("DROP TABLE ledger.digests, ledger.digest_days")


def _no_webhooks() -> None:
    op.execute("REVOKE SELECT (person_id, role, taken_number) ON ledger.person_roles FROM ledger_worker")
    op.execute(
        "REVOKE SELECT (channel, agency_id, endpoint, made_at, sent_at, dead_at, tries, fault) "
        "ON ledger.deliveries FROM ledger_web"
    )
    op.execute("DROP POLICY theirs_read ON ledger.deliveries")
    op.execute("DROP POLICY somebody_acts ON ledger.deliveries")
    op.execute("DROP INDEX ledger.ix_deliveries_webhook")
    op.execute("DROP TABLE ledger.webhook_hosts, ledger.webhook_secrets, ledger.webhooks")


def upgrade() -> None:
    """What one message holds, when it is tried again, and whether an entry says that it was sent; days with a digest;
    webhooks' three tables, and what of its own deliveries an agency sees.
    """
    op.execute(SENDING)
    _webhooks()


def downgrade() -> None:
    """What was to be sent to an endpoint is not sent."""
    _no_webhooks()
    _not_sending()
