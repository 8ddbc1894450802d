"""Absences, teams, ladders, hours and how people are reached; who has left, and of which lead that was the end.

All of it stands in entries of the partnership's record, but for the end of a lead: an entry in the child's.
"""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE ledger.leavings (
    partnership_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    agency_id TEXT NOT NULL,
    person TEXT NOT NULL,
    returned_number BIGINT,
    CONSTRAINT pk_leavings PRIMARY KEY (partnership_id, number)
);
CREATE UNIQUE INDEX uq_leavings_agency_id_person ON ledger.leavings (agency_id, person) WHERE returned_number IS NULL;

CREATE TABLE ledger.absences (
    partnership_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    agency_id TEXT NOT NULL,
    person TEXT NOT NULL,
    starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ends_at TIMESTAMP WITH TIME ZONE,
    cover_agency TEXT,
    cover_person TEXT,
    ended_number BIGINT,
    CONSTRAINT pk_absences PRIMARY KEY (partnership_id, number),
    CONSTRAINT ck_absences_cover CHECK ((cover_agency IS NULL) = (cover_person IS NULL))
);
CREATE INDEX ix_absences_agency_id_person ON ledger.absences (agency_id, person);

CREATE TABLE ledger.teams (
    partnership_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    agency_id TEXT NOT NULL,
    team TEXT NOT NULL,
    name TEXT NOT NULL,
    manager TEXT,
    members TEXT[] NOT NULL,
    CONSTRAINT pk_teams PRIMARY KEY (partnership_id, number)
);
CREATE INDEX ix_teams_agency_id_team ON ledger.teams (agency_id, team);

CREATE TABLE ledger.ladders (
    partnership_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    agency_id TEXT,
    rung TEXT NOT NULL,
    to_agency TEXT,
    to_person TEXT,
    CONSTRAINT pk_ladders PRIMARY KEY (partnership_id, number),
    CONSTRAINT ck_ladders_rung CHECK (rung IN ('manager', 'senior', 'chair')),
    CONSTRAINT ck_ladders_to CHECK ((to_agency IS NULL) = (to_person IS NULL))
);

CREATE TABLE ledger.working_hours (
    partnership_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    opens TEXT NOT NULL,
    closes TEXT NOT NULL,
    desk_agency TEXT,
    desk_person TEXT,
    CONSTRAINT pk_working_hours PRIMARY KEY (partnership_id, number)
);

CREATE TABLE ledger.reachables (
    partnership_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    agency_id TEXT NOT NULL,
    person TEXT,
    mail TEXT,
    phone TEXT,
    CONSTRAINT pk_reachables PRIMARY KEY (partnership_id, number)
);
CREATE INDEX ix_reachables_agency_id_person ON ledger.reachables (agency_id, person);

