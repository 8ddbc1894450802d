"""Posts as fast as answers come, or at a steady pace, over a fixed number of connections; a process of its own.

`python -m ledger.bench.load` reads a Load as JSON and writes what came of it as JSON. One thread and nothing but the
standard library, so that on a small machine the load takes little from what it measures. Bounded in time and count,
and by whoever starts it; it only ever speaks to this machine.
"""

import json
import selectors
import socket
import sys
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from itertools import count
from typing import Any

from ledger.bench.observation import CHILD, EVENT, EVENT_CHARS
from ledger.bench.wire import Answer, AnswerReader, request, request_head

LOOPBACK = "127.0.0.1"
#: An answer that takes longer than this ends the load: something is broken.
_PATIENCE_S = 30.0
_SEND_BUFFER = 1 << 20
#: Connections are opened this far apart, as those of separate senders are: all at once, one web process takes most.
_APART_S = 0.002


class LoadError(Exception):
    """The load could not be put on."""


@dataclass(frozen=True, slots=True)
class Load:
    """What to post where. `each` bodies make one request, as a JSON array when there is more than one.

    Single bodies go round the `children` in their order. Those of batches go round the connection's own share, so that
    concurrent batches meet in no record.
    """

    port: int
    path: str
    template: str
    event_prefix: str
    token: str = ""
    children: tuple[str, ...] = ()
    each: int = 1
    connections: int = 32
    seconds: float = 3.0
    requests_most: int = 1_000_000
    #: Requests a second, sent whether or not the one before was answered; None: as fast as answers come.
    pace: float | None = None
    #: What stands in an answer once for each body that was stored anew; empty: a status of 201 is one.
    mark: str = ""
    #: Whether to hand back the `child` of every answer, and when it arrived (monotonic, in order of sending).
    keep: bool = False


@dataclass(slots=True)
class Loaded:
    """What came of a load. `seconds` runs from the first request to the last answer, which came at `ended`."""

    seconds: float = 0.0
    ended: float = 0.0
    requests: int = 0
    stored: int = 0
    body_bytes: int = 0
    statuses: dict[str, int] = field(default_factory=dict)
    p50_ms: float = 0.0
    p99_ms: float = 0.0
    kept: list[tuple[str, float]] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Bodies stored a second."""
        return self.stored / self.seconds if self.seconds else 0.0


def quantile(values: list[float], share: float) -> float:
    """The smallest value that is not below this share of them; 0 of none."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else 0.0


class Bodies:
    """Makes the bodies of a load, each under an event id of its own."""

    def __init__(self, load: Load) -> None:
        before, _, rest = load.template.partition(EVENT)
        middle, named, after = rest.partition(CHILD)
        self._parts = (before.encode(), middle.encode(), after.encode())
        width = EVENT_CHARS - len(load.event_prefix)
        self._event = load.event_prefix.encode() + b"%%0%dd" % width
        self._numbers = count()
        children = [child.encode() for child in load.children] if named else [b""]
        share = max(len(children) // load.connections, 1) if load.each > 1 else len(children)
        self._shares = [children[begin : begin + share] for begin in range(0, len(children), share)]
        self._turns = [count() for _ in self._shares]
        self._each = load.each

    def next(self, connection: int) -> bytes:
        """The next request's body for a connection."""
        if self._each == 1:
            return self._one(connection)
        return b"[" + b",".join([self._one(connection) for _ in range(self._each)]) + b"]"

    def _one(self, connection: int) -> bytes:
        place = connection % len(self._shares)
        share = self._shares[place]
        before, middle, after = self._parts
        child = share[next(self._turns[place]) % len(share)]
        return b"".join((before, self._event % next(self._numbers), middle, child, after))


class _Connection:
    __slots__ = ("number", "order", "reader", "sent_at", "socket", "unsent")

    def __init__(self, number: int, port: int) -> None:
        self.number = number
        self.socket = socket.create_connection((LOOPBACK, port), timeout=5)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)
        self.socket.setblocking(False)  # noqa: FBT003 — the socket's own interface
        self.reader = AnswerReader()
        self.sent_at = 0.0
        self.order = 0
        self.unsent = b""


