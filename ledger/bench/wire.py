"""HTTP/1.1 as the load needs it: requests put together from bytes, answers read as they arrive.

Only what the ledger and its peers send is understood: a status line, headers, a body whose length is stated.
"""

from dataclasses import dataclass

_LENGTH = b"\r\ncontent-length:"


class WireError(Exception):
    """What came back is no answer that can be read."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One whole answer."""

    status: int
    body: bytes


def request_head(method: str, host: str, path: str, token: str) -> bytes:
    """Everything before the length: the same for every request of a load."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", "Content-Type: application/json", "Content-Length: "]
    if token:
        lines.insert(2, f"Authorization: Bearer {token}")
    return "\r\n".join(lines).encode()


def request(head: bytes, body: bytes) -> bytes:
    """A request that can be sent as it is."""
    return b"%b%d\r\n\r\n%b" % (head, len(body), body)


class AnswerReader:
    """Puts the answers of one connection together from what arrives; one is asked for at a time."""

    __slots__ = ("_buffer",)

    def __init__(self) -> None:
        self._buffer = b""

    def take(self, data: bytes) -> Answer | None:
        """Add what arrived; the answer once it is whole. Raises WireError."""
        self._buffer = buffer = self._buffer + data if self._buffer else data
        end = buffer.find(b"\r\n\r\n")
        if end < 0:
            return None
        head = buffer[:end].lower()
        place = head.find(_LENGTH)
        if place < 0 or not head.startswith(b"http/1.1 "):
            raise WireError("an answer without a length, or not of HTTP/1.1")
        begin = place + len(_LENGTH)
        stop = head.find(b"\r\n", begin)
        length = int(head[begin : stop if stop >= 0 else len(head)])
        whole = end + 4 + length
        if len(buffer) < whole:
            return None
        if len(buffer) > whole:
            raise WireError("more came than was asked for")
        self._buffer = b""
        return Answer(int(head[9:12]), buffer[end + 4 : whole])
