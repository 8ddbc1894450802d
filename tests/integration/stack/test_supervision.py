"""The supervisor with real engines and stand-ins for the ledger's own processes."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from ledger.stack import child, place
from ledger.stack.leftover import working_in
from tests.running_stack import PARTS, RunningStack

STAND_IN = Path(__file__).with_name("stand_in.py")
Make = Callable[..., RunningStack]


@pytest.fixture
def make(data_folder: Path) -> Iterator[Make]:
    """Starts stacks of stand-ins on one data folder."""
    made: list[RunningStack] = []

    def start(port: int = 0, *, wait: bool = True, env: dict[str, str] | None = None) -> RunningStack:
        argv = [sys.executable, str(STAND_IN), "up", str(data_folder), str(port)]
        stack = RunningStack(data_folder, argv=argv, env=env)
        made.append(stack)
        stack.start(wait=wait)
        return stack

    yield start
    for stack in made:
        stack.stop()


def answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5).status_code > 0
    except httpx.TransportError:
        return False


def gone(pids: list[int], within_seconds: float = 5.0) -> bool:
    def is_gone(pid: int) -> bool:
        try:
            return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return True

    return child.wait_until(lambda: all(is_gone(pid) for pid in pids), within_seconds)


def test_it_starts_in_order_says_so_and_stops_in_order(make: Make, data_folder: Path) -> None:
    """Each part has its line, the address and the way in follow, and Ctrl-C ends all of it with code 0."""
    stack = make()
    everything = stack.everything()
    assert child.wait_until(lambda: "Ctrl-C" in stack.said(), 5)
    assert answers(stack.url)
    started = [line.split()[0] for line in stack.said().splitlines() if line.startswith("  ")]
    assert set(started[:3]) == {"postgres", "valkey"}
    assert started[3] == "schema"
    assert set(started[4:9]) == {"web", "live", "worker", "beat", "sealer"}
    assert "Jo, lead\n      http://127.0.0.1/once" in stack.said()
    assert stack.stop() == 0
    stopped = [line.split()[0] for line in stack.said().splitlines() if "  stopped" in line]
    assert set(stopped[:3]) == {"web", "live", "beat"}
    assert set(stopped[3:5]) == {"worker", "sealer"}
    assert stopped[5:] == ["valkey", "postgres"]
    assert gone(everything)
    assert not (data_folder / "state.json").exists()


def test_its_engines_are_private_and_nobodys_superuser(make: Make, data_folder: Path) -> None:
    """No network address but the web's, no engine that runs as root, and sockets that nobody else can reach."""
    stack = make()
    for part in ("postgres", "valkey"):
        for pid in stack.pids(part):
            process = psutil.Process(pid)
            assert process.uids().real != 0
            assert process.net_connections("inet") == []
    folder = Path(stack.env["DATABASE_URL"].partition("host=")[2])
    assert folder.stat().st_mode & 0o777 == 0o700
    assert data_folder.stat().st_mode & 0o066 == 0


def test_a_second_start_says_who_is_running(make: Make, data_folder: Path) -> None:
    """It names the process and changes nothing."""
    stack = make()
    assert stack.process is not None
    before = stack.everything()
    second = subprocess.run(
        [sys.executable, str(STAND_IN), "up", str(data_folder), "0"], capture_output=True, text=True, check=False
    )
    assert (second.returncode, second.stdout) == (
        1,
        f"ledger: Already running (pid {stack.process.pid}), with the data in {data_folder}.\n",
    )
    assert stack.everything() == before


def test_a_taken_port_is_said_before_anything_starts(data_folder: Path) -> None:
    """No database is made for a stack that could not be reached."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        refused = subprocess.run(
            [sys.executable, str(STAND_IN), "up", str(data_folder), port], capture_output=True, text=True, check=False
        )
    assert refused.returncode == 1
    assert f"Port {port} on 127.0.0.1 is taken" in refused.stdout
    assert not (data_folder / "engines" / "postgres").exists()
    assert list(Path("/tmp").glob(f"*{place.short_name(data_folder)}*")) == []


def test_a_killed_supervisor_leaves_nothing_and_the_next_start_works(make: Make, data_folder: Path) -> None:
    """SIGKILL: children and grandchildren are gone within seconds, and the same port and data are free at once."""
    stack = make()
    assert stack.process is not None
    everything = stack.everything()
    assert len(everything) > len(PARTS) + 1, "web has a grandchild, PostgreSQL several"
    port = int(stack.url.rpartition(":")[2])
    stack.process.kill()
    again = make(port)
    assert gone(everything)
    assert answers(again.url)


@pytest.mark.parametrize("part", PARTS)
def test_each_part_that_is_killed_is_started_again(make: Make, part: str) -> None:
    """One line says that it died, one that it is up again; the other parts run on untouched."""
    stack = make()
    before = {name: stack.pid(name) for name in PARTS}
    killed = stack.pids(part)
    assert stack.kill(part) == before[part]
    assert child.wait_until(lambda: stack.restarts(part) == 1, 10)
    stack.wait_up()
    after = {name: stack.pid(name) for name in PARTS}
    assert {name for name in PARTS if after[name] != before[name]} == {part}
    assert gone(killed), "what the part had started is gone too"
    assert "was killed (SIGKILL); starting it again" in stack.said()
    assert "up again" in stack.said()
    assert answers(stack.url)


def test_clients_wait_while_web_is_started_again(make: Make) -> None:
    """The socket is the supervisor's: a request in between is served late and not refused."""
    stack = make()
    stack.kill("web")
    assert answers(stack.url)


