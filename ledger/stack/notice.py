"""How a part says that it is up: a datagram on the socket that NOTIFY_SOCKET names, as service managers have it.

The same command then also works as a unit of a service manager that waits for readiness.
"""

import contextlib
import socket
from collections.abc import Mapping
from pathlib import Path

VARIABLE = "NOTIFY_SOCKET"
_READY = b"READY=1"


def notify_ready(env: Mapping[str, str]) -> None:
    """Say that this process is up, if anyone wants to know."""
    address = env.get(VARIABLE)
    if not address:
        return
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.connect(f"\0{address[1:]}" if address.startswith("@") else address)
        sender.sendall(_READY)


class NoticeBoard:
    """Where one part's notice is awaited; made anew for each start, so that an old notice cannot speak for it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._socket: socket.socket | None = None

    def clear(self) -> dict[str, str]:
        """Forget what was said; the environment that lets the part to be started say it."""
        self.close()
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.setblocking(False)  # noqa: FBT003 — the socket's own interface
        self._socket.bind(str(self.path))
        return {VARIABLE: str(self.path)}

    def is_ready(self) -> bool:
        """Whether the part has said so since the last call."""
        if self._socket is None:
            return False
        try:
            return _READY in self._socket.recv(4096)
        except OSError:
            return False

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None
        self.path.unlink(missing_ok=True)
