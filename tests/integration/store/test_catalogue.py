"""What the catalogue says: who was granted what, what is held by row-level security, and that nothing goes round it."""

import psycopg
import pytest
from sqlalchemy import text

from ledger.store.migrate import OWNER, ROLES, upgrade
from ledger.store.retention import REPEATED
from ledger.store.tables.sorts import PROJECTIONS
from tests.integration.store.grants import GRANTS
from tests.partnership import Partnership

#: Functions that are no trigger's, and who may call them.
FUNCTIONS = {
    "clock_now": set(ROLES),
    "party": set(ROLES),
    "person": set(ROLES),
    "statement_now": {"ledger_web"},
    "my_records": {"ledger_web"},
    "may_erase": {"ledger_erasure"},
    "clock_to_write": {"ledger_web", "ledger_worker", "ledger_admin"},
}
#: Tables without row-level security, and why each needs none: they hold no word about any child.
WITHOUT_POLICIES = {
    "access_tokens": "fingerprints of tokens; a token is looked up before anybody acts",
    "agencies": "who takes part is known to all who take part",
    "agency_keys": "fingerprints of keys; a key is looked up before anybody acts",
    "alembic_version": "the schema's revision",
    "checkpoints": "signed tree heads, which are published",
    "closures": "why no entry is taken, and which indexes of the log are missing",
    "cosignatures": "what witnesses signed, which is published",
    "check_failures": "names of rules and numbers of entries; which rules fail is all that the web may read of it",
    "duties": "names of what one worker does for all, and when it was done",
    "due_moments": "times and numbers of entries; only the worker is granted it",
    "heads": "numbers, hashes and times; every append locks one, and the worker finds what is due",
    "log_tiles": "hashes of the log, which are published",
    "heartbeats": "which processes of the ledger live",
    "known_devices": "fingerprints of browsers that somebody signed in with",
    "lags": "numbers of entries, and since when they wait to be detected",
    "ledger_state": "what kind of ledger this is, and its clock",
    "outbox": "numbers of entries that wait to be told; how many and since when is all that the web may read of it",
    "pack_activations": "which rules were in force when",
    "partnerships": "who shares with whom",
    "passwords": "hashes of passwords; asked before anybody acts",
    "people": "professionals who sign in, by name",
    "person_roles": "who may do what, which every check of it reads",
    "person_subjects": "who is who at a provider; asked before anybody acts",
    "photograph_policies": "where an agency's policy on photographs is to be read",
    "provider_visits": "fingerprints of browsers that are away at a provider",
    "recovery_codes": "fingerprints of codes",
    "self_audits": "counts, indexes of the log and names of records that are at random",
    "second_factors": "sealed secrets; asked before anybody acts",
    "sessions": "fingerprints of sessions",
    "setbacks": "how often detection failed on a record; that it is parked is all that the web may read of it",
    "sign_in_links": "fingerprints of links",
    "troubles": "what is wrong with the machinery",
    "unsealed": "numbers of entries that wait to be sealed; how many and since when is all that the web may read of it",
    "unsealed_access": "ids of records of reads that wait to be sealed, likewise",
    "witness_states": "how each witness answered last",
    "sign_in_tries": "how often a way in was tried, under a hash",
}

#: Read also while nobody acts: when somebody comes in, who has left is asked first.
ASKED_BEFORE_ANYBODY_ACTS = {"leavings"}

_GRANTED = text("""
    WITH granted AS (
        SELECT c.relname, a.grantee, a.privilege_type, NULL AS attname, a.is_grantable
        FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) a
        WHERE c.relnamespace = 'ledger'::regnamespace AND a.grantee <> c.relowner
        UNION ALL
        SELECT c.relname, a.grantee, a.privilege_type, t.attname, a.is_grantable
        FROM pg_attribute t JOIN pg_class c ON c.oid = t.attrelid CROSS JOIN LATERAL aclexplode(t.attacl) a
        WHERE c.relnamespace = 'ledger'::regnamespace AND a.grantee <> c.relowner)
    SELECT CASE grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(grantee) END AS role, relname, privilege_type AS verb,
           array_agg(attname ORDER BY attname) FILTER (WHERE attname IS NOT NULL) AS columns, bool_or(is_grantable)
    FROM granted GROUP BY 1, 2, 3""")
_POLICIES = text("""
    SELECT tablename, policyname, permissive = 'PERMISSIVE' AS permissive, roles::text[] AS roles, cmd, qual, with_check
    FROM pg_policies WHERE schemaname = 'ledger'""")


def granted(partnership: Partnership) -> dict[str, dict[str, str]]:
    """The grants as they are, in the words of the table above."""
    found: dict[str, dict[str, str]] = {}
    with partnership.acting("ledger_admin") as connection:
        for role, table, verb, columns, may_hand_on in connection.execute(_GRANTED):
            assert not may_hand_on, (role, table, verb)
            said = f"{verb} ({', '.join(columns)})" if columns else verb
            tables = found.setdefault(role, {})
            tables[table] = "; ".join(sorted([*tables.get(table, "").split("; "), said])).removeprefix("; ")
    return found


