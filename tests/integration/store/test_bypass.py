"""Every known way round row-level security, tried as each role from a login of its own, as a process in use has it."""

from itertools import product
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from ledger.store.migrate import OWNER, ROLES
from tests.integration.store.conftest import Login
from tests.integration.store.grants import GRANTS
from tests.partnership import NHS_NUMBERS, Partnership, stored

#: Words that stand in one entry alone, which neither hv nor a role that acts as nobody may find.
CANARY = "Zephyrine was seen at the refuge in Larch Lane"
#: Tables in which there is something to be hidden.
HIDDEN = ("entries", "contents", "claims", "children", "findings", "landmarks", "identifiers", "involvements")
#: Who may take rows away from one of them, or puts them right.
MAY_DELETE = {
    (role, table)
    for role, tables in GRANTS.items()
    for table, said in tables.items()
    if table in HIDDEN and {"DELETE"} & {verb.partition(" (")[0] for verb in said.split("; ")}
}


@pytest.fixture
def child(partnership: Partnership) -> str:
    """A child of csc's alone, of whom hv knows nothing; and one of hv's, so that it sees something."""
    record_id = partnership.child("csc", nhs_number=NHS_NUMBERS[0], involve=["csc"])
    died = {"about": "father", "attribute": "death", "value": "happened", "basis": "own_record"}
    for claims in ([died], []):
        said = partnership.observation(record_id, narrative=CANARY, claims=claims)
        stored(partnership.post("/observations", said, "csc"))
    partnership.alert(record_id)
    own = partnership.child("hv", involve=["hv"])
    stored(partnership.post("/observations", partnership.observation(own), "hv"))
    return record_id


def refused(connection: psycopg.Connection, statement: str, *reasons: type[psycopg.Error]) -> psycopg.Error:
    with pytest.raises(reasons or psycopg.errors.InsufficientPrivilege) as caught:
        connection.execute(statement.encode())
    error: psycopg.Error = caught.value
    assert CANARY not in str(error)
    return error


@pytest.mark.parametrize("role", ROLES)
def test_a_login_becomes_no_other_role(login: Login, role: str) -> None:
    """It takes no other working role, nor the owner, nor a superuser, and changes no session to another's."""
    connection = login(role)
    for other in ({*ROLES, OWNER, "postgres", "pg_read_all_data"}) - {role}:
        refused(connection, f"SET ROLE {other}")
        refused(connection, f"SET SESSION AUTHORIZATION {other}")
        refused(connection, f"GRANT {other} TO {role}")
    connection.execute("RESET ROLE")
    refused(connection, f"ALTER ROLE {role} BYPASSRLS")
    refused(connection, "CREATE ROLE another")


@pytest.mark.parametrize("role", ROLES)
def test_nobody_switches_the_guards_off(child: str, login: Login, role: str) -> None:
    """Triggers, policies and row-level security stay: on the table, in the session, and for replication."""
    connection = login(role, "hv")
    refused(connection, "SET session_replication_role = replica")
    for table, change in product(
        ("entries", "contents", "claims", "involvements"),
        ("DISABLE TRIGGER ALL", "DISABLE ROW LEVEL SECURITY", "NO FORCE ROW LEVEL SECURITY", "OWNER TO CURRENT_USER"),
    ):
        refused(connection, f"ALTER TABLE ledger.{table} {change}")
    refused(connection, "DROP POLICY somebody_acts ON ledger.contents")
    refused(connection, "CREATE POLICY mine ON ledger.contents USING (true)")
    refused(connection, "CREATE OR REPLACE FUNCTION ledger.party() RETURNS text LANGUAGE sql RETURN 'csc'")
    refused(connection, "ALTER FUNCTION ledger.party() RENAME TO partying")
    for table in HIDDEN:
        refused(connection, f"TRUNCATE ledger.{table}")
        if (role, table) not in MAY_DELETE:  # who may delete from a table may lock it
            refused(connection, f"BEGIN; LOCK TABLE ledger.{table} IN ACCESS EXCLUSIVE MODE")
            connection.execute("ROLLBACK")


