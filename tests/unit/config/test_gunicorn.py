"""The web server's options."""

from gunicorn.config import Config
from gunicorn.http.errors import InvalidHeader, InvalidRequestLine

from config.gunicorn import QuietWorker, options, unsaid
from config.settings import Settings

SETTINGS = Settings.from_env({"DATABASE_URL": "postgresql://u@h/d", "LEDGER_HOST": "::1", "LEDGER_PORT": "9000"})


def test_gunicorn_knows_every_option() -> None:
    """A misspelt option would be found only when the server starts."""
    config = Config()
    for name, value in options(SETTINGS).items():
        config.set(name, value)
    assert config.address == [("::1", 9000)]
    assert config.settings["worker_class"].get() is QuietWorker
    assert config.worker_class is QuietWorker


def test_a_socket_that_is_bound_already_is_served_and_no_other() -> None:
    """The supervisor's socket comes as a descriptor."""
    assert options(SETTINGS, 7)["bind"] == "fd://7"


def test_no_control_socket_and_no_access_log() -> None:
    """The first would be shared by every instance of a user; the second would hold what was asked for, and by whom."""
    chosen = options(SETTINGS)
    assert chosen["control_socket_disable"] is True
    assert chosen["accesslog"] is None


def test_what_was_sent_is_not_in_the_failure() -> None:
    """An exception of the same kind, so that the status is the same, and no word of what it was raised with."""
    for error in (InvalidHeader("Zebedee Canary"), InvalidRequestLine("Zebedee Canary"), ValueError("Zebedee Canary")):
        quiet = unsaid(error)
        assert isinstance(quiet, type(error))
        assert "Zebedee" not in f"{quiet} {quiet!r} {quiet.args} {vars(quiet)}"
