"""`ledger doctor`: what was found on this machine, what would be used, and what is wrong with it."""

import importlib.util
import os
import platform
import resource
import shutil
import socket
import sys
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

import click

from config.settings import SettingsError, data_folder, http_address, secrets_read, whole_number
from ledger.stack import binaries
from ledger.stack.account import can_reach, engine_account
from ledger.stack.fault import StackError
from ledger.stack.lock import holder

FREE_BYTES_LEAST = 500_000_000
CONNECT_SECONDS = 3


@click.command()
def doctor() -> None:
    """Say what was found on this machine and what would be used. Starts and changes nothing."""
    problems: list[str] = []
    try:
        env: Mapping[str, str] = secrets_read(os.environ)
    except SettingsError as error:
        env = os.environ
        problems.append(f"{error}.")
    line("Python", f"{platform.python_version()} at {sys.executable}")
    line("System", f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors")
    for look in (_postgres, _redis, _account, _data, _port, _live, _mail):
        try:
            problems += look(env)
        except StackError as error:
            problems.append(str(error))
    for problem in problems:
        line("Problem", problem)
    if problems:
        raise SystemExit(1)
    line("Verdict", verdict(env))


def verdict(env: Mapping[str, str]) -> str:
    """What a start would come to where nothing is wrong: it may be running already, or the port in use by what runs."""
    running = {demo: holder(data_folder(env, demonstration=demo)) for demo in (False, True)}
    if running[False]:
        return f"ledger up runs here already (pid {running[False]}); a second one would not start"
    if running[True]:
        port = ", with another --port" if _is_taken(env) else ""
        return f"ledger up --demo runs here already (pid {running[True]}); beside it ledger up can start{port}"
    return "ledger up can start here"


def line(name: str, text: str) -> None:
    click.echo(f"{name:<12}{text}")


def masked(url: str) -> str:
    """A URL without its password and without its options' values."""
    parts = urlsplit(url)
    user, at, place = parts.netloc.rpartition("@")
    name, colon, _ = user.partition(":")
    query = "&".join(
        pair if pair.partition("=")[0] in {"host", "port", "db", "virtual_host"} else f"{pair.partition('=')[0]}=***"
        for pair in filter(None, parts.query.split("&"))
    )
    return f"{parts.scheme}://{name}{':***' if colon else ''}{at}{place}{parts.path}{'?' if query else ''}{query}"


def _postgres(env: Mapping[str, str]) -> list[str]:
    url = env.get("DATABASE_URL")
    if url:
        line("PostgreSQL", f"{masked(url)} (DATABASE_URL)")
        return _asked(lambda: _postgres_at(url))
    found = binaries.list_postgres(env)
    for number, candidate in enumerate(found):
        note = "" if number else "  <- used for new data"
        line("PostgreSQL", f"{candidate.version_text:<8}{candidate.source}, {candidate.folder}{note}")
    chosen = binaries.find_postgres(env)
    return _patch_problem(chosen.version)


def _postgres_at(url: str) -> list[str]:
    import psycopg

    with psycopg.connect(url.replace("+psycopg", "", 1), connect_timeout=CONNECT_SECONDS) as connection:
        number = connection.info.server_version
        row = connection.execute(
            "SELECT rolcreaterole OR rolsuper, rolsuper FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
    version = (number // 10_000, number % 10_000)
    may_create, is_super = row or (False, False)
    line("", f"server {version[0]}.{version[1]}; the user {'may' if may_create else 'may not'} create roles")
    problems = _patch_problem(version)
    if version[0] < binaries.OLDEST_POSTGRES:
        problems.append(f"PostgreSQL {binaries.OLDEST_POSTGRES} or newer is needed.")
    if is_super:
        problems.append("DATABASE_URL's user is a superuser: the ledger's processes will not serve as that.")
    if not may_create:
        problems.append("DATABASE_URL's user may not create roles: fine once they exist, else give it CREATEROLE.")
    return problems


def _patch_problem(version: tuple[int, ...]) -> list[str]:
    if not binaries.below_patch_floor(version):
        return []
    floor = f"{version[0]}.{binaries.PATCH_FLOORS[version[0]]}"
    return [f"This PostgreSQL leaks hidden rows through statistics (CVE-2025-8713): use {floor} or newer."]


def _redis(env: Mapping[str, str]) -> list[str]:
    url = env.get("REDIS_URL")
    if not url:
        found = binaries.find_valkey(env)
        line("Valkey", f"{found.version_text:<8}{found.source}, {found.program()}")
        return []
    line("Redis", f"{masked(url)} (REDIS_URL)")
    return _asked(lambda: _redis_at(url))


def _redis_at(url: str) -> list[str]:
    import redis

    from config.settings import client_url

    with redis.Redis.from_url(client_url(url), socket_connect_timeout=CONNECT_SECONDS) as client:
        policy = str(client.info("memory").get("maxmemory_policy"))
    line("", f"answers; maxmemory-policy is {policy}")
    return [] if policy == "noeviction" else ["Redis may throw keys away: set maxmemory-policy noeviction."]


def _mail(env: Mapping[str, str]) -> list[str]:
    """By what mail leaves. No address and no password is shown, and nobody is connected to."""
    from config.mail_settings import MailSettings, MailSettingsError

    try:
        mail = MailSettings.from_env(env)
    except MailSettingsError as error:
        return [f"{error}."]
    if mail.smtp is not None:
        smtp = mail.smtp
        tls = "TLS" if smtp.is_tls else "STARTTLS" if smtp.needs_starttls else "in the clear, on this machine"
        line("Mail", f"{smtp.host}:{smtp.port}, {tls} (LEDGER_SMTP_URL)")
    elif mail.notify is not None:
        line("Mail", f"GOV.UK Notify at {mail.notify.base_url} (LEDGER_NOTIFY_KEY)")
        if importlib.util.find_spec("notifications_python_client") is None:
            return ["GOV.UK Notify's client is not installed: install the ledger with its extra notify."]
    else:
        line("Mail", "none: LEDGER_SMTP_URL is not set, so nobody is told by mail")
    return []


def _asked(ask: Callable[[], list[str]]) -> list[str]:
    """What asking a server gave; of a failure its kind alone, for its text may repeat the URL."""
    try:
        return ask()
    except Exception as error:  # noqa: BLE001 — whatever a driver raises means that it cannot be used
        return [f"It cannot be used: {type(error).__name__}."]


def _account(env: Mapping[str, str]) -> list[str]:
    account = engine_account(env)
    why = " (this is root, and the engines do not run as root)" if account.changes else ""
    line("Engines", f"run as {account.name}{why}")
    return []


def _data(env: Mapping[str, str]) -> list[str]:
    problems = []
    data = data_folder(env)
    for folder in dict.fromkeys((data, data_folder(env, demonstration=True))):
        pid = holder(folder)
        state = f"in use by a running stack (pid {pid})" if pid else "not in use" if folder.exists() else "not made yet"
        line("Data", f"{folder}: {state}")
    existing = next(path for path in (data, *data.parents) if path.exists())
    free = shutil.disk_usage(existing).free
    line("Disk", f"{free / 1e9:.1f} GB free")
    if free < FREE_BYTES_LEAST:
        problems.append(
            "Little disk space is left; the ledger refuses to lose anything, so it will stop taking entries."
        )
    if not os.access(existing, os.W_OK):
        problems.append(f"{existing} cannot be written: set LEDGER_DATA.")
    if not can_reach(existing, engine_account(env)):
        line("", "the engines' account cannot reach it: their data goes to /var/lib/ledger")
    return problems


def _address(env: Mapping[str, str]) -> tuple[str, int]:
    return env.get("LEDGER_HOST") or "127.0.0.1", int(env.get("LEDGER_PORT") or 8080)


def _is_taken(env: Mapping[str, str]) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(_address(env)) == 0


def _port(env: Mapping[str, str]) -> list[str]:
    host, port = _address(env)
    taken = _is_taken(env)
    line("Port", f"{http_address(host, port)} is {'taken' if taken else 'free'}")
    running = any(holder(data_folder(env, demonstration=demo)) for demo in (False, True))
    return [f"Port {port} is taken by another program: --port or LEDGER_PORT."] if taken and not running else []


def _live(env: Mapping[str, str]) -> list[str]:
    """Where streams are served; pages of another host would never be let in."""
    pages, streams = env.get("LEDGER_BASE_URL"), env.get("LEDGER_LIVE_URL") or env.get("LEDGER_BASE_URL")
    port = env.get("LEDGER_LIVE_PORT")
    line("Live", f"port {port or 'after the web’s'}; browsers reach it at {streams or 'its own address'}")
    problems = []
    if pages and streams and urlsplit(pages).hostname != urlsplit(streams).hostname:
        problems.append("LEDGER_LIVE_URL names another host than LEDGER_BASE_URL: no session would be sent there.")
    descriptors = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    try:
        wanted = whole_number(env, "LEDGER_LIVE_STREAMS", 2_000, 1, 50_000) + 300
    except SettingsError as error:
        return [*problems, f"{error}."]
    if descriptors != resource.RLIM_INFINITY and descriptors < wanted:
        problems.append(f"A process may open {descriptors} files here, and ledger live may need {wanted}.")
    return problems
