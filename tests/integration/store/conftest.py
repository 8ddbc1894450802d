"""Connections that tests of the database itself make: as the server's superuser, and as a process in use would."""

import os
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

#: Connects as a login of its own that may lay its rights down for a role: the role, and the party that it acts for.
Login = Callable[..., psycopg.Connection]


@pytest.fixture
def superuser(superuser_url: str) -> Iterator[psycopg.Connection]:
    """The server's superuser, each statement for itself."""
    url = superuser_url.replace("+psycopg", "", 1)
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


@pytest.fixture
def login(superuser_url: str) -> Iterator[Login]:
    """Connects as a login that may lay its rights down for one role and for no other; gone with the test."""
    made: list[str] = []
    opened: list[psycopg.Connection] = []
    admin = psycopg.connect(superuser_url.replace("+psycopg", "", 1), autocommit=True)

    def connect(role: str, party: str | None = None) -> psycopg.Connection:
        name = f"login_{os.urandom(6).hex()}"
        admin.execute(SQL("CREATE ROLE {} LOGIN IN ROLE {}").format(Identifier(name), Identifier(role)))
        made.append(name)
        url = superuser_url.replace("+psycopg", "", 1).replace("postgres@", f"{name}@", 1)
        assert urlsplit(url).username == name
        options = f"-c role={role} -c search_path=ledger,pg_temp"
        connection = psycopg.connect(url, options=options, autocommit=True)
        opened.append(connection)
        if party is not None:
            # For the session, as only somebody who has taken a process over would: each test is one statement long.
            connection.execute("SELECT set_config('ledger.party', %s, false)", (party,))
        return connection

    yield connect
    for connection in opened:
        connection.close()
    for name in made:
        admin.execute(SQL("DROP OWNED BY {}").format(Identifier(name)))
        admin.execute(SQL("DROP ROLE {}").format(Identifier(name)))
    admin.close()
