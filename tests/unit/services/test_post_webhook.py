import select
import socket
import socketserver
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from ledger.domain.webhook_url import WebhookUrl
from ledger.services.post_webhook import BYTES_MOST, Answered, Egress, post_webhook
from tests.receiving import HOST, PUBLIC, Answer, Certified, Dialling, Names, Receiver, certified, receiving

URL = WebhookUrl(HOST, 443, "/hook?of=hv")
SIGNED = {"webhook-id": "msg_1", "webhook-timestamp": "1", "webhook-signature": "v1,x"}


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certified:
    """A certificate of the receiver's name."""
    return certified(tmp_path_factory.mktemp("certificate"))


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Certified:
    """A certificate of another name, of another authority."""
    return certified(tmp_path_factory.mktemp("other"), "other.example")


def egress(receiver: Receiver, tls: ssl.SSLContext, **more: Any) -> Egress:
    """The way to a receiver: by its name, a public address, and TLS."""
    return Egress(tls=tls, resolve=Names({HOST: [[PUBLIC]]}), below=Dialling(receiver.port), **more)


def test_it_is_sent_by_name_over_tls_to_the_checked_address(certificate: Certified) -> None:
    """What the receiver sees: the name in TLS and in Host, the path, the signature, the body; and where it came to."""
    with receiving(Answer(200, body=b"thanks"), tls=certificate.serving) as receiver:
        way = egress(receiver, certificate.trusting)
        assert post_webhook(way, URL, SIGNED, b'{"x":1}') == Answered(200, None, 6)
        assert isinstance(way.below, Dialling)
        assert way.below.dialled == [(PUBLIC, 443)]
        [got] = receiver.received
        assert receiver.asked_names == [HOST]
    assert (got.path, got.body) == ("/hook?of=hv", b'{"x":1}')
    headers = {name.lower(): value for name, value in got.headers.items()}
    assert headers["host"] == HOST
    assert {name: headers[name] for name in SIGNED} == SIGNED
    assert headers["content-type"] == "application/json"


def test_a_port_stands_in_the_host_header(certificate: Certified) -> None:
    """As it must where it is not the usual one."""
    with receiving(tls=certificate.serving) as receiver:
        way = egress(receiver, certificate.trusting)
        assert post_webhook(way, WebhookUrl(HOST, 8443, "/"), SIGNED, b"{}") == Answered(204)
        assert isinstance(way.below, Dialling)
        assert way.below.dialled == [(PUBLIC, 8443)]
        assert receiver.received[0].headers["host"] == f"{HOST}:8443"


def test_a_certificate_of_another_name_or_authority_is_refused(certificate: Certified, other: Certified) -> None:
    """Whoever stands at the address must be whom the name says; nothing is sent to anybody else."""
    with receiving(tls=other.serving) as receiver:
        assert post_webhook(egress(receiver, other.trusting), URL, SIGNED, b"{}") == "tls"
        assert receiver.received == []
    with receiving(tls=certificate.serving) as receiver:
        assert post_webhook(egress(receiver, other.trusting), URL, SIGNED, b"{}") == "tls"
        assert post_webhook(egress(receiver, ssl.create_default_context()), URL, SIGNED, b"{}") == "tls"
        assert receiver.received == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_an_answer_and_not_followed(certificate: Certified, status: int) -> None:
    """Wherever it leads."""
    answer = Answer(status, {"Location": "https://169.254.169.254/latest/meta-data"})
    with receiving(answer, tls=certificate.serving) as receiver:
        way = egress(receiver, certificate.trusting)
        assert post_webhook(way, URL, SIGNED, b"{}") == Answered(status)
        assert isinstance(way.below, Dialling)
        assert way.below.dialled == [(PUBLIC, 443)]
        assert len(receiver.received) == 1


def test_a_body_is_read_to_the_limit(certificate: Certified) -> None:
    """A receiver that sends without end is left."""

    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        for _ in range(1000):
            handler.wfile.write(b"x" * 65_536)

    with receiving(Answer(by_hand=endless), tls=certificate.serving) as receiver:
        answer = post_webhook(egress(receiver, certificate.trusting), URL, SIGNED, b"{}")
    assert isinstance(answer, Answered)
    assert answer.status == 200
    assert BYTES_MOST <= answer.bytes_read <= 2 * BYTES_MOST


