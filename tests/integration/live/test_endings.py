"""When a stream ends: its reader may no longer, does not read, or the process stops; and what ends none."""

import os
import socket
from datetime import UTC, datetime

import psycopg
import pytest

from ledger.domain.feed import of_agency, of_person
from ledger.domain.role import Role
from ledger.live import hub, server
from ledger.live.stream import Ending
from ledger.services.give_role import take_role
from ledger.services.issue_key import revoke_key
from ledger.services.people_leave import leave
from ledger.services.sign_in import sign_out
from ledger.store.append import Caller
from ledger.store.database import transaction
from tests.integration.live.serving import Served, served, until
from tests.partnership import Partnership
from tests.streaming import RefusedStreamError, StreamClient, put


@pytest.fixture(autouse=True)
def _asks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "CHECK_S", 0.1)


def test_who_signs_out_is_cut_off(partnership: Partnership, live: Served, lead: Caller) -> None:
    """Signing out ends the streams of that session, and of no other."""
    session, other = partnership.session(lead), partnership.session(lead)
    with StreamClient(live.port, session=session) as stream, StreamClient(live.port, session=other) as stays:
        stream.read(), stays.read()
        with transaction(partnership.context.engine, party=None) as connection:
            sign_out(connection, session, datetime.now(UTC))
        assert stream.ends()
        assert lead.person_id is not None
        put(partnership, of_person(lead.person_id), "hv", ["still"])
        assert stays.items(1) == ["still"]


def test_who_leaves_is_cut_off(partnership: Partnership, live: Served, lead: Caller) -> None:
    """Somebody who left their agency follows nothing from then on."""
    session = partnership.session(lead)
    manager = partnership.person("hv", "mgr", Role.MANAGER)
    with StreamClient(live.port, session=session) as stream:
        stream.read()
        leave(partnership.context.engine, manager, "hv17", chance=os.urandom, now=datetime.now(UTC))
        assert stream.ends()
    with pytest.raises(RefusedStreamError):
        StreamClient(live.port, session=session)


def test_whose_key_is_revoked_is_cut_off(partnership: Partnership, live: Served) -> None:
    """A key's end ends its streams and those of tokens that were got with it."""
    key_id, key = partnership.issue("hv")
    answer = partnership.app.test_client().post(
        "/oauth/token", data={"grant_type": "client_credentials"}, auth=(key_id, key.rpartition(".")[2])
    )
    token = answer.get_json()["access_token"]
    with StreamClient(live.port, key=key) as by_key, StreamClient(live.port, key=token) as by_token:
        by_key.read(), by_token.read()
        revoke_key(partnership.engine("ledger_admin"), os.urandom, key_id=key_id, now=datetime.now(UTC))
        assert by_key.ends()
        assert by_token.ends()


def test_whose_roles_change_is_cut_off(partnership: Partnership, live: Served) -> None:
    """Who loses a role loses its feed: the stream ends, and begins anew with what is theirs now."""
    operator = partnership.person("hv", "op", Role.OPERATOR, Role.PRACTITIONER)
    session = partnership.session(operator)
    with StreamClient(live.port, session=session) as stream:
        assert "o0-" in stream.read().last_id
        take_role(partnership.engine("ledger_admin"), os.urandom, agency="hv", ref="op", role=Role.OPERATOR)
        assert stream.ends()
    with StreamClient(live.port, session=session) as again:
        assert "o0-" not in again.read().last_id


def test_who_does_not_read_is_cut_off(partnership: Partnership) -> None:
    """A reader whose buffers are full is given up after a bound, whatever is still to be written; others are served."""
    with served(partnership.database_url, write_s=0.3) as live:
        slow = socket.socket()
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.connect(("127.0.0.1", live.port))
        slow.sendall(
            f"GET /live HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {partnership.keys['csc']}\r\n\r\n".encode()
        )
        until(lambda: len(live.hub.streams) == 1)
        with StreamClient(live.port, key=partnership.keys["csc"]) as quick:
            quick.read()
            for batch in range(8):
                names = [f"{batch}-{number}-{'x' * 80}" for number in range(250)]
                put(partnership, of_agency("csc"), "csc", names)
                assert quick.items(250) == names
            until(lambda: len(live.hub.streams) == 1)
        until(lambda: _is_reset(slow))  # and not left to drain
        slow.close()


