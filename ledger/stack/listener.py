"""The HTTP socket, bound before anything starts, and the question whether someone answers on it."""

import contextlib
import errno
import select
import socket
import time

from ledger.stack.fault import StackError

BACKLOG = 2048


def bind(
    host: str, port: int, *, patience_seconds: float = 0.0, choice: str = "--port {other}, or LEDGER_PORT"
) -> socket.socket:
    """Bind and listen, so that clients queue while its part starts or is started again. Raises StackError.

    `choice` is how another port is chosen, for whoever is told that this one is taken; `{other}` is the next.

    Patience is for the moment after a supervisor was killed, while what it had started still ends.
    """
    deadline = time.monotonic() + patience_seconds
    while True:
        try:
            return _listening(host, port)
        except socket.gaierror as error:
            raise StackError(f"{host} is not an address of this machine.") from error
        except OSError as error:
            if error.errno == errno.EADDRINUSE and time.monotonic() < deadline:
                time.sleep(0.1)
                continue
            raise StackError(_why(host, port, error, choice)) from error


def _listening(host: str, port: int) -> socket.socket:
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    bound = socket.socket(family, kind, protocol)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
        bound.listen(BACKLOG)
    except OSError:
        bound.close()
        raise
    return bound


def _why(host: str, port: int, error: OSError, choice: str) -> str:
    if error.errno == errno.EADDRINUSE:
        chosen = choice.format(other=port + 1)
        return f"Port {port} on {host} is taken by another program. Choose another: {chosen}."
    if error.errno == errno.EACCES:
        chosen = choice.format(other=8080)
        return f"Port {port} may not be used by this account. Choose one above 1023: {chosen}."
    return f"Cannot listen on {host}, port {port}: {error.strerror}."


class AnswerProbe:
    """Asks a web server one question without ever waiting for it; `answered` says when it has answered."""

    REQUEST = b"GET /health/live HTTP/1.0\r\nHost: localhost\r\n\r\n"

    def __init__(self, host: str, port: int) -> None:
        self._address = (host, port)
        self._connection: socket.socket | None = None

    def answered(self) -> bool:
        """Whether any HTTP answer has come by now; asks again after a connection that broke."""
        try:
            if self._connection is None:
                self._connection = socket.create_connection(self._address, timeout=0.2)
                self._connection.sendall(self.REQUEST)
            if not select.select([self._connection], [], [], 0)[0]:
                return False
            answer = self._connection.recv(64)
        except OSError:
            self.close()
            return False
        self.close()
        return answer.startswith(b"HTTP/")

    def close(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(OSError):
                self._connection.close()
            self._connection = None
