"""The settings of one process, read once from its environment.

Of files only those are read that a variable names as the place of a secret, and no message repeats what was set: it may
hold a password.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import parse_qs, urlencode, urlsplit

from config.log_settings import LogSettings, LogSettingsError
from config.mail_settings import MailSettings, MailSettingsError
from config.secret_files import SecretFileError, with_secrets
from config.sign_in import SignInSettings, SignInSettingsError
from config.watch_settings import WatchSettings, WatchSettingsError
from config.webhook_settings import WebhookSettings, WebhookSettingsError

CHECKOUT = Path(__file__).resolve().parents[1]
DEFAULT_PACK_FOLDER = CHECKOUT / "config" / "packs" / "default"
_POSTGRES_SCHEMES = ("postgresql://", "postgres://", "postgresql+psycopg://")
_REDIS_SCHEMES = ("redis://", "rediss://", "unix://", "redis+socket://")


class SettingsError(ValueError):
    """A setting is missing or wrong; the text names the variable and what it should be."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a process needs to know. URLs can hold passwords, so they are left out of the representation."""

    database_url: str = field(repr=False)
    web_database_url: str = field(repr=False)
    worker_database_url: str = field(repr=False)
    admin_database_url: str = field(repr=False)
    auditor_database_url: str = field(repr=False)
    erasure_database_url: str = field(repr=False)
    sealer_database_url: str = field(repr=False)
    live_database_url: str = field(repr=False)
    redis_url: str | None = field(repr=False)
    host: str
    port: int
    base_url: str
    live_port: int
    #: Under which address browsers reach the live process; None: pages open no streams.
    live_url: str | None
    #: Streams that the live process holds at once, in all and for one person or one agency's systems.
    live_streams: int
    live_streams_each: int
    data: Path
    pack_folder: Path
    web_workers: int
    web_threads: int
    worker_threads: int
    poll_seconds: float
    token_minutes: int
    reads_client_certificates: bool
    sign_in: SignInSettings
    log: LogSettings
    mail: MailSettings
    webhooks: WebhookSettings
    watch: WatchSettings
    attachment_bytes: int
    #: Requests a minute, for the whole of one `ledger web`; 0 is as many as they like.
    agency_requests: int
    person_requests: int
    address_requests: int
    #: Different children whose records may be opened, by one person and by one agency, within an hour and a day.
    person_hour_reads: int
    person_day_reads: int
    agency_hour_reads: int
    agency_day_reads: int

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Self:
        """Read the settings. DATABASE_URL is required; everything else has a default. Raises SettingsError."""
        env = secrets_read(env)
        database_url = _url(env, "DATABASE_URL", _POSTGRES_SCHEMES)
        if database_url is None:
            raise SettingsError("DATABASE_URL is not set: name the PostgreSQL database, or start everything: ledger up")
        host, port = env.get("LEDGER_HOST") or "127.0.0.1", whole_number(env, "LEDGER_PORT", 8080, 0, 65_535)
        redis_url = _url(env, "REDIS_URL", _REDIS_SCHEMES)
        return cls(
            database_url=database_url,
            web_database_url=_url(env, "LEDGER_WEB_DATABASE_URL", _POSTGRES_SCHEMES) or database_url,
            worker_database_url=_url(env, "LEDGER_WORKER_DATABASE_URL", _POSTGRES_SCHEMES) or database_url,
            admin_database_url=_url(env, "LEDGER_ADMIN_DATABASE_URL", _POSTGRES_SCHEMES) or database_url,
            auditor_database_url=_url(env, "LEDGER_AUDITOR_DATABASE_URL", _POSTGRES_SCHEMES) or database_url,
            erasure_database_url=_url(env, "LEDGER_ERASURE_DATABASE_URL", _POSTGRES_SCHEMES) or database_url,
            sealer_database_url=_url(env, "LEDGER_SEALER_DATABASE_URL", _POSTGRES_SCHEMES) or database_url,
            live_database_url=(
                _url(env, "LEDGER_LIVE_DATABASE_URL", _POSTGRES_SCHEMES)
                or _url(env, "LEDGER_WEB_DATABASE_URL", _POSTGRES_SCHEMES)
                or database_url
            ),
            redis_url=None if redis_url is None else client_url(redis_url),
            host=host,
            port=port,
            base_url=(env.get("LEDGER_BASE_URL") or http_address(host, port)).rstrip("/"),
            live_port=whole_number(env, "LEDGER_LIVE_PORT", 8081, 0, 65_535),
            live_url=_page_url(env, "LEDGER_LIVE_URL"),
            live_streams=whole_number(env, "LEDGER_LIVE_STREAMS", 2_000, 1, 50_000),
            live_streams_each=whole_number(env, "LEDGER_LIVE_STREAMS_PER_CALLER", 16, 1, 50_000),
            data=data_folder(env),
            pack_folder=Path(env.get("LEDGER_PACK") or DEFAULT_PACK_FOLDER),
            web_workers=whole_number(env, "LEDGER_WEB_WORKERS", 2, 1, 64),
            web_threads=whole_number(env, "LEDGER_WEB_THREADS", 8, 1, 64),
            worker_threads=whole_number(env, "LEDGER_WORKER_THREADS", 2, 1, 64),
            poll_seconds=_seconds(env, "LEDGER_POLL_SECONDS", 2.0, 0.1, 5.0),
            token_minutes=whole_number(env, "LEDGER_TOKEN_MINUTES", 15, 1, 60),
            reads_client_certificates=_is_chosen(env, "LEDGER_CLIENT_CERT_HEADER", "client-cert"),
            sign_in=_sign_in(env),
            log=_log(env),
            mail=_mail(env),
            webhooks=_webhooks(env),
            watch=_watch(env),
            attachment_bytes=whole_number(env, "LEDGER_ATTACHMENT_BYTES", 10 * 1024**2, 1024, 64 * 1024**2),
            agency_requests=whole_number(env, "LEDGER_AGENCY_REQUESTS_PER_MINUTE", 6_000, 0, 1_000_000),
            person_requests=whole_number(env, "LEDGER_PERSON_REQUESTS_PER_MINUTE", 600, 0, 1_000_000),
            address_requests=whole_number(env, "LEDGER_ADDRESS_REQUESTS_PER_MINUTE", 60, 0, 1_000_000),
            person_hour_reads=whole_number(env, "LEDGER_READS_PER_PERSON_HOUR", 60, 1, 1_000_000),
            person_day_reads=whole_number(env, "LEDGER_READS_PER_PERSON_DAY", 250, 1, 1_000_000),
            agency_hour_reads=whole_number(env, "LEDGER_READS_PER_AGENCY_HOUR", 2_000, 1, 1_000_000),
            agency_day_reads=whole_number(env, "LEDGER_READS_PER_AGENCY_DAY", 10_000, 1, 1_000_000),
        )

    @property
    def broker_url(self) -> str | None:
        """The same Redis as Celery names it."""
        return None if self.redis_url is None else celery_url(self.redis_url)


