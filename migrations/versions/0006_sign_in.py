"""People's sign-in: passwords, second factors, recovery codes, known devices, what waits, and subjects at a provider.

Tables of operation: no entry tells of them, and none holds content. Only `ledger_web` reads what a secret could be
guessed from. `ledger_admin` may take a way in away, by the person's id, and can read none. They hold no content and
have no row-level security: all are read before anybody is acting.
"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

UP = """
ALTER TABLE ledger.sessions
    ADD COLUMN way TEXT NOT NULL DEFAULT 'link',
    ADD COLUMN stage TEXT NOT NULL DEFAULT 'full',
    ADD COLUMN offered BYTEA,
    ADD CONSTRAINT ck_sessions_way CHECK (way IN ('link', 'password', 'provider')),
    ADD CONSTRAINT ck_sessions_stage CHECK (stage IN ('full', 'code', 'enrol'));
CREATE INDEX ix_sessions_person_id ON ledger.sessions (person_id) WHERE ended_at IS NULL;

CREATE TABLE ledger.passwords (
    person_id UUID NOT NULL,
    hash TEXT NOT NULL,
    set_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_passwords PRIMARY KEY (person_id)
);

CREATE TABLE ledger.second_factors (
    person_id UUID NOT NULL,
    sealed BYTEA NOT NULL,
    confirmed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    last_step BIGINT NOT NULL,
    CONSTRAINT pk_second_factors PRIMARY KEY (person_id)
);

CREATE TABLE ledger.recovery_codes (
    person_id UUID NOT NULL,
    code_sha256 BYTEA NOT NULL,
    used_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_recovery_codes PRIMARY KEY (person_id, code_sha256)
);

CREATE TABLE ledger.known_devices (
    token_sha256 BYTEA NOT NULL,
    person_id UUID NOT NULL,
    seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_known_devices PRIMARY KEY (token_sha256, person_id)
);
CREATE INDEX ix_known_devices_person_id ON ledger.known_devices (person_id);

CREATE TABLE ledger.sign_in_tries (
    bucket BYTEA NOT NULL,
    tries SMALLINT NOT NULL,
    since TIMESTAMP WITH TIME ZONE NOT NULL,
    last_at TIMESTAMP WITH TIME ZONE NOT NULL,
    waits SMALLINT NOT NULL,
    wait_until TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_sign_in_tries PRIMARY KEY (bucket)
);
CREATE INDEX ix_sign_in_tries_last_at ON ledger.sign_in_tries (last_at);

CREATE TABLE ledger.person_subjects (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    person_id UUID NOT NULL,
    tied_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_person_subjects PRIMARY KEY (issuer, subject)
);
CREATE INDEX ix_person_subjects_person_id ON ledger.person_subjects (person_id);

CREATE TABLE ledger.provider_visits (
    state_sha256 BYTEA NOT NULL,
    browser_sha256 BYTEA NOT NULL,
    nonce TEXT NOT NULL,
    verifier TEXT NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_provider_visits PRIMARY KEY (state_sha256)
);
CREATE INDEX ix_provider_visits_expires_at ON ledger.provider_visits (expires_at);

GRANT UPDATE (offered) ON ledger.sessions TO ledger_web;
GRANT SELECT, INSERT, UPDATE ON ledger.passwords, ledger.second_factors, ledger.sign_in_tries TO ledger_web;
GRANT DELETE ON ledger.sign_in_tries TO ledger_web;
GRANT SELECT, INSERT, DELETE ON ledger.recovery_codes, ledger.known_devices, ledger.provider_visits TO ledger_web;
GRANT UPDATE (used_at) ON ledger.recovery_codes TO ledger_web;
GRANT UPDATE (seen_at) ON ledger.known_devices TO ledger_web;
GRANT SELECT ON ledger.person_subjects TO ledger_web;

-- Whom to take a way in from, and no more: neither a hash nor a sealed secret, nor whose session a token's hash is.
REVOKE SELECT ON ledger.sessions, ledger.sign_in_links FROM ledger_admin;
GRANT SELECT (person_id, began_at, seen_at, ended_at) ON ledger.sessions TO ledger_admin;
GRANT SELECT (person_id, expires_at, used_at) ON ledger.sign_in_links TO ledger_admin;
GRANT UPDATE (ended_at) ON ledger.sessions TO ledger_admin;
GRANT UPDATE (used_at) ON ledger.sign_in_links TO ledger_admin;
GRANT SELECT (person_id), DELETE ON ledger.passwords, ledger.second_factors, ledger.recovery_codes,
    ledger.known_devices TO ledger_admin;
GRANT SELECT, INSERT, DELETE ON ledger.person_subjects TO ledger_admin;
"""

DOWN = """
DROP TABLE ledger.provider_visits, ledger.person_subjects, ledger.sign_in_tries, ledger.known_devices,
    ledger.recovery_codes, ledger.second_factors, ledger.passwords;
DROP INDEX ledger.ix_sessions_person_id;
REVOKE SELECT (person_id, began_at, seen_at, ended_at), UPDATE (ended_at) ON ledger.sessions FROM ledger_admin;
REVOKE SELECT (person_id, expires_at, used_at), UPDATE (used_at) ON ledger.sign_in_links FROM ledger_admin;
GRANT SELECT ON ledger.sessions, ledger.sign_in_links TO ledger_admin;
ALTER TABLE ledger.sessions DROP COLUMN way, DROP COLUMN stage, DROP COLUMN offered;
"""


def upgrade() -> None:
    """Make the tables, and grant the least of each."""
    op.execute(UP)


def downgrade() -> None:
    """Take them away: everybody then signs in by a one-time link again."""
    op.execute(DOWN)
