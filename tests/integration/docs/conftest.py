"""A partnership served over real HTTP, with detection running, for the examples of the documents."""

import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from werkzeug.serving import make_server

from ledger.services.detect_due import Setbacks, sweep
from tests.partnership import Partnership, default_pack


@dataclass(frozen=True)
class Served:
    """Where a partnership is served, and what the command line needs to reach its database."""

    partnership: Partnership
    address: str

    @property
    def env(self) -> dict[str, str]:
        return {**os.environ, "DATABASE_URL": self.partnership.database_url}


@pytest.fixture
def served(partnership: Partnership) -> Iterator[Served]:
    """The application in a thread, and a thread that detects."""
    server = make_server("127.0.0.1", 0, partnership.app, threaded=True)
    done = threading.Event()
    threads = [
        threading.Thread(target=server.serve_forever, daemon=True),
        threading.Thread(target=_detect, args=(partnership, done), daemon=True),
    ]
    for thread in threads:
        thread.start()
    yield Served(partnership, f"http://127.0.0.1:{server.server_port}")
    done.set()
    server.shutdown()
    for thread in threads:
        thread.join(10)


def _detect(partnership: Partnership, done: threading.Event) -> None:
    setbacks = Setbacks()
    while not done.wait(0.1):
        sweep(partnership.engine("ledger_worker"), lambda _digest: default_pack(), os.urandom, setbacks=setbacks)
