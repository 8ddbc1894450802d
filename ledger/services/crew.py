"""The threads of one process that wait for the network, so that nobody else does.

Each sends one message and ends; how many there are at a time is held down by each channel, so that one which is slow
takes no room from another. They are daemons: a process that ends leaves what is under way to its lease.
"""

import threading
from collections import Counter
from collections.abc import Callable, Mapping


class Crew:
    """Runs what it is given beside, at most so many at a time by each channel."""

    def __init__(self, at_once: Mapping[str, int], *, done: Callable[[], None] = lambda: None) -> None:
        """`done` is called when one has ended: there may be more to do."""
        self._at_once = dict(at_once)
        self._done = done
        self._lock = threading.Lock()
        self._under_way = Counter[str]()

    def room(self) -> dict[str, int]:
        """How many more may begin now, by channel."""
        with self._lock:
            return {channel: most - self._under_way[channel] for channel, most in self._at_once.items()}

    def begin(self, channel: str, job: Callable[[], None]) -> None:
        """Do it beside."""
        with self._lock:
            self._under_way[channel] += 1
        threading.Thread(target=self._do, args=(channel, job), name=f"send {channel}", daemon=True).start()

    def _do(self, channel: str, job: Callable[[], None]) -> None:
        try:
            job()
        finally:
            with self._lock:
                self._under_way[channel] -= 1
            self._done()
