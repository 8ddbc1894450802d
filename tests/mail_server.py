"""A real SMTP server in this process, that does to mail what a test asks of it."""

import asyncio
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, cast

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class MailServer:
    """Keeps what it takes. `answers` are given to DATA, one a mail, then 250; `drops` cuts after so many mails."""

    answers: list[str] = field(default_factory=list)
    recipients: dict[str, str] = field(default_factory=dict)
    #: How many of the next mails it takes, and then goes away without an answer.
    drops: int = 0
    #: How many seconds the next mails take, before they are taken and after.
    slow: list[float] = field(default_factory=list)
    slow_to_say: list[float] = field(default_factory=list)
    taken: list[EmailMessage] = field(default_factory=list)
    host: str = "127.0.0.1"
    port: int = 0
    taken_one: threading.Event = field(default_factory=threading.Event)

    async def handle_RCPT(  # noqa: N802 — the library's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, rcpt_options: list[str]
    ) -> str:
        """Take or refuse somebody."""
        answer = self.recipients.get(address, "250 OK")
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take a mail, or not."""
        if self.slow:
            await asyncio.sleep(self.slow.pop(0))
        answer = self.answers.pop(0) if self.answers else "250 taken"
        if answer.startswith("2"):
            raw = cast("bytes", envelope.content)
            self.taken.append(message_from_bytes(raw, policy=policy.default))
            self.taken_one.set()
        if self.slow_to_say:
            await asyncio.sleep(self.slow_to_say.pop(0))
        if self.drops:
            self.drops -= 1
            transport = cast("Any", server).transport
            transport.abort()
        return answer

    @property
    def names(self) -> list[str]:
        """The Message-IDs of what it took, in order."""
        return [str(mail["Message-ID"]) for mail in self.taken]


@contextmanager
def mail_server(tls: ssl.SSLContext | None = None, *, starttls: bool = False, **options: Any) -> Iterator[MailServer]:
    """A server on a spare port; with `tls` from the first byte, or after STARTTLS."""
    server, loop = MailServer(), asyncio.new_event_loop()
    if starttls:
        options |= {"tls_context": tls, "require_starttls": True}

    def session() -> SMTP:
        return SMTP(server, hostname="mail.example", loop=loop, **options)

    listening = loop.run_until_complete(loop.create_server(session, server.host, 0, ssl=None if starttls else tls))
    server.port = listening.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        listening.close()
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0.01))
        loop.close()


def sign_in(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    """Knows one user, ledger, and one password, open sesame."""
    return AuthResult(success=(data.login, data.password) == (b"ledger", b"open sesame"), handled=False)


def certificate(folder: Path, host: str = "localhost") -> Path:
    """A certificate of a host that nobody else vouches for, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{host}.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return path


def serving(path: Path) -> ssl.SSLContext:
    """What a server with this certificate speaks TLS by."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


def trusting(path: Path) -> ssl.SSLContext:
    """What a client that trusts this certificate, and no other, speaks TLS by."""
    return ssl.create_default_context(cafile=path)
