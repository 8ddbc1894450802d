"""What each self-audit found, who does what is done once for all workers, and the role that makes projections again.

`record_gaps.up_to` goes: it was how far detection had come when it last wrote the row. No entry tells that, and nothing
read it.
"""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE ledger.duties (
    name TEXT NOT NULL,
    done_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_duties PRIMARY KEY (name)
);
INSERT INTO ledger.duties (name) VALUES ('audit_lately'), ('audit_all');

CREATE TABLE ledger.self_audits (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    scope TEXT NOT NULL,
    began_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE NOT NULL,
    entries BIGINT NOT NULL,
    reads BIGINT NOT NULL,
    from_index BIGINT NOT NULL,
    to_index BIGINT NOT NULL,
    root BYTEA,
    problems JSONB NOT NULL,
    is_said BOOLEAN NOT NULL,
    CONSTRAINT pk_self_audits PRIMARY KEY (id),
    CONSTRAINT ck_self_audits_scope CHECK (scope IN ('lately', 'all'))
);
CREATE INDEX ix_self_audits_ended_at ON ledger.self_audits (ended_at);
"""

#: What a self-audit reads beside what the worker reads anyway: the log; of reads what their leaves commit to, and no
#: more; of files all, since whether bytes have the hash that stands beside them is told by the bytes alone.
AUDIT_GRANTS = """
GRANT SELECT, UPDATE (done_at) ON ledger.duties TO ledger_worker;
GRANT SELECT, INSERT (scope, began_at, ended_at, entries, reads, from_index, to_index, root, problems,
    is_said) ON ledger.self_audits TO ledger_worker;
GRANT SELECT ON ledger.self_audits TO ledger_web, ledger_sealer, ledger_auditor, ledger_admin;
GRANT SELECT ON ledger.entry_positions, ledger.access_positions, ledger.log_tiles, ledger.checkpoints,
    ledger.cosignatures, ledger.unsealed, ledger.unsealed_access TO ledger_worker;
GRANT SELECT (access_id, at, agency_id, person_id, record_id, what, purpose, up_to_number, request_id, real_at,
    outcome, refused_for, by_glass, salt, leaf) ON ledger.access_records TO ledger_worker;
GRANT SELECT (record_id, number, agency_id, media_type, sha256, size, bytes) ON ledger.attachment_bytes
    TO ledger_worker;
CREATE POLICY worker_audits ON ledger.entry_positions FOR SELECT TO ledger_worker USING (true);
CREATE POLICY worker_audits ON ledger.access_positions FOR SELECT TO ledger_worker USING (true);
CREATE POLICY worker_audits ON ledger.access_records FOR SELECT TO ledger_worker USING (true);
CREATE POLICY worker_audits ON ledger.attachment_bytes FOR SELECT TO ledger_worker USING (true);
"""
NO_AUDIT_GRANTS = """
DROP POLICY worker_audits ON ledger.attachment_bytes;
DROP POLICY worker_audits ON ledger.access_records;
DROP POLICY worker_audits ON ledger.access_positions;
DROP POLICY worker_audits ON ledger.entry_positions;
REVOKE SELECT ON ledger.access_records, ledger.attachment_bytes FROM ledger_worker;
REVOKE SELECT ON ledger.entry_positions, ledger.access_positions, ledger.log_tiles, ledger.checkpoints,
    ledger.cosignatures, ledger.unsealed, ledger.unsealed_access FROM ledger_worker;
