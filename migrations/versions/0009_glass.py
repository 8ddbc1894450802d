"""Breakings of the glass with their reviews, and what tells bulk trawling from work: looks that opened a record.

Access records say whether they were answered, whether they opened a record (the first look of a reader within an hour)
and whether the reader had no other part in it than a broken glass. The web may read its own agency's, without what was
read or why, to count them; an auditor all of them.
"""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE ledger.glass_breakings (
    record_id UUID NOT NULL,
    number BIGINT NOT NULL,
    agency_id TEXT NOT NULL,
    person_id UUID,
    author TEXT,
    broken_at TIMESTAMP WITH TIME ZONE NOT NULL,
    until TIMESTAMP WITH TIME ZONE NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    desk_agency TEXT NOT NULL,
    CONSTRAINT pk_glass_breakings PRIMARY KEY (record_id, number)
);
CREATE INDEX ix_glass_breakings_agency_id ON ledger.glass_breakings (agency_id);
CREATE INDEX ix_glass_breakings_desk_agency ON ledger.glass_breakings (desk_agency);

CREATE TABLE ledger.glass_reviews (
    record_id UUID NOT NULL,
    number BIGINT NOT NULL,
    of_number BIGINT NOT NULL,
    agency_id TEXT NOT NULL,
    person_id UUID,
    author TEXT,
    verdict TEXT NOT NULL,
    reviewed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_glass_reviews PRIMARY KEY (record_id, number)
);
CREATE UNIQUE INDEX uq_glass_reviews_record_id_of_number ON ledger.glass_reviews (record_id, of_number);

ALTER TABLE ledger.access_records
    ADD COLUMN outcome TEXT DEFAULT 'answered' NOT NULL,
    ADD COLUMN refused_for TEXT,
    ADD COLUMN is_opening BOOLEAN DEFAULT false NOT NULL,
    ADD COLUMN by_glass BOOLEAN DEFAULT false NOT NULL,
    ADD CONSTRAINT ck_access_records_outcome CHECK (outcome IN ('answered', 'refused')),
    ADD CONSTRAINT ck_access_records_refused_for CHECK ((outcome = 'refused') = (refused_for IS NOT NULL));
CREATE INDEX ix_access_records_opened ON ledger.access_records (record_id, real_at) WHERE is_opening;
CREATE INDEX ix_access_records_opened_by_person ON ledger.access_records (person_id, real_at) WHERE is_opening;
CREATE INDEX ix_access_records_opened_by_agency ON ledger.access_records (agency_id, real_at) WHERE is_opening;
CREATE INDEX ix_access_records_real_at ON ledger.access_records (real_at, access_id);
"""

INVOLVED = """EXISTS (
    SELECT FROM ledger.involvements i WHERE i.record_id = {table}.record_id AND i.agency_id = ledger.party()
    AND (i.until IS NULL OR i.until > ledger.clock_now())
    AND (i.person_id IS NULL OR i.person_id::text = ledger.person()))"""

#: An auditor reviews too, and writes as the agency that they are of.
AUDITS = """(SELECT EXISTS (
    SELECT FROM ledger.person_roles r
    WHERE r.person_id::text = ledger.person() AND r.role = 'auditor' AND r.taken_number IS NULL))"""

#: Nobody writes in another person's name.
ONESELF = "agency_id = ledger.party() AND (person_id IS NULL OR person_id::text = ledger.person())"

SECURITY = f"""
ALTER TABLE ledger.glass_breakings ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger.glass_breakings FORCE ROW LEVEL SECURITY;
ALTER TABLE ledger.glass_reviews ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger.glass_reviews FORCE ROW LEVEL SECURITY;

-- Told: the agency that broke it, the duty desk, whoever is involved, as whoever leads is, and auditors.
CREATE POLICY told_read ON ledger.glass_breakings FOR SELECT TO ledger_web
    USING (ledger.party() IN (agency_id, desk_agency) OR {INVOLVED.format(table="glass_breakings")}
        OR (ledger.party() IS NOT NULL AND {AUDITS}));
CREATE POLICY party_projects ON ledger.glass_breakings FOR INSERT TO ledger_web WITH CHECK ({ONESELF});
CREATE POLICY auditor_reads ON ledger.glass_breakings FOR SELECT TO ledger_auditor USING (ledger.party() = 'auditor');
-- As far as the breaking itself is told: this looks through the policy above.
CREATE POLICY told_read ON ledger.glass_reviews FOR SELECT TO ledger_web
    USING (EXISTS (SELECT FROM ledger.glass_breakings b
        WHERE b.record_id = glass_reviews.record_id AND b.number = glass_reviews.of_number));
CREATE POLICY party_projects ON ledger.glass_reviews FOR INSERT TO ledger_web
    WITH CHECK ({ONESELF} AND EXISTS (SELECT FROM ledger.glass_breakings b
        WHERE b.record_id = glass_reviews.record_id AND b.number = glass_reviews.of_number));
CREATE POLICY auditor_reads ON ledger.glass_reviews FOR SELECT TO ledger_auditor USING (ledger.party() = 'auditor');
CREATE POLICY party_counts ON ledger.access_records FOR SELECT TO ledger_web USING (agency_id = ledger.party());

GRANT SELECT, INSERT ON ledger.glass_breakings, ledger.glass_reviews TO ledger_web;
GRANT SELECT ON ledger.glass_breakings, ledger.glass_reviews TO ledger_auditor;
GRANT SELECT (agency_id, person_id, record_id, real_at, is_opening) ON ledger.access_records TO ledger_web;
"""  # noqa: S608 - made of constants alone


def upgrade() -> None:
    """Two projections, and what access records say of openings and refusals."""
    op.execute(TABLES)
    op.execute(SECURITY)


def downgrade() -> None:
    """The projections are a function of the entries; that a look was refused, or opened a record, is forgotten."""
    op.execute(
        "REVOKE SELECT (agency_id, person_id, record_id, real_at, is_opening) ON ledger.access_records FROM ledger_web"
    )
    op.execute("DROP POLICY party_counts ON ledger.access_records")
    for index in ("real_at", "opened_by_agency", "opened_by_person", "opened"):
        op.execute(f"DROP INDEX ledger.ix_access_records_{index}")
    op.execute("ALTER TABLE ledger.access_records DROP CONSTRAINT ck_access_records_refused_for")
    op.execute("ALTER TABLE ledger.access_records DROP CONSTRAINT ck_access_records_outcome")
    for column in ("by_glass", "is_opening", "refused_for", "outcome"):
        op.execute(f"ALTER TABLE ledger.access_records DROP COLUMN {column}")
    op.execute("DROP TABLE ledger.glass_reviews")
    op.execute("DROP TABLE ledger.glass_breakings")
