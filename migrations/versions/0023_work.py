"""Work that one agency asks of another, the partnerships that a record went to, and agencies that have ended.

Which entry asks which agency for what sort of work, and how that stands: no word of any of it. A record changes its
partnership by an entry of the agency that takes it, and of nobody else: a trigger looks for the row that this entry
made in the same transaction.
"""

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

TABLES = """
ALTER TABLE ledger.agencies ADD COLUMN ended_number BIGINT;

CREATE TABLE ledger.work_items (
    record_id UUID NOT NULL,
    number BIGINT NOT NULL,
    kind TEXT NOT NULL,
    of TEXT,
    about_number BIGINT,
    asked_by TEXT NOT NULL,
    owed_by TEXT,
    asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE,
    state TEXT NOT NULL,
    state_number BIGINT NOT NULL,
    CONSTRAINT pk_work_items PRIMARY KEY (record_id, number),
    CONSTRAINT ck_work_items_kind CHECK (kind IN ('referral', 'action', 'handover')),
    CONSTRAINT ck_work_items_of CHECK (of IN ('lead', 'work', 'record')),
    CONSTRAINT ck_work_items_state CHECK (state IN ('asked', 'acknowledged', 'accepted', 'declined', 'done'))
);
CREATE INDEX ix_work_items_owed_by ON ledger.work_items (owed_by, asked_at);
CREATE INDEX ix_work_items_asked_by ON ledger.work_items (asked_by, asked_at);

CREATE TABLE ledger.record_moves (
    record_id UUID NOT NULL,
    number BIGINT NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    from_partnership TEXT NOT NULL,
    to_partnership TEXT NOT NULL,
    CONSTRAINT pk_record_moves PRIMARY KEY (record_id, number)
);
"""

#: Of both tables: whoever is involved, as ever; of a piece of work also whoever asked and whoever was asked.
INVOLVED = """EXISTS (
    SELECT FROM ledger.involvements i WHERE i.record_id = {table}.record_id AND i.agency_id = ledger.party()
    AND (i.until IS NULL OR i.until > ledger.statement_now())
    AND (i.person_id IS NULL OR i.person_id::text = ledger.person()))"""
OWN_ENTRY = """EXISTS (
    SELECT FROM ledger.entries e WHERE e.record_id = record_moves.record_id AND e.number = record_moves.number
    AND e.agency_id = ledger.party())"""
PARTIES = "asked_by = ledger.party() OR owed_by = ledger.party()"
#: To whom something was offered of which they have no part yet: they read the offer's own words, and answer it.
OFFERED = """EXISTS (
    SELECT FROM ledger.work_items w WHERE w.record_id = {table}.record_id AND w.number = {table}.number
    AND w.kind = 'handover' AND w.owed_by = ledger.party())"""
#: As of what is read by way of an involvement: not where its author's marking keeps it from them.
UNMARKED = """NOT EXISTS (
    SELECT FROM ledger.markings m WHERE m.record_id = contents.record_id AND m.number = contents.number
    AND m.index = -1 AND m.ended_number IS NULL AND m.marking <> 'shared'
    AND NOT (m.marking = 'restricted' AND ledger.party() = ANY (m.to_agencies)))"""
