import pytest

from config.settings import Settings, SettingsError
from config.webhook_settings import WebhookSettings, WebhookSettingsError

LEAST = {"DATABASE_URL": "postgresql://localhost/ledger"}


def test_webhooks_leave_straight_and_not_to_this_machine() -> None:
    """Unless it is said otherwise."""
    assert WebhookSettings.from_env({}) == WebhookSettings(None, loopback=False)
    assert WebhookSettings.from_env({"LEDGER_WEBHOOK_LOOPBACK": "", "LEDGER_WEBHOOK_PROXY": ""}) == WebhookSettings()
    said = {"LEDGER_WEBHOOK_PROXY": "http://egress.example:4750", "LEDGER_WEBHOOK_LOOPBACK": "demonstration"}
    assert Settings.from_env(LEAST | said).webhooks == WebhookSettings("http://egress.example:4750", loopback=True)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LEDGER_WEBHOOK_PROXY", "canary.example:4750"), ("LEDGER_WEBHOOK_PROXY", "https://canary.example:4750"),
        ("LEDGER_WEBHOOK_PROXY", "http://canary.example"), ("LEDGER_WEBHOOK_PROXY", "http://u:canary@x.example:1"),
        ("LEDGER_WEBHOOK_PROXY", "http://canary.example:1/x"), ("LEDGER_WEBHOOK_LOOPBACK", "yes canary"),
        ("LEDGER_WEBHOOK_LOOPBACK", "true"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_and_not_repeated(name: str, value: str) -> None:
    """The variable, and what it should be."""
    with pytest.raises(WebhookSettingsError, match=name) as refused:
        WebhookSettings.from_env({name: value})
    assert "canary" not in str(refused.value)
    with pytest.raises(SettingsError, match=name):
        Settings.from_env(LEAST | {name: value})
