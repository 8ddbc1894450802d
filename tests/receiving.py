"""A webhook's receiver and the network before it, for tests: a server on this machine, behind names and addresses.

The names are resolved by a table, what is connected to is a public address by all that the ledger can tell, and only
the last step, the dialling, leads to 127.0.0.1. So TLS, the name in it and the certificate are real.
"""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpcore
import psycopg
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "hooks.hv.example"
#: An address that is public, and answers to nobody here.
PUBLIC = "93.184.215.14"


@dataclass
class Received:
    """One request as it came."""

    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Answer:
    """What the receiver answers; `by_hand` writes it instead."""

    status: int = 204
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    by_hand: Callable[[BaseHTTPRequestHandler], None] | None = None


class Receiver:
    """A server that keeps what it received and answers as told, the last answer for ever."""

    def __init__(self, answers: Sequence[Answer] = (Answer(),), tls: ssl.SSLContext | None = None) -> None:
        self.received: list[Received] = []
        #: The name that TLS was asked for, of each connection.
        self.asked_names: list[str | None] = []
        self._answers = list(answers)
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.received.append(Received(self.path, dict(self.headers.items()), body))
                outer._answer(self)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the base names it
                """Nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = False  # so that closing it waits for what it is still doing
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign]
        if tls is not None:
            tls.sni_callback = lambda _socket, name, _context: self.asked_names.append(name)
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if answer.by_hand is not None:
            answer.by_hand(handler)
            return
        handler.send_response(answer.status)
        for name, value in answer.headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(answer.body)))
        handler.end_headers()
        handler.wfile.write(answer.body)

    def close(self) -> None:
        """Stop it."""
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def receiving(*answers: Answer, tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """A receiver while the block runs."""
    receiver = Receiver(answers or (Answer(),), tls)
    try:
        yield receiver
    finally:
        receiver.close()


class Names:
    """A resolver by a table; of a name with several answers the first is given first, and the last for ever."""

    def __init__(self, table: Mapping[str, Sequence[Sequence[str]]]) -> None:
        self._table = {name: [*answers] for name, answers in table.items()}
        self.asked: list[str] = []

    def __call__(self, host: str, _port: int) -> Sequence[str]:
        self.asked.append(host)
        answers = self._table.get(host)
        if answers is None:
            raise OSError(host)
        return answers.pop(0) if len(answers) > 1 else answers[0]


class Dialling(httpcore.NetworkBackend):
    """Connects to a port of this machine whatever address it is given, and remembers which."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.dialled: list[tuple[str, int]] = []

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        self.dialled.append((host, port))
        return httpcore.SyncBackend().connect_tcp("127.0.0.1", self.port, timeout, local_address, socket_options)


def make_real(superuser_url: str) -> None:
    """Let a test's ledger be no demonstration, as nobody else could."""
    with psycopg.connect(superuser_url) as connection:
        connection.execute("ALTER TABLE ledger.ledger_state DISABLE TRIGGER ALL")
        connection.execute("UPDATE ledger.ledger_state SET demonstration = false, clock_at = NULL")


@dataclass
class Certified:
    """An authority of a test's own, and a certificate that it gave."""

    trusting: ssl.SSLContext
    serving: ssl.SSLContext


def certified(folder: Path, name: str = HOST) -> Certified:
    """A certificate for a name, as a server has it, and what trusts its authority alone."""
    key, authority = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "an authority of the tests")])
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    root = _signed(issuer, authority.public_key(), issuer, authority, x509.BasicConstraints(ca=True, path_length=0))
    leaf = _signed(subject, key.public_key(), issuer, authority, x509.SubjectAlternativeName([x509.DNSName(name)]))
    chain, private = folder / f"{name}.pem", folder / f"{name}.key"
    chain.write_bytes(leaf.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(chain, private)
    trusting = ssl.create_default_context(cadata=root.public_bytes(serialization.Encoding.PEM).decode())
    return Certified(trusting, serving)


def _signed(
    subject: x509.Name,
    key: ec.EllipticCurvePublicKey,
    issuer: x509.Name,
    by: ec.EllipticCurvePrivateKey,
    extension: x509.ExtensionType,
) -> x509.Certificate:
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key)
    made = made.serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(hours=1))
    made = made.not_valid_after(now + timedelta(hours=1)).add_extension(extension, critical=True)
    if isinstance(extension, x509.BasicConstraints):
        others = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement")
        uses = dict.fromkeys((*others, "encipher_only", "decipher_only"), False)
        made = made.add_extension(x509.KeyUsage(**uses, key_cert_sign=True, crl_sign=True), critical=True)
    made = made.add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    made = made.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(by.public_key()), critical=False)
    return made.sign(by, hashes.SHA256())
