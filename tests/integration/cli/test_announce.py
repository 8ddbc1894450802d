import base64
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ledger.cli import main
from ledger.services.receive import ReceiptSigner
from tests.partnership import ORIGIN, RECEIPT_SEED, Partnership
from tests.sealing_log import ACCESS_VKEY, LOG_SEED, LOG_VKEY


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["log", "announce", *arguments])


def test_the_keys_are_announced_by_seed_or_by_what_others_are_given(
    partnership: Partnership, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Where the log's key is the sealer's alone its verifier key does; another ledger's, or another key, is refused."""
    monkeypatch.setenv("DATABASE_URL", partnership.database_url)
    assert "LEDGER_LOG_KEY" in run().stderr
    assert "LEDGER_RECEIPT_KEY" in run("--log-key", LOG_VKEY).stderr
    monkeypatch.setenv("LEDGER_RECEIPT_KEY", base64.urlsafe_b64encode(RECEIPT_SEED).decode())
    assert "not a key of tests.example/log" in run("--log-key", ACCESS_VKEY).stderr
    other = ReceiptSigner(bytes(32), ORIGIN).vkey
    assert "not the key of LEDGER_RECEIPT_KEY" in run("--log-key", LOG_VKEY, "--receipt-key", other).stderr
    assert "--log-key: " in run("--log-key", "nothing").stderr
    assert run("--log-key", LOG_VKEY).stdout == "Announced to: demo.\n"
    monkeypatch.setenv("LEDGER_LOG_KEY", base64.urlsafe_b64encode(LOG_SEED).decode())
    assert run().stdout == "It stands announced already; nothing was written.\n"
    policy = tmp_path / "policy"
    policy.write_text("quorum nobody\n")
    monkeypatch.setenv("LEDGER_LOG_POLICY", str(policy))
    assert "line 1 of the policy" in run().stderr
    policy.write_text("quorum none\n")
    assert run().stdout == "Announced to: demo.\n"
    assert os.environ["LEDGER_LOG_KEY"] not in str(run().output)
