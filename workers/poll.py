"""A thread of every worker process that looks for what is due by itself, with or without a broker.

It begins before the broker is asked for anything, survives PostgreSQL going away and coming back, and says so once.
"""

import random
import threading
from collections.abc import Callable

import structlog

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
