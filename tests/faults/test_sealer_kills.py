"""Kill the sealer and the database server at any moment: the log is one, and everything acknowledged is in it."""

import random
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import text

from ledger.services.kept_head import journal, read_head
from ledger.store import sealing
from ledger.store.log import LOGS, newest
from tests import sizes
from tests.faults.sealing import kill, migrated_server, start_sealer
from tests.integration.services.sealing import check_log
from tests.partnership import Partnership

_CHILDREN = 2


class Posters:
    """Some threads that post, each observation again until it is acknowledged, until they are told to end."""

    def __init__(self, partnership: Partnership) -> None:
        self._partnership = partnership
        self._children = [partnership.child() for _ in range(_CHILDREN)]
        self._ends = threading.Event()
        self.acknowledged: list[str] = []
        self._threads = [threading.Thread(target=self._post, args=(child,)) for child in self._children]
        for thread in self._threads:
            thread.start()

    def _post(self, child: str) -> None:
        while not self._ends.is_set():
            body = self._partnership.observation(child)
            while self._partnership.post("/observations", body).status_code not in {200, 201}:
                time.sleep(0.02)
            self.acknowledged.append(body["event_id"])
            time.sleep(0.05)

    def end(self) -> None:
        self._ends.set()
        for thread in self._threads:
            thread.join()


@pytest.mark.faults
@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_the_log_is_one_however_often_its_sealer_and_its_server_are_killed(data_folder: Path, tmp_path: Path) -> None:
    """Every acknowledged entry has one place, after the one before it in its record; tiles are the brute force's; no
    size was ever signed with two roots, in the sealer's journal or in the database, and every signed head is published.
    """
    pick = random.Random(seed := random.randrange(2**32))
    print(f"seed {seed}")
    with migrated_server(data_folder) as server:
        partnership = Partnership(server.url)
        posters = Posters(partnership)
        working = [start_sealer(server.url, tmp_path) for _ in range(2)]  # one works, the other stands by
        try:
            for turn in range(sizes.seal_kills()):
                time.sleep(pick.uniform(0.1, 0.9))
                if turn % 3 == 2:
                    server.kill()
                else:
                    kill(working.pop(0))
                    working.append(start_sealer(server.url, tmp_path))
            posters.end()
            _wait_until_sealed(partnership)
        finally:
            posters.end()
            for process in working:
                kill(process)
        with partnership.engine("ledger_sealer").begin() as connection:
            for log in LOGS:
                check_log(connection, log)
                published = {one.size: one.root for one in sealing.checkpoints(connection, log)}
                assert {head.size: head.root for head in journal(tmp_path, log)}.items() <= published.items()
                head, shown = read_head(tmp_path, log), newest(connection, log)
                assert (head and head.root) == (shown and shown.root)
        with partnership.acting("ledger_auditor", "auditor") as connection:
            placed = connection.scalars(
                text("SELECT e.event_id FROM ledger.entry_positions p JOIN ledger.entries e USING (record_id, number)")
            ).all()
        assert set(posters.acknowledged) <= set(placed)
        assert len(posters.acknowledged) == len(set(posters.acknowledged)) > sizes.seal_kills()
        print(f"{len(posters.acknowledged)} acknowledged")
        partnership.close()


def _wait_until_sealed(partnership: Partnership) -> None:
    deadline = time.monotonic() + 60
    waiting = text("""
        SELECT EXISTS (SELECT FROM ledger.unsealed) OR (SELECT count(*) FROM ledger.entry_positions)
            <> (SELECT coalesce(max(size), 0) FROM ledger.checkpoints WHERE log = 'entries')""")
    while True:
        with partnership.engine("ledger_sealer").connect() as connection:
            if not connection.scalar(waiting):
                return
        assert time.monotonic() < deadline, "not sealed within a minute"
        time.sleep(0.1)