def test_who_may_no_longer_and_does_not_read_is_cut_off(partnership: Partnership) -> None:
    """A stream that ended while its reader read nothing leaves no connection behind to drain for ever."""
    key_id, key = partnership.issue("csc")
    with served(partnership.database_url, write_s=0.6) as live:
        slow = socket.socket()
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.connect(("127.0.0.1", live.port))
        slow.sendall(f"GET /live HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\n\r\n".encode())
        until(lambda: len(live.hub.streams) == 1)
        [stream] = live.hub.streams
        for batch in range(8):
            put(partnership, of_agency("csc"), "csc", [f"{batch}-{number}-{'x' * 80}" for number in range(250)])
        until(lambda: not stream.has_room)  # a write waits for its reader
        revoke_key(partnership.engine("ledger_admin"), os.urandom, key_id=key_id, now=datetime.now(UTC))
        until(lambda: not live.hub.streams)
        assert stream.ending is Ending.REVOKED
        until(lambda: _is_reset(slow))
        slow.close()


def test_who_connects_and_asks_nothing_is_cut_off(
    partnership: Partnership, live: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody holds connections by saying nothing, or by never coming to the end of it; a stream is not cut off."""
    monkeypatch.setattr(server, "ASK_S", 0.2)
    with StreamClient(live.port, key=partnership.keys["hv"]) as stream:
        silent, slow = (socket.create_connection(("127.0.0.1", live.port), timeout=10) for _ in range(2))
        slow.sendall(b"GET /live HTTP/1.1\r\nHost: x\r\n")
        for cut_off in (silent, slow):
            until(lambda held=cut_off: _is_reset(held))  # type: ignore[misc]
            cut_off.close()
        put(partnership, of_agency("hv"), "hv", ["still"])
        assert stream.items(1) == ["still"]


def test_when_nobody_would_wake_it_it_looks_by_itself(
    partnership: Partnership, live: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The notices' connection may die: what is put meanwhile comes by looking, and soon notices come again."""
    monkeypatch.setattr(hub, "DEAF_S", 0.1)
    with StreamClient(live.port, key=partnership.keys["hv"]) as stream:
        stream.read()
        end_listener(partnership.database_url)
        put(partnership, of_agency("hv"), "hv", ["deaf"])
        assert stream.items(1) == ["deaf"]
        until(lambda: live.hub.is_hearing)
        put(partnership, of_agency("hv"), "hv", ["heard"])
        assert stream.items(1) == ["heard"]


def test_a_database_that_breaks_off_ends_no_stream(
    partnership: Partnership, live: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every connection cut at once: streams stay, and go on when it answers again."""
    monkeypatch.setattr(hub, "_REST_S", 0.05)
    with StreamClient(live.port, key=partnership.keys["hv"]) as stream:
        stream.read()
        end_listener(partnership.database_url, name="%")
        put(partnership, of_agency("hv"), "hv", ["after"])
        assert stream.items(1) == ["after"]


def test_a_quiet_stream_is_kept_open(partnership: Partnership) -> None:
    """A comment goes out every so often, which no reader sees as an event."""
    with (
        served(partnership.database_url, beat_s=0.05) as live,
        StreamClient(live.port, key=partnership.keys["hv"]) as s,
    ):
        s.read()
        assert [s.answer.readline() for _ in range(4)] == [b":\n", b"\n", b":\n", b"\n"]


def _is_reset(reader: socket.socket) -> bool:
    try:
        reader.sendall(b"x")
    except ConnectionError:
        return True
    return False


def end_listener(database_url: str, name: str = "ledger_live") -> None:
    """End connections to this database by their application's name, as its owner may."""
    with psycopg.connect(database_url.replace("+psycopg", "", 1), autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND application_name LIKE %s AND pid <> pg_backend_pid() "
            "AND application_name IN ('ledger_live', 'ledger_web')",
            (name,),
        )
