"""The load: what it sends, how much of it, and what it makes of the answers."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from ledger.bench.load import Bodies, Load, LoadError, from_json, quantile, run

TEMPLATE = '{"event_id":"{event}","child":{"id":"{child}"}}'


class Server(ThreadingHTTPServer):
    """Answers every post with 201, or hangs up at the one told; keeps what came, and how many connections did."""

    daemon_threads = True
    hangs_up_at: int | None = None

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.bodies: list[Any] = []
        self.connections = 0

    def handle_error(self, *_: object) -> None:
        """A load that ends in an error closes its connections under the server's hands."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def setup(self) -> None:
        super().setup()
        self.server.connections += 1

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.bodies.append(body)
        if len(self.server.bodies) == self.server.hangs_up_at:
            self.close_connection = True
            return
        items = body if isinstance(body, list) else [body]
        said = json.dumps({"child": items[0]["child"]["id"], "results": [{"status": 201}] * len(items)})
        self.send_response(201)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said.encode())

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    yield server
    server.shutdown()
    serving.join()
    server.server_close()


def a_load(server: Server, **options: Any) -> Load:
    children = tuple(f"c{number}" for number in range(8))
    given = {"children": children, "connections": 4, "seconds": 30.0, "requests_most": 40, **options}
    return Load(server.server_address[1], "/", TEMPLATE, "e.", **given)


def test_a_load_ends_at_its_count(server: Server) -> None:
    """As many requests as were asked for, each under an id of its own, go round the children, and all are counted."""
    loaded = run(a_load(server))
    assert (loaded.requests, loaded.stored, loaded.statuses) == (40, 40, {"201": 40})
    assert len({body["event_id"] for body in server.bodies}) == 40
    told = [body["child"]["id"] for body in server.bodies]
    assert {child: told.count(child) for child in told} == {f"c{number}": 5 for number in range(8)}
    assert loaded.body_bytes == sum(len(json.dumps(body, separators=(",", ":"))) for body in server.bodies)
    assert server.connections == 4


def test_a_load_ends_at_its_time(server: Server) -> None:
    """When its time is over it sends no more, waits for what is under way, and says how long it took."""
    loaded = run(a_load(server, seconds=0.2, requests_most=1_000_000))
    assert 0 < loaded.stored == loaded.requests == len(server.bodies)
    assert loaded.seconds > 0
    assert loaded.rate == loaded.stored / loaded.seconds


def test_concurrent_batches_meet_in_no_child(server: Server) -> None:
    """Each connection's batches are about children of its own."""
    loaded = run(a_load(server, each=2, mark='"status": 201', requests_most=20))
    assert (loaded.requests, loaded.stored) == (20, 40)
    shares = {frozenset(item["child"]["id"] for item in body) for body in server.bodies}
    assert len(shares) == 4
    assert frozenset.union(*shares) == {f"c{number}" for number in range(8)}


def test_a_paced_load_opens_what_it_needs(server: Server) -> None:
    """At a pace each child is told of in its turn, and what came back is kept in the order of sending."""
    loaded = run(a_load(server, pace=400.0, requests_most=8, keep=True, connections=8))
    assert [child for child, _ in loaded.kept] == [f"c{number}" for number in range(8)]
    assert 1 <= server.connections <= 8


def test_a_server_that_hangs_up_is_no_result(server: Server) -> None:
    """A connection that ends under way ends the load with an error: there is no rate of what broke."""
    server.hangs_up_at = 3
    with pytest.raises(LoadError):
        run(a_load(server))


def test_bodies_are_of_one_length() -> None:
    """Every event id is as long as the others, however many there have been."""
    bodies = Bodies(Load(1, "/", TEMPLATE, "e.", children=("c0", "c1")))
    assert len({len(bodies.next(0)) for _ in range(1200)}) == 1


def test_a_result_survives_the_way_between_processes() -> None:
    """What a load's own process wrote reads back as it was."""
    written = {
        "seconds": 1.5, "ended": 2.0, "requests": 3, "stored": 3, "body_bytes": 9, "statuses": {"201": 3},
        "p50_ms": 1.0, "p99_ms": 2.0, "kept": [["c", 1.0]],
    }  # fmt: skip
    loaded = from_json(json.dumps(written))
    assert loaded.rate == 2.0
    assert loaded.kept == [("c", 1.0)]


@pytest.mark.parametrize(("share", "found"), [(0.0, 1.0), (0.5, 51.0), (0.99, 100.0), (1.0, 100.0)])
def test_a_quantile_is_one_of_the_values(share: float, found: float) -> None:
    """No value is made up between two others."""
    assert quantile([float(value) for value in range(100, 0, -1)], share) == found
    assert quantile([], share) == 0.0
