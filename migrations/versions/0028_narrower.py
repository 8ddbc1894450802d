"""Narrower: whose endpoints of webhooks an agency sees and ends; and messages that went long ago may be forgotten."""

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

OWN = "webhooks.agency_id = ledger.party()"
#: The acting person is of the acting agency, and an administrator of the endpoint's partnership.
ADMINISTERED = """EXISTS (
    SELECT FROM ledger.person_roles r
    JOIN ledger.people p USING (person_id)
    JOIN ledger.agencies mine ON mine.agency_id = p.agency_id
    JOIN ledger.agencies theirs ON theirs.partnership_id = mine.partnership_id
    WHERE r.person_id::text = ledger.person() AND p.agency_id = ledger.party()
      AND r.role = 'administrator' AND r.taken_number IS NULL AND theirs.agency_id = webhooks.agency_id)"""
#: Where an endpoint listens may hold a secret of its receiver's, and whoever ends it silences an agency.
POLICIES = f"""
DROP POLICY partners_read ON ledger.webhooks;
DROP POLICY partners_end ON ledger.webhooks;
CREATE POLICY party_reads ON ledger.webhooks FOR SELECT TO ledger_web USING ({OWN});
CREATE POLICY administrator_reads ON ledger.webhooks FOR SELECT TO ledger_web USING ({ADMINISTERED});
CREATE POLICY party_ends ON ledger.webhooks FOR UPDATE TO ledger_web
    USING (ended_at IS NULL AND {OWN}) WITH CHECK (ended_why = 'removed' AND {OWN});
CREATE POLICY administrator_ends ON ledger.webhooks FOR UPDATE TO ledger_web
    USING (ended_at IS NULL AND {ADMINISTERED}) WITH CHECK (ended_why = 'disabled' AND {ADMINISTERED});
"""
#: How an endpoint fared is told of thirty days; that an alert was sent stands in the child's record before it goes.
FORGETTING = """
CREATE POLICY worker_forgets ON ledger.deliveries FOR DELETE TO ledger_worker
    USING (coalesce(sent_at, dead_at) < clock_timestamp() - interval '30 days'
        AND (said_at IS NOT NULL OR sent_at IS NULL OR record_id IS NULL OR NOT starts_with(type, 'alert.')));
"""
PARTNERS = """EXISTS (
    SELECT FROM ledger.agencies a JOIN ledger.agencies mine USING (partnership_id)
    WHERE a.agency_id = webhooks.agency_id AND mine.agency_id = ledger.party())"""


def upgrade() -> None:
    """The web's policies on endpoints, and one more of the worker's on deliveries."""
    op.execute(POLICIES)
    op.execute(FORGETTING)


def downgrade() -> None:
    """As wide as they were."""
    op.execute("DROP POLICY worker_forgets ON ledger.deliveries")
    for name in ("party_reads", "administrator_reads", "party_ends", "administrator_ends"):
        op.execute(f"DROP POLICY {name} ON ledger.webhooks")
    op.execute(f"CREATE POLICY partners_read ON ledger.webhooks FOR SELECT TO ledger_web USING ({PARTNERS})")
    op.execute(
        "CREATE POLICY partners_end ON ledger.webhooks FOR UPDATE TO ledger_web "
        f"USING (ended_at IS NULL AND {PARTNERS}) WITH CHECK (ended_at IS NOT NULL)"
    )