def test_grants_are_those_written_here(partnership: Partnership) -> None:
    """Each role has the verbs on the tables that this module's table says, and nobody has any other."""
    found = granted(partnership)
    assert set(found) == set(ROLES)
    for role in ROLES:
        assert found[role] == GRANTS[role], role


def test_no_verb_is_granted_that_goes_round_policies(partnership: Partnership) -> None:
    """Nobody may truncate, reference, maintain or put a trigger on any table, and only these may delete."""
    verbs = {(role, table, said.split(" (")[0]) for role, tables in granted(partnership).items()
             for table, all_said in tables.items() for said in all_said.split("; ")}  # fmt: skip
    assert {verb for _, _, verb in verbs} <= {"SELECT", "INSERT", "UPDATE", "DELETE"}
    assert {(role, table) for role, table, verb in verbs if verb == "DELETE" and table not in WITHOUT_POLICIES} == {
        ("ledger_erasure", "contents"),
        ("ledger_erasure", "attachment_bytes"),
        # Where an order to erase is to be carried out, and nowhere else.
        ("ledger_worker", "identifiers"),
        # How far a record's alerts were looked at, once it has no open one.
        ("ledger_worker", "alert_looks"),
        # Counts of a rule that found nothing any more.
        ("ledger_worker", "rule_counts"),
        # What an earlier comparing of all records proposed.
        ("ledger_worker", "adult_proposals"),
        ("ledger_worker", "adult_comparisons"),
        # Once they sign no longer.
        ("ledger_web", "webhook_secrets"),
        # Files that were brought and are long over.
        ("ledger_worker", "imports"),
        ("ledger_worker", "import_rows"),
        # What needs nobody any more before it was sent; and what a digest counted a month ago.
        ("ledger_worker", "deliveries"),
        ("ledger_worker", "digests"),
        *(("ledger_erasure", table) for table in (*REPEATED, "identifiers", "record_gaps", "adult_proposals")),
        *(("ledger_rebuild", table) for table in PROJECTIONS - WITHOUT_POLICIES.keys()),
    }
    assert not {role for role, table, verb in verbs if table == "entries" and verb in {"UPDATE", "DELETE"}}


def test_every_table_that_holds_content_is_held(partnership: Partnership) -> None:
    """Each table forces row-level security, the owner included, but for those that are named here with the reason."""
    query = text("""
        SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity AS forced
        FROM pg_class c WHERE c.relnamespace = 'ledger'::regnamespace AND c.relkind IN ('r', 'p')""")
    with partnership.acting("ledger_admin") as connection:
        tables = {row.relname: row.forced for row in connection.execute(query)}
    assert {name for name, forced in tables.items() if not forced} == set(WITHOUT_POLICIES)


def test_every_grant_has_its_policy_and_every_policy_its_grant(partnership: Partnership) -> None:
    """On a held table a role has a permissive policy for each verb that it was granted, and for no other."""
    wanted = {
        (role, table, said.split(" (")[0])
        for role, tables in GRANTS.items()
        for table, all_said in tables.items()
        if table not in WITHOUT_POLICIES
        for said in all_said.split("; ")
    }
    with partnership.acting("ledger_admin") as connection:
        policies = connection.execute(_POLICIES).all()
    assert {(role, row.tablename, row.cmd) for row in policies if row.permissive for role in row.roles} == wanted


def test_whoever_serves_must_be_somebody(partnership: Partnership) -> None:
    """On every held table a restrictive policy closes all to a serving role that acts as nobody, or as no agency.

    What is asked before anybody acts is closed to parties that are no agency alone.
    """
    with partnership.acting("ledger_admin") as connection:
        closing = {
            row.tablename: row
            for row in connection.execute(_POLICIES)
            if not row.permissive and row.policyname == "somebody_acts"
        }
    held = {table for table in GRANTS["ledger_web"] if table not in WITHOUT_POLICIES}
    assert set(closing) == held
    assert {(row.cmd, tuple(row.roles), row.with_check) for row in closing.values()} == {("ALL", ("ledger_web",), None)}
    (asked_first,) = {closing.pop(table).qual for table in ASKED_BEFORE_ANYBODY_ACTS}
    (said,) = {row.qual for row in closing.values()}
    assert asked_first == f"COALESCE({said}, true)"


