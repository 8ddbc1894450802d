"""What the environment says, and what is said when it says nonsense."""

from pathlib import Path

import pytest

from config.settings import (
    CHECKOUT,
    Settings,
    SettingsError,
    celery_url,
    client_url,
    data_folder,
    http_address,
)

DATABASE = "postgresql://someone:pass-phrase@db.example:5432/ledger"
LEAST = {"DATABASE_URL": DATABASE}


def test_one_database_url_is_enough() -> None:
    """Each role's own URL is the common one until it is set, and there may be no Redis."""
    settings = Settings.from_env(LEAST)
    assert settings.web_database_url == settings.worker_database_url == settings.admin_database_url == DATABASE
    assert settings.auditor_database_url == DATABASE
    assert settings.redis_url is settings.broker_url is None
    own = Settings.from_env({**LEAST, "LEDGER_WEB_DATABASE_URL": "postgresql://web@db/ledger"})
    assert (own.web_database_url, own.worker_database_url) == ("postgresql://web@db/ledger", DATABASE)


def test_without_a_database_the_message_names_the_variable() -> None:
    """And the way to need none."""
    with pytest.raises(SettingsError, match=r"DATABASE_URL is not set.*ledger up"):
        Settings.from_env({})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://u:pass-phrase@h/d"),
        ("REDIS_URL", "amqp://u:pass-phrase@h"),
        ("LEDGER_PORT", "pass-phrase"),
        ("LEDGER_PORT", "65536"),
        ("LEDGER_WEB_THREADS", "0"),
        ("LEDGER_LIVE_PORT", "pass-phrase"),
        ("LEDGER_LIVE_STREAMS", "0"),
        ("LEDGER_LIVE_STREAMS_PER_CALLER", "-1"),
        ("LEDGER_LIVE_URL", "ftp://ledger.example"),
        ("LEDGER_LIVE_URL", "https://ledger.example/pass-phrase"),
        ("LEDGER_LIVE_URL", "https://me:pass-phrase@ledger.example"),
        ("LEDGER_LIVE_URL", "https://ledger.example; script-src *"),
        ("LEDGER_WEB_WORKERS", "-1"),
        ("LEDGER_POLL_SECONDS", "nan"),
        ("LEDGER_POLL_SECONDS", "60"),
        ("LEDGER_TOKEN_MINUTES", "0"),
        ("LEDGER_TOKEN_MINUTES", "61"),
        ("LEDGER_CLIENT_CERT_HEADER", "x-client-cert"),
        ("LEDGER_CLIENT_CERT_HEADER", "1"),
    ],
)
def test_a_wrong_setting_is_named_and_not_repeated(name: str, value: str) -> None:
    """The text names the variable and what it should be; the value may hold a password."""
    with pytest.raises(SettingsError) as refused:
        Settings.from_env({**LEAST, name: value})
    assert name in str(refused.value)
    assert "pass-phrase" not in str(refused.value)


def test_settings_never_show_a_password() -> None:
    """Not in a log, not in a traceback: URLs are left out of the representation."""
    settings = Settings.from_env({**LEAST, "REDIS_URL": "redis://:pass-phrase@h/0"})
    assert "pass-phrase" not in repr(settings)


@pytest.mark.parametrize(
    ("client", "celery"),
    [
        ("unix:///run/v.sock", "redis+socket:///run/v.sock"),
        ("unix:///run/v.sock?db=3", "redis+socket:///run/v.sock?virtual_host=3"),
        ("redis://:secret@cache.example:6379/2", "redis://:secret@cache.example:6379/2"),
        ("rediss://cache.example/0", "rediss://cache.example/0"),
    ],
)
def test_one_redis_has_two_spellings(client: str, celery: str) -> None:
    """Either may be set, and both are had from it."""
    for given in (client, celery):
        settings = Settings.from_env({**LEAST, "REDIS_URL": given})
        assert (settings.redis_url, settings.broker_url) == (client, celery)
    assert client_url(celery_url(client)) == client


def test_data_lives_in_the_checkout_unless_told_otherwise() -> None:
    """The demonstration keeps apart from what is real."""
    assert data_folder({}) == CHECKOUT / "var" / "ledger"
    assert data_folder({}, demonstration=True) == CHECKOUT / "var" / "demo"
    assert data_folder({"LEDGER_DATA": "/srv/ledger"}, demonstration=True) == Path("/srv/ledger")


def test_the_address_shown_is_one_that_can_be_opened() -> None:
    """An address that means every interface is none to click on."""
    assert http_address("0.0.0.0", 80) == "http://127.0.0.1:80"
    assert http_address("::", 8080) == "http://[::1]:8080"
    assert (
        Settings.from_env({**LEAST, "LEDGER_BASE_URL": "https://ledger.example/"}).base_url == "https://ledger.example"
    )


def test_tokens_last_minutes_and_no_header_is_believed_unless_it_is_said() -> None:
    """Fifteen minutes, at most an hour; and a certificate's header is believed only by its one name."""
    settings = Settings.from_env(LEAST)
    assert (settings.token_minutes, settings.reads_client_certificates) == (15, False)
    chosen = Settings.from_env({**LEAST, "LEDGER_TOKEN_MINUTES": "60", "LEDGER_CLIENT_CERT_HEADER": "client-cert"})
    assert (chosen.token_minutes, chosen.reads_client_certificates) == (60, True)
    assert not Settings.from_env({**LEAST, "LEDGER_CLIENT_CERT_HEADER": ""}).reads_client_certificates


def test_streams_are_offered_where_they_are_said_to_be() -> None:
    """Pages open streams only where an address is given; the live process connects as the web does, unless told."""
    assert Settings.from_env(LEAST).live_url is None
    settings = Settings.from_env(
        {**LEAST, "LEDGER_WEB_DATABASE_URL": "postgresql://web@db/l", "LEDGER_LIVE_URL": "https://ledger.example:8443/"}
    )
    assert settings.live_url == "https://ledger.example:8443"
    assert settings.live_database_url == "postgresql://web@db/l"
    assert settings.live_port == 8081
