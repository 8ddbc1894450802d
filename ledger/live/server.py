"""Serving: uvicorn on one socket, one event loop, and an end of every stream when the process is asked to stop."""

import asyncio
import socket
from typing import Any, Final

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from ledger.live.application import Live

#: How long streams are given to end; then they are cut off.
STOP_S: Final = 5
#: What the system holds of what one reader has not read yet; the transport holds about as much again.
SEND_BYTES: Final = 64 * 1024
#: Connections beside the streams: health checks, and those who are being refused.
BESIDE: Final = 200


#: How long whoever connects may take until they have asked, and between two requests.
ASK_S: Final = 20.0


class Protocol(H11Protocol):
    """One connection. Its buffers are bounded, who asks nothing on it is cut off after a while, and the application can
    cut it off: closing would wait for a reader who does not read.
    """

    _patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        transport.set_write_buffer_limits(high=SEND_BYTES)
        held: socket.socket | None = transport.get_extra_info("socket")
        if held is not None and held.family in (socket.AF_INET, socket.AF_INET6):
            held.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BYTES)
        self.app_state = {**self.app_state, "abort": transport.abort}
        self._wait_to_be_asked()

    def data_received(self, data: bytes) -> None:
        before = self.cycle
        super().data_received(data)
        if self.cycle is not before:
            self._wait_no_more()

    def on_response_complete(self) -> None:
        self._wait_to_be_asked()
        answered = self.cycle
        super().on_response_complete()  # which begins with the next request, where that has come already
        if self.cycle is not answered:
            self._wait_no_more()

    def connection_lost(self, exc: Exception | None) -> None:
        self._wait_no_more()
        super().connection_lost(exc)

    def _wait_to_be_asked(self) -> None:
        self._wait_no_more()
        self._patience = self.loop.call_later(ASK_S, self.transport.abort)

    def _wait_no_more(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None


class Server(uvicorn.Server):
    """Ends all streams before it waits for connections to end."""

    def __init__(self, config: uvicorn.Config, live: Live) -> None:
        super().__init__(config)
        self._live = live

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._live.hub.stop()
        await super().shutdown(sockets)


def server_of(live: Live, *, streams: int) -> Server:
    """What serves so many streams; `serve(sockets=…)` runs it until it is asked to stop."""
    options: dict[str, Any] = {
        "http": Protocol,
        "ws": "none",
        "loop": "asyncio",
        "lifespan": "on",
        "log_config": None,
        "access_log": False,  # an address can hold where somebody has got to
        "server_header": False,
        "date_header": False,
        "proxy_headers": False,
        "backlog": 2048,
        "limit_concurrency": streams + BESIDE,
        "timeout_keep_alive": 15,
        "timeout_graceful_shutdown": STOP_S,
    }
    return Server(uvicorn.Config(live.application, **options), live)
