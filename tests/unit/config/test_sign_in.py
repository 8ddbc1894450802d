"""What the environment says of signing in, and what is said when it says nonsense."""

import base64
from pathlib import Path

import pytest

from config.settings import Settings, SettingsError
from config.sign_in import SignInSettings, SignInSettingsError
from ledger.stack.secret import keep_secret

KEY = base64.urlsafe_b64encode(b"k" * 32).decode()
OTHER = base64.urlsafe_b64encode(b"o" * 32).decode().rstrip("=")
PROVIDER = {"LEDGER_OIDC_ISSUER": "https://id.example/realm", "LEDGER_OIDC_CLIENT_ID": "ledger"}


def test_nothing_set_means_links_and_a_required_second_factor() -> None:
    """No key, no provider, and nothing less safe than that."""
    said = SignInSettings.from_env({})
    assert said.secret_keys == ()
    assert said.is_factor_required
    assert said.oidc is None
    assert said.proxies == 0


def test_keys_are_read_with_or_without_padding() -> None:
    """Several are the newest first, with a blank or a line's end between."""
    assert SignInSettings.from_env({"LEDGER_SECRET_KEY": KEY}).secret_keys == (b"k" * 32,)
    assert SignInSettings.from_env({"LEDGER_SECRET_KEY": f"{KEY}\n{OTHER}\n"}).secret_keys == (b"k" * 32, b"o" * 32)


def test_the_key_that_the_embedded_stack_makes_is_one(tmp_path: Path) -> None:
    """What one part writes the other reads, through the variable that names a file."""
    least = {"DATABASE_URL": "postgresql://db/ledger"}
    path = keep_secret(tmp_path / "secret.key")
    assert len(Settings.from_env(least | {"LEDGER_SECRET_KEY_FILE": str(path)}).sign_in.secret_keys[0]) == 32


def test_a_provider_is_an_issuer_and_a_client() -> None:
    """The rest has defaults; what is asked of a sign-in is a list of words."""
    oidc = SignInSettings.from_env(PROVIDER).oidc
    assert oidc is not None
    assert (oidc.issuer, oidc.client_id, oidc.client_secret) == ("https://id.example/realm", "ledger", None)
    assert oidc.acr == oidc.amr == frozenset()
    told = PROVIDER | {"LEDGER_OIDC_ACR": "urn:a urn:b", "LEDGER_OIDC_AMR": "otp", "LEDGER_OIDC_NAME": "Shire"}
    oidc = SignInSettings.from_env(told).oidc
    assert oidc is not None
    assert (oidc.name, sorted(oidc.acr), sorted(oidc.amr)) == ("Shire", ["urn:a", "urn:b"], ["otp"])


@pytest.mark.parametrize("issuer", ["http://127.0.0.1:9000", "http://[::1]:9000", "http://localhost:9000"])
def test_plain_http_is_for_this_machine(issuer: str) -> None:
    """To try a provider beside the ledger."""
    assert SignInSettings.from_env(PROVIDER | {"LEDGER_OIDC_ISSUER": issuer}).oidc is not None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LEDGER_SECRET_KEY", "canary-value"),
        ("LEDGER_SECRET_KEY", "canary" * 8),
        ("LEDGER_SECRET_KEY", f"{KEY} canary"),
        ("LEDGER_SECOND_FACTOR", "canary"),
        ("LEDGER_PROXIES", "canary"),
        ("LEDGER_PROXIES", "10"),
        ("LEDGER_OIDC_ISSUER", "http://canary.example"),
        ("LEDGER_OIDC_ISSUER", "https://canary.example/?a=b"),
        ("LEDGER_OIDC_ISSUER", "https://canary@id.example"),
        ("LEDGER_OIDC_ISSUER", "canary"),
        ("LEDGER_OIDC_ISSUER", "https://[canary"),
        ("LEDGER_OIDC_CLIENT_ID", ""),
    ],
)
def test_a_wrong_setting_is_named_and_not_repeated(name: str, value: str) -> None:
    """The text names the variable and what it should be; the value may be a secret."""
    with pytest.raises(SignInSettingsError) as refused:
        SignInSettings.from_env(PROVIDER | {name: value})
    assert name in str(refused.value)
    assert "canary" not in str(refused.value)


def test_settings_show_no_secret_and_pass_a_fault_on() -> None:
    """Neither in a log nor in a traceback; and a process ends with the same plain line as for other settings."""
    least = {"DATABASE_URL": "postgresql://db/ledger"}
    shown = repr(
        Settings.from_env(least | PROVIDER | {"LEDGER_SECRET_KEY": KEY, "LEDGER_OIDC_CLIENT_SECRET": "canary"})
    )
    assert "kkkk" not in shown
    assert "canary" not in shown
    with pytest.raises(SettingsError, match="LEDGER_SECOND_FACTOR"):
        Settings.from_env(least | {"LEDGER_SECOND_FACTOR": "never"})
