"""What the measurements stand on: one stack and one bare peer that run, and how to reach and steer them.

Everything here is handed in by the command that started the servers; the measurements start no server themselves.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date

import psycopg

from ledger.bench import inserts, load
from ledger.bench.peer import DATABASE, Driver
from ledger.domain.entry import Chance
from ledger.domain.pack import Pack

LEDGER_DATABASE = "ledger"
#: A process of the load is given this much more than it was asked to take.
_GRACE_S = 60.0


@dataclass(frozen=True, slots=True)
class Bed:
    """A stack with its agencies' keys, the peer beside it, and what only the command line may do."""

    port: int
    live_port: int
    peer_port: int
    #: The URL of a database of the stack's server, as its superuser, whom no row-level security holds back.
    server_url: Callable[[str], str]
    #: A bearer key of each agency: `hv` and `csc` post, `duty` is told.
    keys: Mapping[str, str]
    today: date
    web_workers: int
    web_threads: int
    #: The rule pack in force, and a source of chance, for what is detected by the measuring process itself.
    pack: Pack
    chance: Chance
    #: While entered, nothing is detected.
    without_detection: Callable[[], AbstractContextManager[None]]
    #: The processes of each part of the stack, by its name.
    parts: Callable[[], Mapping[str, Sequence[int]]]
    #: Run a module as processes of their own at the same time: its name, what each reads, for how long at most.
    run_module: Callable[[str, Sequence[str], float], list[str]]
    #: Sign so many people in, a tenth of them at the desk: the cookie of each one's session.
    sign_in: Callable[[int], list[str]]
    #: Stop the peer, which holds connections to the stack's server.
    end_peer: Callable[[], None]
    #: Tell the person who waits.
    say: Callable[[str], None]

    def connect(self) -> Driver:
        """A connection to the ledger's database as the superuser, each statement by itself."""
        return psycopg.connect(self.server_url(LEDGER_DATABASE), autocommit=True)

    def load(self, wanted: load.Load) -> load.Loaded:
        """Put a load on from a process of its own. Raises LoadError where an answer was not what it should be."""
        [text] = self.run_module("ledger.bench.load", [load.as_json(wanted)], wanted.seconds + _GRACE_S)
        loaded = load.from_json(text)
        unwelcome = {status: count for status, count in loaded.statuses.items() if status not in ("200", "201")}
        if unwelcome or loaded.stored < loaded.requests:
            raise load.LoadError(
                f"{loaded.stored} were stored by {loaded.requests} requests; other answers: {unwelcome}"
            )
        return loaded

    def insert(self, body: str, each: int, seconds: float) -> float:
        """Bodies a second that bare inserts reach, with as many processes and threads as the web has."""
        wanted = inserts.Inserts(self.server_url(DATABASE), body, each, self.web_threads, seconds)
        texts = self.run_module(
            "ledger.bench.inserts", [inserts.as_json(wanted)] * self.web_workers, seconds + _GRACE_S
        )
        return sum(inserts.from_json(text).rate for text in texts)
