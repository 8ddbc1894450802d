"""The process itself, killed and started again under a reader who comes back."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import Popen

import pytest

from ledger.domain.feed import of_desk, of_person
from ledger.domain.role import Role
from ledger.stack import listener
from tests.integration.live.serving import until
from tests.partnership import ROOT, Partnership
from tests.streaming import StreamClient, put


@contextmanager
def running(database_url: str, descriptor: int, folder: Path) -> Iterator[Popen[bytes]]:
    """`ledger live` as `ledger up` starts it, on a socket that outlives it."""
    env = {**os.environ, "DATABASE_URL": database_url, "LEDGER_DATA": str(folder), "LEDGER_LIVE_STREAMS": "50"}
    with (folder / "live.log").open("ab") as log:
        process = Popen(
            [sys.executable, "-m", "ledger", "live", "--fd", str(descriptor)],
            cwd=ROOT, env=env, pass_fds=(descriptor,), stdout=log, stderr=log,
        )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.mark.slow
def test_nothing_is_missed_while_the_process_is_killed_and_started_again(
    partnership: Partnership, tmp_path: Path
) -> None:
    """A reader who comes back with its last event's id has each item of person and desk once, in each feed's order."""
    lead = partnership.person("hv", "hv17", Role.PRACTITIONER)
    assert lead.person_id is not None
    session, feeds = partnership.session(lead), (of_person(lead.person_id), of_desk("hv"))
    told: list[str] = []
    sent: list[str] = []
    with listener.bind("127.0.0.1", 0) as bound:
        port, last_id = int(bound.getsockname()[1]), ""
        for life in range(3):
            with (
                running(partnership.database_url, bound.fileno(), tmp_path),
                StreamClient(port, session=session, last_id=last_id, seconds=30) as stream,
            ):
                assert stream.read().name == "ready"
                told += stream.items(len(sent) - len(told))  # what came while nobody served, or was not read
                for number in range(6):
                    sent.append(f"{number % 2}-{life}-{number}")
                    put(partnership, feeds[number % 2], "hv", [sent[-1]])
                told += stream.items(3)
                last_id = stream.last_id
            for number in range(2):
                sent.append(f"{number}-{life}-away")
                put(partnership, feeds[number], "hv", [sent[-1]])
    assert len(told) == len(set(told))
    for feed in "01":
        expected = [name for name in sent if name.startswith(feed)]
        found = [name for name in told if name.startswith(feed)]
        assert found == expected[: len(found)]
    assert len(told) == 2 * 8 + 3, "all but what came after the last event that was read"


@pytest.mark.slow
def test_it_stops_in_order_when_it_is_asked_to(partnership: Partnership, tmp_path: Path) -> None:
    """Streams are ended, told when to come back, and the process is gone within its time, with code 0."""
    with listener.bind("127.0.0.1", 0) as bound, running(partnership.database_url, bound.fileno(), tmp_path) as process:
        with StreamClient(int(bound.getsockname()[1]), key=partnership.keys["hv"], seconds=30) as stream:
            assert stream.read().name == "ready"
            process.terminate()
            assert stream.ends()
            assert stream.retry_ms is not None
            assert 1_000 <= stream.retry_ms <= 4_000
        until(lambda: process.poll() is not None)
    assert process.returncode == 0
