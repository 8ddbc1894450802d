"""The one way by which mail leaves, as the settings say: a mail server, GOV.UK Notify, or none."""

from collections.abc import Callable
from datetime import datetime
from typing import Literal, Protocol

from ledger.services.channel import Channel, Delivery
from ledger.services.mail_by_notify import NotifyChannel, Service
from ledger.services.mail_by_smtp import Server, SmtpChannel
from ledger.services.word_mail import Letter

#: The channels by which mail leaves, as deliveries name them.
MailName = Literal["mail", "notify"]


class SmtpSettings(Protocol):
    """A mail server."""

    @property
    def host(self) -> str: ...
    @property
    def port(self) -> int: ...
    @property
    def is_tls(self) -> bool: ...
    @property
    def sender(self) -> str: ...
    @property
    def user(self) -> str | None: ...
    @property
    def password(self) -> str | None: ...
    @property
    def needs_starttls(self) -> bool: ...


class NotifySettings(Protocol):
    """A service of GOV.UK Notify."""

    @property
    def key(self) -> str: ...
    @property
    def template(self) -> str: ...
    @property
    def base_url(self) -> str: ...


class MailSettings(Protocol):
    """By what mail leaves, if by anything, and the operators' address."""

    @property
    def smtp(self) -> SmtpSettings | None: ...
    @property
    def notify(self) -> NotifySettings | None: ...
    @property
    def operator(self) -> str | None: ...


def mail_name(said: MailSettings) -> MailName | None:
    """The channel by which mail leaves; None where it leaves by none."""
    if said.smtp is not None:
        return "mail"
    return "notify" if said.notify is not None else None


def mail_channel(
    said: MailSettings, letter_of: Callable[[Delivery], Letter | None], now: Callable[[], datetime]
) -> Channel | None:
    """That channel, whose mails are those of `letter_of`; None where mail leaves by none. Connects to nothing yet."""
    if said.smtp is not None:
        at = said.smtp
        server = Server(at.host, at.port, at.sender, at.is_tls, at.needs_starttls, at.user, at.password)
        return SmtpChannel(server, letter_of, now)
    if said.notify is not None:
        return NotifyChannel(Service(said.notify.key, said.notify.template, said.notify.base_url), letter_of)
    return None