def secrets_read(env: Mapping[str, str]) -> dict[str, str]:
    """The environment with each secret that stands in a file in its place. Raises SettingsError."""
    try:
        return with_secrets(env)
    except SecretFileError as error:
        raise SettingsError(str(error)) from error


def data_folder(env: Mapping[str, str], *, demonstration: bool = False) -> Path:
    """Where data and state are kept: LEDGER_DATA, else `var/` of the checkout."""
    chosen = env.get("LEDGER_DATA")
    return Path(chosen).absolute() if chosen else CHECKOUT / "var" / ("demo" if demonstration else "ledger")


def http_address(host: str, port: int) -> str:
    """Where a person on this machine reaches the web server."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 — told apart, not bound
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"


def client_url(url: str) -> str:
    """A Redis URL as redis-py reads it."""
    if not url.startswith("redis+socket://"):
        return url
    return _respelled(url, "unix", {"virtual_host": "db"})


def celery_url(url: str) -> str:
    """A Redis URL as Celery reads it."""
    if not url.startswith("unix://"):
        return url
    return _respelled(url, "redis+socket", {"db": "virtual_host"})


def _respelled(url: str, scheme: str, names: Mapping[str, str]) -> str:
    parts = urlsplit(url)
    query = urlencode([(names.get(name, name), value) for name, (value, *_) in parse_qs(parts.query).items()])
    return f"{scheme}://{parts.netloc}{parts.path}{'?' if query else ''}{query}"


def _url(env: Mapping[str, str], name: str, schemes: tuple[str, ...]) -> str | None:
    value = env.get(name)
    if not value:
        return None
    if not value.startswith(schemes):
        raise SettingsError(f"{name} must begin with {' or '.join(schemes)}")
    return value


def _page_url(env: Mapping[str, str], name: str) -> str | None:
    """An address for browsers, without a path: it goes into a page and into its content policy."""
    value = (env.get(name) or "").rstrip("/")
    if not value:
        return None
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or value != f"{parts.scheme}://{parts.netloc}":
        raise SettingsError(f"{name} must be http:// or https:// with a host, and a port where one is needed")
    if "@" in parts.netloc or not all(character.isalnum() or character in ".-:[]" for character in parts.netloc):
        raise SettingsError(f"{name} must name a host, and a port where one is needed, and nothing else")
    return value


def whole_number(env: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    """A whole number from the environment, within bounds. Raises SettingsError."""
    value = env.get(name)
    if not value:
        return default
    if not (value.isascii() and value.isdigit()) or not least <= int(value) <= most:
        raise SettingsError(f"{name} must be a whole number from {least} to {most}")
    return int(value)


def _sign_in(env: Mapping[str, str]) -> SignInSettings:
    try:
        return SignInSettings.from_env(env)
    except SignInSettingsError as error:
        raise SettingsError(str(error)) from error


def _log(env: Mapping[str, str]) -> LogSettings:
    try:
        return LogSettings.from_env(env, data_folder(env))
    except LogSettingsError as error:
        raise SettingsError(str(error)) from error


def _mail(env: Mapping[str, str]) -> MailSettings:
    try:
        return MailSettings.from_env(env)
    except MailSettingsError as error:
        raise SettingsError(str(error)) from error


def _webhooks(env: Mapping[str, str]) -> WebhookSettings:
    try:
        return WebhookSettings.from_env(env)
    except WebhookSettingsError as error:
        raise SettingsError(str(error)) from error


def _watch(env: Mapping[str, str]) -> WatchSettings:
    try:
        return WatchSettings.from_env(env)
    except WatchSettingsError as error:
        raise SettingsError(str(error)) from error


def _is_chosen(env: Mapping[str, str], name: str, choice: str) -> bool:
    """Whether the one thing that may be chosen is; anything else than it or nothing is refused, never guessed at."""
    value = env.get(name) or ""
    if value not in ("", choice):
        raise SettingsError(f"{name} must be {choice}, or not set")
    return value == choice


def _seconds(env: Mapping[str, str], name: str, default: float, least: float, most: float) -> float:
    try:
        value = float(env.get(name) or default)
    except ValueError:
        value = float("nan")
    if not least <= value <= most:
        raise SettingsError(f"{name} must be a number of seconds from {least} to {most}")
    return value
