"""The threads that wait for the network."""

import threading

from ledger.services.crew import Crew


def test_a_slow_channel_takes_no_room_from_another() -> None:
    """Each has its own; what has ended, well or not, makes room again and says so."""
    ended = threading.Semaphore(0)
    crew = Crew({"mail": 2, "webhook": 1}, done=ended.release)
    may_end, has_begun = threading.Event(), threading.Barrier(3)

    def wait() -> None:
        has_begun.wait(5)
        may_end.wait(5)

    for _ in range(2):
        crew.begin("mail", wait)
    has_begun.wait(5)
    assert crew.room() == {"mail": 0, "webhook": 1}
    crew.begin("webhook", lambda: None)
    assert ended.acquire(timeout=5)
    assert crew.room() == {"mail": 0, "webhook": 1}
    may_end.set()
    assert ended.acquire(timeout=5)
    assert ended.acquire(timeout=5)
    assert crew.room() == {"mail": 2, "webhook": 1}
