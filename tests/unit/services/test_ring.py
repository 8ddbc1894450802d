import os
import threading
import time
from collections.abc import Callable

import pytest

from ledger.services.ring import Doorbell, KombuDoorbell, NullBell, RedisBell, bell_for
from ledger.stack.child import wait_until

SOON = 5.0


class FakeDoorbell:
    """Counts presses; does what it is told to when pressed."""

    def __init__(self, when_pressed: Callable[[], object] = lambda: None) -> None:
        self.pressed = 0
        self.closed = 0
        self._when_pressed = when_pressed

    def press(self) -> None:
        self.pressed += 1
        self._when_pressed()

    def close(self) -> None:
        self.closed += 1


def test_a_ring_is_passed_on() -> None:
    """One ring makes one press, from a thread that began with it."""
    doorbell = FakeDoorbell()
    RedisBell(lambda: doorbell).ring()
    assert wait_until(lambda: doorbell.pressed == 1, SOON)


def test_nothing_is_connected_before_the_first_ring() -> None:
    """Making a bell opens no connection and starts no thread, so it can be made before a process forks."""
    made: list[Doorbell] = []

    def connect() -> Doorbell:
        made.append(FakeDoorbell())
        return made[-1]

    before = threading.active_count()
    RedisBell(connect)
    assert (made, threading.active_count()) == ([], before)


def test_a_ring_returns_while_redis_hangs_and_rings_meanwhile_are_one() -> None:
    """However long a press takes, ringing does not; all rings during it make one more press."""
    hanging = threading.Event()
    doorbell = FakeDoorbell(lambda: bool(hanging.wait(30)))
    bell = RedisBell(lambda: doorbell)
    bell.ring()
    assert wait_until(lambda: doorbell.pressed == 1, SOON)
    began = time.perf_counter()
    for _ in range(1_000):
        bell.ring()
    assert time.perf_counter() - began < 0.2
    hanging.set()
    assert wait_until(lambda: doorbell.pressed == 2, SOON)
    time.sleep(0.05)
    assert doorbell.pressed == 2


def test_it_comes_back_after_a_failure() -> None:
    """A doorbell that breaks is put away, and a later ring is passed on by a new one."""
    broken, whole = FakeDoorbell(_break), FakeDoorbell()
    made = iter([broken, whole])
    bell = RedisBell(lambda: next(made))
    bell.ring()
    assert wait_until(lambda: broken.closed == 1, SOON)
    bell.ring()
    assert wait_until(lambda: whole.pressed == 1, SOON)


def test_it_leaves_a_broken_redis_alone_for_a_while() -> None:
    """Rings during an outage do not become as many attempts to connect."""
    attempts: list[float] = []

    def connect() -> Doorbell:
        attempts.append(time.monotonic())
        raise ConnectionError

    bell = RedisBell(connect)
    until = time.monotonic() + 1.2
    while time.monotonic() < until:
        bell.ring()
        time.sleep(0.001)
    assert len(attempts) <= 2


def test_it_rings_in_a_forked_child() -> None:
    """A child of a process that has rung already rings by a thread of its own."""
    doorbell = FakeDoorbell()
    bell = RedisBell(lambda: doorbell)
    bell.ring()
    assert wait_until(lambda: doorbell.pressed == 1, SOON)
    child = os.fork()
    if child == 0:
        bell.ring()
        os._exit(0 if wait_until(lambda: doorbell.pressed == 2, SOON) else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_without_redis_there_is_a_silent_bell() -> None:
    """No URL makes a bell that does nothing; a URL makes one that is not yet connected to anything."""
    silent = bell_for(None)
    silent.ring()
    assert isinstance(silent, NullBell)
    assert isinstance(bell_for("redis://127.0.0.1:1/0"), RedisBell)


def test_an_absent_redis_is_said_by_an_exception() -> None:
    """What connects to nothing raises within seconds and does not try for ever."""
    began = time.monotonic()
    with pytest.raises(Exception, match="connecting"):
        KombuDoorbell("redis://127.0.0.1:1/0")
    assert time.monotonic() - began < SOON


def _break() -> None:
    raise ConnectionError
