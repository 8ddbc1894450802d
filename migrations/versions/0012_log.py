"""The log: what waits to be sealed, positions, tiles, checkpoints, cosignatures, closures, and the leaf of each read.

What has been recorded already waits to be sealed too, in the order of its times; each access record gets its salt and
leaf. The leaf is made by a trigger, so that no read is recorded without one, whoever records it.
"""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE ledger.unsealed (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    record_id UUID NOT NULL,
    number BIGINT NOT NULL,
    since TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT pk_unsealed PRIMARY KEY (id)
);
CREATE TABLE ledger.unsealed_access (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    access_id UUID NOT NULL,
    since TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT pk_unsealed_access PRIMARY KEY (id)
);
-- Filled and emptied all day: the dead rows at their beginning are what each look would step over.
ALTER TABLE ledger.unsealed SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
ALTER TABLE ledger.unsealed_access SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);

CREATE TABLE ledger.entry_positions (
    index BIGINT NOT NULL,
    record_id UUID NOT NULL,
    number BIGINT NOT NULL,
    CONSTRAINT pk_entry_positions PRIMARY KEY (index),
    CONSTRAINT uq_entry_positions_record_id_number UNIQUE (record_id, number)
);
CREATE TABLE ledger.access_positions (
    index BIGINT NOT NULL,
    access_id UUID NOT NULL,
    CONSTRAINT pk_access_positions PRIMARY KEY (index),
    CONSTRAINT uq_access_positions_access_id UNIQUE (access_id)
);
CREATE TABLE ledger.log_tiles (
    log TEXT NOT NULL,
    level SMALLINT NOT NULL,
    index BIGINT NOT NULL,
    hashes BYTEA NOT NULL,
    CONSTRAINT pk_log_tiles PRIMARY KEY (log, level, index),
    CONSTRAINT ck_log_tiles_log CHECK (log IN ('entries', 'access')),
    CONSTRAINT ck_log_tiles_hashes
        CHECK (octet_length(hashes) BETWEEN 32 AND 8192 AND octet_length(hashes) % 32 = 0)
);
-- Hashes cannot be compressed.
ALTER TABLE ledger.log_tiles ALTER COLUMN hashes SET STORAGE EXTERNAL;
CREATE TABLE ledger.checkpoints (
    log TEXT NOT NULL,
    size BIGINT NOT NULL,
    root BYTEA NOT NULL,
    note TEXT NOT NULL,
    signed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_checkpoints PRIMARY KEY (log, size),
    CONSTRAINT ck_checkpoints_log CHECK (log IN ('entries', 'access')),
    CONSTRAINT ck_checkpoints_root CHECK (octet_length(root) = 32)
);
CREATE TABLE ledger.cosignatures (
    log TEXT NOT NULL,
    size BIGINT NOT NULL,
    name TEXT NOT NULL,
    line TEXT NOT NULL,
    cosigned_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_cosignatures PRIMARY KEY (log, size, name, cosigned_at),
    CONSTRAINT ck_cosignatures_log CHECK (log IN ('entries', 'access'))
);
-- How each witness answered when it was asked last: operation, and no proof of anything.
CREATE TABLE ledger.witness_states (
    log TEXT NOT NULL,
    name TEXT NOT NULL,
    size BIGINT,
    cosigned_at TIMESTAMP WITH TIME ZONE,
    failed_at TIMESTAMP WITH TIME ZONE,
    failure TEXT,
    has_diverged BOOLEAN NOT NULL,
    CONSTRAINT pk_witness_states PRIMARY KEY (log, name),
    CONSTRAINT ck_witness_states_log CHECK (log IN ('entries', 'access'))
);
CREATE TABLE ledger.closures (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    closed_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    why TEXT NOT NULL,
    log TEXT NOT NULL,
    from_index BIGINT,
    to_index BIGINT,
    opened_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_closures PRIMARY KEY (id),
    CONSTRAINT ck_closures_log CHECK (log IN ('entries', 'access'))
);
CREATE INDEX ix_closures_open ON ledger.closures (id) WHERE opened_at IS NULL;

ALTER TABLE ledger.access_records ADD COLUMN salt BYTEA, ADD COLUMN leaf BYTEA;
"""

FUNCTIONS = """
-- The one clock for whoever is about to write: while the ledger is closed it is not told.
CREATE FUNCTION ledger.clock_to_write() RETURNS timestamptz LANGUAGE plpgsql VOLATILE
    SET search_path = ledger, pg_temp AS $$
DECLARE
    moment timestamptz;
    closed boolean;
BEGIN
    SELECT (SELECT s.clock_at FROM ledger.ledger_state s),
           EXISTS (SELECT FROM ledger.closures c WHERE c.opened_at IS NULL) INTO moment, closed;
    IF closed THEN
        RAISE EXCEPTION 'the ledger is closed' USING ERRCODE = 'LG001';
    END IF;
    RETURN coalesce(moment, clock_timestamp());
END $$;
REVOKE ALL ON FUNCTION ledger.clock_to_write() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger.clock_to_write() TO ledger_web, ledger_worker, ledger_admin;

