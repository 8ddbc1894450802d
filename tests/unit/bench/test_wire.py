"""HTTP as the load needs it."""

import pytest

from ledger.bench.wire import Answer, AnswerReader, WireError, request, request_head

WHOLE = b'HTTP/1.1 201 CREATED\r\nServer: s\r\nContent-Length: 11\r\nX: y\r\n\r\n{"id": "x"}'


def test_a_request_states_the_length_of_its_body() -> None:
    """The head is whole, the length is the body's, and the key stands in its own line."""
    sent = request(request_head("POST", "127.0.0.1:1", "/p", "k"), b"abc")
    head, _, body = sent.partition(b"\r\n\r\n")
    assert body == b"abc"
    assert head.split(b"\r\n") == [
        b"POST /p HTTP/1.1", b"Host: 127.0.0.1:1", b"Authorization: Bearer k", b"Content-Type: application/json",
        b"Content-Length: 3",
    ]  # fmt: skip


@pytest.mark.parametrize("at", range(1, len(WHOLE)))
def test_an_answer_in_two_pieces_is_the_same_answer(at: int) -> None:
    """Wherever it is cut, nothing is handed out before it is whole, and then all of it."""
    reader = AnswerReader()
    assert reader.take(WHOLE[:at]) is None
    assert reader.take(WHOLE[at:]) == Answer(201, b'{"id": "x"}')
    assert reader.take(WHOLE) == Answer(201, b'{"id": "x"}')


@pytest.mark.parametrize(
    "data",
    [
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"SSH-2.0\r\ncontent-length: 0\r\n\r\n",
        WHOLE + b"x",
    ],
    ids=["no length", "not HTTP", "more than one"],
)
def test_what_cannot_be_read_is_said(data: bytes) -> None:
    """An answer without a length, of another protocol, or that nobody asked for is an error and not a wrong count."""
    with pytest.raises(WireError):
        AnswerReader().take(data)
