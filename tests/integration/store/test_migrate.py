import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit
from uuid import UUID

import psycopg
import psycopg.sql
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DBAPIError

from ledger.domain.log.access import access_commitment, access_content, access_leaf
from ledger.store.database import connect_engine, driver_url
from ledger.store.migrate import OWNER, ROLES, CannotMigrateError, alembic_config, newest_revision, upgrade
from ledger.store.tables import SCHEMA, metadata
from tests.partnership import ROOT, Partnership

_CATALOGUE = text("""
    SELECT c.relname, c.relkind, pg_get_userbyid(c.relowner), c.relrowsecurity, c.relforcerowsecurity, c.relacl,
           (SELECT array_agg(polname ORDER BY polname) FROM pg_policy WHERE polrelid = c.oid),
           (SELECT array_agg(tgname ORDER BY tgname) FROM pg_trigger WHERE tgrelid = c.oid)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'ledger' ORDER BY 1""")

#: What policies, columns and functions say.
_SAID = text("""
    SELECT tablename, policyname, roles::text, cmd, qual, with_check FROM pg_policies WHERE schemaname = 'ledger'
    UNION ALL SELECT table_name, column_name, data_type, is_nullable, column_default, NULL
        FROM information_schema.columns WHERE table_schema = 'ledger'
    UNION ALL SELECT a.attrelid::regclass::text, a.attname, a.attacl::text, NULL, NULL, NULL FROM pg_attribute a
        JOIN pg_class c ON c.oid = a.attrelid WHERE c.relnamespace = 'ledger'::regnamespace AND a.attacl IS NOT NULL
    UNION ALL SELECT p.proname, p.proacl::text, pg_get_functiondef(p.oid), NULL, NULL, NULL FROM pg_proc p
        WHERE p.pronamespace = 'ledger'::regnamespace AND p.prokind = 'f'
    ORDER BY 1, 2, 3, 4, 5, 6""")


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """The migrated database as its owner, who may see the whole catalogue."""
    made = connect_engine(database_url, OWNER, pool_size=1)
    yield made
    made.dispose()


@pytest.fixture
def empty_urls(database_url: str, request: pytest.FixtureRequest) -> Iterator[list[str]]:
    """Databases of the same server that nothing was done to."""
    mine = urlsplit(database_url)
    is_ours = not os.environ.get("DATABASE_URL")
    admin = request.getfixturevalue("superuser_url") if is_ours else database_url
    owner = psycopg.sql.Identifier(str(mine.username))
    names = [f"ledger_empty_{os.urandom(6).hex()}" for _ in range(2)]
    with psycopg.connect(driver_url(admin).replace("+psycopg", "", 1), autocommit=True) as connection:
        for name in names:
            connection.execute(
                psycopg.sql.SQL("CREATE DATABASE {} OWNER {}").format(psycopg.sql.Identifier(name), owner)
            )
        yield [database_url.replace(mine.path, f"/{name}", 1) for name in names]
        for name in names:
            connection.execute(psycopg.sql.SQL("DROP DATABASE {} WITH (FORCE)").format(psycopg.sql.Identifier(name)))


def test_the_tables_are_what_the_migrations_make(database_url: str) -> None:
    """What Python knows of the tables and what the migrations made differ in nothing: type, default, key or index."""

    def ours(name: str | None, kind: str, _parents: object) -> bool:
        return name == SCHEMA if kind == "schema" else name != "alembic_version"

    engine = create_engine(driver_url(database_url))  # with no search path of ours, so that names are whole
    with engine.connect() as connection:
        connection.execute(text(f"SET ROLE {OWNER}"))  # what fills an identity column is told to its owner alone
        options = {
            "compare_type": True,
            "compare_server_default": True,
            "include_schemas": True,
            "include_name": ours,
            "version_table_schema": SCHEMA,
        }
        differences = compare_metadata(MigrationContext.configure(connection, opts=options), metadata)
        in_database = connection.execute(
            text("""
                SELECT c.conrelid::regclass::text || '.' || conname FROM pg_constraint c
                JOIN pg_namespace n ON n.oid = c.connamespace WHERE n.nspname = 'ledger' AND contype = 'c'""")
        )
        checks = set(in_database.scalars())
    engine.dispose()
    assert differences == []
    known = {
        f"{table.name}.{constraint.name}"
        for table in metadata.tables.values()
        for constraint in table.constraints
        if type(constraint).__name__ == "CheckConstraint"
    }
    assert {check.removeprefix("ledger.") for check in checks} == known, "alembic does not compare these"


def test_upgrading_again_changes_nothing(partnership: Partnership, engine: Engine) -> None:
    """A second upgrade of a ledger in use leaves its schema, its grants and its rows as they are."""
    with engine.connect() as connection:
        before = connection.execute(_CATALOGUE).all()
    rows = partnership.rows()
    assert upgrade(partnership.database_url) == newest_revision()
    with engine.connect() as connection:
        assert connection.execute(_CATALOGUE).all() == before
    assert partnership.rows() == rows


def test_what_a_release_adds_goes_and_comes_again(database_url: str) -> None:
    """Each of the newest migrations taken back one by one, and made again: at every step what stood there before."""
    engine = create_engine(driver_url(database_url))
    revisions = [f"{number:04}" for number in range(21, int(newest_revision()) + 1)]
    with engine.connect() as connection:
        connection.execute(text(f"SET ROLE {OWNER}"))
        connection.commit()
        config = alembic_config()
        config.attributes["connection"] = connection

        def stands() -> tuple[object, ...]:
            found = (tuple(connection.execute(query).all()) for query in (_CATALOGUE, _SAID))
            told = tuple(found)
            connection.commit()
            return told

        then = {revisions[-1]: stands()}
        for revision in reversed(revisions[:-1]):
            command.downgrade(config, revision)
            then[revision] = stands()
        for revision in revisions[1:]:
            command.upgrade(config, revision)
            assert stands() == then[revision], revision
    engine.dispose()


