"""What tests share: real servers, a fresh migrated database each, and whole stacks to break.

DATABASE_URL and REDIS_URL, where set, are used instead of the session's own servers; the first then needs a user that
may create databases and roles.
"""

import gc
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
import redis
import structlog

from config.settings import Settings, client_url
from tests.engines import Engines, SharedEngines
from tests.running_stack import RunningStack
from tests.templates import MIGRATED, Templates, migrate_template

if TYPE_CHECKING:
    from tests.grouping import GroupScheduling

# A run starts hundreds of Pythons. Each would compile the same thousand files where byte code must not be kept.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

#: Fixtures that fill a database: where a test has one of them, its database is a copy of what that one filled.
FILLING = ("opened", "sown")


#: Until all is collected nothing is thrown away, and to look for what might be is a quarter of the work.
gc.disable()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> "GroupScheduling | None":
    """Modules whose tests share what is dear are run by one process."""
    if config.getvalue("dist") != "loadgroup":
        return None
    from tests.grouping import GroupScheduling

    return GroupScheduling(config, log)


def pytest_collection_finish() -> None:
    """What is there by now stays, and need not be looked through each time that garbage is collected."""
    gc.collect()
    gc.freeze()
    gc.enable()
    gc.set_threshold(20_000, 20, 20)


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
def templates(request: pytest.FixtureRequest) -> Iterator[Templates]:
    """The databases to copy, a migrated one among them."""
    given = os.environ.get("DATABASE_URL")
    made = Templates(None if given else request.getfixturevalue("engines"), given)
    try:
        migrate_template(made)
        yield made
    finally:
        made.close()


@pytest.fixture
def database_url(templates: Templates, request: pytest.FixtureRequest) -> Iterator[str]:
    """A fresh database for one test, as the role that migrates: it owns it and is no superuser.

    It is migrated and holds nothing, or what the fixture of the test that fills it says.
    """
    filled = [request.getfixturevalue(name) for name in FILLING if name in request.fixturenames]
    url = templates.copy(filled[0].template if filled else MIGRATED)
    yield url
    templates.drop(url)


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


def _with_database(url: str, name: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/{name}{'?' if parts.query else ''}{parts.query}"
