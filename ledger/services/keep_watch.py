"""Keep watch in a process: threads that say that it lives, see what is wrong, and write to operators."""

import atexit
import contextlib
import os
import threading
from collections.abc import Callable
from datetime import datetime
from typing import Final

import psycopg
import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from ledger.domain.machinery import Limits
from ledger.services.watch import Watching, be_heard, leave, watch
from ledger.services.write_to_operators import Post, write_to_operators

#: For how long the look under way may still take when the process ends.
_LAST_LOOK_S: Final = 1.0

_log = structlog.get_logger("ledger.keep_watch")


class Watch:
    """Looks again and again, with connections of its own. Begun after any fork; makes nothing before.

    `post`: how operators are written to, where this process can; in a thread of its own, since a mail server may be
    slow and a process that lives must be heard. `alone`: it says that its process lives and looks at nothing, for a
    role that may not.
    """

    def __init__(
        self, connect: Callable[[], Engine], watching: Watching, *, post: Post | None = None, alone: bool = False
    ) -> None:
        self._connect, self._watching, self._post, self._alone = connect, watching, post, alone
        self._lock = threading.Lock()
        self._ends = threading.Event()
        self._engine: Engine | None = None
        self._threads: list[threading.Thread] = []

    def begin(self) -> None:
        """Start the threads, once; the process's end is said where it ends in good order."""
        with self._lock:
            if self._engine is not None:
                return
            engine = self._engine = self._connect()
        atexit.register(self.end)
        watching, post = self._watching, self._post
        self._start(lambda: be_heard(engine, watching) if self._alone else watch(engine, watching))
        if post is not None:
            self._start(lambda: write_to_operators(engine, post, watching.real_now))

    def end(self) -> None:
        """Say that the process ends, and look no more."""
        engine = self._engine
        if engine is None or self._ends.is_set():
            return
        self._ends.set()
        for thread in self._threads:
            thread.join(_LAST_LOOK_S)
        with contextlib.suppress(SQLAlchemyError, psycopg.Error):
            leave(engine, self._watching)
        engine.dispose()

    def _start(self, look: Callable[[], object]) -> None:
        thread = threading.Thread(target=self._run, args=(look,), name="watch", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _run(self, look: Callable[[], object]) -> None:
        has_failed = False
        # So that processes do not all look at the same moment.
        pace_s = self._watching.pace_s * (0.8 + (os.getpid() % 40) / 100)
        while not self._ends.is_set():
            try:
                look()
                has_failed = False
            except Exception as error:  # noqa: BLE001 — whatever it was, the next look may do better
                if not has_failed:
                    _log.warning("cannot watch; trying again", exc_info=error)
                has_failed = True
            self._ends.wait(pace_s)


def sign_of_life(part: str, connect: Callable[[], Engine], silent_s: float, real_now: Callable[[], datetime]) -> Watch:
    """For a process whose role may not look: it says that it lives, often enough for what is called silent."""
    return Watch(connect, Watching(part, real_now, Limits(silent_s=silent_s)), alone=True)
