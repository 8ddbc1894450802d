from collections.abc import Iterator
from itertools import product

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from ledger.store.database import driver_url
from ledger.store.migrate import OWNER, ROLES
from tests.partnership import Partnership, stored

#: What is written once and kept: what agencies said, and who looked.
LEDGER_TABLES = ("entries", "contents", "access_records")
CHANGES = {
    "UPDATE": "UPDATE ledger.{table} SET agency_id = 'forged'",
    "DELETE": "DELETE FROM ledger.{table}",
    "TRUNCATE": "TRUNCATE ledger.{table}",
}
#: Tables without row-level security, and why each needs none: they hold no word about any child.
WITHOUT_POLICIES = {
    "agencies": "who takes part is known to all who take part",
    "agency_keys": "fingerprints of keys; a key is looked up before anybody acts",
    "alembic_version": "the schema's revision",
    "check_failures": "names of rules and numbers of entries; only the worker is granted it",
    "due_moments": "times and numbers of entries; only the worker is granted it",
    "heads": "numbers, hashes and times; every append locks one, and the worker finds what is due",
    "ledger_state": "what kind of ledger this is, and its clock",
    "pack_activations": "which rules were in force when",
    "partnerships": "who shares with whom",
    "people": "professionals who sign in, by name",
    "sessions": "fingerprints of sessions",
    "sign_in_links": "fingerprints of links",
}
#: The only rows that any role may delete: of contents, by order; and what detection has done with.
MAY_DELETE = {
    ("ledger_erasure", "contents"),
    ("ledger_worker", "due_moments"),
    ("ledger_worker", "check_failures"),
}


@pytest.fixture
def child(partnership: Partnership) -> str:
    """A record with an observation in it, at which another agency has looked."""
    record_id = partnership.child(involve=["csc"])
    stored(partnership.post("/observations", partnership.observation(record_id)))
    stored(partnership.get(f"/children/{record_id}/timeline", "csc"))
    return record_id


@pytest.fixture
def superuser(superuser_url: str) -> Iterator[psycopg.Connection]:
    """The server's superuser, each statement for itself."""
    url = superuser_url.replace("+psycopg", "", 1)
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


def whole(superuser: psycopg.Connection, table: str) -> list[tuple[object, ...]]:
    return superuser.execute(f"SELECT * FROM ledger.{table} ORDER BY 1, 2".encode()).fetchall()


def test_no_role_changes_the_ledger(partnership: Partnership, child: str) -> None:
    """No role that does any work may update, delete or truncate; erasure alone deletes, and contents alone."""
    for role, table, verb in product(ROLES, LEDGER_TABLES, CHANGES):
        if (role, table, verb) == ("ledger_erasure", "contents", "DELETE"):
            continue
        with (
            partnership.acting(role, "hv") as connection,
            pytest.raises(ProgrammingError, match="permission denied"),
        ):
            connection.execute(text(CHANGES[verb].format(table=table)))


def test_grants_alone_do_not_make_the_ledger_change(superuser: psycopg.Connection, child: str) -> None:
    """With every policy and grant out of the way, the owner, a superuser and a role granted all are still refused."""
    before = {table: whole(superuser, table) for table in LEDGER_TABLES}
    assert all(before.values()), "there is something to change"
    for table in LEDGER_TABLES:
        superuser.execute(f"ALTER TABLE ledger.{table} DISABLE ROW LEVEL SECURITY".encode())
        superuser.execute(f"GRANT ALL ON ledger.{table} TO ledger_web".encode())
    for role, table, verb in product(("NONE", OWNER, "ledger_web"), LEDGER_TABLES, CHANGES):
        superuser.execute(f"SET ROLE {role}".encode())
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
            superuser.execute(CHANGES[verb].format(table=table).encode())
    superuser.execute("RESET ROLE")
    assert {table: whole(superuser, table) for table in LEDGER_TABLES} == before


def test_the_owner_reaches_no_row(superuser: psycopg.Connection, child: str) -> None:
    """Row-level security holds the owner too: it reads nothing, changes nothing and may not truncate."""
    before = {table: whole(superuser, table) for table in LEDGER_TABLES}
    superuser.execute(f"SET ROLE {OWNER}".encode())
    for table in LEDGER_TABLES:
        assert superuser.execute(f"SELECT count(*) FROM ledger.{table}".encode()).fetchone() == (0,)
        assert superuser.execute(CHANGES["UPDATE"].format(table=table).encode()).rowcount == 0
        assert superuser.execute(CHANGES["DELETE"].format(table=table).encode()).rowcount == 0
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
            superuser.execute(CHANGES["TRUNCATE"].format(table=table).encode())
    superuser.execute("RESET ROLE")
    assert {table: whole(superuser, table) for table in LEDGER_TABLES} == before