@pytest.mark.parametrize("role", [role for role in ROLES if role not in {"ledger_worker", "ledger_sealer"}])
def test_row_security_off_is_an_error_and_not_all_rows(child: str, login: Login, role: str) -> None:
    """What `row_security = off` asks for is refused, with no row shown."""
    connection = login(role, "hv")
    connection.execute("SET row_security = off")
    error = refused(connection, "SELECT record_id, number FROM ledger.contents")
    assert "row-level security" in str(error) or "permission denied" in str(error)


@pytest.mark.parametrize("role", [role for role in ROLES if role != "ledger_worker"])
def test_nobody_in_particular_sees_no_row(child: str, login: Login, role: str) -> None:
    """Only what detects, in all records, needs no party; others see nothing, but the sealer the published half."""
    connection = login(role)
    for table in set(HIDDEN) - ({"entries"} if role == "ledger_sealer" else set()):
        try:
            seen = connection.execute(f"SELECT count(*) FROM ledger.{table}".encode()).fetchone()
        except psycopg.errors.InsufficientPrivilege:
            continue
        assert seen == (0,), table


def test_copy_shows_and_takes_no_more(child: str, login: Login) -> None:
    """COPY out gives the rows that a SELECT gives; COPY in is refused, and so are files and programs."""
    connection = login("ledger_web", "hv")
    for source in ("ledger.contents", "(TABLE ledger.contents)"):
        with connection.cursor() as cursor, cursor.copy(f"COPY {source} TO STDOUT".encode()) as copy:
            out = b"".join(bytes(block) for block in copy)
        assert out
        assert b"csc" not in out
        assert CANARY.encode().hex().encode() not in out
    refused(connection, "COPY ledger.contents FROM STDIN", psycopg.errors.FeatureNotSupported)
    refused(connection, "COPY ledger.contents TO '/tmp/contents'")
    refused(connection, "COPY ledger.contents TO PROGRAM 'cat'")
    refused(connection, "SELECT pg_read_file('PG_VERSION')")
    refused(connection, "SELECT lo_export(1, '/tmp/x')")
    refused(connection, "SELECT lo_import('/etc/hosts')")


@pytest.mark.parametrize("role", ROLES)
def test_nobody_brings_code_of_their_own(login: Login, role: str) -> None:
    """No role makes a function, operator, type, table, schema or extension where a query would find it."""
    connection = login(role, "hv")
    cheap = "RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS $$ BEGIN RAISE NOTICE '%', $1; RETURN true; END $$"
    for schema in ("ledger", "public"):
        refused(connection, f"CREATE FUNCTION {schema}.tell(text) {cheap}")
        refused(connection, f"CREATE TABLE {schema}.mine (n int)")
        refused(connection, f"CREATE VIEW {schema}.mine AS TABLE ledger.agencies")
        refused(connection, f"CREATE OPERATOR {schema}.=== (LEFTARG = text, RIGHTARG = text, FUNCTION = texteq)")
        refused(connection, f"CREATE TYPE {schema}.mine AS (n int)")
        refused(connection, f"CREATE STATISTICS {schema}.mine ON agency_id, kind FROM ledger.contents")
    refused(connection, "CREATE SCHEMA mine")
    for extension in ("pageinspect", "dblink", "file_fdw", "plpython3u"):
        refused(
            connection,
            f"CREATE EXTENSION {extension}",
            psycopg.errors.InsufficientPrivilege,
            psycopg.errors.FeatureNotSupported,  # not installed on this server
            psycopg.errors.UndefinedFile,
        )


