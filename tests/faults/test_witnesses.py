"""The whole stack with three witnesses as processes of their own, of which some die; and a machine that is put back."""

import base64
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from ledger.services.sign_log import LogSigner, origin_of_log
from ledger.store.log import LOGS
from tests import sizes
from tests.faults.posting import Posting
from tests.running_stack import RunningStack
from tests.running_witness import RunningWitness
from tests.tlog_client import opened

#: Of the ledger that `ledger up` opens.
ORIGIN = "demonstration.ledger.example"
SEED = bytes(range(64, 96))
VKEYS = [LogSigner(SEED).vkey(origin_of_log(ORIGIN, log)) for log in LOGS]

pytestmark = [
    pytest.mark.faults,
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.skipif(not sizes.is_full(), reason="starts whole stacks; smaller tests hold the same with threads"),
]


@pytest.fixture
def witnesses(tmp_path: Path) -> Iterator[list[RunningWitness]]:
    """Three of them, each with a key and a store of its own."""
    started = [RunningWitness(f"w{number}", tmp_path, VKEYS).start() for number in range(3)]
    yield started
    for one in started:
        if one.process is not None and one.process.poll() is None:
            one.kill()


@pytest.fixture
def env(witnesses: list[RunningWitness], tmp_path: Path) -> dict[str, str]:
    """What a stack is given so that two of the three must cosign."""
    policy = tmp_path / "policy"
    lines = [*(f"log {vkey}" for vkey in VKEYS[:1]), *(one.line for one in witnesses)]
    policy.write_text("\n".join([*lines, "group most 2 w0 w1 w2", "quorum most", ""]))
    for file in (tmp_path, policy):
        file.chmod(0o755)
    return {"LEDGER_LOG_KEY": base64.urlsafe_b64encode(SEED).decode(), "LEDGER_LOG_POLICY": str(policy)}


def published(stack: RunningStack) -> int:
    """The size of the checkpoint that is shown, once its signature is verified; 0 where none is."""
    answer = httpx.get(f"{stack.url}/log/checkpoint", timeout=10)
    return int(opened(answer.text, VKEYS[0])[1]) if answer.status_code == 200 else 0


def standing(stack: RunningStack) -> dict[str, object]:
    """What /health/ready says of the witnesses."""
    said: dict[str, object] = httpx.get(f"{stack.url}/health/ready", timeout=10).json()["witnesses"]
    return said


def until(holds: Callable[[], bool], within_s: float) -> None:
    deadline = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < deadline, "it did not come to hold"
        time.sleep(0.1)


def test_witnesses_that_die(
    production_stack: Callable[..., RunningStack], witnesses: list[RunningWitness], env: dict[str, str]
) -> None:
    """With one dead the quorum holds; with two the last published checkpoint stays, posts are answered, and after a
    minute that is said; once they are back it catches up by itself.
    """
    stack = production_stack(env=env)
    posting = Posting(stack)
    child = posting.children(1)[0]
    until(lambda: published(stack) > 0, 20)
    before = published(stack)
    witnesses[2].kill()
    posting.contradict(1, child)
    until(lambda: published(stack) > before, 10)
    witnesses[1].kill()
    time.sleep(3)
    last = published(stack)
    posting.contradict(2, child)
    time.sleep(5)
    assert published(stack) == last
    assert standing(stack)["failing"] == ["w1", "w2"]
    until(lambda: standing(stack)["quorum"] is False, 80)
    posting.contradict(3, child)
    for one in witnesses[1:]:
        one.start()
    until(lambda: published(stack) > last and standing(stack)["quorum"] is True, 40)


def test_a_machine_that_is_put_back_is_found_out(
    production_stack: Callable[..., RunningStack], env: dict[str, str], data_folder: Path
) -> None:
    """A whole machine put back to an earlier day, the sealer's own store with it, takes nothing once it has asked."""
    first = production_stack(env=env)
    posting = Posting(first)
    child = posting.children(1)[0]
    until(lambda: published(first) > 0, 20)
    first.stop()
    copy = data_folder.parent / "copy"
    subprocess.run(["cp", "-a", str(data_folder), str(copy)], check=True)  # with the accounts that files belong to
    again = production_stack(env=env)
    before = published(again)
    Posting(again).contradict(1, child)
    until(lambda: published(again) > before, 20)
    again.stop()
    shutil.rmtree(data_folder)
    copy.rename(data_folder)
    old = production_stack(env=env)
    until(lambda: standing(old)["diverged"] != [], 30)
    closed = httpx.get(f"{old.url}/health/ready", timeout=10).json()["sealing"]["closed"]
    assert closed == "witness_holds_more"
    key = posting.keys["csc"]  # made before, so it was put back too
    body = {"event_id": "late", "born": "2026-09-01"}
    answer = httpx.post(f"{old.url}/api/v1/children", json=body, headers={"Authorization": f"Bearer {key}"}, timeout=10)
    assert (answer.status_code, answer.json()["code"]) == (503, "ledger_closed")
