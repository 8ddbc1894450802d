"""Bare inserts by the driver, without HTTP: how much the database server takes from as many threads as serve the web.

`python -m ledger.bench.inserts` reads what to do as JSON and writes what came of it as JSON.
"""

import json
import sys
import threading
import time
from dataclasses import asdict, dataclass

import psycopg

from ledger.bench.peer import INSERT_ONE, insert_many


@dataclass(frozen=True, slots=True)
class Inserts:
    """Put `body` into the bare table again and again, `each` a commit, from so many threads, for so long."""

    database_url: str
    body: str
    each: int
    threads: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Inserted:
    """How many bodies went in, and how long it took."""

    stored: int
    seconds: float

    @property
    def rate(self) -> float:
        """Bodies stored a second."""
        return self.stored / self.seconds if self.seconds else 0.0


def run(inserts: Inserts) -> Inserted:
    """Insert from this process."""
    statement = INSERT_ONE if inserts.each == 1 else insert_many(inserts.each)
    ready = threading.Barrier(inserts.threads + 1)
    stored = [0] * inserts.threads

    def work(number: int) -> None:
        with psycopg.connect(inserts.database_url, autocommit=True) as driver:
            ready.wait()
            until = time.monotonic() + inserts.seconds
            while time.monotonic() < until:
                driver.execute(statement, [inserts.body] * inserts.each)
                stored[number] += inserts.each

    threads = [threading.Thread(target=work, args=(number,)) for number in range(inserts.threads)]
    for thread in threads:
        thread.start()
    ready.wait(timeout=30)
    began = time.monotonic()
    for thread in threads:
        thread.join()
    return Inserted(sum(stored), time.monotonic() - began)


def as_json(inserts: Inserts) -> str:
    """What to do as the process of its own reads it."""
    return json.dumps(asdict(inserts))


def from_json(text: str) -> Inserted:
    """What that process wrote."""
    return Inserted(**json.loads(text))


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asdict(run(Inserts(**json.loads(sys.stdin.read()))))))