def test_five_deaths_of_one_part_stop_everything(make: Make, data_folder: Path) -> None:
    """A part that will not live takes the stack down with code 1, and the end of its log is shown."""
    stack = make()
    everything = stack.everything()
    (data_folder / "dies-worker").touch()
    stack.kill("worker")
    assert stack.process is not None
    assert child.wait(stack.process, 30)
    assert stack.process.returncode == 1
    assert "5 deaths within 60 s" in stack.said()
    assert "the stand-in worker does not want to live" in stack.said()
    assert gone(everything)


def test_a_failing_step_stops_everything_with_its_reason(make: Make, data_folder: Path) -> None:
    """When the schema cannot be brought up nothing is served, and the code is 1."""
    data_folder.mkdir(mode=0o711)
    (data_folder / "dies-prepare").touch()
    stack = make(wait=False)
    assert stack.process is not None
    assert child.wait(stack.process, 30)
    assert stack.process.returncode == 1
    assert "prepare failed (code 3)" in stack.said()


def test_a_stop_in_the_middle_of_starting_is_a_stop(make: Make) -> None:
    """SIGTERM before it is up ends it in order, with code 0."""
    stack = make(wait=False)
    assert child.wait_until(lambda: stack.condition("postgres") == "up", 20)
    assert stack.stop(signal.SIGTERM) == 0
    assert "postgres  stopped" in stack.said()


def test_it_outlives_its_terminal_long_enough_to_stop_in_order(data_folder: Path) -> None:
    """A closed terminal sends SIGHUP and makes every print fail: all is stopped in order all the same."""
    controller, terminal = os.openpty()
    process = subprocess.Popen(
        [sys.executable, str(STAND_IN), "up", str(data_folder), "0"],
        stdin=terminal, stdout=terminal, stderr=terminal, start_new_session=True,
    )  # fmt: skip
    os.close(terminal)
    said = b""
    while b"Ctrl-C" not in said:
        said += os.read(controller, 4096)
    everything = [child_process.pid for child_process in psutil.Process(process.pid).children(recursive=True)]
    os.close(controller)
    process.send_signal(signal.SIGHUP)
    assert process.wait(30) == 0
    assert gone(everything)


def test_servers_of_yours_are_used_and_none_is_started(make: Make) -> None:
    """DATABASE_URL and REDIS_URL win, each by itself, and are handed on as they are."""
    theirs = "redis://192.0.2.1:6379/3"
    stack = make(wait=False, env={"REDIS_URL": theirs})
    stack.wait_up("postgres", "web", "worker", "beat", within_seconds=60)
    assert stack.pid("valkey") is None
    assert "not started: REDIS_URL names one" in stack.said()
    worker = psutil.Process(stack.pids("worker")[0])
    assert worker.environ()["REDIS_URL"] == theirs


def test_an_orphaned_server_is_stopped_before_another_starts(make: Make, data_folder: Path) -> None:
    """A server that a vanished supervisor left on the data would refuse the next one; it is ended instead."""
    stack = make()
    argv = psutil.Process(stack.pids("postgres")[0]).cmdline()
    owner = psutil.Process(stack.pids("postgres")[0]).uids().real
    run = Path(stack.env["DATABASE_URL"].partition("host=")[2])
    stack.stop()
    run.mkdir(mode=0o700)
    os.chown(run, owner, owner if os.getuid() == 0 else -1)
    change = {"user": owner, "extra_groups": []} if os.getuid() == 0 else {}
    orphan = subprocess.Popen(
        argv, cwd="/", env={"LC_ALL": "C.UTF-8"}, start_new_session=True, stderr=subprocess.DEVNULL, **change
    )  # type: ignore[call-overload]
    try:
        assert child.wait_until(lambda: orphan.pid in working_in(data_folder / "engines" / "postgres"), 10)
        time.sleep(0.2)
        again = make()
        assert orphan.wait(10) == 0
        assert answers(again.url)
    finally:
        orphan.kill()
        orphan.wait()


def test_a_pid_file_that_speaks_of_a_stranger_is_no_hindrance(make: Make, data_folder: Path) -> None:
    """After a crash of the machine the number in it may be anyone's: neither is the stranger harmed."""
    stack = make()
    stack.stop()
    pid_file = data_folder / "engines" / "postgres" / "postmaster.pid"
    with subprocess.Popen(["/bin/sleep", "600"]) as stranger:
        pid_file.write_text(f"{stranger.pid}\n/somewhere\n")
        pid_file.chmod(0o644)
        assert answers(make().url)
        assert stranger.poll() is None
        stranger.kill()
