"""A thread of every worker process that looks for what is due by itself, with or without a broker.

It begins before the broker is asked for anything, survives PostgreSQL going away and coming back, and says so once.
`Part` is one such duty of a worker with connections of its own.
"""

import random
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from sqlalchemy import Engine

from config.settings import Settings
from ledger.store.database import connect_engine

#: How long it rests when the database is away: longer each time, up to the last.
_LEAST_PAUSE_S, _MOST_PAUSE_S = 0.5, 5.0

_log = structlog.get_logger("workers.poll")


class Poll:
    """Calls `look` again and again, about `seconds` apart; `recover` after each time that it fails.

    It rests for ``least`` even when it is woken: a look for each of a hundred wakings a second were all that it did.
    ``what`` it looks for is told in the log where it cannot.
    """

    def __init__(
        self,
        look: Callable[[], None],
        recover: Callable[[], None],
        *,
        seconds: float,
        least: float = 0.0,
        what: str = "what is due",
    ) -> None:
        self._look = look
        self._recover = recover
        self._seconds = seconds
        self._least = least
        self._what = what
        self._stopped = threading.Event()
        self._woken = threading.Event()
        self._thread = threading.Thread(target=self._run, name="poll", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Ask it to end after what it does now."""
        self._stopped.set()
        self._woken.set()

    def wake(self) -> None:
        """Have it look at once, or again once it has."""
        self._woken.set()

    @property
    def is_stopped(self) -> bool:
        return self._stopped.is_set()

    def _run(self) -> None:
        pause = 0.0
        while not self._stopped.is_set():
            self._woken.clear()
            try:
                self._look()
            except Exception as error:  # noqa: BLE001 — whatever it was, the next look may do better
                if not pause:
                    _log.warning(f"cannot look for {self._what}; trying again", exc_info=error)
                pause = min(max(2 * pause, _LEAST_PAUSE_S), _MOST_PAUSE_S)
                self._recover()
            else:
                if pause:
                    _log.info(f"looking for {self._what} again")
                pause = 0.0
            # Jittered, so that many processes do not look at the same moment.
            self._stopped.wait(self._least)
            rests = self._stopped if pause else self._woken  # what is away is not asked sooner
            rests.wait((pause or self._seconds) * random.uniform(0.6, 1.4))  # noqa: S311 — no secret


@dataclass(frozen=True, slots=True)
class Pace:
    """How often a part looks when nothing wakes it, and how long it rests whatever wakes it, in seconds.

    ``what`` it looks for is told in the log where it cannot; ``connections`` is how many it needs at once.
    """

    seconds: float
    what: str
    least: float = 0.0
    connections: int = 1


class Part(ABC):
    """One duty of a worker process, in a thread of its own with connections of its own: it holds up no other.

    Makes nothing until it is begun, so that it can be made before a process parts into several.
    """

    pace: Pace

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._made: Engine | None = None
        self._poll: Poll | None = None

    @abstractmethod
    def look(self) -> None:
        """Do what is due. Raises what a database that is away raises."""

    def begin(self) -> None:
        """Start the thread, once."""
        with self._lock:
            if self._poll is not None:
                return
            pace, url = self.pace, self._settings.worker_database_url
            self._made = connect_engine(url, "ledger_worker", pool_size=pace.connections)
            self._poll = Poll(self.look, self.recover, seconds=pace.seconds, least=pace.least, what=pace.what)
            self._poll.start()

    def wake(self) -> None:
        """Look now: something was written that bears on it."""
        if self._poll is not None:
            self._poll.wake()

    def end(self) -> None:
        """Begin no other look."""
        if self._poll is not None:
            self._poll.stop()

    def recover(self) -> None:
        """Let go of connections that may be dead."""
        self.engine.dispose()

    @property
    def engine(self) -> Engine:
        assert self._made is not None, "it was begun"
        return self._made

    def is_ending(self) -> bool:
        """Whether it was asked to end: no further piece of work is begun."""
        return self._poll is not None and self._poll.is_stopped
