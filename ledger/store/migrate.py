"""Bring a database to the newest schema: roles once per cluster, then Alembic's migrations as the owner."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError

from ledger.store.database import driver_url
from ledger.store.tables import SCHEMA

OWNER = "ledger_owner"
#: Roles that do the work. None owns anything, logs in by itself or may change the schema.
ROLES = (
    "ledger_web", "ledger_worker", "ledger_sealer", "ledger_auditor", "ledger_erasure", "ledger_rebuild",
    "ledger_admin",
)  # fmt: skip

_LOCK = 7_205_913
_MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
_ATTEMPTS = 20


class CannotMigrateError(Exception):
    """The database will not take the schema; the message says what its operator must do."""


def alembic_config() -> Config:
    """Alembic's settings, without a file: one folder of migrations."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.set_main_option("path_separator", "os")
    return config


def newest_revision() -> str:
    """The one head of the migrations."""
    head = ScriptDirectory.from_config(alembic_config()).get_current_head()
    if head is None:
        raise CannotMigrateError("there are no migrations")
    return head


def upgrade(database_url: str) -> str:
    """Make the roles and bring the schema to the newest revision, which is returned.

    Takes one advisory lock, so that two callers wait for each other, and a two-second `lock_timeout`, so that a long
    transaction is waited for by trying again and not by queueing every reader behind us. Raises CannotMigrateError.
    """
    engine = create_engine(driver_url(database_url), connect_args={"options": "-c lock_timeout=2000"})
    try:
        with engine.connect() as connection, _alone(connection):
            _refuse_old_servers(connection)
            _make_roles(connection)
            _make_schema(connection)
            _refuse_temporary_things(connection)
            for attempt in range(1, _ATTEMPTS + 1):
                try:
                    return _run(connection)
                except OperationalError as error:
                    connection.rollback()
                    if not isinstance(error.orig, psycopg.errors.LockNotAvailable) or attempt == _ATTEMPTS:
                        raise
                    time.sleep(1)
            raise CannotMigrateError("the schema stayed locked by another session")
    except OperationalError as error:
        raise CannotMigrateError(f"the database cannot be used: {type(error.orig).__name__}") from error
    finally:
        engine.dispose()


def let_roles_log_in(database_url: str) -> None:
    """Let the roles log in as themselves: for an embedded server, which asks for no passwords."""
    engine = create_engine(driver_url(database_url))
    try:
        with engine.begin() as connection:
            for role in ROLES:
                connection.execute(text(f"ALTER ROLE {role} LOGIN"))
    finally:
        engine.dispose()


@contextmanager
def _alone(connection: Connection) -> Iterator[None]:
    connection.execute(text("SELECT set_config('lock_timeout', '60s', false)"))
    connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": _LOCK})
    connection.execute(text("SELECT set_config('lock_timeout', '2s', false)"))
    connection.commit()
    try:
        yield
    finally:
        connection.rollback()
        connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": _LOCK})
        connection.commit()


def _refuse_old_servers(connection: Connection) -> None:
    version = connection.scalar(text("SELECT current_setting('server_version_num')::int"))
    if version is None or version < 150000:
        raise CannotMigrateError("PostgreSQL 15 or newer is needed")


def _make_roles(connection: Connection) -> None:
    # Roles belong to the cluster: another database of it may be making them now, under the same lock number there,
    # which does not reach here; so a role that appears meanwhile is simply taken.
    may_create, is_super = connection.execute(
        text("SELECT rolcreaterole, rolsuper FROM pg_roles WHERE rolname = current_user")
    ).one()
    server = connection.scalar(text("SELECT current_setting('server_version_num')::int")) or 0
    option = " WITH INHERIT FALSE, SET TRUE" if server >= 160000 else ""
    for role in (OWNER, *ROLES):
        known = connection.scalar(text("SELECT count(*) FROM pg_roles WHERE rolname = :role"), {"role": role})
        if not known:
            if not (may_create or is_super):
                raise CannotMigrateError(
                    f"the role {role} does not exist and DATABASE_URL's user may not create it: "
                    "give that user CREATEROLE, or create the roles named in docs/guides/operating.md yourself"
                )
            _create_role(connection, role)
        member = connection.scalar(
            text("SELECT pg_has_role(current_user, :role, 'USAGE') OR pg_has_role(current_user, :role, 'MEMBER')"),
            {"role": role},
        )
        can_set = member and (server < 160000 or connection.scalar(text(f"SELECT pg_has_role('{role}', 'SET')")))
        if not can_set:
            _tolerating(connection, f"GRANT {role} TO CURRENT_USER{option}")
    connection.commit()


def _create_role(connection: Connection, role: str) -> None:
    _tolerating(connection, f"CREATE ROLE {role} NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS")


def _tolerating(connection: Connection, statement: str) -> None:
    """Run DDL on roles; a twin database of the cluster that did the same a moment ago is no failure."""
    connection.commit()
    for _ in range(_ATTEMPTS):
        try:
            connection.execute(text(statement))
            connection.commit()
        except DBAPIError as error:
            connection.rollback()
            # The twin's role, seen before it committed (a unique violation in the catalogue) or after.
            if isinstance(error.orig, psycopg.errors.DuplicateObject | psycopg.errors.UniqueViolation):
                return
            if isinstance(error.orig, psycopg.errors.InsufficientPrivilege):
                raise CannotMigrateError(
                    "DATABASE_URL's user may not make or grant the ledger's roles: give it CREATEROLE, or have an "
                    "administrator grant it the roles named in docs/guides/operating.md"
                ) from error
            if "concurrently updated" not in str(error.orig):
                raise
            time.sleep(0.05)
        else:
            return


def _make_schema(connection: Connection) -> None:
    if not connection.scalar(text("SELECT count(*) FROM pg_namespace WHERE nspname = :name"), {"name": SCHEMA}):
        try:
            connection.execute(text(f"CREATE SCHEMA {SCHEMA} AUTHORIZATION {OWNER}"))
        except ProgrammingError as error:
            raise CannotMigrateError(
                "DATABASE_URL's user may not create a schema in this database: grant it CREATE on the database"
            ) from error
    connection.commit()


def _refuse_temporary_things(connection: Connection) -> None:
    """Let nobody make temporary tables and functions but the database's owner: code of one's own in a query's WHERE,
    or a table that outlives a transaction, is what row-level security has to be defended against.
    """
    name, is_open = connection.execute(
        text(
            "SELECT quote_ident(current_database()), has_database_privilege('public', current_database(), 'TEMPORARY')"
        )
    ).one()
    if is_open:
        try:
            connection.execute(text(f"REVOKE TEMPORARY ON DATABASE {name} FROM PUBLIC"))
        except ProgrammingError:
            connection.rollback()  # a database that is not the migrator's own: whoever owns it may do so
    connection.commit()


def _run(connection: Connection) -> str:
    connection.execute(text(f"SET ROLE {OWNER}"))
    connection.execute(text(f"SET search_path = {SCHEMA}, pg_temp"))
    connection.commit()
    try:
        config = alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()
    finally:
        connection.rollback()
        connection.execute(text("RESET ROLE"))
        connection.execute(text("RESET search_path"))
        connection.commit()
    return newest_revision()
