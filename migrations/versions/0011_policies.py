"""The policies of every content table as one clean set, and from each role what no code needs.

Why in these forms, with numbers: docs/decisions/0021-what-the-database-enforces.md. In short: each row is held against
the one membership that it needs, a look into an index for a few rows, and hashed once by the planner for many; and
`entries` besides against an array of the party's records, made once a statement, which an index can follow.
"""

from collections.abc import Mapping

from alembic import op
from sqlalchemy import text

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

FUNCTIONS = """
-- The clock as it stands throughout one statement: a volatile function in a policy would keep the planner from hashing.
CREATE FUNCTION ledger.statement_now() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE
    RETURN ledger.clock_now();

-- The records that the acting party may see any entry of that is not its own: those that it was ever involved with, or
-- was asked about, or asked about. Too many rather than too few: which of them it may read now, the policies say.
-- It runs with the rights and under the policies of whoever asks, and can find no more than they can.
CREATE FUNCTION ledger.my_records() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE
    RETURN ARRAY(SELECT i.record_id FROM ledger.involvements i WHERE i.agency_id = ledger.party() ORDER BY i.record_id)
        || ARRAY(SELECT q.record_id FROM ledger.information_requests q
                 WHERE q.to_agency = ledger.party() OR q.agency_id = ledger.party());

REVOKE ALL ON FUNCTION ledger.statement_now(), ledger.my_records() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger.statement_now(), ledger.my_records() TO ledger_web;

-- So that the list of a party's records is read from the index alone, and in order.
DROP INDEX ledger.ix_involvements_agency_id;
CREATE INDEX ix_involvements_agency_id_record_id ON ledger.involvements (agency_id, record_id);
"""
NO_FUNCTIONS = """
DROP INDEX ledger.ix_involvements_agency_id_record_id;
CREATE INDEX ix_involvements_agency_id ON ledger.involvements (agency_id);
DROP FUNCTION ledger.my_records(), ledger.statement_now();
"""

PARTY, OWN = "ledger.party() IS NOT NULL", "agency_id = ledger.party()"


def _involved(table: str) -> str:
    """The party, or the person of it who acts, is involved with the record of this row now."""
    return f"""EXISTS (
        SELECT FROM ledger.involvements i WHERE i.record_id = {table}.record_id AND i.agency_id = ledger.party()
        AND (i.until IS NULL OR i.until > ledger.statement_now())
        AND (i.person_id IS NULL OR i.person_id::text = ledger.person()))"""


def _unmarked(table: str, more: str = "") -> str:
    """No marking of the entry that stands holds it back from the party: a pointer from all, a restriction but for whom
    it names.
    """
    return f"""NOT EXISTS (
        SELECT FROM ledger.markings m WHERE m.record_id = {table}.record_id AND m.number = {table}.number
        AND (m.index = -1{more}) AND m.ended_number IS NULL AND m.marking <> 'shared' AND m.agency_id <> ledger.party()
        AND NOT (m.marking = 'restricted' AND ledger.party() = ANY (m.to_agencies)))"""


def _own_entry(table: str, *columns: str) -> str:
    """The row follows from an entry of the party's own: a projection is written beside its entry, or by it."""
    numbers = ", ".join(f"{table}.{column}" for column in columns)
    return f"""EXISTS (
        SELECT FROM ledger.entries e WHERE e.record_id = {table}.record_id AND e.number IN ({numbers})
        AND e.agency_id = ledger.party())"""


def _requested(table: str) -> str:
    """The words of a request for whoever was asked, and of the answer for whoever asked."""
    return f"""EXISTS (
        SELECT FROM ledger.information_requests q WHERE q.record_id = {table}.record_id
        AND (q.number = {table}.number OR q.answered_number = {table}.number)
        AND (q.to_agency = ledger.party() OR q.agency_id = ledger.party()))"""


#: Before this migration: each record's membership was looked for in one of two ways, and no marking was.
OF_ALL = """record_id IN (
    SELECT i.record_id FROM ledger.involvements i
    WHERE i.agency_id = ledger.party() AND (i.until IS NULL OR i.until > ledger.clock_now()))"""
OF_ONE = """EXISTS (
    SELECT FROM ledger.involvements i WHERE i.record_id = {table}.record_id AND i.agency_id = ledger.party()
    AND (i.until IS NULL OR i.until > ledger.clock_now()))"""
OF_PERSON = f"{OF_ONE[:-1]}\n    AND (i.person_id IS NULL OR i.person_id::text = ledger.person()))"
OWN_WITHDRAWN = """EXISTS (
    SELECT FROM ledger.entries e WHERE e.record_id = withdrawals.record_id AND e.number = withdrawals.number
    AND e.agency_id = ledger.party())"""
