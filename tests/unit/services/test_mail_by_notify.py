"""Mail by GOV.UK Notify: its own client, against a service of this process that answers as Notify does."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import jwt
import pytest

from ledger.services.channel import Dead, Delivery, Part, Retry, Sent
from ledger.services.mail_by_notify import NotifyChannel, Service
from ledger.services.word_mail import word_mail

SERVICE, SECRET = "6f3c1a52-0f0e-4c58-9e3a-111111111111", "8d2f6c1b-95f5-4f0b-8b0e-222222222222"
KEY = f"tests-{SERVICE}-{SECRET}"
TEMPLATE = "0e5a6d3c-7c9e-4f0e-9f42-333333333333"
NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
TO = "worker@agency.example"


@dataclass
class Notify:
    """What it was sent, and what it answers: a status, or `dropped` for nothing at all."""

    answers: list[int | str] = field(default_factory=list)
    sent: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    url: str = ""


@contextmanager
def notify() -> Iterator[Notify]:
    """A service that answers as Notify's interface does, and refuses whoever has not signed with its key."""
    told = Notify()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            """Say nothing."""

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self._answer(body)

        def do_GET(self) -> None:
            reference = parse_qs(urlsplit(self.path).query)["reference"][0]
            told.asked.append(reference)
            found = [one for one in told.sent if one["reference"] == reference]
            self._write(200, {"notifications": found, "links": {}})

        def _answer(self, body: dict[str, Any]) -> None:
            token = self.headers["Authorization"].removeprefix("Bearer ")
            if jwt.decode(token, SECRET, algorithms=["HS256"])["iss"] != SERVICE:
                self._write(403, {"errors": [{"error": "AuthError", "message": "Invalid token"}]})
                return
            answer = told.answers.pop(0) if told.answers else 201
            if answer in (201, "dropped"):
                told.sent.append(body)
            if answer == "dropped":
                self.close_connection = True
                return
            self._write(int(answer), {"id": "n1"} if answer == 201 else {"errors": [{"error": "E", "message": "no"}]})

        def _write(self, status: int, body: dict[str, Any]) -> None:
            written = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(written)))
            self.end_headers()
            self.wfile.write(written)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()


def delivery(*, taken: int = 1) -> Delivery:
    """A message of one alert."""
    part = Part("m1", "i1", "alert.raised", "interrupt", "a1", UUID(int=1), taken, NOW)
    return Delivery("m1", "notify", "person:1", "person:1", "hv", (part,), 0, taken)


def channel(told: Notify) -> NotifyChannel:
    """A channel to this service."""
    return NotifyChannel(
        Service(KEY, TEMPLATE, told.url), lambda one: word_mail(one, TO, "https://ledger.example"), seconds=4
    )


def test_a_mail_is_handed_over_with_its_name() -> None:
    """Notify gets the address, the template, the words for it, and the message's name as its reference."""
    with notify() as told:
        assert channel(told).send(delivery()) == Sent()
    [sent] = told.sent
    assert (sent["email_address"], sent["template_id"], sent["reference"]) == (TO, TEMPLATE, "m1")
    assert sent["personalisation"]["subject"] == "Ledger: something needs you now"
    assert "https://ledger.example/alerts/a1" in sent["personalisation"]["body"]
    assert told.asked == []


def test_what_it_has_already_is_not_handed_over_twice() -> None:
    """An answer that was lost: before it goes again, Notify is asked for a message of that name."""
    with notify() as told:
        told.answers = ["dropped"]
        assert channel(told).send(delivery()) == Retry("unreachable")
        assert channel(told).send(delivery(taken=2)) == Sent()
    assert [one["reference"] for one in told.sent] == ["m1"]
    assert told.asked == ["m1"]


def test_what_it_never_had_goes_again_with_the_same_name() -> None:
    """It was away the first time."""
    with notify() as told:
        told.answers = [503]
        assert channel(told).send(delivery()) == Retry("unreachable")
        assert channel(told).send(delivery(taken=2)) == Sent()
    assert [one["reference"] for one in told.sent] == ["m1"]


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (400, Dead("refused")),
        (403, Retry("sign_in_refused")),
        (429, Retry("too_many")),
        (500, Retry("unreachable")),
    ],
)
def test_what_it_answers_decides(answer: int, outcome: object) -> None:
    """What it will never take is a dead letter; a refused key, and a limit, are mended by somebody or by time."""
    with notify() as told:
        told.answers = [answer]
        assert channel(told).send(delivery()) == outcome


def test_without_an_address_nothing_is_handed_over() -> None:
    """Whoever can no longer be reached is a dead letter."""
    with notify() as told:
        assert NotifyChannel(Service(KEY, TEMPLATE, told.url), lambda _: None).send(delivery()) == Dead("no_address")
    assert told.sent == []
