"""Who opened a child's history, for the others who work with it: without such a look no assessment is signed.

No table: whom an assessment asks, what was answered and whether it was signed is in its entries. Of their own agency's
looks a party sees what they were at and how far they saw; of other agencies' those at the history alone, where it is
involved itself.
"""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

INVOLVED = """EXISTS (
    SELECT FROM ledger.involvements i WHERE i.record_id = access_records.record_id AND i.agency_id = ledger.party()
    AND (i.until IS NULL OR i.until > ledger.statement_now())
    AND (i.person_id IS NULL OR i.person_id::text = ledger.person()))"""


def upgrade() -> None:
    """Rows and columns of looks that are recorded as they were before."""
    op.execute(f"""
        CREATE POLICY history_read ON ledger.access_records FOR SELECT TO ledger_web
        USING (what = 'history pack' AND outcome = 'answered' AND NOT by_glass AND {INVOLVED})""")
    op.execute("GRANT SELECT (at, by_glass, outcome, up_to_number, what) ON ledger.access_records TO ledger_web")


def downgrade() -> None:
    """What a party sees of looks is how many children its agency opened."""
    op.execute("REVOKE SELECT (at, by_glass, outcome, up_to_number, what) ON ledger.access_records FROM ledger_web")
    op.execute("DROP POLICY history_read ON ledger.access_records")