def test_nothing_in_the_schema_goes_round_the_policies(partnership: Partnership) -> None:
    """There is no view, rule, foreign table or foreign key, and nothing that anybody but the owner owns."""
    with partnership.acting("ledger_admin") as connection:
        others = connection.execute(
            text("""
                SELECT c.relname, c.relkind FROM pg_class c WHERE c.relnamespace = 'ledger'::regnamespace
                AND (c.relkind NOT IN ('r', 'i') OR pg_get_userbyid(c.relowner) <> :owner)
                -- What fills an identity column goes with it, and was granted to nobody.
                AND NOT (c.relkind = 'S' AND c.relacl IS NULL AND pg_get_userbyid(c.relowner) = :owner AND EXISTS (
                    SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'i'))"""),
            {"owner": OWNER},
        ).all()
        rules = connection.scalar(
            text("""
                SELECT count(*) FROM pg_rewrite w JOIN pg_class c ON c.oid = w.ev_class
                WHERE c.relnamespace = 'ledger'::regnamespace""")
        )
        keys = connection.scalar(
            text("SELECT count(*) FROM pg_constraint WHERE connamespace = 'ledger'::regnamespace AND contype = 'f'")
        )
    assert others == []
    assert (rules, keys) == (0, 0), "a foreign key looks at rows that row-level security hides"


def test_functions_run_as_whoever_calls_them(partnership: Partnership) -> None:
    """No function takes its owner's rights or is said not to leak; each is for these roles, and none for everybody."""
    with partnership.acting("ledger_admin") as connection:
        functions = connection.execute(
            text("""
                SELECT p.proname, p.prosecdef OR p.proleakproof AS trusted, p.prorettype = 'trigger'::regtype AS fires,
                       p.prosqlbody IS NOT NULL OR p.proconfig IS NOT NULL AS pinned,
                       ARRAY(SELECT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(a.grantee) END
                             FROM aclexplode(p.proacl) a WHERE a.grantee <> p.proowner) AS callers
                FROM pg_proc p WHERE p.pronamespace = 'ledger'::regnamespace""")
        ).all()
    assert not [row.proname for row in functions if row.trusted]
    assert {row.proname: set(row.callers) for row in functions if not row.fires} == FUNCTIONS
    assert not [row.proname for row in functions if row.fires and row.callers], "only a trigger calls these"
    # These two name nothing but what the server itself defines, which no search path can hide.
    assert {row.proname for row in functions if not row.pinned} == {"party", "person"}


def test_what_the_owner_makes_later_is_for_nobody(superuser: psycopg.Connection) -> None:
    """A table or function that a later migration makes is granted to none of the working roles, and not to PUBLIC."""
    superuser.execute(f"SET ROLE {OWNER}".encode())
    superuser.execute("CREATE FUNCTION ledger.later() RETURNS int LANGUAGE sql RETURN 1")
    superuser.execute("CREATE TABLE ledger.later (n int)")
    superuser.execute("RESET ROLE")
    for role in (*ROLES, "public"):
        [may] = superuser.execute(
            "SELECT has_function_privilege(%s, 'ledger.later()', 'EXECUTE') OR has_table_privilege(%s, 'ledger.later',"
            " 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')",
            (role, role),
        ).fetchone() or (None,)
        assert may is False, role


def test_working_roles_are_nothing_else(partnership: Partnership) -> None:
    """No working role logs in by itself, has an attribute, owns anything or is a member of any other role."""
    query = text("""
        SELECT r.rolname FROM pg_roles r WHERE r.rolname = ANY (:roles) AND (
            r.rolsuper OR r.rolbypassrls OR r.rolcanlogin OR r.rolcreaterole OR r.rolcreatedb OR r.rolreplication
            OR EXISTS (SELECT FROM pg_auth_members m WHERE m.member = r.oid)
            OR EXISTS (SELECT FROM pg_class c WHERE c.relowner = r.oid))""")
    with partnership.acting("ledger_admin") as connection:
        assert connection.execute(query, {"roles": list(ROLES)}).all() == []


@pytest.mark.parametrize("role", ROLES)
def test_a_working_role_makes_nothing(partnership: Partnership, role: str) -> None:
    """It uses the schema and creates in none; after an upgrade not even what lasts as long as its session."""
    upgrade(partnership.database_url)
    query = text("""
        SELECT n.nspname, has_schema_privilege(:role, n.oid, 'USAGE') AS uses,
               has_schema_privilege(:role, n.oid, 'CREATE') AS creates
        FROM pg_namespace n WHERE n.nspname IN ('ledger', 'public')""")
    with partnership.acting("ledger_admin") as connection:
        schemas = {row.nspname: (row.uses, row.creates) for row in connection.execute(query, {"role": role})}
        on_database = connection.execute(
            text("""
                SELECT has_database_privilege(:role, current_database(), 'CREATE'),
                       has_database_privilege(:role, current_database(), 'TEMPORARY')"""),
            {"role": role},
        ).one()
    assert schemas["ledger"] == (True, False)
    assert not schemas["public"][1]
    assert tuple(on_database) == (False, False)
