import socket
import threading
import time
from collections.abc import Sequence

import httpcore
import pytest

from ledger.services.guarded_connect import Deadline, GuardedBackend, RefusedAddressError, Resolve, resolve
from tests.receiving import HOST, PUBLIC, Dialling, Names
from tests.unit.domain.test_public_address import NOT_PUBLIC


def guarded(
    names: Resolve, below: httpcore.NetworkBackend | None = None, *, seconds: float = 5.0, loopback: bool = False
) -> GuardedBackend:
    """A backend with so many seconds."""
    return GuardedBackend(Deadline(seconds, time.monotonic), resolve=names, below=below, loopback=loopback)


class Refusing(httpcore.NetworkBackend):
    """Remembers what it is asked to connect to, and connects to none of it."""

    def __init__(self) -> None:
        self.dialled: list[str] = []

    def connect_tcp(self, host: str, *_: object, **__: object) -> httpcore.NetworkStream:
        self.dialled.append(host)
        raise httpcore.ConnectError


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_a_name_that_leads_to_no_public_address_is_refused(address: str) -> None:
    """Before anything is connected to; also where a public address stands beside it, before it or after it."""
    for answer in ([address], [PUBLIC, address], [address, PUBLIC]):
        below = Refusing()
        with pytest.raises(RefusedAddressError):
            guarded(Names({HOST: [answer]}), below).connect_tcp(HOST, 443)
        assert below.dialled == []


def test_a_name_that_changes_its_mind_is_asked_once() -> None:
    """Rebinding: the second answer would be the metadata of a cloud machine, and is never asked for."""
    names = Names({HOST: [[PUBLIC], ["169.254.169.254"]]})
    with socket.create_server(("127.0.0.1", 0)) as server:
        below = Dialling(server.getsockname()[1])
        guarded(names, below).connect_tcp(HOST, 443).close()
    assert (names.asked, below.dialled) == ([HOST], [(PUBLIC, 443)])
    with pytest.raises(RefusedAddressError):
        guarded(names, below).connect_tcp(HOST, 443)
    assert below.dialled == [(PUBLIC, 443)]


def test_aliases_are_followed_to_their_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the machine's resolver says at the end of a chain of aliases counts, whatever name stands there."""

    def chained(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        assert host == HOST
        found = (socket.AF_INET, socket.SOCK_STREAM, 6)
        return [(*found, "a.example", (PUBLIC, port)), (*found, "metadata.internal", ("169.254.169.254", port))]

    monkeypatch.setattr(socket, "getaddrinfo", chained)
    below = Refusing()
    with pytest.raises(RefusedAddressError):
        guarded(resolve, below).connect_tcp(HOST, 443)
    assert below.dialled == []


@pytest.mark.parametrize("text", ["127.1", "2130706433", "0x7f.0.0.1", "017700000001", "::1", "localhost"])
def test_whatever_the_machine_reads_as_itself_is_refused(text: str) -> None:
    """Were such a host to come this far: by the machine's own resolver, which reads every form."""
    with pytest.raises((RefusedAddressError, httpcore.ConnectError)) as refused:
        guarded(resolve).connect_tcp(text, 443)
    assert isinstance(refused.value, RefusedAddressError) or ":" in text


@pytest.mark.parametrize("answer", [[], ["no address"], [""]])
def test_a_name_without_addresses_leads_nowhere(answer: Sequence[str]) -> None:
    """It is an error of connecting, and nothing is connected to."""
    below = Refusing()
    with pytest.raises(httpcore.ConnectError):
        guarded(Names({HOST: [answer]}), below).connect_tcp(HOST, 443)
    with pytest.raises(httpcore.ConnectError):
        guarded(Names({}), below).connect_tcp(HOST, 443)
    assert below.dialled == []


def test_each_checked_address_is_tried_and_no_more_than_four() -> None:
    """In their order, each once."""
    addresses = [f"8.8.8.{last}" for last in (1, 2, 2, 3, 4, 5)]
    below = Refusing()
    with pytest.raises(httpcore.ConnectError):
        guarded(Names({HOST: [addresses]}), below).connect_tcp(HOST, 443)
    assert below.dialled == ["8.8.8.1", "8.8.8.2", "8.8.8.3", "8.8.8.4"]


def test_a_resolver_that_hangs_is_not_waited_for() -> None:
    """The deadline holds for it too."""
    held = threading.Event()

    def hang(_host: str, _port: int) -> Sequence[str]:
        held.wait(5)
        return [PUBLIC]

    began = time.monotonic()
    with pytest.raises(httpcore.ConnectTimeout):
        guarded(hang, seconds=0.1).connect_tcp(HOST, 443)
    held.set()
    assert time.monotonic() - began < 2


def test_loopback_is_one_address_and_no_name() -> None:
    """Where it is allowed: 127.0.0.1 as it is written, and nothing that leads there."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        guarded(resolve, loopback=True).connect_tcp("127.0.0.1", port).close()
        with pytest.raises(RefusedAddressError):
            guarded(resolve).connect_tcp("127.0.0.1", port)
    below = Refusing()
    with pytest.raises(httpcore.ConnectError):
        guarded(Names({"127.0.0.1": [["10.0.0.1"]]}), below, loopback=True).connect_tcp("127.0.0.1", 80)
    assert below.dialled == [], "a resolver that lies about it"
    for name in (HOST, "localhost", "127.0.0.2"):
        with pytest.raises(RefusedAddressError):
            guarded(Names({name: [["127.0.0.1"]]}), Refusing(), loopback=True).connect_tcp(name, 443)


def test_no_socket_of_this_machine_is_connected_to() -> None:
    """A path is no address."""
    with pytest.raises(RefusedAddressError):
        guarded(resolve).connect_unix_socket("/run/x")
