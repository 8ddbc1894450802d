import socket

import pytest

from ledger.cli import sockets
from ledger.stack import listener
from ledger.stack.fault import StackError

HOST = "127.0.0.1"


def test_streams_have_the_port_after_the_webs_where_it_is_free() -> None:
    """Else any: a second stack on this machine starts all the same."""
    with listener.bind(HOST, 0) as spare:
        port = sockets.port_of(spare)
    with sockets.bound(HOST, port, None, patience_seconds=0) as first:
        assert first.ports[0] == port
        with sockets.bound(HOST, 0, None, patience_seconds=0) as second:
            assert len({*first.ports, *second.ports}) == 4
    with socket.socket() as again:
        again.bind((HOST, port))  # both were closed


def test_a_port_that_was_chosen_and_is_taken_is_told() -> None:
    """By the setting that chooses another, and before anything starts."""
    with (
        listener.bind(HOST, 0) as taken,
        pytest.raises(StackError, match=r"LEDGER_LIVE_PORT\.$"),
        sockets.bound(HOST, 0, sockets.port_of(taken), patience_seconds=0),
    ):
        raise AssertionError("it was bound twice")


@pytest.mark.parametrize(
    ("env", "told"),
    [
        ({}, "http://127.0.0.1:{live}"),
        ({"LEDGER_BASE_URL": "https://ledger.example/"}, "https://ledger.example"),
        ({"LEDGER_BASE_URL": "https://ledger.example", "LEDGER_LIVE_URL": "https://ledger.example:8443"}, None),
    ],
)
def test_pages_are_told_where_streams_are(env: dict[str, str], told: str | None) -> None:
    """On their own port; behind a proxy where the pages are; and where the operator says, if they do."""
    with sockets.bound(HOST, 0, None, patience_seconds=0) as bound:
        given = bound.environment(HOST, env)
        assert given.get("LEDGER_LIVE_URL") == (None if told is None else told.format(live=bound.ports[1]))
        assert (given["LEDGER_PORT"], given["LEDGER_LIVE_PORT"]) == tuple(map(str, bound.ports))
