"""Readers of streams, as many as are asked for, in a process of their own: open all, hold them, note what comes when.

`python -m ledger.bench.readers` reads Readers as JSON and writes what was Seen as JSON. One thread and nothing but the
standard library; it only ever speaks to this machine, and ends by itself.
"""

import asyncio
import contextlib
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

from ledger.bench.load import LOOPBACK, LoadError

#: So many are opened at the same time.
_AT_ONCE = 20
_OPEN_MOST_S = 60.0
_LOOK_S, _QUIET_S = 0.5, 1.0
#: The data of the event with which a stream begins.
_NOTHING = b"data: {}\n"


@dataclass(frozen=True, slots=True)
class Readers:
    """Sessions' cookies, a stream for each, to be held for so long once all of them are open.

    With `subjects` they are left sooner: once items of so many came, and nothing more for a moment.
    """

    port: int
    cookies: Sequence[str]
    seconds: float
    subjects: int | None = None


@dataclass(slots=True)
class Seen:
    """How many streams were open to the end, what items came in all, and of each subject when its last one came.

    Moments are of the monotonic clock, which processes of one machine share.
    """

    streams: int = 0
    items: int = 0
    last: dict[str, float] = field(default_factory=dict)


def as_json(wanted: Readers) -> str:
    """What the process reads."""
    return json.dumps(asdict(wanted))


def from_json(text: str) -> Seen:
    """What the process wrote."""
    return Seen(**json.loads(text))


async def hold(wanted: Readers) -> Seen:
    """Open, hold and read. Raises LoadError where one is not let in."""
    seen, gate, opened = Seen(), asyncio.Semaphore(_AT_ONCE), asyncio.Event()
    waiting = len(wanted.cookies)

    async def read(cookie: str) -> None:
        nonlocal waiting
        async with gate:
            reader, writer = await _opened(wanted.port, cookie)
        waiting -= 1
        if not waiting:
            opened.set()
        try:
            while line := await reader.readline():
                if line.startswith(b"data: {") and line != _NOTHING:
                    seen.items += 1
                    seen.last[str(json.loads(line[6:])["subject"])] = time.monotonic()
        finally:
            await _close(writer)

    tasks = [asyncio.create_task(read(cookie)) for cookie in wanted.cookies]
    open_all = asyncio.create_task(opened.wait())
    await asyncio.wait([*tasks, open_all], timeout=_OPEN_MOST_S, return_when=asyncio.FIRST_COMPLETED)
    if opened.is_set():
        until = time.monotonic() + wanted.seconds
        broken: set[asyncio.Task[None]] = set()
        while not broken and time.monotonic() < until and not _has_all(seen, wanted):
            broken, _ = await asyncio.wait(tasks, timeout=_LOOK_S, return_when=asyncio.FIRST_COMPLETED)
    seen.streams = sum(not task.done() for task in tasks) if opened.is_set() else 0
    for task in (*tasks, open_all):
        task.cancel()
    failures = [one for one in await asyncio.gather(*tasks, return_exceptions=True) if isinstance(one, Exception)]
    if failures:
        raise failures[0]
    return seen


def _has_all(seen: Seen, wanted: Readers) -> bool:
    if wanted.subjects is None or len(seen.last) < wanted.subjects:
        return False
    return time.monotonic() - max(seen.last.values(), default=0.0) > _QUIET_S


async def _opened(port: int, cookie: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A stream whose first event has come. Raises LoadError where it is refused."""
    reader, writer = await asyncio.open_connection(LOOPBACK, port)
    writer.write(f"GET /live HTTP/1.1\r\nHost: {LOOPBACK}\r\nCookie: {cookie}\r\n\r\n".encode())
    status = await reader.readline()
    if b" 200 " not in status:
        await _close(writer)
        raise LoadError(f"a stream was answered with {status.split()[1:2]}")
    await reader.readuntil(b"event: ready")
    return reader, writer


async def _close(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()


if __name__ == "__main__":
    given = json.load(sys.stdin)
    json.dump(asdict(asyncio.run(hold(Readers(**given)))), sys.stdout)