DROP TABLE ledger.self_audits, ledger.duties;
"""

#: Made again from entries: those of a record, and those of the partnerships' own records, which nobody's policies hold.
MADE_AGAIN = (
    "children", "identifiers", "involvements", "leads", "links", "withdrawals", "claims", "markings", "ties",
    "landmarks", "consents", "information_requests", "rectifications", "glass_breakings", "glass_reviews",
    "findings", "alerts", "record_gaps", "due_moments", "check_failures",
    "partnerships", "agencies", "people", "person_roles", "pack_activations", "photograph_policies",
)  # fmt: skip
#: What is read for it.
READ = ("entries", "contents")
#: Like erasure and auditors it must say that it acts as that: a transaction that forgot to sees no row.
ACTS = "(ledger.party() = 'rebuild')"
VERBS = {
    "SELECT": ("rebuild_reads", f"USING {ACTS}"),
    "INSERT": ("rebuild_makes", f"WITH CHECK {ACTS}"),
    "UPDATE": ("rebuild_changes", f"USING {ACTS} WITH CHECK {ACTS}"),
    "DELETE": ("rebuild_takes", f"USING {ACTS}"),
}  # fmt: skip
#: Whom a web process can not act as, on each table that is held; now that one more party is no agency's.
CLOSED = "SELECT tablename FROM pg_policies WHERE schemaname = 'ledger' AND policyname = 'somebody_acts' ORDER BY 1"
SOMEBODY = "ledger.party() <> ALL ('{{ledger,auditor,erasure{more}}}'::text[])"
HELD = "SELECT relrowsecurity FROM pg_class WHERE oid = 'ledger.{table}'::regclass"


def _somebody(more: str) -> None:
    for table in op.get_bind().exec_driver_sql(CLOSED).scalars().all():
        op.execute(f"ALTER POLICY somebody_acts ON ledger.{table} USING ({SOMEBODY.format(more=more)})")


def _rebuilding() -> None:
    op.execute("GRANT USAGE ON SCHEMA ledger TO ledger_rebuild")
    op.execute("GRANT EXECUTE ON FUNCTION ledger.clock_now(), ledger.party(), ledger.person() TO ledger_rebuild")
    op.execute("GRANT SELECT ON ledger.heads, ledger.ledger_state TO ledger_rebuild")
    op.execute("GRANT UPDATE (next_due_at) ON ledger.heads TO ledger_rebuild")
    for tables, verbs in ((READ, ["SELECT"]), (MADE_AGAIN, [*VERBS])):
        for table in tables:
            op.execute(f"GRANT {', '.join(verbs)} ON ledger.{table} TO ledger_rebuild")
            if op.get_bind().exec_driver_sql(HELD.format(table=table)).scalar():
                for verb in verbs:
                    policy, said = VERBS[verb]
                    op.execute(f"CREATE POLICY {policy} ON ledger.{table} FOR {verb} TO ledger_rebuild {said}")


def _no_rebuilding() -> None:
    for tables, verbs in ((READ, ["SELECT"]), (MADE_AGAIN, [*VERBS])):
        for table in tables:
            for verb in verbs:
                op.execute(f"DROP POLICY IF EXISTS {VERBS[verb][0]} ON ledger.{table}")
            op.execute(f"REVOKE ALL ON ledger.{table} FROM ledger_rebuild")
    op.execute("REVOKE ALL ON ledger.heads, ledger.ledger_state FROM ledger_rebuild")
    op.execute("REVOKE UPDATE (next_due_at) ON ledger.heads FROM ledger_rebuild")
    op.execute("REVOKE ALL ON FUNCTION ledger.clock_now(), ledger.party(), ledger.person() FROM ledger_rebuild")
    op.execute("REVOKE USAGE ON SCHEMA ledger FROM ledger_rebuild")


def upgrade() -> None:
    """Two tables, what the workers read to audit, the role that makes projections again, and one column less."""
    op.execute(TABLES)
    op.execute(AUDIT_GRANTS)
    _rebuilding()
    _somebody(",rebuild")
    op.execute("REVOKE UPDATE (up_to) ON ledger.record_gaps FROM ledger_worker")
    op.execute("ALTER TABLE ledger.record_gaps DROP COLUMN up_to")


def downgrade() -> None:
    """How far detection had come is taken from the head; what audits found is lost."""
    op.execute("ALTER TABLE ledger.record_gaps NO FORCE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE ledger.record_gaps ADD COLUMN up_to BIGINT")
    op.execute(
        "UPDATE ledger.record_gaps g SET up_to = h.detected_seq FROM ledger.heads h WHERE h.record_id = g.record_id"
    )
    op.execute("ALTER TABLE ledger.record_gaps ALTER COLUMN up_to SET NOT NULL")
    op.execute("ALTER TABLE ledger.record_gaps FORCE ROW LEVEL SECURITY")
    op.execute("GRANT UPDATE (up_to) ON ledger.record_gaps TO ledger_worker")
    _somebody("")
    _no_rebuilding()
    op.execute(NO_AUDIT_GRANTS)