def test_temporary_code_and_tables_change_nothing(child: str, login: Login, superuser_url: str) -> None:
    """Where they could still be made: code as cheap as can be sees visible rows alone, and names find the ledger's."""
    with psycopg.connect(superuser_url.replace("+psycopg", "", 1), autocommit=True) as admin:
        name = urlsplit(superuser_url).path.strip("/")
        admin.execute(SQL("GRANT TEMPORARY ON DATABASE {} TO PUBLIC").format(Identifier(name)))
    connection = login("ledger_web", "hv")
    told: list[str] = []
    connection.add_notice_handler(lambda notice: told.append(str(notice.message_primary)))
    connection.execute("""
        CREATE FUNCTION pg_temp.tell(text) RETURNS boolean LANGUAGE plpgsql COST 0.0000001
            AS $$ BEGIN RAISE NOTICE '%', $1; RETURN true; END $$""")
    refused(connection, "ALTER FUNCTION pg_temp.tell(text) LEAKPROOF")
    connection.execute(
        "SELECT count(*) FROM ledger.contents WHERE pg_temp.tell(agency_id || encode(content, 'escape'))"
    )
    assert told
    assert not [line for line in told if line.startswith("csc") or CANARY in line]
    connection.execute("CREATE TEMPORARY TABLE contents (agency_id text)")
    connection.execute("CREATE TEMPORARY TABLE involvements (record_id uuid, agency_id text, until timestamptz)")
    connection.execute("CREATE FUNCTION pg_temp.party() RETURNS text LANGUAGE sql RETURN 'csc'")
    connection.execute("CREATE FUNCTION pg_temp.current_setting(text, boolean) RETURNS text LANGUAGE sql RETURN 'csc'")
    assert connection.execute("SELECT DISTINCT agency_id FROM contents").fetchall() == [("hv",)]


def test_what_fails_on_hidden_rows_is_not_evaluated_on_them(child: str, login: Login) -> None:
    """An operator that raises, a cast that fails: neither is asked of a row that one may not see."""
    connection = login("ledger_web", "hv")
    for condition in (
        "1 / (CASE agency_id WHEN 'csc' THEN 0 ELSE 1 END) = 1",
        "(CASE agency_id WHEN 'csc' THEN 'x' ELSE '1' END)::int = 1",
        "convert_from(content, 'UTF8')::jsonb ->> 'agency' <> 'csc'",
        "encode(content, 'escape') !~ '^('",
    ):
        if condition.endswith("'^('"):
            refused(connection, f"SELECT FROM ledger.contents WHERE {condition}", psycopg.DataError)
        else:
            connection.execute(f"SELECT FROM ledger.contents WHERE {condition}".encode())


def test_what_the_planner_knows_is_not_told(child: str, login: Login, superuser_url: str) -> None:
    """The statistics of held tables, in which values stand, are shown to no working role."""
    with psycopg.connect(superuser_url.replace("+psycopg", "", 1), autocommit=True) as admin:
        admin.execute("ANALYZE")
        assert admin.execute("SELECT count(*) > 0 FROM pg_stats WHERE tablename = 'contents'").fetchone() == (True,)
    for role in ROLES:
        connection = login(role, "hv")
        shown = connection.execute("SELECT DISTINCT tablename FROM pg_stats WHERE schemaname = 'ledger'").fetchall()
        assert not {table for (table,) in shown} & set(HIDDEN)
        refused(connection, "SELECT stavalues1 FROM pg_catalog.pg_statistic")


def test_nothing_is_learnt_by_colliding_with_what_is_hidden(child: str, login: Login) -> None:
    """In another's name the answer is one and the same whether the row is there or not, and no upsert shows it."""
    connection = login("ledger_web", "hv")
    there = connection.execute("SELECT record_id, head_seq FROM ledger.heads WHERE record_id = %s", (child,)).fetchone()
    assert there is not None
    answers = set()
    for number in (int(there[1]), int(there[1]) + 50):
        for upsert in ("", "ON CONFLICT DO NOTHING", "ON CONFLICT DO NOTHING RETURNING content"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege) as caught:
                connection.execute(
                    f"INSERT INTO ledger.contents (record_id, number, agency_id, kind, salt, content) "
                    f"VALUES (%s, %s, 'csc', 'observation', '', '') {upsert}".encode(),
                    (child, number),
                )
            answers.add((str(caught.value.diag.message_primary), caught.value.diag.message_detail))
    assert len(answers) == 1
    columns = "(record_id, number, agency_id, kind, salt, content)"
    for table, values, change in (
        (
            "contents",
            f"{columns} VALUES ('{child}', 1, 'hv', 'x', '', '')",
            "(record_id, number) DO UPDATE SET kind = ''",
        ),
        ("identifiers", f"VALUES ('nhs:{NHS_NUMBERS[0]}', '{child}')", "(sought) DO UPDATE SET record_id = DEFAULT"),
        ("children", f"VALUES ('{child}', '{{}}', 1)", "(record_id) DO UPDATE SET details = '{}' RETURNING details"),
    ):
        refused(connection, f"INSERT INTO ledger.{table} {values} ON CONFLICT {change}")


