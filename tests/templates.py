"""Databases for tests to copy: each is filled once a session, by whoever needs it first, and copied in milliseconds.

On the session's own servers a template is shared by all its processes; on a server of yours each process makes its own
and drops it in the end.
"""

import fcntl
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg

from ledger.stack.postgres import MIGRATOR
from tests.engines import Engines

#: The template that holds the schema and nothing else.
MIGRATED = "migrated"
#: Writes into the database of a URL, and says in words of JSON what it wrote.
Fill = Callable[[str], dict[str, Any]]


class Templates:
    """The databases of one session that hold something already. Close it when done."""

    def __init__(self, engines: Engines | None, given_url: str | None) -> None:
        assert (engines is None) != (given_url is None)
        self._engines = engines
        self._admin_url = given_url or (engines.superuser_url if engines else "")
        self._url = given_url or (engines.migrator_url if engines else "")
        self._filled: dict[str, dict[str, Any]] = {}
        self._admin: psycopg.Connection | None = None

    def filled(self, name: str, fill: Fill, *, on: str | None = None) -> dict[str, Any]:
        """What was written into the template of this name: by `fill`, now, into a copy of another, if it is not there.

        A name stands for one filling: whoever asks by the same name gets what the first one wrote.
        """
        if name in self._filled:
            return self._filled[name]
        if self._engines is None:
            self._filled[name] = self._make(name, fill, on)
            return self._filled[name]
        said = Path(self._engines.folder) / f"template-{name}.json"
        with said.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not said.exists():
                made = self._make(name, fill, on)
                said.with_suffix(".new").write_text(json.dumps(made))
                said.with_suffix(".new").rename(said)
            self._filled[name] = json.loads(said.read_text())
        return self._filled[name]

    def _make(self, name: str, fill: Fill, on: str | None) -> dict[str, Any]:
        database = self._database_of(name)
        self._create(database, self._database_of(on) if on else "template1")
        url = _with_database(self._url, database)
        try:
            return fill(url)
        except BaseException:
            self.drop(url)
            raise

    def copy(self, name: str) -> str:
        """The URL of a fresh copy of a template, as the role that owns it and is no superuser."""
        database = f"ledger_test_{os.urandom(8).hex()}"
        self._create(database, self._database_of(name))
        return _with_database(self._url, database)

    def drop(self, url: str) -> None:
        """Drop a database; again for a while when a vacuum of the server's own, which only it may end, is in there."""
        statement = f"DROP DATABASE IF EXISTS {urlsplit(url).path.strip('/')} WITH (FORCE)"
        for _ in range(100):
            try:
                return self._run(statement)
            except psycopg.errors.InsufficientPrivilege:
                time.sleep(0.1)
        return self._run(statement)

    def close(self) -> None:
        """Let go of the server, and drop what no other process uses."""
        if self._engines is None:
            for name in self._filled:
                self.drop(_with_database(self._url, self._database_of(name)))
        if self._admin is not None:
            self._admin.close()

    def _database_of(self, name: str) -> str:
        return f"ledger_template_{name}{'' if self._engines else f'_{os.getpid()}'}"

    def _create(self, database: str, template: str) -> None:
        # Files are copied as they are where nothing is synced to disk, which costs a third of writing them as log; on
        # a server that syncs, the checkpoints that this needs would cost more than it saves.
        own = f"OWNER {MIGRATOR} STRATEGY file_copy" if self._engines else ""
        self._run(f"CREATE DATABASE {database} TEMPLATE {template} {own}")

    def _run(self, statement: str) -> None:
        if self._admin is None or self._admin.closed:
            self._admin = psycopg.connect(self._admin_url.replace("+psycopg", "", 1), autocommit=True)
        self._admin.execute(statement.encode())


def _with_database(url: str, name: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/{name}{'?' if parts.query else ''}{parts.query}"


def migrate_template(templates: Templates) -> None:
    """Have the template there that holds the schema and nothing else."""
    from ledger.store.migrate import upgrade

    def migrate(url: str) -> dict[str, Any]:
        upgrade(url)
        return {}

    templates.filled(MIGRATED, migrate)
