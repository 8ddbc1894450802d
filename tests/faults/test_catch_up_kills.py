"""Kill a worker while it catches up on days of due moments: the next one says what the first would have said."""

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests import sizes
from tests.integration.services.detecting import History
from tests.integration.services.test_detect_late import BEGAN, action, told_of
from tests.partnership import Partnership

_ACTIONS = 40
#: Each of something else, for what is asked again is one matter.
_WORDS = tuple(f"{one}{other}" for one in ("barn", "cliff", "dove", "elm", "fern") for other in (
    "acre", "brook", "croft", "dale", "end", "field", "gate", "hill"))  # fmt: skip


@pytest.fixture
def partnership(database_url: str) -> Iterator[Partnership]:
    """One whose clock is the test's."""
    made = Partnership(database_url, clock_at=BEGAN)
    yield made
    made.close()


@pytest.mark.faults
@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_worker_killed_while_it_catches_up_leaves_nothing_lost_or_doubled(partnership: Partnership) -> None:
    """However often it is killed: the same findings, warnings and alerts as where nobody was.

    What is to be done within a day and a half of being agreed is not warned of two days before.
    """
    spared, killed = History(partnership), History(partnership)
    for history in (spared, killed):
        for number in range(_ACTIONS):
            day = (BEGAN + timedelta(days=1 + number % 9)).date()
            history.post(action("csc", ("hv", "gp")[number % 2], f"{day}", f"Ask {_WORDS[number]}."))
        history.detect()
    spared.move(BEGAN + timedelta(days=12))
    spared.detect()
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    pick, kills, endings = random.Random(seed), 0, 0
    while killed.is_due():
        endings += _ends(
            partnership.database_url, pick.uniform(0.0, 0.4) * min(kills, 1) if kills < sizes.kills() // 2 else None
        )
        kills += 1
    assert kills > endings, "no worker was really killed"
    assert told_of(killed) == told_of(spared)
    late = [body for body in killed.bodies("finding_raised") if body["rule"] == "action_not_done"]
    assert len(late) == len({body["finding"] for body in late}) == _ACTIONS
    assert len(killed.bodies("notice")) == _ACTIONS - sum(number % 9 == 0 for number in range(_ACTIONS))


def _ends(database_url: str, seconds: float | None) -> bool:
    """Let a worker catch up for so long and kill it, or to the end; whether it came to its end."""
    argv = [sys.executable, "-m", "tests.faults.catching_up", database_url]
    worker = subprocess.Popen(argv, stdout=subprocess.PIPE, text=True)
    try:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
        if seconds is not None:
            time.sleep(seconds)
            worker.kill()
        return worker.stdout.readline() == "done\n"
    finally:
        worker.kill()
        worker.wait()
        if worker.stdout is not None:
            worker.stdout.close()