def test_errors_name_no_row(child: str, login: Login) -> None:
    """What violates a key, a NOT NULL or a check is told without the row, which may be another's."""
    connection = login("ledger_web", "hv")
    for statement in (
        f"INSERT INTO ledger.identifiers VALUES ('nhs:{NHS_NUMBERS[0]}', gen_random_uuid())",
        f"INSERT INTO ledger.contents VALUES ('{child}', 900, 'hv', 'x', '', NULL)",
        "UPDATE ledger.landmarks SET is_hidden = NULL WHERE agency_id = 'hv'",
        f"INSERT INTO ledger.claims VALUES ('{child}', 'a', '{CANARY}', NULL, 0, 'hv')",
    ):
        assert refused(connection, statement, psycopg.IntegrityError).diag.message_detail is None, statement


def test_returning_shows_no_row_that_a_select_would_not(child: str, login: Login) -> None:
    """What is written for another, as a lead's involvement, cannot be read back by who wrote it."""
    connection = login("ledger_web", "hv")
    own = connection.execute("SELECT record_id, max(number) FROM ledger.entries GROUP BY 1").fetchone()
    assert own is not None
    insert = "INSERT INTO ledger.involvements (record_id, agency_id, number) VALUES (%s, 'gp', %s)"
    connection.execute(insert.encode(), own)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(f"{insert} RETURNING *".encode(), (own[0], int(own[1]) - 1))
    assert connection.execute("UPDATE ledger.alerts SET acknowledged_number = 1 RETURNING 1").fetchall() == []


def test_a_projection_follows_from_an_entry_of_ones_own(child: str, login: Login) -> None:
    """Nobody involves, leads, links, withdraws or marks by an entry that is another's, or that there is not."""
    connection = login("ledger_web", "hv")
    for number, insert in product(
        (1, 500),
        (
            "involvements (record_id, agency_id, number) VALUES ('{child}', 'hv', {number})",
            "leads (record_id, number, agency_id, person) VALUES ('{child}', {number}, 'hv', 'x')",
            "links (record_id, number, kind, members, is_unlink) VALUES ('{child}', {number}, 'people', '{{}}', false)",
            "withdrawals (record_id, number, by_number) VALUES ('{child}', 2, {number})",
            "ties (record_id, number, of_number) VALUES ('{child}', {number}, 1)",
            "markings VALUES ('{child}', {number}, -1, '', 'csc', 'shared', '{{}}', '{{}}', {number}, 1, NULL)",
        ),
    ):
        error = refused(connection, f"INSERT INTO ledger.{insert.format(child=child, number=number)}")
        assert "row-level security" in str(error)


def test_nobody_reads_another_session(child: str, login: Login) -> None:
    """Other roles' statements are not shown, and what one's own role sends stands in no statement's text."""
    mine, other = login("ledger_web", "hv"), login("ledger_worker")
    other.execute("SELECT set_config('ledger.sought', %s, false)", (CANARY,))
    mine.execute("SELECT set_config('ledger.sought', %s, false)", (CANARY,))
    query = "SELECT usename, query FROM pg_stat_activity WHERE datname = current_database()"
    shown = login("ledger_web", "gp").execute(query.encode()).fetchall()
    assert len(shown) >= 3
    assert CANARY not in str(shown)


@pytest.mark.parametrize("role", ROLES)
def test_large_objects_of_others_are_closed(login: Login, superuser_url: str, role: str) -> None:
    """There is a store beside the tables, which nothing here uses; what somebody keeps there is theirs alone."""
    with psycopg.connect(superuser_url.replace("+psycopg", "", 1), autocommit=True) as admin:
        [made] = admin.execute("SELECT lo_from_bytea(0, 'kept')").fetchone() or (0,)
        refused(login(role), f"SELECT lo_get({made})")
        admin.execute("SELECT lo_unlink(%s)", (made,))
