"""Mail by an SMTP server (RFC 5321), with TLS (RFC 8314) unless the server is on this very machine.

One connection a mail. The name of the message is its Message-ID, at every try: whoever receives it twice, because the
answer after DATA was lost, can tell that it is one.
"""

import smtplib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP as ON_THE_WIRE
from email.utils import format_datetime
from typing import Final

from ledger.domain.retry import MAIL, Schedule
from ledger.services.channel import SECONDS, Dead, Delivery, Outcome, Retry, Sent
from ledger.services.word_mail import Letter

#: How long the server may say nothing at all.
_SILENCE_S: Final = 10.0
_PERMANENT: Final = 500


@dataclass(frozen=True, slots=True)
class Server:
    """Where mail goes. ``is_tls``: TLS from the first byte; ``needs_starttls``: without STARTTLS nothing is said."""

    host: str
    port: int
    sender: str
    is_tls: bool = False
    needs_starttls: bool = True
    user: str | None = None
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class SmtpChannel:
    """``letter_of`` gives the mail of a message, or None where it cannot be addressed; it ends its own transaction."""

    server: Server
    letter_of: Callable[[Delivery], Letter | None]
    now: Callable[[], datetime]
    tls: Callable[[], ssl.SSLContext] = ssl.create_default_context
    seconds: float = SECONDS
    schedule: Schedule = MAIL
    at_once: int = 4

    def send(self, delivery: Delivery) -> Outcome:
        """Send one mail."""
        letter = self.letter_of(delivery)
        if letter is None:
            return Dead("no_address")
        message = self._message(delivery, letter)
        try:
            with self._connected() as client:
                client.send_message(message, self.server.sender, [letter.to])
        except smtplib.SMTPRecipientsRefused as error:
            return _refused(_worst(error.recipients), "recipient_refused")
        except smtplib.SMTPDataError as error:
            return _refused(error.smtp_code, "refused")
        except (smtplib.SMTPException, OSError) as error:
            return Retry(_fault(error))
        return Sent()

    def _message(self, delivery: Delivery, letter: Letter) -> EmailMessage:
        message = EmailMessage(policy=ON_THE_WIRE)
        message["Message-ID"] = f"<{delivery.message}@{self._domain}>"
        message["Date"] = format_datetime(self.now())
        message["From"] = self.server.sender
        message["To"] = letter.to
        message["Subject"] = letter.subject
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's absence answers it
        message.set_content(letter.body)
        return message

    @property
    def _domain(self) -> str:
        return self.server.sender.rpartition("@")[2]

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        """A connection over which mail may be sent; cut when its time is over, however often the server says a byte."""
        server, context = self.server, self.tls() if self.server.is_tls or self.server.needs_starttls else None
        client = _client(server, context, self._domain)
        limit = threading.Timer(self.seconds, _cut, (client,))
        limit.start()
        try:
            client.connect(server.host, server.port)
            if server.needs_starttls and not server.is_tls:
                client.starttls(context=context)
            if server.user is not None and server.password is not None:
                client.login(server.user, server.password)
            yield client
            with suppress(smtplib.SMTPException, OSError):
                client.quit()  # the mail is theirs by now, whatever becomes of the farewell
        finally:
            limit.cancel()
            client.close()


def _client(server: Server, context: ssl.SSLContext | None, domain: str) -> smtplib.SMTP:
    if server.is_tls:
        client: smtplib.SMTP = smtplib.SMTP_SSL(local_hostname=domain, timeout=_SILENCE_S, context=context)
    else:
        client = smtplib.SMTP(local_hostname=domain, timeout=_SILENCE_S)
    # By which the certificate is checked; smtplib sets it only where it connects at once.
    client.__dict__["_host"] = server.host
    return client


def _cut(client: smtplib.SMTP) -> None:
    connection = client.sock
    if connection is not None:
        with suppress(OSError):
            socket.socket.shutdown(connection, socket.SHUT_RDWR)


def _worst(refused: Mapping[str, tuple[int, bytes]]) -> int:
    return max((code for code, _ in refused.values()), default=_PERMANENT)


def _refused(code: int, fault: str) -> Outcome:
    return Dead(fault) if code >= _PERMANENT else Retry(f"{fault}_for_now")


def _fault(error: Exception) -> str:
    """In a word of ours, what went wrong; what the server said may hold an address."""
    faults: tuple[tuple[type[Exception], str], ...] = (
        (smtplib.SMTPAuthenticationError, "sign_in_refused"),
        (smtplib.SMTPSenderRefused, "sender_refused"),
        (smtplib.SMTPNotSupportedError, "no_tls"),
        (smtplib.SMTPServerDisconnected, "dropped"),
        (smtplib.SMTPException, "not_understood"),
        (ssl.SSLError, "no_tls"),
        (TimeoutError, "too_slow"),
    )
    return next((word for kind, word in faults if isinstance(error, kind)), "unreachable")