def _drip_headers(handler: BaseHTTPRequestHandler) -> None:
    for byte in b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 1000:
        handler.wfile.write(bytes([byte]))
        time.sleep(0.05)


def _never(handler: BaseHTTPRequestHandler) -> None:
    handler.rfile.read(1)


def _nonsense(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"220 mail.example ESMTP\r\n")


def _reset(handler: BaseHTTPRequestHandler) -> None:
    handler.connection.close()


def _long_header(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 1_000_000 + b"\r\n\r\n")


@pytest.mark.parametrize(
    ("by_hand", "said"),
    [(_drip_headers, "timeout"), (_never, "timeout"), (_nonsense, "broken_off"), (_reset, "broken_off"),
     (_long_header, "broken_off")],
)  # fmt: skip
def test_a_receiver_that_does_not_answer_is_left_in_time(
    certificate: Certified, by_hand: Callable[[BaseHTTPRequestHandler], None], said: str
) -> None:
    """However slowly it sends: one deadline holds for all of a message."""
    with receiving(Answer(by_hand=by_hand), tls=certificate.serving) as receiver:
        began = time.monotonic()
        assert post_webhook(egress(receiver, certificate.trusting, seconds=0.4), URL, SIGNED, b"{}") == said
        assert time.monotonic() - began < 2


def test_what_leads_nowhere_is_told_apart(certificate: Certified) -> None:
    """A name that is not known or leads inside, a port on which nobody listens, a server without TLS."""
    with receiving() as receiver:
        assert post_webhook(egress(receiver, certificate.trusting), URL, SIGNED, b"{}") == "tls"
        unknown = Egress(resolve=Names({}), below=Dialling(receiver.port))
        assert post_webhook(unknown, URL, SIGNED, b"{}") == "not_connected"
        inside = Egress(resolve=Names({HOST: [["10.0.0.1"]]}), below=Dialling(receiver.port))
        assert post_webhook(inside, URL, SIGNED, b"{}") == "address_refused"
        assert receiver.received == []
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    closed = Egress(resolve=Names({HOST: [[PUBLIC]]}), below=Dialling(port))
    assert post_webhook(closed, URL, SIGNED, b"{}") == "not_connected"


def test_this_machine_is_sent_to_where_it_is_allowed() -> None:
    """Over plain http, and not otherwise."""
    with receiving() as receiver:
        here = WebhookUrl("127.0.0.1", receiver.port, "/", is_plain=True)
        assert post_webhook(Egress(loopback=True), here, SIGNED, b"{}") == Answered(204)
        assert post_webhook(Egress(), here, SIGNED, b"{}") == "address_refused"
        assert len(receiver.received) == 1


class Proxy(socketserver.ThreadingTCPServer):
    """A proxy that is asked to CONNECT, remembers how, and leads to a port of this machine; to -1: refuses."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Tunnel)
        self.asked: list[bytes] = []
        self.leads_to = -1


class _Tunnel(socketserver.BaseRequestHandler):
    server: Proxy

    def handle(self) -> None:
        self.server.asked.append(self.request.recv(4096))
        if self.server.leads_to < 0:
            self.request.sendall(b"HTTP/1.1 407 Refused\r\n\r\n")
            return
        with socket.create_connection(("127.0.0.1", self.server.leads_to)) as there:
            self.request.sendall(b"HTTP/1.1 200 Established\r\n\r\n")
            other = {self.request: there, there: self.request}
            while True:
                for source in select.select([*other], [], [])[0]:
                    data = source.recv(65_536)
                    if not data:
                        return
                    other[source].sendall(data)


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    """A proxy that listens."""
    with Proxy() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_proxy_is_asked_to_connect_by_name(certificate: Certified, proxy: Proxy) -> None:
    """It resolves and decides; TLS goes through it to the receiver, and what it refuses is tried again later."""
    names = Names({})
    with receiving(Answer(200), tls=certificate.serving) as receiver:
        proxy.leads_to = receiver.port
        way = Egress(proxy=f"http://127.0.0.1:{proxy.server_address[1]}", tls=certificate.trusting, resolve=names)
        assert post_webhook(way, URL, SIGNED, b"{}") == Answered(200)
        assert proxy.asked[0].startswith(f"CONNECT {HOST}:443 HTTP/1.1\r\n".encode())
        assert names.asked == []
        proxy.leads_to = -1
        assert post_webhook(way, URL, SIGNED, b"{}") == "proxy_refused"
        assert len(receiver.received) == 1
