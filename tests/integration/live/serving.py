"""The live process's application, served in a thread of the test's own over the test's database."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy import Engine

from ledger.live.application import CONNECTIONS, Live
from ledger.live.hub import Hub, Limits
from ledger.live.server import Server, server_of
from ledger.live.streams import Manner
from ledger.stack import listener
from ledger.store.database import connect_engine

LIMITS = Limits(100, 50)
ORIGIN = "https://ledger.example"


class Served:
    """A running server: its port, its hub, and the engine by which it asks."""

    def __init__(self, port: int, live: Live, server: Server, engine: Engine) -> None:
        self.port, self.live, self.engine = port, live, engine
        self._server = server

    @property
    def hub(self) -> Hub:
        return self.live.hub

    def stop(self) -> None:
        """As a signal would."""
        self._server.should_exit = True


@contextmanager
def served(
    database_url: str, *, limits: Limits = LIMITS, origin: str = ORIGIN, beat_s: float = 15.0, write_s: float = 30.0
) -> Iterator[Served]:
    """Serve until left."""
    engine = connect_engine(database_url, "ledger_web", pool_size=CONNECTIONS)
    manner = Manner(origin, lambda: 1234, beat_s=beat_s, write_s=write_s)
    with listener.bind("127.0.0.1", 0) as bound:
        live = Live(engine, database_url, limits=limits, manner=manner, now=lambda: datetime.now(UTC))
        server = server_of(live, streams=limits.in_all)
        thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[bound])))
        thread.start()
        try:
            until(lambda: server.started and live.hub.is_hearing)
            yield Served(int(bound.getsockname()[1]), live, server, engine)
        finally:
            server.should_exit = True
            thread.join(20)


def until(is_so: Callable[[], bool], within_seconds: float = 10.0) -> None:
    """Wait for something."""
    deadline = time.monotonic() + within_seconds
    while not is_so():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.01)