SOMEBODY = "ledger.party() <> ALL ('{ledger,auditor,erasure,rebuild}'::text[])"
REBUILDS = "(ledger.party() = 'rebuild')"
OF_BOTH = """
ALTER TABLE ledger.{table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger.{table} FORCE ROW LEVEL SECURITY;
CREATE POLICY somebody_acts ON ledger.{table} AS RESTRICTIVE FOR ALL TO ledger_web USING ({somebody});
CREATE POLICY worker_reads ON ledger.{table} FOR SELECT TO ledger_worker USING (true);
CREATE POLICY auditor_reads ON ledger.{table} FOR SELECT TO ledger_auditor USING (ledger.party() = 'auditor');
CREATE POLICY rebuild_reads ON ledger.{table} FOR SELECT TO ledger_rebuild USING {rebuilds};
CREATE POLICY rebuild_makes ON ledger.{table} FOR INSERT TO ledger_rebuild WITH CHECK {rebuilds};
CREATE POLICY rebuild_changes ON ledger.{table} FOR UPDATE TO ledger_rebuild USING {rebuilds} WITH CHECK {rebuilds};
CREATE POLICY rebuild_takes ON ledger.{table} FOR DELETE TO ledger_rebuild USING {rebuilds};
GRANT SELECT ON ledger.{table} TO ledger_worker, ledger_auditor;
GRANT SELECT, INSERT, UPDATE, DELETE ON ledger.{table} TO ledger_rebuild;
"""
OF_EACH = f"""
-- A row has no word of its entry: what is shown of it is for that entry's markings, as of a disagreement's.
CREATE POLICY parties_read ON ledger.work_items FOR SELECT TO ledger_web
    USING ({PARTIES} OR {INVOLVED.format(table="work_items")});
-- As of requests for information no more can be asked of whose entry it follows from: entries are read by way of it.
CREATE POLICY party_asks ON ledger.work_items FOR INSERT TO ledger_web WITH CHECK (asked_by = ledger.party());
CREATE POLICY parties_move_on ON ledger.work_items FOR UPDATE TO ledger_web
    USING ({PARTIES} OR {INVOLVED.format(table="work_items")});
-- The command line lists what an agency leaves behind that ends: who owes whom, and no word of it.
CREATE POLICY admin_reads ON ledger.work_items FOR SELECT TO ledger_admin USING (true);
GRANT SELECT, INSERT, UPDATE (owed_by, state, state_number) ON ledger.work_items TO ledger_web;
GRANT SELECT ON ledger.work_items TO ledger_admin;

CREATE POLICY involved_read ON ledger.record_moves FOR SELECT TO ledger_web
    USING ({INVOLVED.format(table="record_moves")});
CREATE POLICY taker_projects ON ledger.record_moves FOR INSERT TO ledger_web
    WITH CHECK ({OWN_ENTRY} AND to_partnership = (
        SELECT a.partnership_id FROM ledger.agencies a WHERE a.agency_id = ledger.party()));
GRANT SELECT, INSERT ON ledger.record_moves TO ledger_web;
-- The worker's detection needs the packs of each partnership that a record was in; so do those who compare packs.
GRANT SELECT ON ledger.record_moves TO ledger_admin;
CREATE POLICY admin_reads ON ledger.record_moves FOR SELECT TO ledger_admin USING (true);
"""  # noqa: S608 - constants alone

MOVING = """
-- It runs with the rights of whoever moves the record, who can only have written the row that it looks for by an entry
-- of their own, for their own partnership.
CREATE FUNCTION ledger.check_move() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM ledger.record_moves m WHERE m.record_id = NEW.record_id AND m.number > OLD.head_seq
            AND m.from_partnership = OLD.partnership_id AND m.to_partnership = NEW.partnership_id) THEN
        RAISE EXCEPTION 'a record changes its partnership by an accepted hand-over alone';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER moved_by_handover BEFORE UPDATE OF partnership_id ON ledger.heads FOR EACH ROW
    WHEN (OLD.partnership_id IS DISTINCT FROM NEW.partnership_id) EXECUTE FUNCTION ledger.check_move();
REVOKE ALL ON FUNCTION ledger.check_move() FROM PUBLIC;
GRANT UPDATE (partnership_id) ON ledger.heads TO ledger_web;
"""

