"""Who may do what: people's roles, the acting person beside the acting party, and what an auditor may look at.

The web may take away and never give: of a key it may set the moment of revocation, for an administrator of the same
partnership who is the acting person; a trigger holds that, for a grant knows of columns alone.
"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE ledger.person_roles (
    person_id UUID NOT NULL,
    role TEXT NOT NULL,
    number BIGINT NOT NULL,
    taken_number BIGINT,
    CONSTRAINT pk_person_roles PRIMARY KEY (person_id, role, number),
    CONSTRAINT ck_person_roles_role
        CHECK (role IN ('practitioner', 'manager', 'auditor', 'records_officer', 'administrator', 'operator'))
);
CREATE UNIQUE INDEX uq_person_roles_person_id_role ON ledger.person_roles (person_id, role)
    WHERE taken_number IS NULL;

-- A membership that is one person's alone, as of who broke the glass; NULL: everybody's of the agency.
ALTER TABLE ledger.involvements ADD COLUMN person_id UUID;
"""

FUNCTIONS = """
-- Which person is acting for the party, where it is a person; set and ended as ledger.party() is.
CREATE FUNCTION ledger.person() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('ledger.person', true), '') $$;

-- Serving, a key is revoked by an administrator of its partnership who is the acting person, and by nobody else.
CREATE FUNCTION ledger.administrator_revokes() RETURNS trigger LANGUAGE plpgsql
    SET search_path = ledger, pg_temp AS $$
BEGIN
    IF current_user = 'ledger_web' AND NOT EXISTS (
        SELECT FROM ledger.person_roles r
        JOIN ledger.people p USING (person_id)
        JOIN ledger.agencies mine ON mine.agency_id = p.agency_id
        JOIN ledger.agencies theirs ON theirs.partnership_id = mine.partnership_id
        WHERE r.person_id::text = ledger.person() AND r.role = 'administrator' AND r.taken_number IS NULL
          AND theirs.agency_id = OLD.agency_id)
    THEN
        RAISE EXCEPTION 'only an administrator of its partnership revokes a key'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER administrator_revokes BEFORE UPDATE OF revoked_at ON ledger.agency_keys
    FOR EACH ROW EXECUTE FUNCTION ledger.administrator_revokes();
"""

#: What an auditor could not look at so far; entries, contents and access records they could.
AUDITED = (
    "children", "leads", "links", "withdrawals", "findings", "alerts", "claims", "involvements", "landmarks",
    "door_warnings", "record_gaps",
)  # fmt: skip

#: An auditor's own looks are recorded too, and only as theirs: their agency, themselves.
OWN_LOOK = """ledger.party() = 'auditor' AND person_id::text = ledger.person() AND EXISTS (
    SELECT FROM ledger.person_roles r JOIN ledger.people p USING (person_id)
    WHERE r.person_id = access_records.person_id AND p.agency_id = access_records.agency_id
    AND r.role = 'auditor' AND r.taken_number IS NULL)"""

GRANTS = """
GRANT EXECUTE ON FUNCTION ledger.person()
    TO ledger_web, ledger_worker, ledger_sealer, ledger_auditor, ledger_erasure, ledger_admin;
REVOKE ALL ON FUNCTION ledger.person(), ledger.administrator_revokes() FROM PUBLIC;
GRANT SELECT ON ledger.person_roles TO ledger_web, ledger_worker, ledger_auditor, ledger_admin;
GRANT INSERT ON ledger.person_roles TO ledger_admin;
GRANT UPDATE (taken_number) ON ledger.person_roles TO ledger_admin;
GRANT UPDATE (revoked_at) ON ledger.agency_keys TO ledger_web;
-- How many checks fail, for operators: of what record and question is not granted.
GRANT SELECT (rule, tries) ON ledger.check_failures TO ledger_web;
GRANT SELECT ON {audited} TO ledger_auditor;
GRANT INSERT ON ledger.access_records TO ledger_auditor;
"""


def upgrade() -> None:
    """People's roles, the acting person, and the auditor's sight."""
    op.execute(TABLES)
    op.execute(FUNCTIONS)
    for table in AUDITED:
        op.execute(
            f"CREATE POLICY auditor_reads ON ledger.{table} FOR SELECT TO ledger_auditor "
            "USING (ledger.party() = 'auditor')"
        )
    op.execute(
        f"CREATE POLICY auditor_records ON ledger.access_records FOR INSERT TO ledger_auditor WITH CHECK ({OWN_LOOK})"
    )
    op.execute(GRANTS.format(audited=", ".join(f"ledger.{table}" for table in AUDITED)))


def downgrade() -> None:
    """The roles are a function of the partnership's entries: nothing is lost with them."""
    for table in AUDITED:
        op.execute(f"REVOKE ALL ON ledger.{table} FROM ledger_auditor")
        op.execute(f"DROP POLICY auditor_reads ON ledger.{table}")
    op.execute("REVOKE INSERT ON ledger.access_records FROM ledger_auditor")
    op.execute("DROP POLICY auditor_records ON ledger.access_records")
    op.execute("REVOKE SELECT (rule, tries) ON ledger.check_failures FROM ledger_web")
    op.execute("REVOKE UPDATE (revoked_at) ON ledger.agency_keys FROM ledger_web")
    op.execute("DROP TRIGGER administrator_revokes ON ledger.agency_keys")
    op.execute("DROP FUNCTION ledger.administrator_revokes()")
    op.execute("DROP FUNCTION ledger.person()")
    op.execute("ALTER TABLE ledger.involvements DROP COLUMN person_id")
    op.execute("DROP TABLE ledger.person_roles")
