"""What the past costs: a long record as it was known beside as it is, and read back with every stored byte hashed.

Beside the reading back stands eventsourcing's own of as many events, where it is installed: it is no dependency, and
where neither this Python nor the one named by LEDGER_BENCH_EVENTSOURCING has it, that is said and it is left out.
"""

import importlib.util
import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import psycopg

from ledger.bench import eventsourcing_peer
from ledger.bench.bed import LEDGER_DATABASE, Bed
from ledger.bench.client import Client
from ledger.bench.load import LoadError
from ledger.bench.observation import CHILD, EVENT, ordinary
from ledger.bench.peer import DATABASE
from ledger.bench.standing import forgo_detection, register
from ledger.services.read_back import read_record_back
from ledger.store.database import connect_engine
from ledger.store.party import AUDITOR, act_for

#: A Python that has eventsourcing.
PEER_PYTHON: Final = "LEDGER_BENCH_EVENTSOURCING"
_EACH, _ROUNDS, _PEER_S = 100, 7, 300.0


@dataclass(frozen=True, slots=True)
class Replaying:
    """Milliseconds for a page and for a picture, now and as known half-way; entries and events a second, read back."""

    entries: int
    now_ms: Mapping[str, float]
    then_ms: Mapping[str, float]
    rate: float
    peer_rate: float | None

    def growth(self, view: str) -> float:
        """How many times as long a view of the past takes as one of the present."""
        return self.then_ms[view] / self.now_ms[view]

    def as_json(self) -> dict[str, Any]:
        return {
            "entries": self.entries,
            "now_ms": dict(self.now_ms),
            "then_ms": dict(self.then_ms),
            "rate": self.rate,
            "peer_rate": self.peer_rate,
        }


def measure(bed: Bed, entries: int) -> Replaying:
    """Post a record so long, undetected; look at it, and read it back. Raises LoadError."""
    [child] = register(bed, "replay.child.", 1)
    with bed.without_detection(), Client(bed.port, bed.keys["hv"]) as client:
        involved = {"event_id": "replay.part", "role": "work", "reason": "known to us", "lawful_basis": "public task"}
        _post(client, f"/api/v1/children/{child}/involvements", involved)
        for first in range(0, entries, _EACH):
            bodies = [_observation(bed, child, first + number) for number in range(min(_EACH, entries - first))]
            _post(client, "/api/v1/observations/batch", bodies)
        number = entries + 2
        middle = _get(client, f"/api/v1/children/{child}/timeline?after={number // 2 - 1}&limit=1")["entries"][0]
        last = _get(client, f"/api/v1/children/{child}/timeline?after={number - 1}&limit=1")["entries"][0]
        views = {
            "timeline": (f"timeline?after={number // 2 - 150}", f"&known_at={middle['recorded_at']}"),
            "picture": ("picture?valid_at=2020-01-01", f"&known_at={last['recorded_at']}"),
        }
        now, then = (dict.fromkeys(views, 0.0) for _ in range(2))
        for view, (path, known) in views.items():
            now[view], then[view] = _side_by_side(client, f"/api/v1/children/{child}/{path}", known)
        with bed.connect() as driver:
            forgo_detection(driver)
    return Replaying(number, now, then, _read_back(bed, UUID(child), number), _peer(bed, number))


def _side_by_side(client: Client, path: str, known: str) -> tuple[float, float]:
    """Milliseconds of the present and of the past, by turns."""
    took: dict[str, list[float]] = {"": [], known: []}
    for _ in range(_ROUNDS):
        for more, seconds in took.items():
            began = time.perf_counter()
            _get(client, path + more)
            seconds.append(time.perf_counter() - began)
    return median(took[""]) * 1e3, median(took[known]) * 1e3


def _read_back(bed: Bed, record_id: UUID, up_to: int) -> float:
    """Entries a second, by the auditors' role."""
    engine = connect_engine(bed.server_url(LEDGER_DATABASE), "ledger_auditor", pool_size=1)
    rates = []
    try:
        for _ in range(_ROUNDS):
            with engine.begin() as connection:
                act_for(connection, AUDITOR)
                began = time.perf_counter()
                read_record_back(connection, record_id, up_to)
                rates.append(up_to / (time.perf_counter() - began))
    finally:
        engine.dispose()
    return median(rates)


def _peer(bed: Bed, events: int) -> float | None:
    """Events a second that eventsourcing reads back of one aggregate, in the same server; None where it is not here."""
    here = sys.executable if importlib.util.find_spec("eventsourcing") else None
    python = os.environ.get(PEER_PYTHON) or here
    if python is None:
        bed.say(f"  eventsourcing is not installed, nor named by {PEER_PYTHON}: NOT measured beside it")
        return None
    url = urlsplit(bed.server_url(DATABASE))
    with psycopg.connect(bed.server_url(DATABASE), autocommit=True) as driver:
        driver.execute(b"CREATE SCHEMA IF NOT EXISTS eventsourcing_peer")
    query = parse_qs(url.query)
    given = {
        "POSTGRES_DBNAME": url.path[1:],
        "POSTGRES_HOST": query.get("host", [url.hostname or ""])[0],
        "POSTGRES_PORT": query.get("port", [str(url.port or 5432)])[0],
        "POSTGRES_USER": url.username or "postgres",
        "POSTGRES_PASSWORD": url.password or "-",
        "POSTGRES_SCHEMA": "eventsourcing_peer",
    }
    sent = json.dumps({"events": events, "rounds": _ROUNDS, "body": json.loads(_text(bed, "c", 0))})
    done = subprocess.run(  # noqa: S603 - a Python that whoever measures names, and our own script
        [python, str(eventsourcing_peer.__file__)], input=sent, env={**os.environ, **given}, capture_output=True,
        text=True, timeout=_PEER_S, check=False,
    )  # fmt: skip
    if done.returncode:
        raise LoadError(f"eventsourcing could not be measured: {done.stderr.strip().splitlines()[-1:]}")
    rates: list[float] = json.loads(done.stdout)
    return median(rates)


def _observation(bed: Bed, child: str, number: int) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_text(bed, child, number))
    return found


def _text(bed: Bed, child: str, number: int) -> str:
    return ordinary(bed.today).replace(EVENT, f"replay.{number:012}").replace(CHILD, child)


def _post(client: Client, path: str, body: Any) -> None:
    answer = client.send("POST", path, json.dumps(body).encode())
    if answer.status not in (200, 201):
        raise LoadError(f"{path.rpartition('/')[2]} was answered {answer.status}")


def _get(client: Client, path: str) -> dict[str, Any]:
    answer = client.send("GET", path)
    if answer.status != 200:
        raise LoadError(f"a view of the past was answered {answer.status}")
    found: dict[str, Any] = json.loads(answer.body)
    return found