def test_erasure_takes_content_and_leaves_the_entry(partnership: Partnership, child: str) -> None:
    """The erasure role deletes what it names, acting as erasure; the entry stands, and nothing else goes."""
    before = partnership.rows()
    envelopes = partnership.envelopes(child)
    with partnership.acting("ledger_erasure", "hv") as connection:
        assert connection.execute(text("DELETE FROM ledger.contents")).rowcount == 0, "only when acting as erasure"
    assert partnership.erase(child, 3) == 1
    assert partnership.rows() == before | {"contents": before["contents"] - 1}
    assert partnership.envelopes(child) == envelopes


def test_grants_are_no_wider_than_meant(partnership: Partnership) -> None:
    """Nobody may truncate, reference or put a trigger on any table; only what detection or an order ends is deleted."""
    query = text("""
        SELECT role, c.relname, verb FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,
            unnest(CAST(:roles AS text[]) || CAST('public' AS text)) role,
            unnest(ARRAY['TRUNCATE', 'REFERENCES', 'TRIGGER', 'DELETE']) verb
        WHERE n.nspname = 'ledger' AND c.relkind IN ('r', 'v', 'm', 'p') AND has_table_privilege(role, c.oid, verb)""")
    with partnership.acting("ledger_admin") as connection:
        granted = {tuple(row) for row in connection.execute(query, {"roles": list(ROLES)})}
        updates = connection.execute(
            text("""
                SELECT role, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,
                    unnest(CAST(:roles AS text[]) || CAST('public' AS text)) role
                WHERE n.nspname = 'ledger' AND c.relkind = 'r' AND has_any_column_privilege(role, c.oid, 'UPDATE')"""),
            {"roles": list(ROLES)},
        ).all()
    assert granted == {(role, table, "DELETE") for role, table in MAY_DELETE}
    assert {tuple(row) for row in updates} == {
        *((role, "heads") for role in ("ledger_web", "ledger_worker", "ledger_admin")),
        *(("ledger_web", table) for table in ("alerts", "children", "landmarks", "sessions", "sign_in_links")),
        *(("ledger_worker", table) for table in ("alerts", "check_failures", "findings", "record_gaps")),
        *(("ledger_admin", table) for table in ("agency_keys", "ledger_state")),
    }


def test_every_table_that_holds_content_is_held(partnership: Partnership) -> None:
    """Each table forces row-level security and has a policy, but for those that are named here with the reason."""
    query = text("""
        SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity AS forced,
               (SELECT count(*) FROM pg_policy WHERE polrelid = c.oid) AS policies
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = 'ledger' AND c.relkind IN ('r', 'p')""")
    with partnership.acting("ledger_admin") as connection:
        tables = {row.relname: row for row in connection.execute(query)}
    assert {name for name, row in tables.items() if not (row.forced and row.policies)} == set(WITHOUT_POLICIES)
    assert set(tables) > {*LEDGER_TABLES, "claims", "findings", "alerts", "identifiers"}


def test_nothing_in_the_schema_goes_round_the_policies(partnership: Partnership) -> None:
    """There is no view, no definer function and no table that a working role owns; new functions are not for all."""
    with partnership.acting("ledger_admin") as connection:
        views = connection.scalar(
            text("""
                SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE n.nspname = 'ledger' AND (c.relkind IN ('v', 'm') OR pg_get_userbyid(c.relowner) <> :owner)"""),
            {"owner": OWNER},
        )
        functions = connection.execute(
            text("""
                SELECT p.proname, p.prosecdef, has_function_privilege('public', p.oid, 'EXECUTE') AS for_all
                FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'ledger'""")
        ).all()
        roles = connection.execute(
            text("""
                SELECT rolname FROM pg_roles WHERE rolname = ANY (:roles)
                AND (rolsuper OR rolbypassrls OR rolcanlogin OR rolcreaterole OR rolcreatedb
                     OR pg_has_role(rolname, :owner, 'MEMBER'))"""),
            {"roles": list(ROLES), "owner": OWNER},
        ).all()
    assert views == 0
    assert functions
    assert [row.proname for row in functions if row.prosecdef or row.for_all] == []
    assert roles == []


def test_a_url_that_asks_for_no_role_works_as_nobody(partnership: Partnership, child: str) -> None:
    """The migrating user itself, without a role taken, reads and changes nothing of the ledger's."""
    url = driver_url(partnership.database_url).replace("+psycopg", "", 1)
    with psycopg.connect(url, autocommit=True) as connection:
        if connection.info.server_version < 160000:
            pytest.skip("before PostgreSQL 16 a grant always hands down what the role may do")
        for table in LEDGER_TABLES:
            for statement in ("SELECT FROM ledger.{table}", *CHANGES.values()):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute(statement.format(table=table).encode())
