"""Classes of retention, holds, and orders to erase; and the rule that nothing is erased but what an order names.

An order is one person's entry and its answer another's; a hold stands against both. The database asks for all three
itself, so that whoever takes over the process that erases can take away what was ordered, and nothing else. What was
said goes from the projections with it, and the order's row says which entries those are.
"""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE ledger.retentions (
    record_id UUID NOT NULL,
    number BIGINT NOT NULL,
    agency_id TEXT NOT NULL,
    class TEXT NOT NULL,
    review_on DATE NOT NULL,
    CONSTRAINT pk_retentions PRIMARY KEY (record_id, number)
);
CREATE INDEX ix_retentions_review_on ON ledger.retentions (review_on);

CREATE TABLE ledger.holds (
    record_id UUID NOT NULL,
    number BIGINT NOT NULL,
    agency_id TEXT NOT NULL,
    review_on DATE,
    lifted_number BIGINT,
    CONSTRAINT pk_holds PRIMARY KEY (record_id, number)
);

CREATE TABLE ledger.erasure_orders (
    record_id UUID NOT NULL,
    number BIGINT NOT NULL,
    agency_id TEXT NOT NULL,
    person_id UUID NOT NULL,
    ground TEXT NOT NULL,
    is_whole BOOLEAN NOT NULL,
    numbers BIGINT[] NOT NULL,
    answer TEXT,
    answered_number BIGINT,
    answered_agency TEXT,
    answered_by UUID,
    erased_number BIGINT,
    CONSTRAINT pk_erasure_orders PRIMARY KEY (record_id, number),
    CONSTRAINT ck_erasure_orders_answer CHECK (answer IN ('approve', 'refuse')),
    CONSTRAINT ck_erasure_orders_two_people CHECK (answered_by <> person_id),
    CONSTRAINT ck_erasure_orders_answered CHECK ((answer IS NULL) = (answered_by IS NULL))
);
CREATE INDEX ix_erasure_orders_to_do ON ledger.erasure_orders (record_id)
    WHERE answer = 'approve' AND erased_number IS NULL;
"""

FUNCTIONS = """
-- Whether a standing, approved order covers this entry and no hold stands against it.
CREATE FUNCTION ledger.may_erase(record uuid, entry bigint) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
    RETURN ledger.party() = 'erasure'
        AND EXISTS (
            SELECT FROM ledger.erasure_orders o WHERE o.record_id = record AND o.answer = 'approve'
            AND (entry = ANY (o.numbers) OR (o.is_whole AND entry < o.number)))
        AND NOT EXISTS (SELECT FROM ledger.holds h WHERE h.record_id = record AND h.lifted_number IS NULL);
