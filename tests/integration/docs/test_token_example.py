import json
import shutil
import subprocess

import pytest

from tests.integration.docs.conftest import Served
from tests.markdown import ROOT, blocks, section

AGENCIES = (ROOT / "docs" / "guides" / "agencies.md").read_text()


@pytest.mark.skipif(shutil.which("curl") is None, reason="the guide's requests are made with curl")
def test_the_guides_token_is_got_and_used(served: Served) -> None:
    """What the guide tells an agency to type gets a token for its key and reads with it; a wrong key fails."""
    (block,) = (block.text for block in blocks(section(AGENCIES, "Tokens")) if block.language == "sh")
    assert block.count("https://ledger.example.org") == 2
    commands = block.replace("https://ledger.example.org", served.address)

    def typed(key: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            ["bash", "-eu", "-o", "pipefail", "-c", commands],
            env={**served.env, "LEDGER_KEY": key}, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip

    key = served.partnership.keys["hv"]
    done = typed(key)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"entries": []}
    assert typed(key[:-4] + "AAAA").returncode != 0
