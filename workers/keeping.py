"""Keeping alerts and rules in one worker process: clocks that ran out, and rules that are to be counted.

A thread of its own with a connection of its own: a long list of alerts holds up no detection and nothing that is told.
"""

import os
import threading
from collections.abc import Callable

from sqlalchemy import Engine

from config.settings import Settings
from ledger.services.detect_due import Setbacks
from ledger.services.keep_alerts import keep_alerts
from ledger.services.keep_rules import keep_rules
from ledger.store.database import connect_engine
from workers.packs import packs_of
from workers.poll import Poll

#: How often it looks when nothing wakes it.
_LOOK_S = 2.0
#: And how long it rests whatever wakes it.
_LEAST_S = 0.5


class Keeping:
    """Makes nothing until it is begun, so that it can be made before a process parts into several."""

    def __init__(self, settings: Settings, wrote: Callable[[], None] = lambda: None) -> None:
        """`wrote` is called after entries were written: they have to be told."""
        self._settings = settings
        self._wrote = wrote
        self._lock = threading.Lock()
        self._setbacks = Setbacks()
        self._engine: Engine | None = None
        self._poll: Poll | None = None

    def begin(self) -> None:
        """Start the thread, once."""
        with self._lock:
            if self._poll is not None:
                return
            self._engine = connect_engine(self._settings.worker_database_url, "ledger_worker", pool_size=1)
            self._poll = Poll(
                self.look, self._engine.dispose, seconds=_LOOK_S, least=_LEAST_S, what="alerts whose clock ran out"
            )
            self._poll.start()

    def wake(self) -> None:
        """Look now: what was found or posted may move an alert."""
        if self._poll is not None:
            self._poll.wake()

    def end(self) -> None:
        """Begin no other."""
        if self._poll is not None:
            self._poll.stop()

    def look(self) -> None:
        """Do what is due. Raises what a database that is away raises."""
        assert self._engine is not None, "it was begun"
        packs = packs_of(self._settings.pack_folder)
        kept = keep_alerts(self._engine, packs, os.urandom, setbacks=self._setbacks, stop=self._is_ending)
        kept += keep_rules(self._engine, packs, os.urandom)
        if kept:
            self._wrote()

    def _is_ending(self) -> bool:
        return self._poll is not None and self._poll.is_stopped
