"""Being told that feeds have something new: PostgreSQL's own notices, whose payload says nothing.

They are hints. The connection that they come on may die at any moment; it is opened again, and meanwhile the hub looks
more often by itself. What was missed while nobody listened is found by the look with which listening begins.
"""

import asyncio
from collections.abc import Callable
from typing import Final, Protocol

import psycopg
import structlog
from psycopg import sql

from ledger.store.database import CONNECT_TIMEOUT_S
from ledger.store.telling import CHANNEL

#: How long it rests before it asks for a connection again.
REST_S: Final = 1.0


class Say(Protocol):
    """Is told whether notices would be heard, whenever that changes."""

    def __call__(self, *, is_heard: bool) -> None: ...


_log = structlog.get_logger("ledger.live")


async def hear(database_url: str, role: str, wake: Callable[[], None], say: Say) -> None:
    """Call `wake` at each notice, until cancelled; `say` whether anything would be heard, whenever that changes."""
    said = True
    while True:
        try:
            # A server that vanished without a word is given up after some twenty seconds; all the while the hub looks
            # every five.
            connection = await psycopg.AsyncConnection.connect(
                database_url.replace("+psycopg", "", 1),
                autocommit=True,
                connect_timeout=CONNECT_TIMEOUT_S + 1,
                application_name="ledger_live",
                options=f"-c role={role}",
                keepalives_idle=10,
                keepalives_interval=5,
                keepalives_count=2,
            )
            async with connection:
                await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(CHANNEL)))
                say(is_heard=True)
                said = False
                wake()
                async for _ in connection.notifies():
                    wake()
        except (psycopg.Error, OSError) as error:
            if not said:
                _log.warning("notices of new items do not come; looking without", exc_info=error)
            said = True
        finally:
            say(is_heard=False)
        await asyncio.sleep(REST_S)
