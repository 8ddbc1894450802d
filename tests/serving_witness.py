"""Witnesses that answer over HTTP in threads of the test: true ones, and ones that lie, stall or break."""

import socket
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from ledger.domain.log.note import Verifier
from ledger.witness.key import WitnessKey
from ledger.witness.serve import witness_app
from ledger.witness.store import Store
from ledger.witness.witness import Witness, logs_by_origin
from tests.signing_log import seed_of

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class _Silent(WSGIRequestHandler):
    """Writes no line a request."""

    def log(self, *_: object, **__: object) -> None:
        """Say nothing."""


@dataclass
class ServedWitness:
    """One witness with a store of its own. `twist` stands before it: it gets the honest application, to use or not."""

    name: str
    folder: Path
    logs: list[Verifier]
    twist: Callable[[Wsgi], Wsgi] = lambda honest: honest
    asked: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.key = WitnessKey(f"{self.name}.example/witness", seed_of(self.name))
        self.store_path = self.folder / f"{self.name}.db"
        Store.make(self.store_path, self.key.vkey)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._server: BaseWSGIServer | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def line(self) -> str:
        """Its line of a policy."""
        return f"witness {self.name} {self.key.vkey} {self.url}"

    @property
    def witness(self) -> Witness:
        """The witness itself, on its store."""
        store = Store(self.store_path, self.key.vkey)
        return Witness(self.key, logs_by_origin(self.logs), store, lambda: datetime.now(UTC))

    def start(self) -> "ServedWitness":
        """Serve, from what was remembered."""
        honest = witness_app(self.witness)

        def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
            if environ["REQUEST_METHOD"] == "POST":
                self.asked.append(time.monotonic())
            return self.twist(honest)(environ, start)

        server = make_server("127.0.0.1", self.port, application, threaded=True, request_handler=_Silent)
        server.daemon_threads = True  # type: ignore[attr-defined]
        server.block_on_close = False  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        self._server = server
        return self

    def stop(self) -> None:
        """Answer no more; what was remembered stays."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None


def answering(status: int, body: bytes = b"", *, after_s: float = 0.0, **headers: str) -> Callable[[Wsgi], Wsgi]:
    """Whatever is asked, this is answered."""

    def application(_environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        time.sleep(after_s)
        start(f"{status} Said", [("Content-Length", str(len(body))), *headers.items()])
        return [body]

    return lambda _honest: application


def stalling(after_s: float) -> Callable[[Wsgi], Wsgi]:
    """Honest, and slow."""

    def twisted(honest: Wsgi) -> Wsgi:
        def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
            time.sleep(after_s)
            return honest(environ, start)

        return application

    return twisted