REQUESTED = """(record_id, number) IN (
    SELECT q.record_id, n.number FROM ledger.information_requests q
    CROSS JOIN LATERAL (VALUES (q.number), (q.answered_number)) AS n (number)
    WHERE (q.to_agency = ledger.party() OR q.agency_id = ledger.party()) AND n.number IS NOT NULL)"""

#: A child's record begins with its first entry, which registers it: nothing of a record is written without one's own.
_OF_PARTNERSHIP = """agency_id = 'ledger' AND ledger.party() = 'ledger' AND EXISTS (
    SELECT FROM ledger.heads h WHERE h.record_id = {table}.record_id AND h.kind = 'partnership')"""

#: (table, policy): what it says from here on, and what it said before. Who may read:
READS: Mapping[tuple[str, str], tuple[str, str]] = {
    ("entries", "involved_read"): (
        f"{OWN} OR {_involved('entries')} OR {_requested('entries')}", f"{OWN} OR {OF_ALL}"
    ),
    ("contents", "involved_read"): (
        f"{OWN} OR ({_involved('contents')} AND {_unmarked('contents')}) OR {_requested('contents')}",
        f"{OWN} OR {OF_ALL}",
    ),
    ("claims", "involved_read"): (
        f"""{OWN} OR ({_involved('claims')} AND {_unmarked(
            'claims', " OR (m.index = claims.index AND claims.attribute NOT LIKE 'entry:%')"
        )})""",
        f"{OWN} OR {OF_ALL}",
    ),
    ("landmarks", "involved_read"): (
        f"{OWN} OR (NOT is_hidden AND {_involved('landmarks')} AND {_unmarked('landmarks')})",
        f"{OWN} OR (NOT is_hidden AND {OF_ONE.format(table='landmarks')})",
    ),
    ("withdrawals", "involved_read"): (
        f"{OWN_WITHDRAWN} OR {_involved('withdrawals')}", f"{OWN_WITHDRAWN} OR {OF_ALL}"
    ),
    **{
        (table, "involved_read"): (_involved(table), OF_ALL)
        for table in ("children", "leads", "links", "findings", "alerts")
    },
    ("door_warnings", "involved_read"): (
        f"{OWN} OR {_involved('door_warnings')}", f"{OWN} OR {OF_ONE.format(table='door_warnings')}"
    ),
    ("markings", "involved_read"): (
        f"{OWN} OR {_involved('markings')}", f"{OWN} OR {OF_ONE.format(table='markings')}"
    ),
    ("record_gaps", "involved_read"): (_involved("record_gaps"), OF_ONE.format(table="record_gaps")),
    ("consents", "involved_read"): (
        f"{OWN} OR (NOT is_hidden AND {_involved('consents')})",
        f"{OWN} OR (NOT is_hidden AND {OF_PERSON.format(table='consents')})",
    ),
    # The command line reads of what the ledger wrote the partnership's own record: no child's.
    ("entries", "admin_reads_own"): (_OF_PARTNERSHIP.format(table="entries"), OWN),
    ("contents", "admin_reads_own"): (_OF_PARTNERSHIP.format(table="contents"), OWN),
}  # fmt: skip

#: The same of what may be written. A projection follows from an entry of one's own.
WRITES: Mapping[tuple[str, str], tuple[str, str]] = {
    ("children", "party_projects"): (_own_entry("children", "number"), PARTY),
    ("leads", "party_projects"): (_own_entry("leads", "number"), PARTY),
    ("links", "party_projects"): (_own_entry("links", "number"), PARTY),
    ("withdrawals", "party_projects"): (_own_entry("withdrawals", "by_number"), PARTY),
    # Another agency's begins when it is named lead; the service lets only those do that who are involved themselves.
    ("involvements", "party_begins"): (_own_entry("involvements", "number"), PARTY),
    # What corrects another's entry, or speaks of it, takes over that agency's marks as theirs.
    ("markings", "party_projects"): (_own_entry("markings", "number", "by_number"), PARTY),
    ("ties", "party_projects"): (_own_entry("ties", "number"), PARTY),
    ("rectifications", "party_asks"): (_own_entry("rectifications", "number"), PARTY),
    ("entries", "admin_appends"): (_OF_PARTNERSHIP.format(table="entries"), OWN),
    ("contents", "admin_appends"): (_OF_PARTNERSHIP.format(table="contents"), OWN),
}

#: Whoever serves acts as an agency: without a party there is no row, and these three are parties that are no agency.
#: It restricts: no other policy, of today or of later, can open what this one closes.
SOMEBODY = "ledger.party() <> ALL ('{ledger,auditor,erasure}'::text[])"

