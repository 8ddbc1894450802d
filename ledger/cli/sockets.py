"""The two HTTP sockets of a stack on one machine, bound before anything starts: the pages' and the streams'.

They outlive the processes that serve them, so that clients wait while a part is started again.
"""

import contextlib
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import NamedTuple
from urllib.parse import urlsplit

from config.settings import http_address
from ledger.stack import listener
from ledger.stack.fault import StackError

_PORT_MOST = 65_535


class Sockets(NamedTuple):
    """Both, bound and listening."""

    web: socket.socket
    live: socket.socket

    @property
    def ports(self) -> tuple[int, int]:
        """The web's and the streams'."""
        return port_of(self.web), port_of(self.live)

    def close(self) -> None:
        """Serve nobody who comes from now on."""
        self.web.close()
        self.live.close()

    def environment(self, host: str, env: Mapping[str, str]) -> dict[str, str]:
        """What processes are told of them. Behind a proxy of the operator's, streams are had where the pages are."""
        web, live = self.ports
        told = {"LEDGER_PORT": str(web), "LEDGER_LIVE_PORT": str(live)}
        if not env.get("LEDGER_LIVE_URL"):
            pages = urlsplit(env.get("LEDGER_BASE_URL") or http_address(host, live))
            told["LEDGER_LIVE_URL"] = f"{pages.scheme}://{pages.netloc}"
        return told


@contextmanager
def bound(host: str, port: int, live_port: int | None, *, patience_seconds: float) -> Iterator[Sockets]:
    """Both, and closed in the end. Without a port of its own the streams' is the next, or any where that is taken.

    Raises StackError.
    """
    with listener.bind(host, port, patience_seconds=patience_seconds) as web:
        if live_port is not None:
            live = listener.bind(host, live_port, patience_seconds=patience_seconds, choice="LEDGER_LIVE_PORT")
        else:
            live = _near(host, port)
        with live:
            yield Sockets(web, live)


def port_of(sock: socket.socket) -> int:
    """The port that a socket is bound to."""
    return int(sock.getsockname()[1])


def _near(host: str, port: int) -> socket.socket:
    with contextlib.suppress(StackError):
        if 0 < port < _PORT_MOST:
            return listener.bind(host, port + 1)
    return listener.bind(host, 0)
