"""Purposes: why an auditor looks, said for a session. What waits for the log, to auditors; packs in force, to pages."""

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

#: An auditor looks through the ledger by themselves: whether all of it is in the log, or on its way there.
UP = """
ALTER TABLE ledger.sessions
    ADD COLUMN purpose TEXT,
    ADD CONSTRAINT ck_sessions_purpose CHECK (char_length(purpose) BETWEEN 3 AND 200);
GRANT UPDATE (purpose) ON ledger.sessions TO ledger_web;
GRANT SELECT ON ledger.pack_activations TO ledger_web;
REVOKE SELECT (id, since) ON ledger.unsealed, ledger.unsealed_access FROM ledger_auditor;
GRANT SELECT ON ledger.unsealed, ledger.unsealed_access TO ledger_auditor;
"""
DOWN = """
REVOKE SELECT ON ledger.unsealed, ledger.unsealed_access FROM ledger_auditor;
GRANT SELECT (id, since) ON ledger.unsealed, ledger.unsealed_access TO ledger_auditor;
REVOKE SELECT ON ledger.pack_activations FROM ledger_web;
REVOKE UPDATE (purpose) ON ledger.sessions FROM ledger_web; -- PostgreSQL 15 keeps a dropped column's grants
ALTER TABLE ledger.sessions DROP COLUMN purpose;
"""


def upgrade() -> None:
    """A session may hold why its person looks; administrators, who see some of its columns, do not see this one."""
    op.execute(UP)


def downgrade() -> None:
    """Whoever looks says why again, in each call of the interface."""
    op.execute(DOWN)
