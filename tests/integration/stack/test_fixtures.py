"""The servers that tests use: fresh databases, and nothing left when a test run is killed."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import psycopg
import redis

from ledger.stack import child

ROOT = Path(__file__).resolve().parents[3]

ENDLESS = """
import time
from pathlib import Path


def test_endless(database_url: str, redis_url: str) -> None:
    Path("{sign}").write_text(database_url)
    time.sleep(600)
"""


def one(url: str, query: bytes) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(query).fetchone()
    assert row is not None
    return row[0]


def test_a_database_is_migrated_and_its_user_is_no_superuser(database_url: str) -> None:
    """Tests meet the grants and policies that production meets."""
    assert one(database_url, b"SELECT count(*) FROM pg_class WHERE relname = 'entries'") == 1
    assert one(database_url, b"SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False


def test_the_superuser_is_there_for_tests_of_a_hostile_operator(database_url: str, superuser_url: str) -> None:
    """It reaches the very same database."""
    assert one(superuser_url, b"SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is True
    assert one(superuser_url, b"SELECT current_database()") == one(database_url, b"SELECT current_database()")


def test_redis_is_empty_and_answers(redis_url: str) -> None:
    """What an earlier test rang is not heard."""
    with redis.Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0
        client.set("left-behind", "1")


def test_redis_is_empty_again(redis_url: str) -> None:
    """The twin of the test above."""
    with redis.Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0


def test_a_killed_test_run_leaves_no_server(tmp_path: Path) -> None:
    """SIGKILL leaves pytest no time to stop anything: its servers stop all the same."""
    sign = tmp_path / "sign"
    test = ROOT / "tests" / "integration" / "stack" / f"test_endless_{os.getpid()}.py"
    test.write_text(ENDLESS.format(sign=sign))
    env = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "DATABASE_", "REDIS_"))}
    try:
        run = subprocess.Popen(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(test)], cwd=ROOT, env=env,
            stdout=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        assert child.wait_until(lambda: sign.exists() and bool(sign.read_text()), 60)
    finally:
        test.unlink()
    folder = sign.read_text().partition("host=")[2]
    servers = [p for p in psutil.process_iter(["cmdline"]) if folder in " ".join(p.info["cmdline"] or [])]
    assert servers
    os.killpg(run.pid, signal.SIGKILL)
    run.wait()
    assert child.wait_until(lambda: not any(server.is_running() for server in servers), 10)
    assert child.wait_until(lambda: not Path(folder).exists(), 10)
