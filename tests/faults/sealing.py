"""A database server that syncs to disk and sealers to kill, without the rest of a stack around them."""

import multiprocessing
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path

from ledger.stack import child
from ledger.stack.binaries import find_postgres
from ledger.stack.place import make_place, reachable
from ledger.stack.postgres import PostgresServer
from ledger.store.migrate import upgrade
from tests.sealing_log import LOG_SEED

_START_S = 30.0
#: Forks sealers from a process in which their modules are loaded: each start would cost a second else.
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.faults.sealing", "ledger.cli.sealer"])


class Server:
    """One PostgreSQL server with production settings, to be killed and started again."""

    def __init__(self, data: Path) -> None:
        self._place = make_place(data, dict(os.environ))
        binaries = reachable(find_postgres(dict(os.environ)), self._place)
        place = self._place
        self._server = PostgresServer(binaries, place.postgres, place.run, place.account, place.log / "postgres.log")
        self._server.prepare()
        self._running = self._started()

    @property
    def url(self) -> str:
        return self._server.url

    def kill(self) -> None:
        """Kill every process of it at once, as a loss of power would, and start it again."""
        child.kill_group(self._running)
        self._running = self._started()

    def stop(self) -> None:
        self._server.stop(self._running)
        shutil.rmtree(self._place.run, ignore_errors=True)

    def _started(self) -> child.Child:
        running = self._server.start()
        assert child.wait_until(lambda: self._server.is_ready(running), _START_S)
        return running


@contextmanager
def migrated_server(data: Path) -> Iterator[Server]:
    """A server whose database has the newest schema."""
    server = Server(data)
    try:
        upgrade(server.url)
        yield server
    finally:
        server.stop()


def start_sealer(database_url: str, store: Path) -> BaseProcess:
    """A sealer in a process of its own."""
    process = _FORKS.Process(target=_seal, args=(database_url, store), daemon=True)
    process.start()
    return process


def kill(process: BaseProcess) -> None:
    """Kill it where it stands."""
    process.kill()
    process.join()


def _seal(database_url: str, store: Path) -> None:
    from ledger.cli.sealer import SealerProcess
    from ledger.services.sign_log import LogSigner

    SealerProcess(LogSigner(LOG_SEED), store, database_url).run()
