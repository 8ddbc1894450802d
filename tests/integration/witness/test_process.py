"""A witness as a process of its own: its commands, and that being killed at any moment makes it no liar."""

import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from ledger.domain.log.note import Verifier, opened, parse_note, parse_vkey
from ledger.witness.key import WitnessKey, verify
from ledger.witness.store import Store
from ledger.witness.witness import Witness, logs_by_origin
from tests import sizes
from tests.running_witness import ROOT, RunningWitness
from tests.signing_log import SigningLog, seed_of


@pytest.fixture
def log() -> SigningLog:
    return SigningLog().grow(400)


@pytest.fixture
def running(tmp_path: Path, log: SigningLog) -> Iterator[RunningWitness]:
    """A witness of the log, started."""
    witness = RunningWitness("w1", tmp_path, [log.vkey]).start()
    yield witness
    witness.kill()


def seen_by(witness: RunningWitness) -> int:
    """The size that it saw last."""
    (state,) = httpx.get(f"{witness.url}/log-state.json").json()["logs"]
    return state["size"] or 0


@pytest.mark.timeout(300)
def test_killed_at_random_it_never_vouches_for_two_histories(running: RunningWitness, log: SigningLog) -> None:
    """Killed and started again while a log and its forks press on: every cosignature that anybody ever got is of one
    history, what it saw never shrinks, and it goes on where it was. What the log did is printed as proof.
    """
    chance = random.Random(5)
    got: dict[int, set[bytes]] = {}
    at, key = 0, parse_vkey(running.vkey)
    for kill in range(sizes.witness_kills()):
        stop = threading.Event()
        pressing = threading.Thread(target=press, args=(running, log, key, got, stop))
        pressing.start()
        time.sleep(chance.uniform(0.0, 0.25))
        running.kill()
        stop.set()
        pressing.join()
        running.start()
        assert seen_by(running) >= max([at, *got]), kill
        at = seen_by(running)
    fork = log.forked(0, max(at, 5))
    assert post(running, fork.body(at, at) if at else fork.body(0)).status_code in {409, 422}
    assert got, "nothing was cosigned at all"
    assert all(len(roots) == 1 for roots in got.values())
    true = {log.tree.root(size) for size in range(1, log.tree.size + 1)}
    false = [roots for roots in got.values() if not roots & true]
    # The fork may have come first: then all of them are the fork's.
    assert len(false) in {0, len(got)}
    assert "Proof that this log" in running.run_once("evidence", *running.files, "--log", log.vkey, code=1)


def post(witness: RunningWitness, body: bytes) -> httpx.Response:
    return httpx.post(f"{witness.url}/add-checkpoint", content=body, timeout=5.0)


def press(
    witness: RunningWitness, log: SigningLog, key: Verifier, got: dict[int, set[bytes]], stop: threading.Event
) -> None:
    """Submit the next sizes of the log and of a fork, as fast as may be, and note what was cosigned."""
    fork, size = log.forked(0, 400), 0
    while not stop.is_set():
        for one in (log, fork):
            try:
                answer = post(witness, one.body(size, size + 1))
            except httpx.HTTPError:
                continue
            if answer.status_code == 409:
                size = int(answer.text)
            if answer.status_code == 200:
                both = parse_note(one.note(size + 1) + answer.text)
                assert opened(both, [key], verify)
                got.setdefault(size + 1, set()).add(one.tree.root(size + 1))
                size += 1
                break


def test_it_is_told_what_it_is_missing(tmp_path: Path, log: SigningLog) -> None:
    """Without its store it does not start, and says why; a key is made once; wrong keys are told apart."""
    witness = RunningWitness("w1", tmp_path, [log.vkey])
    assert witness.run_once("key", "show", "--key-file", str(witness.key_file)).strip() == witness.vkey
    witness.run_once("key", "new", "again", *witness.files, code=1)
    witness.store.unlink()
    witness.run_once("run", *witness.files, "--log", log.vkey, code=1)
    witness.run_once("key", "new", "again", *witness.files, code=1)


#: Submits what it reads, and is killed at a step.
_SUBMIT_AND_DIE = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from ledger.domain.log.note import parse_vkey
from ledger.witness import key, store, witness

owner, attribute = {"before": (store.Deciding, "keep"), "after": (key.WitnessKey, "cosign")}[sys.argv[1]]
setattr(owner, attribute, lambda *_: os.kill(os.getpid(), signal.SIGKILL))
mine = key.parse_key(Path(sys.argv[2]).read_text())
logs = witness.logs_by_origin([parse_vkey(sys.argv[4])])
one = witness.Witness(mine, logs, store.Store(Path(sys.argv[3]), mine.vkey), lambda: datetime.now(UTC))
one.add_checkpoint(sys.stdin.buffer.read())
"""


@pytest.mark.parametrize("step", ["before", "after"])
def test_killed_between_checking_and_answering(tmp_path: Path, log: SigningLog, step: str) -> None:
    """Before it stored, nothing was seen, and either history may come; after, the one that it never answered is the
    only one that it will ever vouch for.
    """
    key, path, key_file = WitnessKey("w.example", seed_of("w")), tmp_path / "w.db", tmp_path / "w.key"
    key_file.write_text(key.to_text())
    store = Store.make(path, key.vkey)
    argv = [sys.executable, "-c", _SUBMIT_AND_DIE, step, str(key_file), str(path), log.vkey]
    assert subprocess.run(argv, input=log.body(0, 5), cwd=ROOT, check=False).returncode == -signal.SIGKILL
    witness = Witness(key, logs_by_origin([log.verifier]), store, lambda: datetime.now(UTC))
    fork = log.forked(2, 398)
    if step == "before":
        assert witness.add_checkpoint(fork.body(0, 5)).status == 200
    else:
        assert witness.add_checkpoint(fork.body(0, 5)).body == "5\n"
        assert witness.add_checkpoint(fork.body(5, 5)).status == 422
        assert witness.add_checkpoint(log.body(5, 5)).status == 200
