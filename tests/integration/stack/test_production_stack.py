"""The ledger's own processes under the supervisor: what they cost, and how they end."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import psutil
import psycopg
import pytest

from ledger.cli.processes import PROCESS_COMMANDS, argv_of
from ledger.stack import child, listener
from tests.running_stack import PARTS, ROOT, RunningStack

pytestmark = pytest.mark.xdist_group("production-stack")  # the tests share one stack, which the last one kills

#: What no web process starts without.
RECEIPT_KEY = {"LEDGER_RECEIPT_KEY": "A" * 43}


def alive(pids: list[int]) -> list[int]:
    return [pid for pid in pids if psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE]


def test_it_serves_and_its_database_syncs(stack: RunningStack) -> None:
    """The settings are production's: what is acknowledged is on disk."""
    assert httpx.get(f"{stack.url}/health/ready", timeout=10).status_code == 200
    with psycopg.connect(stack.env["DATABASE_URL"]) as connection:
        for setting in (b"fsync", b"full_page_writes", b"synchronous_commit"):
            assert connection.execute(b"SELECT current_setting('" + setting + b"')").fetchone() == ("on",)


def test_the_keys_of_its_log_stand_in_the_ledger(stack: RunningStack) -> None:
    """Once it is up the log is sealed, and by which keys it is checked has been announced."""
    assert child.wait_until(lambda: httpx.get(f"{stack.url}/log/checkpoint", timeout=10).status_code == 200, 10)
    names = [key.split("+")[0] for key in httpx.get(f"{stack.url}/log/keys", timeout=10).text.split()]
    origin = names[0].removesuffix("/log")
    assert names == [f"{origin}/log", f"{origin}/log/access", f"{origin}/receipts"]


def test_processes_are_started_by_the_strings_of_a_deployment(stack: RunningStack) -> None:
    """What runs here is what runs in production, but for the socket that web is handed."""
    for part in ("web", "live", "worker", "beat", "sealer"):
        command = psutil.Process(stack.pids(part)[0]).cmdline()
        assert command[: len(argv_of(PROCESS_COMMANDS[part]))] == argv_of(PROCESS_COMMANDS[part])


@pytest.mark.parametrize("part", PARTS)
def test_a_killed_part_takes_its_children_along_and_comes_back(stack: RunningStack, part: str) -> None:
    """Also where the kernel's signal is all that its children get."""
    pids, restarts = stack.pids(part), stack.restarts(part)
    stack.kill(part)
    assert child.wait_until(lambda: stack.restarts(part) > restarts, 20)
    stack.wait_up()
    assert child.wait_until(lambda: not alive(pids), 5)
    # A process of the web finds its old connections broken only when it uses them, and says 503 once.
    assert child.wait_until(lambda: httpx.get(f"{stack.url}/health/ready", timeout=30).status_code == 200, 10)


def test_a_killed_web_child_is_replaced_by_its_own_parent(stack: RunningStack) -> None:
    """The supervisor need not know."""
    restarts = stack.restarts("web")
    killed = stack.kill("web", index=1)
    assert killed != stack.pid("web")
    assert child.wait_until(lambda: len(stack.pids("web")) == 3 and killed not in stack.pids("web"), 10)
    assert stack.restarts("web") == restarts


def test_a_killed_supervisor_takes_everything_along(stack: RunningStack) -> None:
    """SIGKILL, and within seconds nothing of it runs; the last test of this module, for nothing is left to test."""
    everything = stack.everything()
    assert stack.process is not None
    stack.process.kill()
    stack.process.wait()
    assert child.wait_until(lambda: not alive(everything), 5), [psutil.Process(pid) for pid in alive(everything)]


@pytest.mark.parametrize("name", ["web", "worker", "sealer", "live"])
def test_a_process_that_would_serve_as_superuser_refuses(name: str, superuser_url: str, redis_url: str) -> None:
    """A superuser passes every policy, so it must not serve; the reason is said."""
    env = {**os.environ, "DATABASE_URL": superuser_url, "REDIS_URL": redis_url, "LEDGER_PORT": "0", **RECEIPT_KEY}
    run = subprocess.run(
        argv_of(PROCESS_COMMANDS[name]), env=env, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert run.returncode == 1
    assert "superuser" in run.stderr


def test_web_does_not_start_without_the_key_of_receipts(tmp_path: Path) -> None:
    """What is posted must be answered with a receipt; the refusal names the command that makes a key."""
    env = {**os.environ, "DATABASE_URL": f"postgresql://nobody@/ledger?host={tmp_path}", "LEDGER_PORT": "0"}
    run = subprocess.run(
        argv_of(PROCESS_COMMANDS["web"]), env=env, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert run.returncode == 1
    assert "LEDGER_RECEIPT_KEY is not set" in run.stderr
    assert "ledger log key new" in run.stderr


def test_web_starts_without_a_database_and_says_so(tmp_path: Path) -> None:
    """The order in which a machine's services come up must not matter: it is alive, not ready, and answers at once."""
    with listener.bind("127.0.0.1", 0) as bound:
        url = f"http://127.0.0.1:{bound.getsockname()[1]}"
        env = {**os.environ, "DATABASE_URL": f"postgresql://nobody@/ledger?host={tmp_path}", **RECEIPT_KEY}
        argv = [*argv_of(PROCESS_COMMANDS["web"]), "--fd", str(bound.fileno())]
        running = child.start(child.Launch(argv, env, cwd=ROOT, log=tmp_path / "web.log", pass_fds=(bound.fileno(),)))
        try:
            assert httpx.get(f"{url}/health/live", timeout=30).status_code == 200
            assert httpx.get(f"{url}/health/ready", timeout=2).status_code == 503
        finally:
            child.stop(running, signal.SIGTERM, 10)


def test_a_migration_says_where_the_schema_is(database_url: str) -> None:
    """The command of a deployment, on a database that is there already."""
    env = {**os.environ, "DATABASE_URL": database_url}
    run = subprocess.run(
        [sys.executable, "-m", "ledger", "migrate"], env=env, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (run.returncode, run.stdout.startswith("The schema is at ")) == (0, True), run.stderr
