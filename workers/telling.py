"""Telling in one worker process: alerts' clocks, feeds, and what leaves by other channels.

A thread of its own with connections of its own, so that a mail server that is slow holds up no detection. It looks by
itself again and again, and at once when detection has found something in this process.
"""

import threading

from sqlalchemy import Engine

from config.settings import Settings
from ledger.services.fan_out import fan_out
from ledger.services.plan_deliveries import nothing
from ledger.store.database import connect_engine
from workers.poll import Poll

#: How often it looks when nothing wakes it.
_LOOK_S = 1.0


class Telling:
    """Makes nothing until it is begun, so that it can be made before a process parts into several."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._engine: Engine | None = None
        self._poll: Poll | None = None

    def begin(self) -> None:
        """Start the thread, once."""
        with self._lock:
            if self._poll is not None:
                return
            self._engine = connect_engine(self._settings.worker_database_url, "ledger_worker", pool_size=2)
            self._poll = Poll(self.look, self._engine.dispose, seconds=_LOOK_S, what="what is to be told")
            self._poll.start()

    def wake(self) -> None:
        """Look now: something was written that is to be told."""
        if self._poll is not None:
            self._poll.wake()

    def end(self) -> None:
        """Begin no other."""
        if self._poll is not None:
            self._poll.stop()

    def look(self) -> None:
        """Tell all that waits. Raises what a database that is away raises."""
        assert self._engine is not None, "it was begun"
        fan_out(self._engine, nothing, stop=self._is_ending)

    def _is_ending(self) -> bool:
        return self._poll is not None and self._poll.is_stopped
