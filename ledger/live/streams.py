"""`GET /live`: one stream of server-sent events for whoever may follow, until they go or may no longer.

The answer begins when it is known who asks. From then on one task writes and one waits for the reader to go. A reader
who does not read is cut off when a write has waited for its bound: what it holds by then is what the sockets' buffers
and the stream's own bounded list hold, and no more.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from ledger.domain.position import Position
from ledger.live import events
from ledger.live.clients import Asked, ReadCertificate, read_asked
from ledger.live.hub import Hub, TooManyError
from ledger.live.problems import problem, refused
from ledger.live.stream import Ending, Stream
from ledger.services.authenticate import refusal_of
from ledger.services.follow import Follower
from ledger.services.refusal import RefusedError
from ledger.store.party import NotHeldError

#: What keeps a reader's way open: proxies end what says nothing, most of them after a minute.
BEAT_S: Final = 15.0
#: How long one write may wait for its reader.
WRITE_S: Final = 30.0
#: After how long whoever was refused for a time is to ask again.
RETRY_CALLER_S, RETRY_ALL_S = 60, 15

_HEADERS: Final = {
    "Content-Type": events.MEDIA_TYPE,
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",  # nginx hands each event on as it comes
}
_log = structlog.get_logger("ledger.live")

#: Finds out who asks, and where they go on; raises RefusedError, NotHeldError, and AwayError while nobody can say.
Enter = Callable[[Asked], Awaitable[tuple[Follower, Position]]]


class AwayError(Exception):
    """The database does not answer."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How streams are served. `origin` is the pages'; `retry_ms` how soon a reader comes back, each its own time."""

    origin: str
    retry_ms: Callable[[], int]
    #: Reads the header Client-Cert, where it may be believed.
    read_certificate: ReadCertificate = lambda _header: None
    beat_s: float = BEAT_S
    write_s: float = WRITE_S


class Streams:
    """The ASGI application behind the one address."""

    def __init__(self, hub: Hub, enter: Enter, manner: Manner) -> None:
        self._hub, self._enter, self._manner = hub, enter, manner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        if request.method != "GET":  # HEAD, which the router lets through where GET is served
            raise HTTPException(405)
        headers = _shared(request, self._manner.origin)
        opened = await self._open(request)
        if isinstance(opened, Response):
            opened.headers.update(headers)
            await opened(scope, receive, send)
            return
        sent = {name.lower().encode(): text.encode() for name, text in {**_HEADERS, **headers}.items()}
        gone = asyncio.create_task(_until_gone(receive, opened))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": list(sent.items())})
            is_stuck = await self._write(opened, send)
        finally:
            gone.cancel()
            self._hub.leave(opened)
        if is_stuck:  # whatever it ended for: closing would wait for its reader for ever
            scope["state"]["abort"]()

    async def _open(self, request: Request) -> Stream | Response:
        try:
            asked = read_asked(request, self._manner.origin, self._manner.read_certificate)
            self._hub.enter()
        except RefusedError as error:
            return refused(error.refusal)
        except TooManyError as error:
            return _too_many(error)
        try:
            follower, position = await self._enter(asked)
            stream = Stream(follower, position, retry_ms=self._manner.retry_ms())
            self._hub.join(stream)
        except RefusedError as error:
            return refused(error.refusal)
        except NotHeldError as error:
            return refused(refusal_of(error))
        except TooManyError as error:
            return _too_many(error)
        except AwayError:
            return problem("unavailable", "Nobody can be let in for now.", {"Retry-After": str(RETRY_ALL_S)})
        finally:
            self._hub.leave_door()
        return stream

    async def _write(self, stream: Stream, send: Send) -> bool:
        """Write until the stream ends, whatever ends it; whether its reader took no more."""
        manner, is_full = self._manner, False
        while True:
            is_full = not stream.has_room
            text = await stream.take(manner.beat_s)
            if is_full:
                self._hub.wake()
            if stream.ending is Ending.STOPPING:
                text += events.parting(manner.retry_ms())
            is_last = stream.ending is not None
            try:
                async with asyncio.timeout(manner.write_s):
                    await send({"type": "http.response.body", "body": text, "more_body": not is_last})
            except TimeoutError:
                stream.end(Ending.SLOW)
                _log.info("a stream's reader does not read; cut off")
                return True
            if is_last:
                return False


async def _until_gone(receive: Receive, stream: Stream) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    stream.end(Ending.GONE)


def _shared(request: Request, origin: str) -> dict[str, str]:
    """The headers of every answer. The pages may stand on another port: they, and nobody else, may read it there."""
    headers = {
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
        "Referrer-Policy": "no-referrer",
        "Vary": "Origin",
    }
    if request.headers.get("Origin") == origin:
        headers |= {"Access-Control-Allow-Origin": origin, "Access-Control-Allow-Credentials": "true"}
    return headers


def _too_many(error: TooManyError) -> Response:
    if error.is_callers:
        detail = "You have as many streams open as one caller may: close one, or let several readers share one."
        return problem("too_many_requests", detail, {"Retry-After": str(RETRY_CALLER_S)})
    detail = "As many streams are open here as may be. What is told can be read all the same, through the interface."
    return problem("unavailable", detail, {"Retry-After": str(RETRY_ALL_S)})