-- What a record of a read says, in the canonical bytes of RFC 8785: names in order, no spaces, `to_json` escapes alike.
-- Salt: SHA-256 over 244 unpredictable bits, as many as two version 4 UUIDs have.
CREATE FUNCTION ledger.make_access_leaf() RETURNS trigger LANGUAGE plpgsql
    SET search_path = ledger, pg_temp AS $$
DECLARE
    content text;
BEGIN
    content := '{"access":"' || NEW.access_id
        || '","agency":' || to_json(NEW.agency_id)
        || ',"at":"' || to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
        || '","by_glass":' || CASE WHEN NEW.by_glass THEN 'true' ELSE 'false' END
        || ',"outcome":' || to_json(NEW.outcome)
        || ',"person":' || coalesce('"' || NEW.person_id || '"', 'null')
        || ',"purpose":' || to_json(NEW.purpose)
        || ',"real_at":"' || to_char(NEW.real_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
        || '","record":"' || NEW.record_id
        || '","refused_for":' || coalesce(to_json(NEW.refused_for)::text, 'null')
        || ',"request":' || to_json(NEW.request_id)
        || ',"up_to":' || NEW.up_to_number
        || ',"what":' || to_json(NEW.what) || '}';
    NEW.salt := sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));
    NEW.leaf := convert_to('{"at":"' || to_char(NEW.real_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
        || '","commitment":"' || encode(sha256(NEW.salt || convert_to(content, 'UTF8')), 'hex')
        || '","format":"ledger-access/1"}', 'UTF8');
    INSERT INTO ledger.unsealed_access (access_id) VALUES (NEW.access_id);
    RETURN NEW;
END $$;

-- A tile is made once and then only grows to the right.
CREATE FUNCTION ledger.tile_grows() RETURNS trigger LANGUAGE plpgsql
    SET search_path = ledger, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.log, NEW.level, NEW.index) = (OLD.log, OLD.level, OLD.index)
        AND octet_length(NEW.hashes) > octet_length(OLD.hashes)
        AND substring(NEW.hashes FROM 1 FOR octet_length(OLD.hashes)) = OLD.hashes
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% of ledger.% is refused: the log only grows', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;

-- A closure is lifted once, and stays told.
CREATE FUNCTION ledger.closure_is_lifted() RETURNS trigger LANGUAGE plpgsql
    SET search_path = ledger, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.opened_at IS NULL AND NEW.opened_at IS NOT NULL
        AND (NEW.id, NEW.closed_at, NEW.why, NEW.log) = (OLD.id, OLD.closed_at, OLD.why, OLD.log)
        AND (NEW.from_index, NEW.to_index) IS NOT DISTINCT FROM (OLD.from_index, OLD.to_index)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% of ledger.% is refused: a closure is lifted once and stays told', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;
REVOKE ALL ON FUNCTION ledger.make_access_leaf(), ledger.tile_grows(), ledger.closure_is_lifted() FROM PUBLIC;
"""

#: What was recorded before there was a log. The owner is held by row-level security too, so it is lifted for a moment.
BACKFILL = """
ALTER TABLE ledger.entries NO FORCE ROW LEVEL SECURITY;
INSERT INTO ledger.unsealed (record_id, number)
    SELECT record_id, number FROM ledger.entries ORDER BY recorded_at, record_id, number;
ALTER TABLE ledger.entries FORCE ROW LEVEL SECURITY;

ALTER TABLE ledger.access_records NO FORCE ROW LEVEL SECURITY;
ALTER TABLE ledger.access_records DISABLE TRIGGER append_only;
CREATE TRIGGER backfill BEFORE UPDATE ON ledger.access_records
    FOR EACH ROW EXECUTE FUNCTION ledger.make_access_leaf();
UPDATE ledger.access_records SET salt = NULL;
DROP TRIGGER backfill ON ledger.access_records;
ALTER TABLE ledger.access_records ENABLE TRIGGER append_only;
ALTER TABLE ledger.access_records FORCE ROW LEVEL SECURITY;
ALTER TABLE ledger.access_records ALTER COLUMN salt SET NOT NULL, ALTER COLUMN leaf SET NOT NULL;
CREATE TRIGGER makes_its_leaf BEFORE INSERT ON ledger.access_records
    FOR EACH ROW EXECUTE FUNCTION ledger.make_access_leaf();
"""

#: Never changed, deleted or truncated.
APPEND_ONLY = ("entry_positions", "access_positions", "checkpoints", "cosignatures")
#: Changed in one way each.
GUARDED = {"log_tiles": "tile_grows", "closures": "closure_is_lifted"}

#: As every other held table has it (0011): without a party, or as one that is no agency, nothing is served.
SOMEBODY = "ledger.party() <> ALL ('{ledger,auditor,erasure}'::text[])"

SECURITY = f"""
ALTER TABLE ledger.entry_positions ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger.entry_positions FORCE ROW LEVEL SECURITY;
ALTER TABLE ledger.access_positions ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger.access_positions FORCE ROW LEVEL SECURITY;

