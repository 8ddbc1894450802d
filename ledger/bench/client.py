"""One connection to a server of this machine that asks and waits, for what is measured one request at a time."""

import socket
from types import TracebackType
from typing import Self

from ledger.bench.load import LOOPBACK
from ledger.bench.wire import Answer, AnswerReader, WireError, request, request_head


class Client:
    """A keep-alive connection that carries one agency's key."""

    def __init__(self, port: int, token: str) -> None:
        self._port, self._token = port, token
        self._reader = AnswerReader()

    def __enter__(self) -> Self:
        self._socket = socket.create_connection((LOOPBACK, self._port), timeout=30)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()

    def send(self, method: str, path: str, body: bytes = b"") -> Answer:
        """Send one request and wait for its whole answer. Raises WireError or OSError."""
        self._socket.sendall(request(request_head(method, f"{LOOPBACK}:{self._port}", path, self._token), body))
        while True:
            data = self._socket.recv(1 << 18)
            if not data:
                raise WireError("the server closed the connection before its answer was whole")
            answer = self._reader.take(data)
            if answer is not None:
                return answer
