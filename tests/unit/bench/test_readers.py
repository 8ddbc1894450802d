"""The readers of the bench, beside a server that says what a test has it say."""

import asyncio

import pytest

from ledger.bench.load import LoadError
from ledger.bench.readers import Readers, as_json, from_json, hold

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
READY = b"retry: 1\nid: p0-00000000\nevent: ready\ndata: {}\n\n"
ITEM = b'id: p1-00000000\ndata: {"id":"1","type":"alert.raised","tier":null,"subject":"%s"}\n\n'


def seen(*said: bytes, seconds: float = 0.3) -> str:
    """What two readers saw of a server that says this to each; as JSON."""

    async def play() -> str:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"".join(said))
            await reader.read()
            writer.close()
            await writer.wait_closed()

        async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
            wanted = Readers(server.sockets[0].getsockname()[1], ["a=1", "a=2"], seconds)
            return as_json(await hold(wanted))  # type: ignore[arg-type]

    return asyncio.run(play())


def test_each_stream_is_read_and_counted() -> None:
    """Items of all streams, the last moment of each subject, and how many streams were open to the end."""
    found = from_json(seen(HEAD, READY, b":\n\n", ITEM % b"x", ITEM % b"y"))
    assert (found.streams, found.items, sorted(found.last)) == (2, 4, ["x", "y"])


def test_a_stream_that_is_refused_is_told() -> None:
    """A measurement beside fewer streams than were asked for would be another one."""
    with pytest.raises(LoadError, match="503"):
        seen(b"HTTP/1.1 503 Unavailable\r\n\r\n")
