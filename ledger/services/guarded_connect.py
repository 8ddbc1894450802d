"""Connecting to an address that an agency gave: what was checked is what is connected to.

A name is resolved once for each connection, every address that it leads to (through whatever aliases) is checked, and
the connection is made to one of those very addresses, never to the name again. So a server of names that answers
otherwise the second time is not asked a second time. TLS still names the host, and its certificate is checked by that
name: httpcore hands it on, and this stands below. Nothing but TCP is ever connected to. One deadline holds for all of a
message, however slowly bytes come.
"""

import socket
import ssl
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from ipaddress import IPv4Address, ip_address
from threading import Thread
from typing import Any

import httpcore

from ledger.domain.public_address import Address, why_not

#: The addresses that a name leads to. Raises OSError where there are none.
Resolve = Callable[[str, int], Sequence[str]]
#: So many of a name's addresses are tried.
_ADDRESSES_MOST = 4
_LOOPBACK = IPv4Address("127.0.0.1")


class RefusedAddressError(httpcore.ConnectError):
    """The name leads to an address that is not public: nothing was connected to."""


class Deadline:
    """How long is left of a message's time, by a clock that only runs forward."""

    def __init__(self, seconds: float, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._ends = monotonic() + seconds

    def left(self, most: float | None = None) -> float:
        """The seconds that are left, and no more than `most`. Raises httpcore.ReadTimeout where none are."""
        left = self._ends - self._monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout
        return left if most is None else min(left, most)


def resolve(host: str, port: int) -> list[str]:
    """As the machine resolves names, aliases followed to their end. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return [str(sockaddr[0]) for *_, sockaddr in found]


class GuardedBackend(httpcore.NetworkBackend):
    """Connects to public addresses alone; `loopback`: to 127.0.0.1 alone, which is for demonstrations.

    `below` dials what was checked; another one stands in for the network in tests.
    """

    def __init__(
        self,
        deadline: Deadline,
        *,
        resolve: Resolve = resolve,
        below: httpcore.NetworkBackend | None = None,
        loopback: bool = False,
    ) -> None:
        self._deadline, self._resolve, self._loopback = deadline, resolve, loopback
        self._below = below or httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to one of the checked addresses. Raises RefusedAddressError, and what httpcore raises."""
        addresses = self._checked(host, port, timeout)
        failed: Exception = httpcore.ConnectError("no address")
        for address in addresses[:_ADDRESSES_MOST]:
            left = self._deadline.left(timeout)
            try:
                stream = self._below.connect_tcp(str(address), port, left, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
                continue
            return _Timed(stream, self._deadline)
        raise failed

    def connect_unix_socket(self, *_: Any, **__: Any) -> httpcore.NetworkStream:
        """Never. Raises RefusedAddressError."""
        raise RefusedAddressError

    def _checked(self, host: str, port: int, timeout: float | None) -> list[Address]:
        """The addresses of a host, each of which may be connected to: one that may not spoils them all."""
        try:
            found = _in_time(lambda: self._resolve(host, port), self._deadline.left(timeout))
            addresses = [ip_address(address) for address in dict.fromkeys(found)]
        except (OSError, ValueError, UnicodeError) as error:
            raise httpcore.ConnectError("the name leads nowhere") from error
        if self._loopback and host == str(_LOOPBACK):
            return [address for address in addresses if address == _LOOPBACK]
        if not addresses or any(why_not(address) is not None for address in addresses):
            raise RefusedAddressError
        return addresses


class DirectBackend(httpcore.NetworkBackend):
    """To a proxy of the operator's own, which is asked by its name and may stand anywhere: the same deadline."""

    def __init__(self, deadline: Deadline) -> None:
        self._deadline, self._below = deadline, httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the proxy. Raises what httpcore raises."""
        left = self._deadline.left(timeout)
        stream = self._below.connect_tcp(host, port, left, local_address, socket_options)
        return _Timed(stream, self._deadline)


class _Timed(httpcore.NetworkStream):
    """A stream whose every step has only what is left of the message's time."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream, self._deadline = stream, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = self._deadline.left(timeout)
        return _Timed(self._stream.start_tls(ssl_context, server_hostname, left), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _in_time(ask: Callable[[], Sequence[str]], seconds: float) -> Sequence[str]:
    """What is asked, if it is answered in time: the machine's resolver itself has no time limit to set."""
    answer: Future[Sequence[str]] = Future()

    def run() -> None:
        try:
            answer.set_result(ask())
        except Exception as error:  # noqa: BLE001 - handed to whoever waits
            answer.set_exception(error)

    Thread(target=run, name="resolve", daemon=True).start()
    try:
        return answer.result(seconds)
    except TimeoutError:
        raise httpcore.ConnectTimeout from None
