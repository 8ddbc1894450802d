"""`ledger sealer`: the one process that puts what waits into the log and signs it; others stand by.

It lives through the database going away and coming back, and a disk that does not take a head for a while. Where the
database does not hold what was signed it signs nothing and closes the ledger: at its start it then ends with the
reason, later it waits until the operator has put it right.
"""

import os
import random
import signal
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import click
import structlog
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from config.settings import Settings
from ledger.cli.environment import current_settings
from ledger.cli.processes import refuse_unfit_role
from ledger.services.hold_head import HeadNotHeldError, NotAdoptedError, close_ledger, told
from ledger.services.keep_watch import Watch, sign_of_life
from ledger.services.kept_head import KeptHeads, StoreBrokenError, StoreInUseError
from ledger.services.seal_log import BATCH, LogSealer
from ledger.services.sign_log import LogSigner
from ledger.stack.notice import notify_ready
from ledger.store.database import connect_engine
from ledger.store.sealing import look, take_the_lock

#: How often it looks for what waits, and signs at most; how often, unasked, whether the database is still the same.
PACE_S, CHECK_S = 0.2, 5.0
#: How long it rests while it stands by, is closed, or cannot do what it should.
REST_S = 1.0

Answer = TypeVar("Answer")
_log = structlog.get_logger("ledger.sealer")


@click.command()
def sealer() -> None:
    """Put entries and recorded reads into the log within a second, and sign it; one works, others stand by."""
    from config import log

    log.configure()
    settings = current_settings()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    refuse_unfit_role(settings.sealer_database_url, "ledger_sealer")
    try:
        signer = signer_of(settings)
        asking = _witness_asking(settings, signer)
        _sign_of_life(settings).begin()
        SealerProcess(signer, settings.log.store, settings.sealer_database_url, after=asking).run()
    except HeadNotHeldError as fault:
        raise click.ClickException(told(fault, settings.log.store)) from fault
    except NotAdoptedError as error:
        raise click.ClickException(
            f"{error}. Look through everything and go on from there: ledger log adopt"
        ) from error
    except StoreBrokenError as error:
        raise click.ClickException(str(error)) from error


def _sign_of_life(settings: Settings) -> Watch:
    def connect() -> Engine:
        return connect_engine(settings.sealer_database_url, "ledger_sealer", pool_size=1)

    return sign_of_life("sealer", connect, settings.watch.silent_s, lambda: datetime.now(UTC))


def _witness_asking(settings: Settings, signer: LogSigner) -> Callable[[Connection], None]:
    if settings.log.policy is None:
        return lambda _connection: None
    # A client of HTTP takes 12 MB, which a sealer without witnesses can do without.
    from ledger.cli.ask_witnesses import witness_asking

    return witness_asking(settings, signer)


def signer_of(settings: Settings) -> LogSigner:
    """What signs; ends this command where no key was given."""
    if settings.log.key is None:
        raise click.ClickException(
            "LEDGER_LOG_KEY is not set: `ledger log key new` makes one; name its file by LEDGER_LOG_KEY_FILE"
        )
    return LogSigner(settings.log.key)


class SealerProcess:
    """Seals for as long as it lives. `rest` is how it waits, `after` what else is done in each round, once sealed."""

    def __init__(
        self,
        signer: LogSigner,
        folder: Path,
        database_url: str,
        *,
        rest: Callable[[float], None] = time.sleep,
        after: Callable[[Connection], None] = lambda _connection: None,
    ) -> None:
        self._signer, self._folder, self._database_url = signer, folder, database_url
        self._rest, self._after = rest, after
        self._has_begun = False
        self._said = ""

    def run(self) -> None:
        """Seal until told to end. Raises HeadNotHeldError, at its start, NotAdoptedError and StoreBrokenError."""
        while True:
            engine = connect_engine(self._database_url, "ledger_sealer", pool_size=2)
            try:
                with engine.connect() as connection:
                    # Closed for good when left: the lock must not go back to a pool.
                    connection.detach()
                    self._serve(engine, connection)
            except (DBAPIError, PoolTimeoutError) as error:
                if isinstance(error, DBAPIError) and not (error.connection_invalidated or _is_away(error)):
                    raise
                self._say("the database is away; trying again")
            except StoreInUseError:
                self._say("another process has the store of the log open; standing by")
            finally:
                engine.dispose()
            self._rest(REST_S * random.uniform(0.6, 1.4))  # noqa: S311 - no secret

    def _serve(self, engine: Engine, connection: Connection) -> None:
        """Seal on one connection, for as long as it lasts."""
        while not _within(connection, take_the_lock):
            self._say("another sealer is at work; standing by")
            self._ready()
            self._rest(REST_S)
        with KeptHeads(self._folder) as store:
            while True:
                try:
                    self._seal(connection, store)
                except HeadNotHeldError as fault:
                    close_ledger(engine, fault)
                    if not self._has_begun:
                        raise
                    self._say(f"the database does not hold what was signed: {fault.why}; the ledger is closed")
                self._rest(REST_S)

    def _seal(self, connection: Connection, store: KeptHeads) -> None:
        """Seal until the ledger is found closed."""
        origin = self._opened(connection)
        sealing = LogSealer(connection, store, self._signer, origin, lambda: datetime.now(UTC))
        sealing.begin()
        checked, is_behind = time.monotonic(), True
        self._ready()
        while True:
            began = time.monotonic()
            seen = _within(connection, look)
            if seen.is_closed:
                self._say("the ledger is closed; nothing is signed until it is opened again")
                return
            if began - checked > CHECK_S:
                sealing.begin()
                checked = began
            if seen.has_work or is_behind:
                is_behind = self._round(sealing)
            self._after(connection)
            if not is_behind:
                left = PACE_S * random.uniform(0.75, 1.25) - (time.monotonic() - began)  # noqa: S311 - no secret
                self._rest(max(left, 0.0))

    def _round(self, sealing: LogSealer) -> bool:
        """Seal once; whether there is more to do at once."""
        try:
            sealed = sealing.round()
        except OSError as error:
            self._say("a head could not be kept; trying again", error)
            self._rest(REST_S)
            return True
        if sealed.stuck and not sealed.placed:
            self._say("entries wait for others before them that are not there")
        else:
            self._say("sealing")
        return sealed.placed >= BATCH

    def _opened(self, connection: Connection) -> str:
        """The ledger's name, once it has one."""
        while (origin := _within(connection, look).origin) is None:
            self._say("no ledger has been opened yet")
            self._ready()
            self._rest(REST_S)
        return origin

    def _ready(self) -> None:
        if not self._has_begun:
            self._has_begun = True
            notify_ready(os.environ)

    def _say(self, what: str, error: BaseException | None = None) -> None:
        """Say how it stands, when that is something new."""
        if what != self._said:
            self._said = what
            tell = _log.info if what == "sealing" else _log.warning
            tell(what, exc_info=error) if error is not None else tell(what)


def _within(connection: Connection, ask: Callable[[Connection], Answer]) -> Answer:
    with connection.begin():
        return ask(connection)


def _is_away(error: DBAPIError) -> bool:
    """Whether the server, and not the statement, is at fault: it does not answer, starts, stops, ended the session."""
    state = getattr(error.orig, "sqlstate", None)
    return state is None or state[:2] in {"08", "53", "57"}
