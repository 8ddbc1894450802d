"""Mail by SMTP against a real server: what it takes, refuses, drops, and takes its time over."""

import socket
import ssl
import threading
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any
from uuid import UUID

import pytest

from ledger.services.channel import Dead, Delivery, Part, Retry, Sent
from ledger.services.mail_by_smtp import Server, SmtpChannel
from ledger.services.word_mail import Letter, word_mail
from tests.mail_server import MailServer, certificate, mail_server, serving, sign_in, trusting

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
TO = "worker@agency.example"


def delivery(message: str = "m1", *, taken: int = 1) -> Delivery:
    """A message of one alert."""
    part = Part(message, "i1", "alert.raised", "queue", "a1", UUID(int=1), taken, NOW)
    return Delivery(message, "mail", "person:1", "person:1", "hv", (part,), 0, taken)


def channel(server: MailServer, *, host: str = "127.0.0.1", **options: Any) -> SmtpChannel:
    """A channel to this server; without TLS, as on this very machine, unless said otherwise."""
    options.setdefault("needs_starttls", False)
    tls = options.pop("tls", ssl.create_default_context)
    seconds = options.pop("seconds", 10.0)
    where = Server(host, server.port, "ledger@partnership.example", **options)
    return SmtpChannel(
        where, lambda one: word_mail(one, TO, "https://ledger.example"), lambda: NOW, tls=tls, seconds=seconds
    )


def test_a_mail_arrives_and_says_little() -> None:
    """The mail has its message's name, and in it stand a severity and a link: nothing of what it is about."""
    with mail_server() as server:
        assert channel(server).send(delivery()) == Sent()
    [mail] = server.taken
    assert mail["Message-ID"] == "<m1@partnership.example>"
    assert (mail["To"], mail["From"]) == (TO, "ledger@partnership.example")
    assert mail["Subject"] == "Ledger: something waits for you"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content_type() == "text/plain"
    assert "https://ledger.example/alerts/a1" in mail.get_content()


def test_a_server_that_drops_after_data_gets_the_same_name_again() -> None:
    """What became of it cannot be known, so it is sent again, and whoever got both can tell that they are one."""
    with mail_server() as server:
        server.drops = 1
        assert channel(server).send(delivery()) == Retry("dropped")
        assert channel(server).send(delivery(taken=2)) == Sent()
    assert server.names == ["<m1@partnership.example>"] * 2


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [("451 come again", Retry("refused_for_now")), ("554 never", Dead("refused"))],
)
def test_what_the_server_answers_to_a_mail_decides(answer: str, outcome: object) -> None:
    """4xx is tried again, 5xx never (RFC 5321 4.2.1); nothing that the server said is kept."""
    with mail_server() as server:
        server.answers = [answer]
        assert channel(server).send(delivery()) == outcome
        assert channel(server).send(delivery("m2")) == Sent()


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [("450 mailbox busy", Retry("recipient_refused_for_now")), ("550 no such person", Dead("recipient_refused"))],
)
def test_a_recipient_may_be_refused(answer: str, outcome: object) -> None:
    """One whom the server does not know is a dead letter; one that is busy is tried again."""
    with mail_server() as server:
        server.recipients[TO] = answer
        assert channel(server).send(delivery()) == outcome


def test_a_server_that_is_away_is_tried_again() -> None:
    """Nobody listens there."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        server = MailServer(port=taken.getsockname()[1])
        assert channel(server).send(delivery()) == Retry("unreachable")


def test_a_server_that_says_a_byte_now_and_then_is_cut_off() -> None:
    """The time for one mail is the time for all of it, however busy the server seems."""
    stop = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def drip() -> None:
            connection, _ = listening.accept()
            with connection:
                while not stop.wait(0.05):
                    try:
                        connection.sendall(b"2")
                    except OSError:
                        return

        threading.Thread(target=drip, daemon=True).start()
        began = monotonic()
        server = MailServer(port=listening.getsockname()[1])
        outcome = channel(server, seconds=0.4).send(delivery())
        stop.set()
    assert isinstance(outcome, Retry)
    assert monotonic() - began < 3


def test_a_server_that_is_slow_over_a_mail_is_cut_off_too() -> None:
    """It may have it: the next try has the same name."""
    with mail_server() as server:
        server.slow = [5.0]
        assert channel(server, seconds=0.4).send(delivery()) == Retry("dropped")


def test_without_an_address_nothing_is_sent() -> None:
    """Whoever can no longer be reached is a dead letter."""
    silent = SmtpChannel(Server("127.0.0.1", 9, "ledger@partnership.example"), lambda _: None, lambda: NOW)
    assert silent.send(delivery()) == Dead("no_address")


def test_starttls_is_taken_up_before_anything_is_said(tmp_path: Path) -> None:
    """With a certificate of the host's that is trusted, and then the password."""
    held = certificate(tmp_path)
    options = {"authenticator": sign_in, "auth_required": True}
    with mail_server(serving(held), starttls=True, **options) as server:
        who: dict[str, Any] = {
            "user": "ledger", "password": "open sesame", "needs_starttls": True, "tls": lambda: trusting(held)
        }  # fmt: skip
        assert channel(server, host="localhost", **who).send(delivery()) == Sent()
        wrong = who | {"password": "open barley"}
        assert channel(server, host="localhost", **wrong).send(delivery()) == Retry("sign_in_refused")
    assert len(server.taken) == 1


def test_without_starttls_nothing_is_sent() -> None:
    """A server elsewhere that offers no TLS gets no mail."""
    with mail_server() as server:
        assert channel(server, needs_starttls=True).send(delivery()) == Retry("no_tls")
    assert server.taken == []


def test_a_certificate_that_nobody_vouches_for_gets_no_mail(tmp_path: Path) -> None:
    """Nor does that of another host, over STARTTLS and over TLS from the first byte alike."""
    held, other = certificate(tmp_path), certificate(tmp_path, "elsewhere.example")
    with mail_server(serving(held)) as server:
        trusted: dict[str, Any] = {"is_tls": True, "host": "localhost"}
        assert channel(server, **trusted, tls=lambda: trusting(held)).send(delivery()) == Sent()
        assert channel(server, **trusted).send(delivery()) == Retry("no_tls")
    for starttls in (False, True):
        with mail_server(serving(other), starttls=starttls) as server:
            asked = {"is_tls": not starttls, "needs_starttls": starttls, "tls": lambda: trusting(other)}
            assert channel(server, host="localhost", **asked).send(delivery()) == Retry("no_tls")
            assert server.taken == []


def test_what_is_kept_of_a_letter_shows_no_address() -> None:
    """A representation goes into logs."""
    assert TO not in repr(Letter(TO, "subject", "body"))
