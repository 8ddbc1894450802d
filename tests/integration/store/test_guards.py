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


@pytest.fixture
def child(partnership: Partnership) -> str:
    """A record with an observation in it, at which another agency has looked."""
    record_id = partnership.child(involve=["csc"])
    stored(partnership.post("/observations", partnership.observation(record_id)))
    stored(partnership.get(f"/children/{record_id}/timeline", "csc"))
    return record_id


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
    # The order stands in the rows alone, and so does the involvement of whose it is.
    gone = {"contents": before["contents"] - 1, "involvements": before["involvements"] + 1}
    assert partnership.rows() == before | gone
    assert partnership.envelopes(child) == envelopes


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
