"""What the environment says of mail, and what is said when it says nonsense."""

from pathlib import Path

import pytest

from config.mail_settings import NOTIFY_URL, MailSettings, MailSettingsError, is_address
from config.settings import Settings, SettingsError

FROM = {"LEDGER_MAIL_FROM": "ledger@partnership.example"}
KEY = "live-6f3c1a52-0f0e-4c58-9e3a-111111111111-8d2f6c1b-95f5-4f0b-8b0e-222222222222"
NOTIFY = {"LEDGER_NOTIFY_KEY": KEY, "LEDGER_NOTIFY_TEMPLATE": "0e5a6d3c-7c9e-4f0e-9f42-333333333333"}


def test_nothing_set_is_no_mail() -> None:
    """Mail is optional: nothing fails, and nothing is sent."""
    assert MailSettings.from_env({}) == MailSettings()


@pytest.mark.parametrize(
    ("url", "host", "port", "is_tls", "needs_starttls"),
    [
        ("smtp://mail.example", "mail.example", 587, False, True),
        ("smtp://mail.example:2525", "mail.example", 2525, False, True),
        ("smtps://mail.example", "mail.example", 465, True, False),
        ("smtp://127.0.0.1:25", "127.0.0.1", 25, False, False),
        ("smtp://localhost", "localhost", 587, False, False),
        ("smtp://[::1]:25", "::1", 25, False, False),
        ("smtp://127.0.0.1.example", "127.0.0.1.example", 587, False, True),
    ],
)
def test_a_server_elsewhere_must_speak_tls(url: str, host: str, port: int, is_tls: bool, needs_starttls: bool) -> None:
    """Only this very machine may be spoken to in the clear."""
    smtp = MailSettings.from_env(FROM | {"LEDGER_SMTP_URL": url}).smtp
    assert smtp is not None
    assert (smtp.host, smtp.port, smtp.is_tls, smtp.needs_starttls) == (host, port, is_tls, needs_starttls)


def test_a_password_is_read_and_not_shown(tmp_path: Path) -> None:
    """It may stand in a file, and is in no representation."""
    held = tmp_path / "smtp"
    held.write_text("smtps://ledger:open%20sesame@mail.example\n")
    held.chmod(0o600)
    env = FROM | {"DATABASE_URL": "postgresql://db/ledger", "LEDGER_SMTP_URL_FILE": str(held)}
    settings = Settings.from_env(env)
    smtp = settings.mail.smtp
    assert smtp is not None
    assert (smtp.user, smtp.password) == ("ledger", "open sesame")
    assert "sesame" not in repr(settings)


def test_notify_is_a_key_and_a_template() -> None:
    """Its own address is the default; the key is in no representation."""
    notify = MailSettings.from_env(NOTIFY).notify
    assert notify is not None
    assert notify.base_url == NOTIFY_URL
    assert KEY not in repr(notify)


@pytest.mark.parametrize(
    "env",
    [
        FROM | {"LEDGER_SMTP_URL": "http://sesame.example"},
        FROM | {"LEDGER_SMTP_URL": "smtp://"},
        FROM | {"LEDGER_SMTP_URL": "smtp://sesame@mail.example"},
        FROM | {"LEDGER_SMTP_URL": "smtp://mail.example/sesame"},
        FROM | {"LEDGER_SMTP_URL": "smtp://mail.example:sesame"},
        FROM | {"LEDGER_SMTP_URL": "smtp://[sesame"},
        {"LEDGER_SMTP_URL": "smtp://sesame.example"},
        {"LEDGER_SMTP_URL": "smtp://mail.example", "LEDGER_MAIL_FROM": "The ledger <sesame@mail.example>"},
        FROM | NOTIFY | {"LEDGER_SMTP_URL": "smtp://sesame.example"},
        NOTIFY | {"LEDGER_NOTIFY_KEY": "sesame"},
        NOTIFY | {"LEDGER_NOTIFY_TEMPLATE": "sesame"},
        {"LEDGER_NOTIFY_KEY": KEY},
        NOTIFY | {"LEDGER_NOTIFY_URL": "http://sesame.example"},
        {"LEDGER_OPERATOR_MAIL": "sesame"},
        {"LEDGER_OPERATOR_MAIL": "a@b.example, sesame@b.example"},
    ],
)
def test_nonsense_is_refused_and_not_repeated(env: dict[str, str]) -> None:
    """The text names the variable and says what it should be."""
    with pytest.raises(MailSettingsError, match=r"LEDGER_[A-Z_]+ ") as refused:
        MailSettings.from_env(env)
    assert "sesame" not in str(refused.value)
    with pytest.raises(SettingsError):
        Settings.from_env(env | {"DATABASE_URL": "postgresql://db/ledger"})


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("worker@agency.example", True),
        ("o'neill+duty@agency.example", True),
        ("worker@localhost", True),
        ("worker", False),
        ("worker@", False),
        ("wor ker@agency.example", False),
        ("worker@agency.example\n", False),
        ("worker@agency.example\r\nBcc: all@agency.example", False),
        ("wörker@agency.example", False),
        ("a" * 250 + "@agency.example", False),
    ],
)
def test_an_address_is_one_plain_address(text: str, is_one: bool) -> None:
    """Nothing that could add a line to a mail is one."""
    assert is_address(text) is is_one