def test_upgrades_at_once_agree(database_url: str, empty_urls: list[str]) -> None:
    """Several processes upgrading several databases of one server at once all succeed, and make the same schema."""
    upgrading = "import sys; from ledger.store.migrate import upgrade; print(upgrade(sys.argv[1]))"
    running = [
        subprocess.Popen([sys.executable, "-c", upgrading, url], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for url in (*empty_urls, empty_urls[0])
    ]
    assert {process.communicate(timeout=60)[0].strip() for process in running} == {newest_revision()}
    assert [process.returncode for process in running] == [0] * len(running)
    catalogues = set()
    for url in (database_url, *empty_urls):
        owner = connect_engine(url, OWNER, pool_size=1)
        with owner.connect() as connection:
            catalogues.add(str(connection.execute(_CATALOGUE).all()))
        owner.dispose()
    assert len(catalogues) == 1


def test_an_upgrade_waits_for_a_long_reader(database_url: str, engine: Engine) -> None:
    """An upgrade of what is already newest is not held up by a transaction that reads."""
    with engine.connect() as reading:
        reading.execute(text("SELECT count(*) FROM ledger.heads"))
        assert upgrade(database_url) == newest_revision()


def test_the_roles_let_nobody_in(database_url: str) -> None:
    """The roles that upgrading makes log nobody in, and none is given to the migrating user without being taken."""
    upgrade(database_url)
    engine = create_engine(driver_url(database_url))
    with engine.connect() as connection:
        login = text("SELECT count(*) FROM pg_roles WHERE rolname = ANY (:roles) AND rolcanlogin")
        assert connection.scalar(login, {"roles": [OWNER, *ROLES]}) == 0
        # Before PostgreSQL 16 a grant always hands down what the role may do.
        version = connection.scalar(text("SELECT current_setting('server_version_num')::int"))
        for role in (OWNER, *ROLES) if version >= 160000 else ():
            assert connection.scalar(text("SELECT pg_has_role(:role, 'USAGE')"), {"role": role}) is False
    engine.dispose()


def test_a_database_that_is_away_says_so(database_url: str) -> None:
    """Upgrading where no server answers ends with a plain refusal, not with the driver's words."""
    with pytest.raises(CannotMigrateError, match="cannot be used"):
        upgrade("postgresql://nobody@/nowhere?host=/tmp/no-server-here")
    with pytest.raises(CannotMigrateError, match="cannot be used"):
        upgrade(database_url.replace("ledger_test_", "ledger_gone_"))


def test_what_was_recorded_before_the_log_waits_for_it(superuser_url: str, empty_urls: list[str]) -> None:
    """Entries by their times, so each record's in order, and reads with a salt and leaf that commits to them; and back,
    as long as nothing was signed.
    """
    config = alembic_config()
    url = superuser_url.replace(urlsplit(superuser_url).path, urlsplit(empty_urls[0]).path, 1)

    def migrate(revision: str, act: Callable[[Config, str], None]) -> None:
        owner = create_engine(driver_url(empty_urls[0]))
        with owner.connect() as connection:
            connection.execute(text(f"SET ROLE {OWNER}"))
            connection.execute(text("SET search_path = ledger, pg_temp"))
            connection.commit()
            config.attributes["connection"] = connection
            act(config, revision)
            connection.commit()
        owner.dispose()

    upgrade(empty_urls[0])
    migrate("0011", command.downgrade)
    records = [UUID(int=number) for number in (1, 2)]
    with psycopg.connect(url.replace("+psycopg", "", 1), autocommit=True) as admin:
        admin.execute("SET TIME ZONE 'Asia/Tokyo'")
        for number in (1, 2, 3):
            for record in records:
                admin.execute(
                    "INSERT INTO ledger.entries"
                    " VALUES (%s, %s, timestamptz '2026-01-01' + %s * interval '1 hour', false, 'hv', %s, '')",
                    (record, number, 10 * number - record.int, f"{record}.{number}"),
                )
        admin.execute(
            "INSERT INTO ledger.access_records (access_id, at, agency_id, record_id, what, purpose, up_to_number,"
            " request_id, real_at) VALUES (%s, '2026-01-01Z', 'hv', %s, 'timeline', 'care', 3, '-', '2026-01-02Z')",
            (UUID(int=7), records[0]),
        )
        migrate("head", command.upgrade)
        waiting = admin.execute("SELECT record_id, number FROM ledger.unsealed ORDER BY id").fetchall()
        assert waiting == [(record, number) for number in (1, 2, 3) for record in reversed(records)]
        assert admin.execute("SELECT access_id FROM ledger.unsealed_access").fetchall() == [(UUID(int=7),)]
        [(salt, leaf)] = admin.execute("SELECT salt, leaf FROM ledger.access_records").fetchall()
        said = {
            "access": str(UUID(int=7)), "agency": "hv", "at": "2026-01-01T00:00:00.000000Z", "by_glass": False,
            "outcome": "answered", "person": None, "purpose": "care", "real_at": "2026-01-02T00:00:00.000000Z",
            "record": str(records[0]), "refused_for": None, "request": "-", "up_to": 3, "what": "timeline",
        }  # fmt: skip
        assert leaf == access_leaf(str(said["real_at"]), access_commitment(salt, access_content(said)))
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            admin.execute("UPDATE ledger.access_records SET salt = ''")
        admin.execute("INSERT INTO ledger.checkpoints VALUES ('entries', 1, sha256(''), '', now())")
        with pytest.raises(DBAPIError, match="checkpoints were signed"):
            migrate("0011", command.downgrade)
