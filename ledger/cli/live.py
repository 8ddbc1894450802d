"""`ledger live`: the one process that holds streams open and tells their readers that something new has come."""

import asyncio
import contextlib
import os
import random
import resource
import signal
import socket
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from config.settings import Settings
from ledger.cli.environment import current_settings
from ledger.cli.processes import refuse_unfit_role
from ledger.stack import listener
from ledger.stack.fault import StackError
from ledger.stack.notice import notify_ready

if TYPE_CHECKING:
    from ledger.live.clients import ReadCertificate

#: Descriptors beside one for each stream.
_BESIDE = 300
#: Between these, by chance, readers come back who were cut off together, so that they do not come at once.
_RETRY_MS = (1_000, 4_000)


@click.command()
@click.option("--fd", "descriptor", type=int, help="Serve the socket bound to this file descriptor.")
def live(descriptor: int | None) -> None:
    """Hold streams open (GET /live), and tell their readers that something new has come."""
    from config import log

    log.configure()
    settings = current_settings()
    refuse_unfit_role(settings.live_database_url, "ledger_web")
    _raise_descriptors(settings.live_streams + _BESIDE)
    try:
        bound = (
            socket.socket(fileno=descriptor)
            if descriptor is not None
            else listener.bind(settings.host, settings.live_port, choice="LEDGER_LIVE_PORT")
        )
    except StackError as error:
        raise click.ClickException(str(error)) from error
    # What serves gives a signal on once it has stopped for it.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))
    asyncio.run(_serve(settings, bound))


async def _serve(settings: Settings, bound: socket.socket) -> None:
    from ledger.live.application import CONNECTIONS, Live
    from ledger.live.clients import origin_of
    from ledger.live.hub import Limits
    from ledger.live.server import server_of
    from ledger.live.streams import Manner
    from ledger.services.begin_watch import watch_of
    from ledger.store.database import connect_engine
    from ledger.store.party import LIVE

    serving = Live(
        connect_engine(settings.live_database_url, "ledger_web", pool_size=CONNECTIONS),
        settings.live_database_url,
        limits=Limits(settings.live_streams, settings.live_streams_each),
        manner=Manner(
            origin_of(settings.base_url),
            lambda: random.randint(*_RETRY_MS),  # noqa: S311 - no secret
            read_certificate=_certificate_reader(settings),
        ),
        now=lambda: datetime.now(UTC),
    )
    watch_of("live", settings, settings.live_database_url, "ledger_web", lambda: datetime.now(UTC), party=LIVE).begin()
    notify_ready(os.environ)
    await server_of(serving, streams=settings.live_streams).serve(sockets=[bound])


def _certificate_reader(settings: Settings) -> "ReadCertificate":
    if not settings.reads_client_certificates:
        return lambda _header: None
    # What reads certificates takes 9 MB, which a process without them can do without.
    from ledger.services.read_certificate import read_client_cert

    return read_client_cert


def _raise_descriptors(wanted: int) -> None:
    """Each stream is an open file, and the usual bound of 1,024 is soon met."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
