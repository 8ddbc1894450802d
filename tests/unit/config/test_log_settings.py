"""What the environment says of the log, and what is said when it says nonsense."""

import base64
from pathlib import Path

import pytest

from config.settings import Settings, SettingsError
from ledger.stack.secret import keep_secret

LEAST = {"DATABASE_URL": "postgresql://db/ledger", "LEDGER_DATA": "/srv/ledger"}
KEY = base64.urlsafe_b64encode(b"\xff" * 32).decode()


def test_nothing_set_means_no_key_and_a_store_with_the_data() -> None:
    """No process signs with a key that it was not given."""
    said = Settings.from_env(LEAST)
    assert (said.log.key, said.log.receipt_key, said.log.policy) == (None, None, None)
    assert said.log.store == Path("/srv/ledger/log-store")
    assert said.sealer_database_url == LEAST["DATABASE_URL"]


def test_keys_are_read_from_values_and_files_and_never_shown(tmp_path: Path) -> None:
    """With or without padding; what the embedded stack makes is one."""
    path = keep_secret(tmp_path / "log.key")
    said = Settings.from_env(
        LEAST | {
            "LEDGER_LOG_KEY_FILE": str(path), "LEDGER_RECEIPT_KEY": KEY.rstrip("="), "LEDGER_LOG_STORE": "/mnt/heads",
            "LEDGER_LOG_POLICY": "/etc/policy", "LEDGER_SEALER_DATABASE_URL": "postgresql://sealer@db/ledger",
        }
    )  # fmt: skip
    assert said.log.key is not None
    assert (len(said.log.key), said.log.receipt_key) == (32, b"\xff" * 32)
    assert (said.log.store, said.log.policy) == (Path("/mnt/heads"), Path("/etc/policy"))
    assert said.sealer_database_url == "postgresql://sealer@db/ledger"
    for secret in (path.read_text().strip(), KEY.rstrip("="), repr(said.log.key), repr(b"\xff" * 32)):
        assert secret not in repr(said)


@pytest.mark.parametrize("name", ["LEDGER_LOG_KEY", "LEDGER_RECEIPT_KEY"])
@pytest.mark.parametrize("value", ["canary", KEY[:40], KEY * 2, f" {KEY}x", "ü" * 43])
def test_what_is_no_key_is_refused_and_not_repeated(name: str, value: str) -> None:
    """The variable is named, and the command that makes one."""
    with pytest.raises(SettingsError) as caught:
        Settings.from_env(LEAST | {name: value})
    assert name in str(caught.value)
    assert "ledger log key new" in str(caught.value)
    assert value not in str(caught.value)
