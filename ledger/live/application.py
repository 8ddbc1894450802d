"""The application of `ledger live`: streams, whether it lives and is ready, and what runs beside them.

Nothing on the event loop waits for the database: what asks it runs in threads, one for all that looks on and a few for
those who come. One engine connects them; the notices have a connection of their own.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Collection, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ledger.domain.position import Position
from ledger.live.clients import Asked
from ledger.live.hearing import hear
from ledger.live.hub import Hub, Limits
from ledger.live.problems import problem
from ledger.live.streams import AwayError, Manner, Streams
from ledger.services.follow import Follower, begin, follow_by_credential, follow_by_session, still_follow
from ledger.store.database import transaction
from ledger.store.following import FeedRow, items_after
from ledger.store.party import LIVE

#: Threads that let in whoever comes, and one that looks on; the engine needs a connection for each.
ENTERING: Final = 3
CONNECTIONS: Final = ENTERING + 1


class Live:
    """One process's streams over one database. `database_url` is for the notices, `engine` for everything else."""

    def __init__(
        self,
        engine: Engine,
        database_url: str,
        *,
        limits: Limits,
        manner: Manner,
        now: Callable[[], datetime],
    ) -> None:
        self._engine, self._database_url, self._now = engine, database_url, now
        self._looking = ThreadPoolExecutor(1, "looking")
        self._entering = ThreadPoolExecutor(ENTERING, "entering")
        self.hub = Hub(self._fetch, self._check, limits)
        streams = Streams(self.hub, self._enter, manner)
        self.application = Starlette(
            routes=[
                Route("/live", streams, methods=["GET"]),
                Route("/health/live", _live, methods=["GET"]),
                Route("/health/ready", self._ready, methods=["GET"]),
            ],
            exception_handlers={HTTPException: _as_problem},
            lifespan=self._running,
        )

    @contextlib.asynccontextmanager
    async def _running(self, _application: Starlette) -> AsyncIterator[None]:
        """Everything beside the streams, for as long as the application runs."""
        work: list[Coroutine[Any, Any, None]] = [
            self.hub.look_on(),
            self.hub.check_on(),
            hear(self._database_url, "ledger_web", self.hub.wake, self._hears),
        ]
        tasks = [asyncio.create_task(one) for one in work]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            for pool in (self._looking, self._entering):
                pool.shutdown(wait=False, cancel_futures=True)
            self._engine.dispose()

    def _hears(self, *, is_heard: bool) -> None:
        self.hub.is_hearing = is_heard

    async def _fetch(self, read: Mapping[str, int], each: int) -> list[FeedRow]:
        def ask() -> list[FeedRow]:
            with transaction(self._engine, party=LIVE) as connection:
                return items_after(connection, read, each)

        return await asyncio.get_running_loop().run_in_executor(self._looking, ask)

    async def _check(self, followers: Collection[Follower]) -> set[Follower]:
        def ask() -> set[Follower]:
            with transaction(self._engine, party=None) as connection:
                return still_follow(connection, followers, self._now())

        return await asyncio.get_running_loop().run_in_executor(self._looking, ask)

    async def _enter(self, asked: Asked) -> tuple[Follower, Position]:
        def ask() -> tuple[Follower, Position]:
            with transaction(self._engine, party=None) as connection:
                if isinstance(asked.by, str):
                    follower = follow_by_session(connection, asked.by, self._now())
                else:
                    follower = follow_by_credential(connection, asked.by)
                return follower, begin(connection, follower, asked.position)

        try:
            return await asyncio.get_running_loop().run_in_executor(self._entering, ask)
        except (DBAPIError, PoolTimeoutError) as error:
            raise AwayError from error

    async def _ready(self, _request: Request) -> Response:
        def ask() -> None:
            with self._engine.begin() as connection:
                connection.execute(text("SELECT"))

        try:
            await asyncio.get_running_loop().run_in_executor(self._entering, ask)
            is_ready = True
        except (DBAPIError, PoolTimeoutError):
            is_ready = False
        told = {
            "ready": is_ready,
            "database": is_ready,
            "hears_notices": self.hub.is_hearing,
            "streams": len(self.hub.streams),
        }
        return JSONResponse(told, 200 if is_ready else 503, {"Cache-Control": "no-store"})


async def _live(_request: Request) -> Response:
    return JSONResponse({"live": True}, headers={"Cache-Control": "no-store"})


async def _as_problem(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException), "nothing else is sent here"
    if error.status_code == 405:
        return problem("method_not_allowed", "Streams are got: GET.", {"Allow": "GET"})
    return problem("not_found", "There is nothing here: streams are at /live.")