-- An agency gets the place, and so the proof, of its own entries only.
CREATE POLICY own_read ON ledger.entry_positions FOR SELECT TO ledger_web
    USING (EXISTS (SELECT FROM ledger.entries e WHERE e.record_id = entry_positions.record_id
        AND e.number = entry_positions.number AND e.agency_id = ledger.party()));
CREATE POLICY somebody_acts ON ledger.entry_positions AS RESTRICTIVE FOR ALL TO ledger_web USING ({SOMEBODY});
CREATE POLICY auditor_reads ON ledger.entry_positions FOR SELECT TO ledger_auditor USING (ledger.party() = 'auditor');
CREATE POLICY auditor_reads ON ledger.access_positions FOR SELECT TO ledger_auditor
    USING (ledger.party() = 'auditor');
CREATE POLICY sealer_reads ON ledger.entry_positions FOR SELECT TO ledger_sealer USING (true);
CREATE POLICY sealer_places ON ledger.entry_positions FOR INSERT TO ledger_sealer WITH CHECK (true);
CREATE POLICY sealer_reads ON ledger.access_positions FOR SELECT TO ledger_sealer USING (true);
CREATE POLICY sealer_places ON ledger.access_positions FOR INSERT TO ledger_sealer WITH CHECK (true);
CREATE POLICY sealer_reads_leaves ON ledger.access_records FOR SELECT TO ledger_sealer USING (true);

GRANT INSERT (record_id, number) ON ledger.unsealed TO ledger_web, ledger_worker, ledger_admin;
GRANT INSERT (access_id) ON ledger.unsealed_access TO ledger_web, ledger_auditor;
-- How many wait, and since when.
GRANT SELECT (id, since) ON ledger.unsealed, ledger.unsealed_access TO ledger_web, ledger_auditor, ledger_admin;
GRANT SELECT, DELETE ON ledger.unsealed, ledger.unsealed_access TO ledger_sealer;

GRANT SELECT ON ledger.log_tiles, ledger.checkpoints, ledger.cosignatures TO ledger_web, ledger_auditor, ledger_admin;
GRANT SELECT ON ledger.entry_positions TO ledger_web, ledger_auditor;
GRANT SELECT ON ledger.access_positions TO ledger_auditor;
GRANT SELECT, INSERT ON ledger.entry_positions, ledger.access_positions, ledger.log_tiles, ledger.checkpoints,
    ledger.cosignatures, ledger.closures TO ledger_sealer;
GRANT UPDATE (hashes) ON ledger.log_tiles TO ledger_sealer;
GRANT SELECT, INSERT, UPDATE, DELETE ON ledger.witness_states TO ledger_sealer;
GRANT SELECT ON ledger.witness_states TO ledger_web, ledger_auditor, ledger_admin;
-- What is committed to, and not what of.
GRANT SELECT (access_id, leaf) ON ledger.access_records TO ledger_sealer;

-- Whoever writes asks; whoever finds that the database is older than what was signed closes; the operator lifts it.
GRANT SELECT ON ledger.closures TO ledger_web, ledger_worker, ledger_auditor, ledger_admin;
GRANT INSERT (why, log, from_index, to_index) ON ledger.closures TO ledger_web, ledger_worker, ledger_admin;
GRANT UPDATE (opened_at) ON ledger.closures TO ledger_admin;
"""  # noqa: S608 - made of constants alone


def upgrade() -> None:
    """Nine tables, the leaf of each read, and what was recorded before, waiting."""
    op.execute(TABLES)
    op.execute(FUNCTIONS)
    for table in (*APPEND_ONLY, *GUARDED):
        function = GUARDED.get(table, "refuse_change")
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON ledger.{table} "
            f"FOR EACH ROW EXECUTE FUNCTION ledger.{function}()"
        )
        op.execute(
            f"CREATE TRIGGER never_truncated BEFORE TRUNCATE ON ledger.{table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change()"
        )
    op.execute(BACKFILL)
    op.execute(SECURITY)


def downgrade() -> None:
    """Refused once something was signed: what witnesses and receipts point at is nowhere else."""
    op.execute("""
        DO $$ BEGIN
            IF EXISTS (SELECT FROM ledger.checkpoints) THEN
                RAISE EXCEPTION 'checkpoints were signed, and what they cover is nowhere else';
            END IF;
        END $$""")
    op.execute("DROP TRIGGER makes_its_leaf ON ledger.access_records")
    op.execute("DROP POLICY sealer_reads_leaves ON ledger.access_records")
    op.execute("REVOKE SELECT (access_id, leaf) ON ledger.access_records FROM ledger_sealer")
    op.execute("ALTER TABLE ledger.access_records DROP COLUMN leaf, DROP COLUMN salt")
    op.execute(
        "DROP TABLE ledger.unsealed, ledger.unsealed_access, ledger.entry_positions, ledger.access_positions, "
        "ledger.log_tiles, ledger.checkpoints, ledger.cosignatures, ledger.witness_states, ledger.closures"
    )
    for function in ("clock_to_write", "make_access_leaf", "tile_grows", "closure_is_lifted"):
        op.execute(f"DROP FUNCTION ledger.{function}()")