class _Run:
    """One load under way."""

    def __init__(self, load: Load) -> None:
        self.load = load
        self.bodies = Bodies(load)
        self.head = request_head("POST", f"{LOOPBACK}:{load.port}", load.path, load.token)
        self.selector = selectors.DefaultSelector()
        self.idle: list[_Connection] = []
        self.opened = 0
        self.busy = 0
        self.sent = 0
        self.waits: list[float] = []
        self.statuses: Counter[str] = Counter()
        self.kept: dict[int, tuple[str, float]] = {}
        self.result = Loaded()
        self.mark = load.mark.encode()

    def go(self) -> Loaded:
        try:
            # None that is not needed at once: a thread of the server waits a while for what a new one will say.
            at_once = 0 if self.load.pace else min(self.load.connections, self.load.requests_most)
            while self.opened < at_once:
                self.idle.append(self._open())
                time.sleep(_APART_S)
            self._until_done(time.monotonic())
        finally:
            for key in list(self.selector.get_map().values()):
                key.data.socket.close()
            self.selector.close()
        result = self.result
        result.requests, result.statuses = self.sent, dict(self.statuses)
        result.p50_ms, result.p99_ms = quantile(self.waits, 0.5) * 1e3, quantile(self.waits, 0.99) * 1e3
        result.kept = [self.kept[order] for order in sorted(self.kept)]
        return result

    def _open(self) -> _Connection:
        connection = _Connection(self.opened, self.load.port)
        self.selector.register(connection.socket, selectors.EVENT_READ, connection)
        self.opened += 1
        return connection

    def _until_done(self, began: float) -> None:
        heard = began
        while True:
            now = time.monotonic()
            self._send_due(began, now)
            if not self.busy and not self._more(began, now):
                self.result.seconds, self.result.ended = heard - began, heard
                return
            ready = self.selector.select(self._until_next(began, now))
            now = time.monotonic()
            for key, events in ready:
                connection: _Connection = key.data
                if events & selectors.EVENT_WRITE:
                    self._send(connection, connection.unsent)
                if events & selectors.EVENT_READ and self._receive(connection, now):
                    heard = now
            if self.busy and now - heard > _PATIENCE_S:
                raise LoadError("no answer for half a minute")

    def _more(self, began: float, now: float) -> bool:
        return self.sent < self.load.requests_most and now - began < self.load.seconds

    def _due(self, began: float, now: float) -> int:
        """How many requests may be under way or done by now."""
        if not self._more(began, now):
            return self.sent
        if self.load.pace is None:
            return self.load.requests_most
        return min(int((now - began) * self.load.pace) + 1, self.load.requests_most)

    def _until_next(self, began: float, now: float) -> float:
        if self.load.pace is None or self.busy == self.load.connections or not self._more(began, now):
            return 1.0
        return max(began + self.sent / self.load.pace - now, 0.0)

    def _send_due(self, began: float, now: float) -> None:
        due = self._due(began, now)
        while self.sent < due and self.busy < self.load.connections:
            connection = self.idle.pop() if self.idle else self._open()
            body = self.bodies.next(connection.number)
            self.result.body_bytes += len(body)
            connection.order = self.sent
            connection.sent_at = time.monotonic()
            self.sent += 1
            self.busy += 1
            self._send(connection, request(self.head, body))

    def _send(self, connection: _Connection, data: bytes) -> None:
        try:
            gone = connection.socket.send(data)
        except BlockingIOError:
            gone = 0
        was_waiting, connection.unsent = bool(connection.unsent), data[gone:]
        if bool(connection.unsent) != was_waiting:
            wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if connection.unsent else 0)
            self.selector.modify(connection.socket, wanted, connection)

    def _receive(self, connection: _Connection, now: float) -> bool:
        data = connection.socket.recv(1 << 18)
        if not data:
            raise LoadError("the server closed a connection in the middle of the load")
        answer = connection.reader.take(data)
        if answer is None:
            return False
        self.waits.append(now - connection.sent_at)
        self.statuses[str(answer.status)] += 1
        self.result.stored += answer.body.count(self.mark) if self.mark else answer.status == 201
        if self.load.keep:
            self.kept[connection.order] = (_child_of(answer), now)
        self.busy -= 1
        self.idle.append(connection)
        return True


def _child_of(answer: Answer) -> str:
    return str(json.loads(answer.body).get("child", "")) if answer.status in (200, 201) else ""


def run(load: Load) -> Loaded:
    """Put the load on, from this process. Raises LoadError, WireError or OSError."""
    return _Run(load).go()


def as_json(load: Load) -> str:
    """A load as the process of its own reads it."""
    return json.dumps(asdict(load))


def from_json(text: str) -> Loaded:
    """What that process wrote."""
    members: dict[str, Any] = json.loads(text)
    members["kept"] = [(str(child), float(at)) for child, at in members["kept"]]
    return Loaded(**members)


if __name__ == "__main__":
    wanted = json.loads(sys.stdin.read())
    wanted["children"] = tuple(wanted["children"])
    sys.stdout.write(json.dumps(asdict(run(Load(**wanted)))))