-- Of the entry by which the lead was one no longer, though nobody had taken over.
ALTER TABLE ledger.leads ADD COLUMN ended_number BIGINT;
CREATE INDEX ix_leads_agency_id_person ON ledger.leads (agency_id, person);
"""

OF_PARTNERSHIP = "partnership_id = (SELECT a.partnership_id FROM ledger.agencies a WHERE a.agency_id = ledger.party())"
OWN = "agency_id = ledger.party()"
SOMEBODY = "ledger.party() <> ALL ('{ledger,auditor,erasure,rebuild}'::text[])"
REBUILDS = "ledger.party() = 'rebuild'"
OWN_ENTRY = """EXISTS (
    SELECT FROM ledger.entries e JOIN ledger.partnerships p USING (record_id)
    WHERE p.partnership_id = {table}.partnership_id AND e.number = {table}.{column} AND e.agency_id = ledger.party())"""
OWN_END = """EXISTS (
    SELECT FROM ledger.entries e WHERE e.record_id = leads.record_id AND e.number = leads.ended_number
    AND e.agency_id = ledger.party())"""

#: Who reads what: everybody in the partnership who is in whose place, and how to be reached only one's own. Who has
#: left is asked before anybody acts: whoever has comes in no longer.
READS = {
    "leavings": "true",
    "absences": OF_PARTNERSHIP,
    "teams": OF_PARTNERSHIP,
    "ladders": OF_PARTNERSHIP,
    "working_hours": OF_PARTNERSHIP,
    "reachables": OWN,
}
#: What an agency says of its own people itself, at the command line too; and what is said of the partnership.
WRITTEN_BY_AGENCIES = ("leavings", "absences", "teams", "ladders", "reachables")
WRITTEN_BY_THE_LEDGER = ("ladders", "working_hours")
#: What is added to a row by the entry that ends it.
ENDS = {"leavings": "returned_number", "absences": "ended_number"}


def _held(table: str) -> None:
    """Row-level security of one table, and who may do what with it."""
    op.execute(f"ALTER TABLE ledger.{table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE ledger.{table} FORCE ROW LEVEL SECURITY")
    somebody = f"coalesce({SOMEBODY}, true)" if READS[table] == "true" else SOMEBODY
    op.execute(f"CREATE POLICY somebody_acts ON ledger.{table} AS RESTRICTIVE FOR ALL TO ledger_web USING ({somebody})")
    reads = READS[table]
    for name, verb, role, said in (
        ("partnership_reads", "SELECT", "ledger_web", f"USING ({reads})"),
        ("worker_reads", "SELECT", "ledger_worker", "USING (true)"),
        ("auditor_reads", "SELECT", "ledger_auditor", "USING (ledger.party() = 'auditor')"),
        ("rebuild_reads", "SELECT", "ledger_rebuild", f"USING ({REBUILDS})"),
        ("rebuild_makes", "INSERT", "ledger_rebuild", f"WITH CHECK ({REBUILDS})"),
        ("rebuild_changes", "UPDATE", "ledger_rebuild", f"USING ({REBUILDS}) WITH CHECK ({REBUILDS})"),
        ("rebuild_takes", "DELETE", "ledger_rebuild", f"USING ({REBUILDS})"),
    ):
        op.execute(f"CREATE POLICY {name} ON ledger.{table} FOR {verb} TO {role} {said}")
    op.execute(f"GRANT SELECT ON ledger.{table} TO ledger_web, ledger_worker, ledger_auditor")
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ledger.{table} TO ledger_rebuild")
    if table in WRITTEN_BY_THE_LEDGER:
        op.execute(f"CREATE POLICY admin_reads ON ledger.{table} FOR SELECT TO ledger_admin USING (true)")
        op.execute(
            f"CREATE POLICY admin_projects ON ledger.{table} FOR INSERT TO ledger_admin "
            "WITH CHECK (ledger.party() = 'ledger')"
        )
        op.execute(f"GRANT SELECT, INSERT ON ledger.{table} TO ledger_admin")
    if table in WRITTEN_BY_AGENCIES:
        own = f"{OWN} AND {OWN_ENTRY.format(table=table, column='number')}"
        op.execute(f"CREATE POLICY party_projects ON ledger.{table} FOR INSERT TO ledger_web WITH CHECK ({own})")
        op.execute(f"GRANT INSERT ON ledger.{table} TO ledger_web")


def _ends(table: str, column: str) -> None:
    own = OWN_ENTRY.format(table=table, column=column)
    op.execute(
        f"CREATE POLICY party_ends ON ledger.{table} FOR UPDATE TO ledger_web USING ({OWN}) "
        f"WITH CHECK ({OWN} AND {own})"
    )
    op.execute(f"GRANT UPDATE ({column}) ON ledger.{table} TO ledger_web")


def upgrade() -> None:
    """Six tables of the partnership's record, and the end of a lead."""
    op.execute(TABLES)
    for table in READS:
        _held(table)
    for table, column in ENDS.items():
        _ends(table, column)
    op.execute(
        f"CREATE POLICY party_ends ON ledger.leads FOR UPDATE TO ledger_web USING ({OWN}) WITH CHECK ({OWN_END})"
    )
    op.execute("GRANT UPDATE (ended_number) ON ledger.leads TO ledger_web")


def downgrade() -> None:
    """The tables are a function of entries: nothing is lost with them."""
    op.execute("REVOKE UPDATE (ended_number) ON ledger.leads FROM ledger_web")
    op.execute("DROP POLICY party_ends ON ledger.leads")
    op.execute("DROP INDEX ledger.ix_leads_agency_id_person")
    op.execute("ALTER TABLE ledger.leads DROP COLUMN ended_number")
    op.execute(f"DROP TABLE {', '.join(f'ledger.{table}' for table in READS)}")
