"""A wire between a client and PostgreSQL that counts round trips: how often the client asked and had to wait.

Counted are the messages that make the server answer what was asked: Query of the simple protocol, Sync of the extended
one, and a Flush with anything asked before it. (The driver sends an idle Flush right behind a pipeline's Sync.)
"""

import contextlib
import shutil
import socket
import tempfile
import threading
from pathlib import Path
from typing import Self

from sqlalchemy import make_url

_SYNC, _QUERY, _FLUSH = b"SQH"
_HEADER = 5  # a message's type and its length, which counts itself


class CountingWire:
    """Listens on a socket of its own and passes everything on; `url` leads through it."""

    def __init__(self, url: str) -> None:
        target = make_url(url)
        host = str(target.query.get("host") or target.host or "")
        port = int(str(target.query.get("port") or target.port or 5432))
        self._to = f"{host}/.s.PGSQL.{port}" if host.startswith("/") else (host, port)
        self._folder = Path(tempfile.mkdtemp(prefix="wire-"))
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(self._folder / ".s.PGSQL.5432"))
        self._listener.listen()
        self._open: list[socket.socket] = []
        through = target.set(host=None, port=None, query={**target.query, "host": str(self._folder), "port": "5432"})
        self.url = through.render_as_string(hide_password=False)
        self.trips = 0

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_exception: object) -> None:
        for end in (self._listener, *self._open):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def taken(self) -> int:
        """The trips since this was last asked."""
        trips, self.trips = self.trips, 0
        return trips

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.socket(socket.AF_UNIX if isinstance(self._to, str) else socket.AF_INET)
                server.connect(self._to)
                self._open += [client, server]
                threading.Thread(target=self._ask, args=(client, server), daemon=True).start()
                threading.Thread(target=self._answer, args=(server, client), daemon=True).start()

    def _ask(self, client: socket.socket, server: socket.socket) -> None:
        waiting = b""
        is_started = has_asked = False
        with contextlib.suppress(OSError):
            while data := client.recv(1 << 16):
                waiting += data
                if not is_started:  # the start-up message alone has no type
                    size = int.from_bytes(waiting[:4], "big")
                    is_started, waiting = True, waiting[size:]
                while len(waiting) >= _HEADER and len(waiting) > int.from_bytes(waiting[1:_HEADER], "big"):
                    kind = waiting[0]
                    self.trips += kind in (_SYNC, _QUERY) or (kind == _FLUSH and has_asked)
                    has_asked = kind not in (_SYNC, _QUERY, _FLUSH)
                    waiting = waiting[1 + int.from_bytes(waiting[1:_HEADER], "big") :]
                server.sendall(data)

    @staticmethod
    def _answer(server: socket.socket, client: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := server.recv(1 << 16):
                client.sendall(data)
