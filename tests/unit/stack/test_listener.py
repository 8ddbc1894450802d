"""The HTTP socket and the probe."""

import socket

import pytest

from ledger.stack.fault import StackError
from ledger.stack.listener import AnswerProbe, bind


def test_a_taken_port_is_named_with_a_way_out() -> None:
    """The message says which port and what to do."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(StackError, match=rf"Port {port} .* taken .*--port {port + 1}"):
            bind("127.0.0.1", port)


def test_an_address_of_elsewhere_is_refused_plainly() -> None:
    """No trace, but a sentence."""
    with pytest.raises(StackError, match="Cannot listen on 192"):
        bind("192.0.2.1", 0)


def test_the_probe_waits_for_an_answer_and_not_for_a_connection() -> None:
    """The kernel takes connections for a socket that nobody serves yet; that is not being up."""
    with bind("127.0.0.1", 0) as listening:
        probe = AnswerProbe("127.0.0.1", listening.getsockname()[1])
        assert not probe.answered()
        assert not probe.answered()
        connection, _ = listening.accept()
        with connection:
            assert connection.recv(1024).startswith(b"GET /health/live ")
            connection.sendall(b"HTTP/1.0 503 Not yet\r\n\r\n")
            assert any(probe.answered() for _ in range(1000))
