"""Telling in one worker process: alerts' clocks, feeds, the day's digests, and what leaves by other channels.

A thread of its own with connections of its own, so that a mail server that is slow holds up no detection. It looks by
itself again and again, and at once when detection has found something in this process.
"""

import threading

from sqlalchemy import Engine

from config.settings import Settings
from ledger.services.fan_out import fan_out
from ledger.services.make_digests import make_digests
from ledger.store.database import connect_engine
from workers.packs import packs_of
from workers.poll import Poll
from workers.sending import Sending, planner

#: How often it looks when nothing wakes it.
_LOOK_S = 1.0
#: And how long it rests whatever wakes it.
_LEAST_S = 0.1


class Telling:
    """Makes nothing until it is begun, so that it can be made before a process parts into several."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._plan = planner(settings.mail)
        self._lock = threading.Lock()
        self._engine: Engine | None = None
        self._poll: Poll | None = None
        self._sending: Sending | None = None

    def begin(self) -> None:
        """Start the thread, once."""
        with self._lock:
            if self._poll is not None:
                return
            self._engine = connect_engine(self._settings.worker_database_url, "ledger_worker", pool_size=2)
            self._sending = Sending(self._settings, self.wake)
            self._poll = Poll(self.look, self.recover, seconds=_LOOK_S, least=_LEAST_S, what="what is to be told")
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
        """Tell all that waits, and begin to send what is due. Raises what a database that is away raises."""
        assert self._engine is not None, "it was begun"
        assert self._sending is not None, "it was begun"
        packs = packs_of(self._settings.pack_folder)
        fan_out(self._engine, self._plan, packs=packs, stop=self._is_ending)
        self._sending.go_round()
        make_digests(self._engine, packs, self._plan)

    def recover(self) -> None:
        """Let go of connections that may be dead."""
        if self._engine is not None and self._sending is not None:
            self._engine.dispose()
            self._sending.recover()

    def _is_ending(self) -> bool:
        return self._poll is not None and self._poll.is_stopped
