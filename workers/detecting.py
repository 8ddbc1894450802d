"""Detection in one worker process: its engine, its rule packs, its poll thread, and what a hint makes it do."""

import gc
import os
import threading
from collections.abc import Callable

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from config.settings import Settings
from ledger.services.detect_due import Setbacks, sweep
from ledger.services.erase import Engines, erase_due
from ledger.services.release import release
from ledger.store.database import check_serving_role, connect_engine
from workers.packs import PacksAtHand, packs_of
from workers.poll import Poll

_log = structlog.get_logger("workers.detecting")


class Detecting:
    """Makes nothing until it is first used, so that it can be made before a process parts into several."""

    def __init__(self, settings: Settings, found: Callable[[], None] = lambda: None) -> None:
        """`found` is called after something was detected: what it comes to may have to be told."""
        self._settings = settings
        self._found = found
        self._lock = threading.Lock()
        self._pid = 0
        self._setbacks = Setbacks()
        self._poll: Poll | None = None

    def begin(self) -> None:
        """Start the poll thread, once. Raises UnfitRoleError where this process may not serve."""
        if self._poll is not None:
            return  # Celery begins again in a process whose broker ended it
        engine, _ = self._tools()
        try:
            check_serving_role(engine)
        except OperationalError as error:
            _log.warning("the database does not answer yet", exc_info=error)
        self._poll = Poll(self.go_round, self.recover, seconds=self._settings.poll_seconds)
        self._poll.start()

    def end(self) -> None:
        """Begin no further record; what is under way is finished or rolled back."""
        if self._poll is not None:
            self._poll.stop()

    def look(self) -> None:
        """Detect in every record in which something is due. Raises what a database that is away raises."""
        engine, packs = self._tools()
        swept = sweep(engine, packs, os.urandom, setbacks=self._setbacks, release=release(), stop=self._is_ending)
        if swept.detected or swept.failed:
            _log.debug("detected", count=swept.detected, errors=swept.failed)
        if swept.detected:
            self._found()

    def go_round(self) -> None:
        """The same, and carry out what was ordered to be erased. Raises what a database that is away raises."""
        self.look()
        engine, packs = self._tools()
        erase_due(Engines(engine, self._erasure, packs), os.urandom)

    def answer(self) -> None:
        """The same for a hint, which nobody hears fail: the poll thread tries again and says what is wrong."""
        try:
            self.look()
        except Exception as error:  # noqa: BLE001 — a task that raises has its exception's text logged by Celery
            _log.warning("a hint came to nothing", exc_info=error)
            self.recover()

    def recover(self) -> None:
        """Let go of connections that may be dead."""
        engine, _ = self._tools()
        engine.dispose()
        self._erasure.dispose()

    def _is_ending(self) -> bool:
        return self._poll is not None and self._poll.is_stopped

    def _tools(self) -> tuple[Engine, PacksAtHand]:
        with self._lock:
            if self._pid != os.getpid():
                self._engine = connect_engine(
                    self._settings.worker_database_url, "ledger_worker", pool_size=self._settings.worker_threads + 1
                )
                # Connects when something is to be erased, and no sooner.
                self._erasure = connect_engine(self._settings.erasure_database_url, "ledger_erasure", pool_size=1)
                self._packs = packs_of(self._settings.pack_folder)
                # The pack stays for good: to go through it at every full collection would hold up steps by 20 ms.
                gc.collect()
                gc.freeze()
                self._pid = os.getpid()
            return self._engine, self._packs