REVOKE ALL ON FUNCTION ledger.may_erase(uuid, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger.may_erase(uuid, bigint) TO ledger_erasure;
"""

#: What says that something was kept, held or erased stays, whatever is erased.
KEPT = """('retention', 'hold', 'hold_lifting', 'erasure_order', 'erasure_answer', 'erased', 'export', 'disclosure',
    'glass', 'glass_review')"""

#: Projections that repeat something of what an entry said, and the column that names the entry.
SAYING = {
    "claims": "number",
    "landmarks": "number",
    "door_warnings": "number",
    "links": "number",
    "leads": "number",
    "markings": "number",
    "consents": "number",
}
#: Those that are of a record as a whole: erased with all of it, or made anew from what is left.
OF_RECORD = ("record_gaps", "identifiers")

INVOLVED = """EXISTS (
    SELECT FROM ledger.involvements i WHERE i.record_id = {table}.record_id AND i.agency_id = ledger.party()
    AND (i.until IS NULL OR i.until > ledger.statement_now())
    AND (i.person_id IS NULL OR i.person_id::text = ledger.person()))"""
OWN_ENTRY = """EXISTS (
    SELECT FROM ledger.entries e WHERE e.record_id = {table}.record_id AND e.number = {table}.{column}
    AND e.agency_id = ledger.party())"""
SOMEBODY = "ledger.party() <> ALL ('{ledger,auditor,erasure,rebuild}'::text[])"
REBUILDS = "ledger.party() = 'rebuild'"
#: Of what an order covers, something is another agency's than whose order it is.
OTHERS = """EXISTS (
    SELECT FROM ledger.entries e WHERE e.record_id = erasure_orders.record_id
    AND e.agency_id <> ALL (ARRAY['ledger', erasure_orders.agency_id])
    AND (e.number = ANY (erasure_orders.numbers) OR (erasure_orders.is_whole AND e.number < erasure_orders.number)))"""
TO_DO = "answer = 'approve' AND erased_number IS NULL"


#: As it is when it is written: answered, carried out and lifted it is by others, later.
UNTOUCHED = {
    "retentions": "true",
    "holds": "lifted_number IS NULL",
    "erasure_orders": "answer IS NULL AND answered_number IS NULL AND erased_number IS NULL",
}


def _held(table: str) -> None:
    """Row-level security of a new table: who is involved reads; a row is written beside an entry of one's own."""
    op.execute(f"ALTER TABLE ledger.{table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE ledger.{table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY somebody_acts ON ledger.{table} AS RESTRICTIVE FOR ALL TO ledger_web USING ({SOMEBODY})")
    op.execute(
        f"CREATE POLICY involved_read ON ledger.{table} FOR SELECT TO ledger_web USING ({INVOLVED.format(table=table)})"
    )
    own = OWN_ENTRY.format(table=table, column="number")
    op.execute(
        f"CREATE POLICY party_projects ON ledger.{table} FOR INSERT TO ledger_web "
        f"WITH CHECK ({own} AND {UNTOUCHED[table]})"
    )
    op.execute(
        f"CREATE POLICY auditor_reads ON ledger.{table} FOR SELECT TO ledger_auditor USING (ledger.party() = 'auditor')"
    )
    for verb, name, said in (
        ("SELECT", "rebuild_reads", f"USING ({REBUILDS})"),
        ("INSERT", "rebuild_makes", f"WITH CHECK ({REBUILDS})"),
        ("UPDATE", "rebuild_changes", f"USING ({REBUILDS}) WITH CHECK ({REBUILDS})"),
        ("DELETE", "rebuild_takes", f"USING ({REBUILDS})"),
    ):
        op.execute(f"CREATE POLICY {name} ON ledger.{table} FOR {verb} TO ledger_rebuild {said}")
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ledger.{table} TO ledger_rebuild")
    op.execute(f"GRANT SELECT, INSERT ON ledger.{table} TO ledger_web")
    op.execute(f"GRANT SELECT ON ledger.{table} TO ledger_auditor")


def _written() -> None:
    """What is added to a row later: by whom, and no more than that."""
    lifted = OWN_ENTRY.format(table="holds", column="lifted_number")
    involved = f"agency_id = ledger.party() AND {INVOLVED.format(table='holds')}"
    op.execute(
        f"CREATE POLICY party_lifts ON ledger.holds FOR UPDATE TO ledger_web USING ({involved}) WITH CHECK ({lifted})"
    )
    op.execute("GRANT UPDATE (lifted_number) ON ledger.holds TO ledger_web")
    answered = OWN_ENTRY.format(table="erasure_orders", column="answered_number")
    op.execute(
        f"""CREATE POLICY party_answers ON ledger.erasure_orders FOR UPDATE TO ledger_web
        USING (answer IS NULL AND {INVOLVED.format(table="erasure_orders")})
        WITH CHECK (answered_agency = ledger.party() AND erased_number IS NULL AND {answered}
            AND (answer = 'refuse' OR answered_agency <> agency_id OR NOT {OTHERS}))"""
    )
    op.execute(
        "GRANT UPDATE (answer, answered_number, answered_agency, answered_by) ON ledger.erasure_orders TO ledger_web"
    )
    op.execute("CREATE POLICY worker_reads ON ledger.erasure_orders FOR SELECT TO ledger_worker USING (true)")
    op.execute("CREATE POLICY worker_reads ON ledger.holds FOR SELECT TO ledger_worker USING (true)")
    op.execute(
        f"""CREATE POLICY worker_says_done ON ledger.erasure_orders FOR UPDATE TO ledger_worker
        USING ({TO_DO}) WITH CHECK (answer = 'approve')"""
    )
    op.execute("GRANT SELECT ON ledger.erasure_orders, ledger.holds TO ledger_worker")
    op.execute("GRANT UPDATE (erased_number) ON ledger.erasure_orders TO ledger_worker")


def _erasing() -> None:
    """From the role that erases all that no approved order covers; to it, the places where it was repeated."""
    for table in ("erasure_orders", "holds"):
        op.execute(
            f"CREATE POLICY erasure_reads ON ledger.{table} FOR SELECT TO ledger_erasure USING "
            "(ledger.party() = 'erasure')"
        )
    op.execute("GRANT SELECT ON ledger.erasure_orders, ledger.holds TO ledger_erasure")
    for table in ("contents", "attachment_bytes"):
        kept = f" AND kind NOT IN {KEPT}" if table == "contents" else ""
        op.execute(f"ALTER POLICY erasure_deletes ON ledger.{table} USING (ledger.may_erase(record_id, number){kept})")
    op.execute("GRANT SELECT (kind) ON ledger.contents TO ledger_erasure")
    for table, number in SAYING.items():
        _erasable(table, f"ledger.may_erase(record_id, {number})", f"record_id, {number}")
    # What protects somebody is looked for beside what is taken away.
    op.execute("ALTER POLICY erasure_reads ON ledger.markings USING (ledger.party() = 'erasure')")
    op.execute("GRANT SELECT (index, person, not_to, ended_number) ON ledger.markings TO ledger_erasure")
    whole = """EXISTS (SELECT FROM ledger.erasure_orders o WHERE o.record_id = {table}.record_id AND o.is_whole
        AND ledger.may_erase(o.record_id, 1))"""
    any_order = """EXISTS (SELECT FROM ledger.erasure_orders o WHERE o.record_id = {table}.record_id
        AND o.answer = 'approve') AND ledger.party() = 'erasure'"""
    _erasable("identifiers", whole.format(table="identifiers"), "record_id")
    _erasable("record_gaps", any_order.format(table="record_gaps"), "record_id")
    blank = "ledger.may_erase(record_id, number)"
    op.execute(f"CREATE POLICY erasure_reads ON ledger.children FOR SELECT TO ledger_erasure USING ({blank})")
    op.execute(
        f"CREATE POLICY erasure_blanks ON ledger.children FOR UPDATE TO ledger_erasure USING ({blank}) "
        "WITH CHECK (details = '{}'::jsonb)"
    )
    op.execute("GRANT SELECT (record_id, number), UPDATE (details) ON ledger.children TO ledger_erasure")


def _settling() -> None:
    """What many entries have part in is made again by the worker, and only where an order is to be done."""
    to_do = """EXISTS (SELECT FROM ledger.erasure_orders o WHERE o.record_id = {table}.record_id
        AND o.answer = 'approve' AND o.erased_number IS NULL)"""
    children, identifiers = to_do.format(table="children"), to_do.format(table="identifiers")
    op.execute(f"CREATE POLICY worker_settles ON ledger.children FOR UPDATE TO ledger_worker USING ({children})")
    op.execute("GRANT UPDATE (details, number) ON ledger.children TO ledger_worker")
    for verb, name in (("SELECT", "worker_reads"), ("DELETE", "worker_settles")):
        op.execute(f"CREATE POLICY {name} ON ledger.identifiers FOR {verb} TO ledger_worker USING ({identifiers})")
    op.execute("GRANT SELECT, DELETE ON ledger.identifiers TO ledger_worker")


def _not_settling() -> None:
    op.execute("REVOKE SELECT, DELETE ON ledger.identifiers FROM ledger_worker")
    for name in ("worker_settles", "worker_reads"):
        op.execute(f"DROP POLICY {name} ON ledger.identifiers")
    op.execute("REVOKE UPDATE (details, number) ON ledger.children FROM ledger_worker")
    op.execute("DROP POLICY worker_settles ON ledger.children")


def _erasable(table: str, rows: str, columns: str) -> None:
    for verb, name in (("SELECT", "erasure_reads"), ("DELETE", "erasure_deletes")):
        op.execute(f"CREATE POLICY {name} ON ledger.{table} FOR {verb} TO ledger_erasure USING ({rows})")
    op.execute(f"GRANT SELECT ({columns}), DELETE ON ledger.{table} TO ledger_erasure")


def upgrade() -> None:
    """Three tables, who writes what into them, and what the role that erases may then take away."""
    op.execute(TABLES)
    for table in ("retentions", "holds", "erasure_orders"):
        _held(table)
    _written()
    op.execute(FUNCTIONS)
    _erasing()
    _settling()


def downgrade() -> None:
    """As it was: a role that may erase whatever it names."""
    _not_settling()
    op.execute("DROP POLICY erasure_blanks ON ledger.children")
    op.execute("DROP POLICY erasure_reads ON ledger.children")
    op.execute("REVOKE SELECT (record_id, number), UPDATE (details) ON ledger.children FROM ledger_erasure")
    for table in (*SAYING, *OF_RECORD):
        op.execute(f"DROP POLICY erasure_deletes ON ledger.{table}")
        op.execute(f"DROP POLICY erasure_reads ON ledger.{table}")
        columns = "record_id, number" if table in SAYING else "record_id"
        op.execute(f"REVOKE SELECT ({columns}), DELETE ON ledger.{table} FROM ledger_erasure")  # noqa: S608 - constants
    op.execute("REVOKE SELECT (index, person, not_to, ended_number) ON ledger.markings FROM ledger_erasure")
    op.execute("REVOKE SELECT (kind) ON ledger.contents FROM ledger_erasure")
    for table in ("contents", "attachment_bytes"):
        op.execute(f"ALTER POLICY erasure_deletes ON ledger.{table} USING (ledger.party() = 'erasure')")
    op.execute("DROP FUNCTION ledger.may_erase(uuid, bigint)")
    for table in ("erasure_orders", "holds", "retentions"):
        op.execute(f"DROP TABLE ledger.{table}")
