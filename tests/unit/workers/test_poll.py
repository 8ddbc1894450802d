import threading
import time

from config.settings import Settings
from ledger.stack.child import wait_until
from workers.poll import Pace, Part, Poll

SOON = 5.0


class Looking:
    """Counts looks and recoveries; fails while it is told to."""

    def __init__(self) -> None:
        self.looks = 0
        self.recoveries = 0
        self.fails = False

    def look(self) -> None:
        self.looks += 1
        if self.fails:
            raise ConnectionError

    def recover(self) -> None:
        self.recoveries += 1


def test_it_looks_again_and_again() -> None:
    """Without anybody's hint it looks at the pace it was given."""
    looking = Looking()
    poll = Poll(looking.look, looking.recover, seconds=0.01)
    poll.start()
    assert wait_until(lambda: looking.looks >= 5, SOON)
    poll.stop()


def test_it_survives_failure_and_goes_on_after_it() -> None:
    """A database that is away is recovered from, asked less often meanwhile, and looked at again when it is back."""
    looking = Looking()
    looking.fails = True
    poll = Poll(looking.look, looking.recover, seconds=0.01)
    poll.start()
    time.sleep(0.8)
    assert 1 <= looking.looks <= 3
    assert looking.recoveries >= 1
    looking.fails = False
    before = looking.looks
    assert wait_until(lambda: looking.looks >= before + 3, SOON)
    poll.stop()


def test_it_ends_when_asked() -> None:
    """After a stop its thread ends, and no process is kept alive by it."""
    looking = Looking()
    poll = Poll(looking.look, looking.recover, seconds=0.01)
    poll.start()
    thread = next(thread for thread in threading.enumerate() if thread.name == "poll" and thread.is_alive())
    assert thread.daemon
    poll.stop()
    assert wait_until(lambda: not thread.is_alive(), SOON)


def test_it_rests_though_it_is_woken_again_and_again() -> None:
    """Wakings that come faster than it may look are one: what wakes it at every post cannot keep it busy."""
    looks: list[float] = []
    poll = Poll(lambda: looks.append(time.monotonic()), lambda: None, seconds=5.0, least=0.1)
    poll.start()
    until = time.monotonic() + 0.55
    while time.monotonic() < until:
        poll.wake()
        time.sleep(0.002)
    poll.stop()
    assert 2 <= len(looks) <= 7


class Counting(Part):
    """Counts its looks; the address that it would connect to is nobody's, and it does not."""

    pace = Pace(60.0, "what is counted")

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.looks = 0

    def look(self) -> None:
        self.looks += 1


def test_a_part_begins_once_looks_when_woken_and_ends() -> None:
    """Begun twice it is one thread; before that, a waking and an end are nothing; after its end it says so."""
    part = Counting(Settings.from_env({"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}))
    part.wake()
    part.end()
    assert not part.is_ending()
    before = set(threading.enumerate())
    part.begin()
    part.begin()
    assert len(set(threading.enumerate()) - before) == 1
    assert wait_until(lambda: part.looks == 1, SOON)
    part.wake()
    assert wait_until(lambda: part.looks == 2, SOON)
    part.end()
    assert part.is_ending()
