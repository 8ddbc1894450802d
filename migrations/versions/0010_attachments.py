"""Attachments' bytes, read exactly where their entry's content is read and erased with it, and photograph policies."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE ledger.attachment_bytes (
    record_id UUID NOT NULL,
    number BIGINT NOT NULL,
    agency_id TEXT NOT NULL,
    media_type TEXT NOT NULL,
    sha256 BYTEA NOT NULL,
    size BIGINT NOT NULL,
    bytes BYTEA NOT NULL,
    CONSTRAINT pk_attachment_bytes PRIMARY KEY (record_id, number),
    CONSTRAINT ck_attachment_bytes_size CHECK (octet_length(bytes) = size),
    CONSTRAINT ck_attachment_bytes_sha256 CHECK (sha256(bytes) = sha256)
);
-- Pictures are compressed already.
ALTER TABLE ledger.attachment_bytes ALTER COLUMN bytes SET STORAGE EXTERNAL;

CREATE TABLE ledger.photograph_policies (
    agency_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    reference TEXT NOT NULL,
    title TEXT,
    url TEXT,
    CONSTRAINT pk_photograph_policies PRIMARY KEY (agency_id, number),
    CONSTRAINT ck_photograph_policies_can_be_found CHECK (title IS NOT NULL OR url IS NOT NULL)
);
"""

#: The content of the same entry, as far as whoever asks may read contents: so bytes can never be read further than it,
#: whatever the policies of contents come to be, and not at all once it is erased.
CONTENT = """EXISTS (
    SELECT FROM ledger.contents c
    WHERE c.record_id = attachment_bytes.record_id AND c.number = attachment_bytes.number{more})"""
OWN = " AND c.kind = 'attachment' AND c.agency_id = attachment_bytes.agency_id"

SECURITY = """
ALTER TABLE ledger.attachment_bytes ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger.attachment_bytes FORCE ROW LEVEL SECURITY;

CREATE POLICY reads_with_content ON ledger.attachment_bytes FOR SELECT TO ledger_web
    USING (ledger.party() IS NOT NULL AND @CONTENT@);
CREATE POLICY party_appends ON ledger.attachment_bytes FOR INSERT TO ledger_web
    WITH CHECK (agency_id = ledger.party() AND @OWN_CONTENT@);
CREATE POLICY auditor_reads ON ledger.attachment_bytes FOR SELECT TO ledger_auditor
    USING (ledger.party() = 'auditor' AND @CONTENT@);
CREATE POLICY erasure_reads ON ledger.attachment_bytes FOR SELECT TO ledger_erasure
    USING (ledger.party() = 'erasure');
CREATE POLICY erasure_deletes ON ledger.attachment_bytes FOR DELETE TO ledger_erasure
    USING (ledger.party() = 'erasure');

GRANT SELECT, INSERT ON ledger.attachment_bytes TO ledger_web;
GRANT SELECT ON ledger.attachment_bytes TO ledger_auditor;
-- What erases need not see what it erases: of which entry they are is enough.
GRANT SELECT (record_id, number), DELETE ON ledger.attachment_bytes TO ledger_erasure;

GRANT SELECT ON ledger.photograph_policies TO ledger_web, ledger_auditor, ledger_admin;
GRANT INSERT ON ledger.photograph_policies TO ledger_admin;

CREATE FUNCTION ledger.refuse_change_of_attachment() RETURNS trigger LANGUAGE plpgsql
    SET search_path = ledger, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_user = 'ledger_erasure' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% of ledger.% is refused: the ledger is append-only', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON ledger.attachment_bytes
    FOR EACH ROW EXECUTE FUNCTION ledger.refuse_change_of_attachment();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON ledger.attachment_bytes
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change_of_attachment();

-- In the rights of whoever erases, who is the only one that can delete either.
CREATE FUNCTION ledger.erase_attachment() RETURNS trigger LANGUAGE plpgsql
    SET search_path = ledger, pg_temp AS $$
BEGIN
    DELETE FROM ledger.attachment_bytes a WHERE a.record_id = OLD.record_id AND a.number = OLD.number;
    RETURN NULL;
END $$;
CREATE TRIGGER attachment_goes_with_it AFTER DELETE ON ledger.contents
    FOR EACH ROW WHEN (OLD.kind = 'attachment') EXECUTE FUNCTION ledger.erase_attachment();
REVOKE ALL ON FUNCTION ledger.refuse_change_of_attachment(), ledger.erase_attachment() FROM PUBLIC;
""".replace("@OWN_CONTENT@", CONTENT.format(more=OWN)).replace("@CONTENT@", CONTENT.format(more=""))


def upgrade() -> None:
    """Two tables, who may read them, and the erasing of bytes with their entry's content."""
    op.execute(TABLES)
    op.execute(SECURITY)


def downgrade() -> None:
    """Refused while there are attachments: their bytes are nowhere else."""
    op.execute("""
        DO $$ BEGIN
            ALTER TABLE ledger.attachment_bytes NO FORCE ROW LEVEL SECURITY;
            IF EXISTS (SELECT FROM ledger.attachment_bytes) THEN
                RAISE EXCEPTION 'there are attachments, and their bytes are nowhere else';
            END IF;
        END $$""")
    op.execute("DROP TRIGGER attachment_goes_with_it ON ledger.contents")
    op.execute("DROP FUNCTION ledger.erase_attachment()")
    op.execute("DROP TABLE ledger.attachment_bytes")
    op.execute("DROP FUNCTION ledger.refuse_change_of_attachment()")
    op.execute("DROP TABLE ledger.photograph_policies")