#: What an index can follow to an agency's entries, whatever else is asked of them: it opens nothing.
IN_REACH = f"""CREATE POLICY in_reach ON ledger.entries AS RESTRICTIVE FOR SELECT TO ledger_web
    USING ({OWN} OR record_id = ANY ((SELECT ledger.my_records())::uuid[]))"""

_HELD = text("""
    SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'ledger' AND c.relkind IN ('r', 'p') AND c.relrowsecurity ORDER BY 1""")

GRANTS = """
-- In one with the others, for of several policies none says which is asked first.
DROP POLICY requested_read ON ledger.entries;
DROP POLICY requested_read ON ledger.contents;
-- Never granted, and unused: who has no grant needs no policy.
DROP POLICY admin_appends ON ledger.claims;
DROP POLICY worker_appends ON ledger.claims;
-- The sealer reads the published half of entries, and nothing else.
REVOKE SELECT ON ledger.heads FROM ledger_sealer;
REVOKE SELECT ON ledger.alembic_version
    FROM ledger_worker, ledger_sealer, ledger_auditor, ledger_erasure, ledger_admin;
-- Detection weighs what was said by agencies; who works there, may do what, or was asked is nothing to it.
DROP POLICY worker_reads ON ledger.ties;
DROP POLICY worker_reads ON ledger.information_requests;
REVOKE SELECT ON ledger.people, ledger.person_roles, ledger.ties, ledger.information_requests FROM ledger_worker;
REVOKE SELECT ON ledger.pack_activations FROM ledger_web;
-- What erases names what it erases, and does not read it.
REVOKE SELECT ON ledger.contents FROM ledger_erasure;
GRANT SELECT (record_id, number) ON ledger.contents TO ledger_erasure;
-- A function that the owner makes later is for nobody until it is granted, as a table is.
ALTER DEFAULT PRIVILEGES REVOKE ALL ON FUNCTIONS FROM PUBLIC;
"""
NO_GRANTS = """
ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO PUBLIC;
REVOKE SELECT (record_id, number) ON ledger.contents FROM ledger_erasure;
GRANT SELECT ON ledger.contents TO ledger_erasure;
GRANT SELECT ON ledger.pack_activations TO ledger_web;
GRANT SELECT ON ledger.people, ledger.person_roles, ledger.ties, ledger.information_requests TO ledger_worker;
CREATE POLICY worker_reads ON ledger.ties FOR SELECT TO ledger_worker USING (true);
CREATE POLICY worker_reads ON ledger.information_requests FOR SELECT TO ledger_worker USING (true);
GRANT SELECT ON ledger.alembic_version
    TO ledger_worker, ledger_sealer, ledger_auditor, ledger_erasure, ledger_admin;
GRANT SELECT ON ledger.heads TO ledger_sealer;
CREATE POLICY worker_appends ON ledger.claims FOR INSERT TO ledger_worker WITH CHECK (agency_id = 'ledger');
CREATE POLICY admin_appends ON ledger.claims FOR INSERT TO ledger_admin WITH CHECK (agency_id = ledger.party());
"""


def _say(now: bool) -> None:  # noqa: FBT001
    """Let every policy that changed say what it says from here on, or what it said before."""
    for clause, policies in (("USING", READS), ("WITH CHECK", WRITES)):
        for (table, policy), said in policies.items():
            op.execute(f"ALTER POLICY {policy} ON ledger.{table} {clause} ({said[0 if now else 1]})")
    allowed = _involved("children") if now else OF_ALL
    op.execute(f"ALTER POLICY party_updates ON ledger.children USING ({allowed}) WITH CHECK ({allowed})")


def upgrade() -> None:
    """One membership in two forms, markings in the database too, nobody without a name, and the least of grants."""
    op.execute(FUNCTIONS)
    _say(now=True)
    for table in op.get_bind().scalars(_HELD).all():
        op.execute(
            f"CREATE POLICY somebody_acts ON ledger.{table} AS RESTRICTIVE FOR ALL TO ledger_web USING ({SOMEBODY})"
        )
    op.execute(IN_REACH)
    op.execute(GRANTS)


def downgrade() -> None:
    """What was before: wider, and without the markings."""
    op.execute(NO_GRANTS)
    op.execute("DROP POLICY in_reach ON ledger.entries")
    for table in ("entries", "contents"):
        op.execute(f"CREATE POLICY requested_read ON ledger.{table} FOR SELECT TO ledger_web USING ({REQUESTED})")
    for table in op.get_bind().scalars(_HELD).all():
        op.execute(f"DROP POLICY somebody_acts ON ledger.{table}")
    _say(now=False)
    op.execute(NO_FUNCTIONS)