READING = f"""
-- Policies are tried in the reverse order of their names: what is read by way of an involvement comes first.
CREATE POLICY handed_read ON ledger.contents FOR SELECT TO ledger_web
    USING ({OFFERED.format(table="contents")} AND {UNMARKED});
CREATE POLICY handed_read ON ledger.markings FOR SELECT TO ledger_web USING ({OFFERED.format(table="markings")});
CREATE POLICY handed_read ON ledger.entries FOR SELECT TO ledger_web USING ({OFFERED.format(table="entries")});
-- Whether somebody was named lead since a record was offered; no view shows it to who has no part in the record.
CREATE POLICY handed_read ON ledger.leads FOR SELECT TO ledger_web USING (EXISTS (
    SELECT FROM ledger.work_items w WHERE w.record_id = leads.record_id AND w.owed_by = ledger.party()
    AND w.kind = 'handover' AND w.of = 'record' AND w.state IN ('asked', 'acknowledged')));
CREATE OR REPLACE FUNCTION ledger.my_records() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE
    RETURN ARRAY(SELECT i.record_id FROM ledger.involvements i WHERE i.agency_id = ledger.party() ORDER BY i.record_id)
        || ARRAY(SELECT q.record_id FROM ledger.information_requests q
                 WHERE q.to_agency = ledger.party() OR q.agency_id = ledger.party())
        || ARRAY(SELECT w.record_id FROM ledger.work_items w
                 WHERE w.owed_by = ledger.party() AND w.kind = 'handover');
"""  # noqa: S608 - constants alone
NOT_READING = """
DROP POLICY handed_read ON ledger.leads;
DROP POLICY handed_read ON ledger.entries;
DROP POLICY handed_read ON ledger.markings;
DROP POLICY handed_read ON ledger.contents;
CREATE OR REPLACE FUNCTION ledger.my_records() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE
    RETURN ARRAY(SELECT i.record_id FROM ledger.involvements i WHERE i.agency_id = ledger.party() ORDER BY i.record_id)
        || ARRAY(SELECT q.record_id FROM ledger.information_requests q
                 WHERE q.to_agency = ledger.party() OR q.agency_id = ledger.party());
"""
ENDING = """
GRANT UPDATE (ended_number) ON ledger.agencies TO ledger_admin, ledger_web;
-- What an agency leaves behind that ends is listed at the command line and told by the worker: which entries of which
-- records, of what sort, and no word of them.
GRANT SELECT (record_id, number, agency_id, to_agency, answer) ON ledger.information_requests
    TO ledger_admin, ledger_worker;
GRANT SELECT (record_id, number, agency_id, ended_number) ON ledger.leads TO ledger_admin;
CREATE POLICY admin_reads ON ledger.information_requests FOR SELECT TO ledger_admin USING (true);
CREATE POLICY worker_reads ON ledger.information_requests FOR SELECT TO ledger_worker USING (true);
CREATE POLICY admin_reads ON ledger.leads FOR SELECT TO ledger_admin USING (true);
"""
NOT_ENDING = """
DROP POLICY admin_reads ON ledger.leads;
DROP POLICY worker_reads ON ledger.information_requests;
DROP POLICY admin_reads ON ledger.information_requests;
REVOKE SELECT (record_id, number, agency_id, ended_number) ON ledger.leads FROM ledger_admin;
REVOKE SELECT (record_id, number, agency_id, to_agency, answer) ON ledger.information_requests
    FROM ledger_admin, ledger_worker;
REVOKE UPDATE (ended_number) ON ledger.agencies FROM ledger_admin, ledger_web;
"""


def upgrade() -> None:
    """Two projections with who may read them, the end of an agency, and the one way in which a record moves."""
    op.execute(TABLES)
    for table in ("work_items", "record_moves"):
        op.execute(OF_BOTH.format(table=table, somebody=SOMEBODY, rebuilds=REBUILDS))
    op.execute(OF_EACH)
    op.execute(MOVING)
    op.execute(READING)
    op.execute(ENDING)


def downgrade() -> None:
    """All of it is a function of the entries, but where a record belongs: that stays as it is."""
    op.execute(NOT_READING)
    op.execute(NOT_ENDING)
    op.execute("REVOKE UPDATE (partnership_id) ON ledger.heads FROM ledger_web")
    op.execute("DROP TRIGGER moved_by_handover ON ledger.heads")
    op.execute("DROP FUNCTION ledger.check_move()")
    op.execute("DROP TABLE ledger.record_moves, ledger.work_items")
    op.execute("ALTER TABLE ledger.agencies DROP COLUMN ended_number")
