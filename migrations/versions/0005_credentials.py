"""Agencies' short-lived tokens, and keys that are bound to a client certificate.

Whoever serves makes tokens and never keys. Nothing that ends may begin again: not by whoever took over a web process,
nor by a slip of the command line.
"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE ledger.access_tokens (
    token_id TEXT NOT NULL,
    key_id TEXT NOT NULL,
    secret_sha256 BYTEA NOT NULL,
    scopes TEXT[] NOT NULL,
    issued_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    revoked_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_access_tokens PRIMARY KEY (token_id)
);
CREATE INDEX ix_access_tokens_expires_at ON ledger.access_tokens (expires_at);

ALTER TABLE ledger.agency_keys ADD COLUMN certificate_sha256 BYTEA,
    ADD CONSTRAINT ck_agency_keys_certificate CHECK (octet_length(certificate_sha256) = 32);
"""

FUNCTIONS = """
CREATE FUNCTION ledger.only_ends() RETURNS trigger LANGUAGE plpgsql
    SET search_path = ledger, pg_temp AS $$
BEGIN
    IF NEW.expires_at > OLD.expires_at
        OR (OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS DISTINCT FROM OLD.revoked_at)
    THEN
        RAISE EXCEPTION 'a credential is ended sooner and never later' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION ledger.only_ends() FROM PUBLIC;
CREATE TRIGGER only_ends BEFORE UPDATE ON ledger.agency_keys FOR EACH ROW EXECUTE FUNCTION ledger.only_ends();
CREATE TRIGGER only_ends BEFORE UPDATE ON ledger.access_tokens FOR EACH ROW EXECUTE FUNCTION ledger.only_ends();
"""

GRANTS = """
GRANT SELECT, INSERT, DELETE ON ledger.access_tokens TO ledger_web;
GRANT UPDATE (revoked_at) ON ledger.access_tokens TO ledger_web;
"""


def upgrade() -> None:
    """A table of operation, and of each key which certificate it wants."""
    op.execute(TABLES)
    op.execute(FUNCTIONS)
    op.execute(GRANTS)


def downgrade() -> None:
    """Tokens are got anew; keys that were bound are then bound no longer, so they are ended."""
    op.execute(
        "UPDATE ledger.agency_keys SET expires_at = least(expires_at, issued_at) WHERE certificate_sha256 IS NOT NULL"
    )
    op.execute("DROP TABLE ledger.access_tokens")
    op.execute("DROP TRIGGER only_ends ON ledger.agency_keys")
    op.execute("DROP FUNCTION ledger.only_ends()")
    op.execute("ALTER TABLE ledger.agency_keys DROP COLUMN certificate_sha256")
