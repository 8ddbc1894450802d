"""What the environment says of mail: an SMTP server, or GOV.UK Notify, or neither.

Secrets that stand in files have been read into it before. No message repeats an address or a password.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Final, Self
from urllib.parse import unquote, urlsplit

NOTIFY_URL: Final = "https://api.notifications.service.gov.uk"
_PORTS: Final = {"smtp": 587, "smtps": 465}
_ADDRESS = re.compile(r"[!-?A-~]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\Z")
#: A name, two UUIDs: of a Notify service and of its secret.
_NOTIFY_KEY = re.compile(r"[\w-]*-?(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}-?){2}\Z", re.IGNORECASE)
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z", re.IGNORECASE)


class MailSettingsError(ValueError):
    """A setting is missing or wrong; the text names the variable and what it should be, and repeats nothing."""


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """A mail server. ``is_tls``: TLS from the first byte; otherwise STARTTLS, which only this very machine may lack."""

    host: str
    port: int
    is_tls: bool
    sender: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    @property
    def needs_starttls(self) -> bool:
        """Whether the server must take up TLS before anything is said to it."""
        return not self.is_tls and not is_loopback(self.host)


@dataclass(frozen=True, slots=True)
class NotifySettings:
    """A service of GOV.UK Notify. ``template``: of a mail with the places `subject` and `body`."""

    key: str = field(repr=False)
    template: str
    base_url: str = NOTIFY_URL


@dataclass(frozen=True, slots=True)
class MailSettings:
    """By what mail leaves, if by anything; and the operator's own address."""

    smtp: SmtpSettings | None = None
    notify: NotifySettings | None = None
    operator: str | None = field(default=None, repr=False)

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Self:
        """Read the settings; nothing set is no mail. Raises MailSettingsError."""
        smtp, notify = _smtp(env), _notify(env)
        if smtp is not None and notify is not None:
            raise MailSettingsError("LEDGER_SMTP_URL and LEDGER_NOTIFY_KEY are both set: mail leaves by one of them")
        operator = env.get("LEDGER_OPERATOR_MAIL") or None
        if operator is not None and not is_address(operator):
            raise MailSettingsError("LEDGER_OPERATOR_MAIL must be one mail address")
        return cls(smtp, notify, operator)


def is_address(text: str) -> bool:
    """Whether this is one plain mail address, in ASCII."""
    return len(text) <= 254 and _ADDRESS.match(text) is not None


def is_loopback(host: str) -> bool:
    """Whether a host is this very machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _smtp(env: Mapping[str, str]) -> SmtpSettings | None:
    url, sender = env.get("LEDGER_SMTP_URL"), env.get("LEDGER_MAIL_FROM")
    if not url:
        return None
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        parts, host, port = urlsplit(""), "", None
    is_plain = parts.path in ("", "/") and not parts.query and not parts.fragment
    if parts.scheme not in _PORTS or not host or not is_plain or bool(parts.username) != bool(parts.password):
        raise MailSettingsError(
            "LEDGER_SMTP_URL must be smtp://host:port or smtps://host:port, with user:password@ before the host or "
            "without"
        )
    if not sender or not is_address(sender):
        raise MailSettingsError("LEDGER_MAIL_FROM must be the one mail address that mail comes from")
    user, password = (unquote(part) if part else None for part in (parts.username, parts.password))
    return SmtpSettings(host, port or _PORTS[parts.scheme], parts.scheme == "smtps", sender, user, password)


def _notify(env: Mapping[str, str]) -> NotifySettings | None:
    key, template = env.get("LEDGER_NOTIFY_KEY"), env.get("LEDGER_NOTIFY_TEMPLATE")
    if not key:
        return None
    if not _NOTIFY_KEY.match(key):
        raise MailSettingsError("LEDGER_NOTIFY_KEY must be an API key of GOV.UK Notify")
    if not template or not _UUID.match(template):
        raise MailSettingsError("LEDGER_NOTIFY_TEMPLATE must be the id of a template of GOV.UK Notify")
    base = (env.get("LEDGER_NOTIFY_URL") or NOTIFY_URL).rstrip("/")
    parts = urlsplit(base)
    if not parts.hostname or parts.scheme not in ("https", *(("http",) if is_loopback(parts.hostname) else ())):
        raise MailSettingsError("LEDGER_NOTIFY_URL must begin with https://")
    return NotifySettings(key, template, base)
