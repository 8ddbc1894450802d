import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import text

from ledger.stack import child as processes
from ledger.stack.binaries import find_postgres
from ledger.stack.place import make_place, reachable
from ledger.stack.postgres import NOT_DURABLE, PostgresServer
from ledger.store.database import connect_engine
from ledger.store.migrate import newest_revision
from tests.partnership import ROOT, Partnership, refused, stored

#: How long an answer may take that says that the database is away, with slack for a busy machine.
SOON = 1.5


@dataclass
class Server:
    """A PostgreSQL server that a test may stop and start."""

    postgres: PostgresServer
    running: processes.Child

    def stop(self) -> None:
        self.postgres.stop(self.running)

    def start(self) -> None:
        self.running = self.postgres.start()
        assert processes.wait_until(lambda: self.postgres.is_ready(self.running), 30)


@pytest.fixture
def server(data_folder: Path) -> Iterator[Server]:
    """A server of this test's own, with nothing migrated."""
    env = dict(os.environ)
    place = make_place(data_folder, env)
    postgres = PostgresServer(
        reachable(find_postgres(env), place), place.postgres, place.run, place.account, place.log / "postgres.log",
        settings=NOT_DURABLE,
    )  # fmt: skip
    postgres.prepare()
    made = Server(postgres, postgres.start())
    assert processes.wait_until(lambda: postgres.is_ready(made.running), 30)
    yield made
    processes.kill_group(made.running)


def timed(send: Any) -> tuple[Any, float]:
    began = time.monotonic()
    return send(), time.monotonic() - began


def check_unavailable(response: Any, took: float) -> None:
    problem = refused(response, 503, "unavailable")
    assert int(response.headers["Retry-After"]) >= 1
    assert "stored" in problem["detail"]
    assert took < SOON


@pytest.mark.slow
def test_a_server_that_goes_away_and_comes_back(server: Server) -> None:
    """While away every call is 503 within a second and none a false 201; once back, what was acknowledged is there.

    The server is fresh, and two of its databases are migrated at once, so that both want to make the roles.
    """
    urls = [server.postgres.url, server.postgres.url.replace("/ledger?", "/second?")]
    with psycopg.connect(server.postgres.url_of("postgres", "postgres"), autocommit=True) as connection:
        connection.execute("CREATE DATABASE second OWNER ledger_migrator")
    upgrading = "import sys; from ledger.store.migrate import upgrade; print(upgrade(sys.argv[1]))"
    running = [
        subprocess.Popen([sys.executable, "-c", upgrading, url], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for url in urls
    ]
    assert [process.communicate(timeout=60)[0].strip() for process in running] == [newest_revision()] * 2

    partnership = Partnership(urls[0], web_pool=4)
    child = partnership.child(involve=["csc"])
    kept, lost = partnership.observation(child), partnership.observation(child)
    first = stored(partnership.post("/observations", kept))
    with ThreadPoolExecutor(4) as threads:  # so that every connection of the pool is open when the server goes
        list(threads.map(lambda _turn: stored(partnership.get("/entries")), range(8)))
    server.stop()
    for _ in range(2):
        for send in (
            lambda: partnership.post("/observations", lost),
            lambda: partnership.post("/observations", kept),
            lambda: partnership.post("/observations/batch", [lost, kept]),
            lambda: partnership.post("/children", {"event_id": "r", "born": "2022-09-01"}),
            lambda: partnership.get("/entries"),
            lambda: partnership.get(f"/children/{child}/timeline", "csc"),
            lambda: partnership.get("/alerts", "csc"),
        ):
            check_unavailable(*timed(send))
    ready, took = timed(lambda: partnership.app.test_client().get("/health/ready"))
    assert (ready.status_code, ready.get_json()["database"]) == (503, False)
    assert took < SOON
    assert partnership.app.test_client().get("/health/live").status_code == 200

    server.start()
    again = partnership.post("/observations", kept)
    assert (again.status_code, again.get_json()) == (200, first)
    assert partnership.post("/observations", lost).status_code == 201
    assert partnership.app.test_client().get("/health/ready").get_json()["ready"] is True
    assert len(partnership.envelopes(child)) == 4
    partnership.close()
    server.stop()


def test_a_server_that_was_never_there(partnership: Partnership, tmp_path: Path) -> None:
    """A web process started before its database answers 503 at once, and the same process serves once it is there."""
    real = partnership.context.engine
    away = connect_engine(f"postgresql://nobody@/nowhere?host={tmp_path}", "ledger_web")
    object.__setattr__(partnership.context, "engine", away)
    child = "0b9c8d5e-1f7a-4a43-9a0e-3b1d7c2f9a10"
    check_unavailable(*timed(lambda: partnership.post("/observations", partnership.observation(child))))
    check_unavailable(*timed(lambda: partnership.get("/alerts")))
    object.__setattr__(partnership.context, "engine", real)
    assert stored(partnership.get("/alerts"))["alerts"] == []
    away.dispose()


def test_a_connection_that_breaks_is_not_served_again(partnership: Partnership, superuser_url: str) -> None:
    """When the server ends every session of the pool, each costs at most one call its answer, and no more."""
    child = partnership.child()
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _turn: stored(partnership.get("/entries")), range(8)))
    ending = """
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE application_name = 'ledger_web' AND datname = current_database()"""
    with psycopg.connect(superuser_url.replace("+psycopg", "", 1)) as connection:
        assert connection.execute(ending).rowcount >= 1
    statuses = [partnership.post("/observations", partnership.observation(child)).status_code for _ in range(12)]
    assert set(statuses) <= {201, 503}
    assert statuses[8:] == [201] * 4
    assert len(partnership.envelopes(child)) == 1 + statuses.count(201)


def test_a_record_held_by_another_is_given_up(partnership: Partnership) -> None:
    """A post to a record that somebody holds is 503 with Retry-After after two seconds; reads of it go on meanwhile."""
    child, other = partnership.child(involve=["hv"]), partnership.child()
    rows = partnership.rows()
    with partnership.acting("ledger_worker") as holding, ThreadPoolExecutor(1) as threads:
        holding.execute(text("SELECT 1 FROM ledger.heads WHERE record_id = :r FOR NO KEY UPDATE"), {"r": child})
        body = partnership.observation(child)
        mixed = [partnership.observation(other), partnership.observation(child)]
        # One after the other: whoever queues behind a waiter waits for the queue and then for the holder.
        single = threads.submit(timed, lambda: partnership.post("/observations", body))
        batch = threads.submit(timed, lambda: partnership.post("/observations/batch", mixed))
        for path in (f"/children/{child}/timeline", "/entries", "/alerts"):
            _, took = timed(lambda path=path: stored(partnership.get(path)))
            assert took < SOON
        for waiting in (single, batch):
            response, took = waiting.result()
            refused(response, 503, "unavailable")
            assert int(response.headers["Retry-After"]) >= 1
            assert 1.8 < took < 4
    assert partnership.rows() == rows | {"access_records": 1}
    assert partnership.post("/observations", body).status_code == 201


def test_a_post_to_another_record_does_not_wait(partnership: Partnership) -> None:
    """One record held by somebody keeps no other record's writers waiting."""
    child, other = partnership.child(), partnership.child()
    with partnership.acting("ledger_worker") as holding:
        holding.execute(text("SELECT 1 FROM ledger.heads WHERE record_id = :r FOR NO KEY UPDATE"), {"r": child})
        response, took = timed(lambda: partnership.post("/observations", partnership.observation(other)))
        assert response.status_code == 201
        assert took < SOON
