"""What tests share: real servers, a fresh migrated database each, and whole stacks to break.

DATABASE_URL and REDIS_URL, where set, are used instead of the session's own servers; the first then needs a user that
may create databases and roles.
"""

import fcntl
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
import redis
import structlog

from config.settings import Settings, client_url
from ledger.stack.postgres import MIGRATOR
from tests.engines import Engines, SharedEngines
from tests.opened import Opened
from tests.running_stack import RunningStack


@pytest.fixture(scope="session", autouse=True)
def _plain_logs() -> None:
    """Tracebacks in logs without each frame's variables: a rule pack is among them, and to draw it takes seconds."""
    renderer = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[*structlog.get_config()["processors"][:-1], renderer])


@pytest.fixture(scope="session")
def engines() -> Iterator[Engines]:
    """The session's servers, shared by all its processes."""
    shared = SharedEngines(os.environ.get("PYTEST_XDIST_TESTRUNUID") or str(os.getpid()))
    yield shared.engines
    shared.release()


@pytest.fixture(scope="session")
def template(request: pytest.FixtureRequest) -> Iterator[str]:
    """The name of a migrated database to copy; made once for the session, or once a process on a server of yours."""
    from ledger.store.migrate import upgrade

    if os.environ.get("DATABASE_URL"):
        admin = os.environ["DATABASE_URL"]
        name = f"ledger_template_{os.getpid()}"
        _run(admin, f"CREATE DATABASE {name}")
        try:
            upgrade(_with_database(admin, name))
            yield name
        finally:
            _run(admin, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        return
    engines: Engines = request.getfixturevalue("engines")
    made, name = Path(engines.folder) / "template-made", "ledger_template"
    with (Path(engines.folder) / "template").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            _run(engines.superuser_url, f"CREATE DATABASE {name} OWNER {MIGRATOR}")
            upgrade(_with_database(engines.migrator_url, name))
            made.touch()
    yield name


@pytest.fixture(scope="session")
def opened_template(template: str, request: pytest.FixtureRequest) -> Iterator[tuple[str, str]]:
    """The same with a partnership opened in it, and what must be known of that: to open one anew takes a second."""
    from tests.opened import Opened
    from tests.partnership import Partnership

    def make(admin: str, name: str, owner: str, url: str) -> str:
        _run(admin, f"CREATE DATABASE {name} TEMPLATE {template} {owner}")
        made = Partnership(url)
        made.close()
        return Opened(made.partnership_record, made.key_ids, made.keys).written()

    if os.environ.get("DATABASE_URL"):
        admin, name = os.environ["DATABASE_URL"], f"ledger_opened_{os.getpid()}"
        try:
            yield name, make(admin, name, "", _with_database(admin, name))
        finally:
            _run(admin, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        return
    engines: Engines = request.getfixturevalue("engines")
    told, name = Path(engines.folder) / "opened-made", "ledger_opened"
    with (Path(engines.folder) / "opened").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not told.exists():
            url = _with_database(engines.migrator_url, name)
            told.write_text(make(engines.superuser_url, name, f"OWNER {MIGRATOR}", url))
    yield name, told.read_text()


@pytest.fixture
def opened(opened_template: tuple[str, str]) -> Opened:
    """What must be known of the partnership that is opened in a test's database."""
    return Opened.read(opened_template[1])


@pytest.fixture
def database_url(template: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """A fresh migrated database for one test, as the role that migrates: it owns it and is no superuser.

    Where the test works with the partnership, that is opened in it.
    """
    if "opened" in request.fixturenames:
        template = request.getfixturevalue("opened_template")[0]
    external = os.environ.get("DATABASE_URL")
    name = f"ledger_test_{os.urandom(8).hex()}"
    if external:
        admin, mine, owner = external, external, ""
    else:
        engines: Engines = request.getfixturevalue("engines")
        admin, mine, owner = engines.superuser_url, engines.migrator_url, f"OWNER {MIGRATOR}"
    _run(admin, f"CREATE DATABASE {name} TEMPLATE {template} {owner}")
    yield _with_database(mine, name)
    _drop(admin, name)


@pytest.fixture
def superuser_url(database_url: str, request: pytest.FixtureRequest) -> str:
    """The same database as `database_url`, as the server's superuser, for tests of a hostile operator."""
    if os.environ.get("DATABASE_URL"):
        pytest.skip("the server named by DATABASE_URL gives no superuser")
    engines: Engines = request.getfixturevalue("engines")
    return _with_database(engines.superuser_url, urlsplit(database_url).path.strip("/"))


@pytest.fixture
def redis_url(request: pytest.FixtureRequest) -> str:
    """An empty Redis database, one for each test process."""
    given = os.environ.get("REDIS_URL")
    if given:
        url = client_url(given)
    else:
        engines: Engines = request.getfixturevalue("engines")
        number = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
        url = f"{engines.redis_url}?db={int(number) % 16}"
    with redis.Redis.from_url(url) as client:
        client.flushdb()
    return url


@pytest.fixture
def settings(database_url: str, redis_url: str, data_folder: Path) -> Settings:
    """Settings of a process on this test's own database."""
    return Settings.from_env({"DATABASE_URL": database_url, "REDIS_URL": redis_url, "LEDGER_DATA": str(data_folder)})


@pytest.fixture
def data_folder() -> Iterator[Path]:
    """A folder that engines may reach under another account, which those of `tmp_path` are not."""
    with tempfile.TemporaryDirectory(prefix="ledger-data-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o711)
        yield Path(name) / "data"


@pytest.fixture
def production_stack(data_folder: Path) -> Iterator[Callable[..., RunningStack]]:
    """Starts whole stacks with production settings, on a spare port; they stop with the test."""
    started: list[RunningStack] = []

    def start(**options: object) -> RunningStack:
        stack = RunningStack(data_folder, **options)  # type: ignore[arg-type]
        started.append(stack)
        stack.start()
        return stack

    yield start
    for stack in started:
        stack.stop()


def _drop(admin: str, name: str) -> None:
    """Drop a database; again for a while when a vacuum of the server's own, which only it may end, is in there."""
    for _ in range(100):
        try:
            return _run(admin, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        except psycopg.errors.InsufficientPrivilege:
            time.sleep(0.1)
    return _run(admin, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _run(url: str, statement: str) -> None:
    with psycopg.connect(url.replace("+psycopg", "", 1), autocommit=True) as connection:
        connection.execute(statement.encode())


def _with_database(url: str, name: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/{name}{'?' if parts.query else ''}{parts.query}"
