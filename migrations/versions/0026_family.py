"""Services, care and family summaries over time need no table: what there is to know of them is in their entries."""

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing: they are read from one record at a time."""


def downgrade() -> None:
    """Nothing was added."""
