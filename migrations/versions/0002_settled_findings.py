"""What else there is to say of a finding, what a person concluded of it, and what is said again and again."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Columns of projections."""
    op.execute("ALTER TABLE ledger.findings ADD COLUMN marks JSONB DEFAULT '{}'::jsonb NOT NULL")
    op.execute("ALTER TABLE ledger.findings ADD COLUMN outcome TEXT")
    op.execute("ALTER TABLE ledger.claims ADD COLUMN gist TEXT")
    op.execute("CREATE INDEX ix_findings_settled ON ledger.findings (record_id, question) WHERE outcome IS NOT NULL")
    op.execute("GRANT UPDATE (marks, outcome) ON ledger.findings TO ledger_worker")


def downgrade() -> None:
    """The columns are a function of the entries: nothing is lost with them."""
    op.execute("ALTER TABLE ledger.claims DROP COLUMN gist")
    op.execute("ALTER TABLE ledger.findings DROP COLUMN outcome")
    op.execute("ALTER TABLE ledger.findings DROP COLUMN marks")
