"""The doorbell: after a commit, wake a worker soon, without the request ever waiting for it.

* `ring` only sets an event: one background thread of this process, begun at the first ring, does the talking.
* Rings that come while the thread is busy are one ring, and while a message waits in Redis that no worker has taken,
  nobody leaves another: whoever takes it looks after that, and sees what this ring was for.
* A message says the name of a task and nothing else.
* A ring that fails is forgotten, for the ledger itself says what is due and every worker looks by itself; the thread
  then leaves Redis alone for a while, longer each time.
"""

import os
import threading
import weakref
from collections.abc import Callable
from typing import Protocol

import kombu.transport.redis  # noqa: F401 — else the first ring of each process would wait for it
import structlog
from kombu import Connection, Producer, uuid

TASK = "workers.tasks.detect_due"
QUEUE = "detect"

#: How Redis is spoken to, by the doorbell and by the workers: what does not answer soon is away.
TRANSPORT_OPTIONS = {
    "socket_timeout": 2.0,
    "socket_connect_timeout": 1.0,
    "socket_keepalive": True,
    "health_check_interval": 5,
    "max_connections": 8,
}

#: Rings closer together than this are one, so that a busy web process spends little on ringing.
_GAP_S = 0.005
_LEAST_PAUSE_S, _MOST_PAUSE_S = 0.5, 30.0

_log = structlog.get_logger("ledger.ring")


class Doorbell(Protocol):
    """A connection on which a message can be left; any exception from it means that it is broken."""

    def press(self) -> None:
        """Leave one message, unless one waits."""

    def close(self) -> None:
        """Let go of the connection; never raises."""


class NullBell:
    """For a ledger without Redis: workers find what is due when they next look."""

    def ring(self) -> None:
        """Do nothing."""


class RedisBell:
    """Rings a worker through Redis; safe to make before a process forks and to use in each child."""

    def __init__(self, connect: Callable[[], Doorbell]) -> None:
        self._connect = connect
        self._begin()
        # A child inherits neither the thread nor a lock that can be trusted to be free.
        itself = weakref.ref(self)
        os.register_at_fork(after_in_child=lambda: _begin_again(itself))

    def _begin(self) -> None:
        self._wanted = threading.Event()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def ring(self) -> None:
        """Ask for a worker; returns at once, whatever Redis does."""
        self._wanted.set()
        if self._thread is None:
            with self._starting:
                if self._thread is None:
                    self._thread = threading.Thread(target=self._attend, name="ring", daemon=True)
                    self._thread.start()

    def _attend(self) -> None:
        wanted, resting = self._wanted, threading.Event()
        doorbell: Doorbell | None = None
        pause = 0.0
        while True:
            wanted.wait()
            wanted.clear()
            try:
                doorbell = doorbell or self._connect()
                doorbell.press()
                if pause:
                    _log.info("the doorbell is back")
                pause = 0.0
            except Exception as error:  # noqa: BLE001 — whatever it was: a bell may not fail, and logs say what
                if not pause:
                    _log.warning("the doorbell is away; workers look by themselves", exc_info=error)
                if doorbell is not None:
                    doorbell.close()
                doorbell = None
                pause = min(max(2 * pause, _LEAST_PAUSE_S), _MOST_PAUSE_S)
            resting.wait(pause or _GAP_S)


def _begin_again(bell: "weakref.ref[RedisBell]") -> None:
    itself = bell()
    if itself is not None:
        itself._begin()  # noqa: SLF001 — the same class, in the child of a fork


class KombuDoorbell:
    """The message as Celery reads it (task protocol 2), left by its own messaging library without loading Celery."""

    def __init__(self, broker_url: str) -> None:
        self._connection = Connection(broker_url, transport_options=dict(TRANSPORT_OPTIONS))
        try:
            channel = self._connection.channel()
            self._redis = channel.client
            self._producer = Producer(channel)
        except BaseException:
            self.close()
            raise

    def press(self) -> None:
        """Leave one message, unless one waits."""
        if self._redis.llen(QUEUE):
            return
        name = uuid()
        self._producer.publish(
            ([], {}, {"callbacks": None, "errbacks": None, "chain": None, "chord": None}),
            routing_key=QUEUE,
            serializer="json",
            headers={"lang": "py", "task": TASK, "id": name, "root_id": name, "retries": 0, "ignore_result": True},
            correlation_id=name,
            retry=False,
        )

    def close(self) -> None:
        """Let go of the connection; never raises."""
        try:
            self._connection.release()
        except Exception as error:  # noqa: BLE001 — it was broken already; nothing is left to let go of
            _log.debug("the doorbell broke while it was put away", exc_info=error)


def bell_for(broker_url: str | None) -> NullBell | RedisBell:
    """The bell for a broker's URL as Celery names it (`redis://…`, `redis+socket://…`); a silent one for None."""
    if broker_url is None:
        return NullBell()
    url = broker_url
    return RedisBell(lambda: KombuDoorbell(url))
