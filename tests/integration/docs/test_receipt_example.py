import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.services.announce_log import announce_log, announcement_of, public_of
from tests.integration.docs.conftest import Served
from tests.markdown import ROOT, blocks, section
from tests.partnership import ORIGIN, RECEIPT_SEED
from tests.sealing_log import LOG_SEED, seal

GUIDE = section((ROOT / "docs" / "guides" / "agencies.md").read_text(), "Keep your receipts")


@pytest.fixture
def sealed(served: Served) -> Iterator[Served]:
    """The same, with its keys announced, and sealed again and again."""
    keys = announcement_of(ORIGIN, public_of(LOG_SEED), public_of(RECEIPT_SEED), None)
    announce_log(served.partnership.engine("ledger_admin"), os.urandom, keys)
    done = threading.Event()

    def seal_on() -> None:
        while not done.wait(0.2):
            seal(served.partnership)

    thread = threading.Thread(target=seal_on, daemon=True)
    thread.start()
    yield served
    done.set()
    thread.join(10)


def typed(served: Served, folder: Path, commands: str) -> "subprocess.CompletedProcess[str]":
    """What the page tells to type, in a folder of its own, by this Python, which finds nothing of the ledger there."""
    assert commands.count("https://ledger.example.org") == 3
    commands = commands.replace("https://ledger.example.org", served.address)
    commands = commands.replace("python3", f"{sys.executable} -I").replace("sleep 3", "sleep 1")
    env = {**served.env, "LEDGER_KEY": served.partnership.keys["hv"]}
    return subprocess.run(
        ["bash", "-eu", "-o", "pipefail", "-c", commands],
        cwd=folder, env=env, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def verified(folder: Path, kind: str = "observation") -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-I", "verify_receipt.py", "hv", kind, "body.json", "receipt.json", "keys.txt"],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.skipif(shutil.which("curl") is None, reason="the guide's requests are made with curl")
def test_the_guides_receipt_holds_without_the_ledger(sealed: Served, tmp_path: Path) -> None:
    """What the guide tells an agency to type keeps a receipt, and its script verifies it; what was altered fails."""
    (commands,) = (block.text for block in blocks(GUIDE) if block.language == "sh")
    (script,) = (block.text for block in blocks(GUIDE) if block.language == "python")
    assert "ledger." not in script.replace("ledger's", "")
    (tmp_path / "verify_receipt.py").write_text(script)
    body = tmp_path / "body.json"
    body.write_text(json.dumps(sealed.partnership.observation(sealed.partnership.child()), ensure_ascii=False))
    done = typed(sealed, tmp_path, commands)
    assert done.returncode == 0, (done.stdout, done.stderr)
    answer = json.loads((tmp_path / "answer.json").read_text())
    number, record = answer["number"], answer["id"].partition(".")[0]
    first, second = done.stdout.splitlines()
    assert first == f"entry {number} of record {record} is this body, taken in at {answer['recorded_at']}"
    assert second.startswith("it is in the log of ")

    assert "for something else" in verified(tmp_path, "contact").stderr
    kept = (tmp_path / "receipt.json").read_text()
    for altered in (kept.replace('\\"number\\":2', '\\"number\\":3'), kept.replace("tests.example/log\\n", "x/log\\n")):
        assert altered != kept
        (tmp_path / "receipt.json").write_text(altered)
        assert verified(tmp_path).returncode != 0
    moved = json.loads(kept)
    moved["proof"] = moved["proof"].replace(f"index {moved['index']}\n", f"index {moved['index'] ^ 1}\n")
    (tmp_path / "receipt.json").write_text(json.dumps(moved))
    assert "not in the log" in verified(tmp_path).stderr
    (tmp_path / "receipt.json").write_text(kept)
    body.write_text(body.read_text().replace("has gone", "is here"))
    assert "for something else" in verified(tmp_path).stderr
