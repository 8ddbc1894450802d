"""What reaches the logs: identifiers, and nothing that anyone wrote about anyone."""

import json
import logging
import sys
import threading
from collections.abc import Iterator

import pytest
import structlog

from config import log

CANARY = "Zebedee Canary"


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    """Logging belongs to the process, so the test puts it back."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    hooks = sys.excepthook, threading.excepthook
    yield
    sys.excepthook, threading.excepthook = hooks
    root.handlers[:], root.level = before, level
    structlog.reset_defaults()


def fail() -> None:
    raise ValueError(f"Key (name)=({CANARY}) already exists")


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_only_named_fields_are_written(capsys: pytest.CaptureFixture[str]) -> None:
    """An id passes; a field that nobody allowed is dropped, whatever it holds."""
    log.configure()
    structlog.get_logger("ledger").info("recorded", record="r-1", number=7, narrative=CANARY, name=CANARY)
    [line] = lines(capsys)
    assert (line["event"], line["record"], line["number"], line["level"]) == ("recorded", "r-1", 7, "info")
    assert CANARY not in json.dumps(line)
    assert str(line["timestamp"]).endswith("Z")


@pytest.mark.parametrize("logger", ["ledger", "sqlalchemy.pool", "gunicorn.error"])
def test_an_exception_is_told_by_its_type_and_place(logger: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Drivers repeat values in their messages, so no message of an exception is written, by us or by a library."""
    log.configure()
    try:
        fail()
    except ValueError:
        if logger == "ledger":
            structlog.get_logger(logger).exception("failed")
        else:
            logging.getLogger(logger).exception("failed")
    [line] = lines(capsys)
    assert line["exception"] == "builtins.ValueError"
    assert "test_log.py" in json.dumps(line["frames"])
    assert CANARY not in json.dumps(line)


def test_an_exception_that_nobody_caught_is_told_in_the_same_way(capsys: pytest.CaptureFixture[str]) -> None:
    """Python would print its text when a process or thread ends by it."""
    log.configure()
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    [line] = lines(capsys)
    assert (line["event"], line["exception"]) == ("uncaught exception", "builtins.ValueError")
    assert CANARY not in json.dumps(line)


def test_lines_of_libraries_are_json_too(capsys: pytest.CaptureFixture[str]) -> None:
    """One format for all, so that a machine can read every line."""
    log.configure()
    logging.getLogger("celery.worker").info("received")
    logging.getLogger("celery.worker").warning("ready after %s s", 3)
    assert [line["event"] for line in lines(capsys)] == ["ready after 3 s"]


KEY = "ledger.hv.abcdefgh." + "Q" * 43
SECRETS = {
    "a key": f"refused {KEY} of hv",
    "an address": "cannot reach postgresql://web:Zebedee-Canary@db.example/ledger",
    "an address of Redis": "cannot reach redis://:Zebedee-Canary@cache.example:6379/0",
    "a link": "GET /sign-in/" + "Q" * 43,
    "a header": f"Authorization: Bearer {KEY}",
    "a field": "connection failed: password=Zebedee-Canary host=db",
    "a quoted field": """{'client_secret': 'Zebedee-Canary'}""",
    "a cookie": "Cookie: Zebedee-Canary",
    "webhook": "signed with whsec_QQQ+QQQ/QQQ=",
}


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_in_a_librarys_words_is_hidden(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Keys, tokens, links and passwords do not pass, in whichever logger's message they stand."""
    log.configure()
    logging.getLogger("some.library").warning("%s", SECRETS[name])
    structlog.get_logger("ledger").info(SECRETS[name], reason=SECRETS[name])
    for line in lines(capsys):
        assert "[hidden]" in str(line["event"])
        assert "QQQ" not in json.dumps(line)
        assert "Zebedee" not in json.dumps(line)


def test_plain_words_are_not_hidden(capsys: pytest.CaptureFixture[str]) -> None:
    """What is no secret is left as it is: places, commands, ids."""
    log.configure()
    words = "Listening at: http://127.0.0.1:8080 (7), task detect_due took 0.2 s; the token has ended"
    logging.getLogger("some.library").warning(words)
    [line] = lines(capsys)
    assert line["event"] == words
