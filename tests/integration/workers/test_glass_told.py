"""How soon a breaking of the glass is told, on the path that a real one takes: web, Redis, a worker process."""

import time
from collections.abc import Callable

from ledger.domain.role import Role
from ledger.stack.child import wait_until
from tests.integration.api.test_glass import break_as, led
from tests.integration.workers.conftest import StartValkey, StartWorker
from tests.integration.workers.test_worker import SOON, ringing
from tests.partnership import Partnership, stored

#: What is promised. A machine at rest takes a small part of it.
TOLD_WITHIN_S = 2.0


def test_lead_and_manager_are_told_within_two_seconds(
    partnership: Partnership, start_worker: StartWorker, start_valkey: StartValkey
) -> None:
    """From when the breaking is answered until the lead has the alert and the manager finds it in their list."""
    valkey = start_valkey()
    worker = start_worker(valkey.url, poll_seconds=5)
    assert wait_until(lambda: worker.is_listening_to(valkey.url), SOON), worker.log
    ringing(partnership, valkey.broker_url)
    partnership.__dict__.pop("app", None)
    child, lead = led(partnership)
    sessions = {
        "/api/v1/alerts": partnership.session(lead),
        "/api/v1/glass-breakings?open=yes": partnership.session(partnership.person("csc", "m1", Role.MANAGER)),
    }
    police = partnership.person("police", "pc1", Role.PRACTITIONER)

    def told(times: int) -> Callable[[], bool]:
        def look() -> bool:
            answers = [stored(partnership.send_as(who, "GET", path)) for path, who in sessions.items()]
            return all(len(next(iter(answer.values()))) == times for answer in answers)

        return look

    for times in (1, 2, 3):
        stored(break_as(partnership, police, child, reason=f"She is unwell, for the {times}. time today"))
        began = time.perf_counter()
        assert wait_until(told(times), SOON, 0.01), worker.log
        if times > 1:  # the first finds a worker that has read no rule pack yet
            assert time.perf_counter() - began < TOLD_WITHIN_S
    assert worker.stop() == 0
