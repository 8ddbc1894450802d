"""Nothing: whether a decision stands is worked out for each reader, and kept in no table."""

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing to make."""


def downgrade() -> None:
    """Nothing to take away."""
