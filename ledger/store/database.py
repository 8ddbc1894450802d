"""Engines that act as one of the ledger's roles, and transactions that act for one party."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from psycopg.pq import Format
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.pool import QueuePool

from ledger.store.party import AUDITOR, LIVE, REBUILD, act_for
from ledger.store.returning import watch
from ledger.store.trip import Driver

#: How long an append waits for a record's head before the caller is told to come again.
LOCK_TIMEOUT_MS = 2_000
STATEMENT_TIMEOUT_MS = 30_000
CONNECT_TIMEOUT_S = 1
#: An option of a statement: its answer is sent as bytes.
BINARY: Final = "ledger_binary"

#: Who acts when the ledger itself writes: findings, alerts, the partnership's own record.
SYSTEM = "ledger"
#: Parties that are no agency, and whose names none may take.
RESERVED = frozenset({SYSTEM, AUDITOR, REBUILD, "erasure", LIVE})


class UnfitRoleError(Exception):
    """A process that serves found itself superuser, owner or free of row-level security, and will not serve."""


def driver_url(database_url: str) -> str:
    """The same URL, naming psycopg 3 as the driver."""
    url = make_url(database_url)
    if url.drivername in ("postgres", "postgresql"):
        url = url.set(drivername="postgresql+psycopg")
    return url.render_as_string(hide_password=False)


def connect_engine(database_url: str, role: str, *, pool_size: int = 8) -> Engine:
    """An engine whose every connection acts as `role` from its first statement on; connects when first used."""
    options = " ".join(
        f"-c {name}={value}"
        for name, value in (
            ("role", role),
            ("search_path", "ledger,pg_temp"),
            ("timezone", "UTC"),
            ("lock_timeout", LOCK_TIMEOUT_MS),
            ("statement_timeout", STATEMENT_TIMEOUT_MS),
            ("idle_in_transaction_session_timeout", 15_000),
            ("application_name", role),
        )
    )
    engine = create_engine(
        driver_url(database_url),
        poolclass=QueuePool,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=2,
        pool_use_lifo=True,
        # What a statement was given is content; an error's text must not carry it anywhere.
        hide_parameters=True,
        connect_args={"options": options, "connect_timeout": CONNECT_TIMEOUT_S},
    )
    watch(engine, role)
    event.listen(engine, "before_cursor_execute", _answer_as_asked)
    return engine


def _answer_as_asked(_connection: Connection, cursor: Any, _statement: str, _given: Any, context: Any, *_: Any) -> None:
    """What is read with the option `BINARY` comes as the database keeps it: contents take twice as long as text."""
    if context is not None and context.execution_options.get(BINARY):
        cursor.format = Format.BINARY


@contextmanager
def transaction(engine: Engine, *, party: str | None) -> Iterator[Connection]:
    """One transaction acting for one party (an agency's id); commits when the block ends, else rolls back."""
    with engine.begin() as connection:
        if party is not None:
            act_for(connection, party)
        yield connection


@contextmanager
def driver_of(engine: Engine) -> Iterator[Driver]:
    """A pooled connection's driver; one on which something failed is not given back to the pool."""
    connection = engine.raw_connection()
    try:
        driver = connection.driver_connection
        assert driver is not None, "a connection just taken from the pool has its driver"
        yield driver
    except BaseException:
        connection.invalidate()
        raise
    finally:
        connection.close()


def check_serving_role(engine: Engine) -> None:
    """Raise UnfitRoleError unless this engine's role can be trusted to be held by grants and policies."""
    with engine.connect() as connection:
        row: Any = connection.execute(
            text("""
            SELECT me.rolname, me.rolsuper OR me.rolbypassrls AS free,
                   session.rolsuper AS session_super,
                   pg_has_role(me.oid, (SELECT relowner FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
                                        WHERE n.nspname = 'ledger' AND c.relname = 'entries'), 'MEMBER') AS owns
            FROM pg_roles me, pg_roles session
            WHERE me.rolname = current_user AND session.rolname = session_user""")
        ).one()
        if row.free or row.session_super:
            raise UnfitRoleError(
                "this process would serve as a superuser, which row-level security does not hold: "
                "give DATABASE_URL a user with CREATEROLE instead, or name a role's own URL"
            )
        if row.owns:
            raise UnfitRoleError(f"this process would serve as {row.rolname}, which owns the ledger's tables")
