"""The ledger's look through itself in one worker process: whichever worker comes first does it for all of them.

A thread of its own with connections of its own: what takes minutes each day must hold up no detection.
"""

import os
import threading
from datetime import UTC, datetime

from sqlalchemy import Engine

from config.settings import Settings
from ledger.services.self_audit import audit_when_due
from ledger.store.database import connect_engine
from workers.poll import Poll

#: How often each worker looks whether it is due.
_LOOK_S = 10.0


class Auditing:
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
            # One connection holds the duty, one reads, and one writes what was found.
            url = self._settings.worker_database_url
            self._engine = connect_engine(url, "ledger_worker", pool_size=3)
            self._poll = Poll(self.look, self._engine.dispose, seconds=_LOOK_S, what="what is to be audited")
            self._poll.start()

    def end(self) -> None:
        """Begin no other."""
        if self._poll is not None:
            self._poll.stop()

    def look(self) -> None:
        """Do what is due. Raises what a database that is away raises."""
        assert self._engine is not None, "it was begun"
        for scope in ("lately", "all"):
            audit_when_due(self._engine, scope, os.urandom, lambda: datetime.now(UTC))
