"""One request to a receiver: to an address that is checked as it is connected to, within one deadline, and what of the
answer is looked at: its number, and when it wants to be asked again. Redirects are not followed: they are an answer.
"""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import Final
from urllib.parse import urlsplit

import httpcore

from ledger.domain.webhook_url import WebhookUrl
from ledger.services.guarded_connect import (
    Deadline,
    DirectBackend,
    GuardedBackend,
    RefusedAddressError,
    Resolve,
    resolve,
)

#: A message has so many seconds from its name's resolving to its answer, and so many of them to be connected.
SECONDS: Final = 20.0
CONNECT_S: Final = 5.0
#: An answer is read to its end, or to this, so that a receiver's own log is in order; it says nothing to us.
BYTES_MOST: Final = 64 * 1024
AGENT: Final = "safeguarding-ledger"


@dataclass(frozen=True, slots=True)
class Egress:
    """How this process may reach the internet. `proxy`: http://host:port of one that is asked to connect (CONNECT)."""

    proxy: str | None = None
    #: Whether 127.0.0.1 may be sent to, over plain http; it is of no effect where the ledger is no demonstration.
    loopback: bool = False
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context, repr=False)
    resolve: Resolve = resolve
    #: What dials; None: the network itself.
    below: httpcore.NetworkBackend | None = None
    seconds: float = SECONDS


@dataclass(frozen=True, slots=True)
class Answered:
    """What a receiver answered."""

    status: int
    retry_after: str | None = None
    #: How much of its body was read.
    bytes_read: int = 0


def post_webhook(egress: Egress, url: WebhookUrl, signed: Mapping[str, str], body: bytes) -> Answered | str:
    """What was answered, or in a word of ours why nothing was."""
    deadline = Deadline(egress.seconds, monotonic)
    headers = [
        *signed.items(),
        ("host", urlsplit(url.origin).netloc),
        ("content-type", "application/json"),
        ("user-agent", AGENT),
        ("connection", "close"),
    ]
    asked = httpcore.URL(scheme="http" if url.is_plain else "https", host=url.host, port=url.port, target=url.target)
    timeouts = dict.fromkeys(("read", "write", "pool"), egress.seconds) | {"connect": CONNECT_S}
    try:
        with (
            _pool(egress, url, deadline) as pool,
            pool.stream("POST", asked, headers=headers, content=body, extensions={"timeout": timeouts}) as response,
        ):
            found = {name.lower(): value for name, value in response.headers}
            retry_after = found.get(b"retry-after")
            return Answered(
                response.status, None if retry_after is None else retry_after.decode("latin-1"), _drain(response)
            )
    except RefusedAddressError:
        return "address_refused"
    except httpcore.TimeoutException:
        return "timeout"
    except (ssl.SSLError, httpcore.ConnectError) as error:
        return "tls" if _is_of_tls(error) else "not_connected"
    except httpcore.ProxyError:
        return "proxy_refused"
    except (httpcore.NetworkError, httpcore.ProtocolError, OSError, ValueError):
        return "broken_off"


def _pool(egress: Egress, url: WebhookUrl, deadline: Deadline) -> httpcore.ConnectionPool:
    """A connection for one message: none is kept, so that each is checked anew."""
    if egress.proxy is not None and not url.is_plain:
        # The proxy resolves and checks: where it stands, names may lead elsewhere than here.
        return httpcore.HTTPProxy(
            egress.proxy, ssl_context=egress.tls, max_connections=1, network_backend=DirectBackend(deadline)
        )
    loopback = egress.loopback and url.is_plain
    backend = GuardedBackend(deadline, resolve=egress.resolve, below=egress.below, loopback=loopback)
    return httpcore.ConnectionPool(ssl_context=egress.tls, max_connections=1, retries=0, network_backend=backend)


def _drain(response: httpcore.Response) -> int:
    """Read an answer's body to its end or to the limit: how much; what it says, or that it breaks off, is nothing."""
    read = 0
    try:
        for piece in response.iter_stream():
            read += len(piece)
            if read >= BYTES_MOST:
                break
    except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException):
        pass
    return read


def _is_of_tls(error: Exception) -> bool:
    """What httpcore caught it hands on as an argument of its own error, and takes it away as the cause."""
    return isinstance(error, ssl.SSLError) or any(isinstance(one, ssl.SSLError) for one in error.args)
