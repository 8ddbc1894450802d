"""Real worker processes, with Redis, without it, and while things break."""

import base64
import json
import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

import psycopg
import pytest
import redis
from sqlalchemy import text

from ledger.services.ring import QUEUE, bell_for
from ledger.stack.child import wait_until
from tests.integration.services.detecting import History, told
from tests.integration.workers.conftest import StartValkey, StartWorker
from tests.integration.workers.running import RunningWorker
from tests.partnership import Partnership
from tests.sizes import worker_kills

CANARY = "Zephyrine Quillfeather"
SOON = 40.0
MEGABYTE = 2**20
NOWHERE = "redis://127.0.0.1:1/0"


def contradict(history: History) -> None:
    """Two words of the mother about the father that cannot both be so, with a name in each."""
    for act in (told("csc", "absent", observed="2026-10-01"), told("hv", "stays_overnight", observed="2026-10-20")):
        act["body"]["narrative"] = f"{CANARY} was spoken of."
        history.post(act)


def alerted(history: History) -> bool:
    """Whether the alert is there."""
    return bool(history.rows("SELECT 1 FROM ledger.alerts WHERE record_id = :record"))


def detected(partnership: Partnership) -> int:
    """In how many children's records nothing is left for detection to read."""
    with partnership.acting("ledger_worker") as connection:
        query = "SELECT count(*) FROM ledger.heads WHERE kind = 'child' AND due_seq <= detected_seq"
        return connection.scalar(text(query)) or 0


def warm(partnership: Partnership, worker: RunningWorker) -> None:
    """Wait until a worker works."""
    history = History(partnership)
    contradict(history)
    assert wait_until(lambda: alerted(history), SOON), worker.log


def ringing(partnership: Partnership, broker_url: str) -> Partnership:
    """The partnership, ringing through this broker from now on."""
    partnership.context = replace(partnership.context, bell=bell_for(broker_url))
    return partnership


@pytest.fixture
def frozen_redis() -> Iterator[str]:
    """The URL of something that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"redis://127.0.0.1:{listening.getsockname()[1]}/0"


def test_a_ring_becomes_an_alert_at_once(
    partnership: Partnership, start_worker: StartWorker, start_valkey: StartValkey
) -> None:
    """With Redis a post is detected as soon as it is rung for, not when the worker would have looked by itself."""
    valkey = start_valkey()
    worker = start_worker(valkey.url, poll_seconds=5)
    assert wait_until(lambda: worker.is_listening_to(valkey.url), SOON), worker.log
    ringing(partnership, valkey.broker_url)
    waited = []
    for _ in range(10):
        history = History(partnership)
        contradict(history)
        began = time.perf_counter()
        assert wait_until(lambda one=history: alerted(one), SOON, 0.001), worker.log  # type: ignore[misc]
        waited.append(time.perf_counter() - began)
    # By its own looking the middle one of them would have waited for seconds.
    assert sorted(waited)[5] < 0.5
    assert worker.stop() == 0


def test_without_redis_from_the_beginning_posts_become_alerts(
    partnership: Partnership, start_worker: StartWorker
) -> None:
    """Its broker dead before it starts, no beat anywhere, and rings that reach nobody: the worker looks by itself."""
    worker = start_worker(NOWHERE)
    warm(ringing(partnership, NOWHERE), worker)


def test_with_no_redis_at_all_posts_become_alerts(partnership: Partnership, start_worker: StartWorker) -> None:
    """A worker that is given no Redis is a worker all the same."""
    warm(partnership, start_worker(None))


def test_a_frozen_redis_holds_up_neither_posts_nor_alerts(
    partnership: Partnership, start_worker: StartWorker, frozen_redis: str
) -> None:
    """What takes connections and never answers costs a post nothing, and alerts come by the worker's own looking."""
    worker = start_worker(frozen_redis)
    warm(ringing(partnership, frozen_redis), worker)
    history = History(partnership)
    took = []
    for day in range(1, 11):
        began = time.perf_counter()
        history.post(told("csc", "absent", observed=f"2026-10-{day:02}"))
        took.append(time.perf_counter() - began)
    assert sorted(took)[5] < 0.2


def test_a_full_redis_holds_up_neither_posts_nor_alerts(
    partnership: Partnership, start_worker: StartWorker, start_valkey: StartValkey
) -> None:
    """One that refuses every write is as good as none."""
    valkey = start_valkey()
    with redis.Redis.from_url(valkey.url) as client:
        client.config_set("maxmemory", 1)
        with pytest.raises(redis.exceptions.OutOfMemoryError):
            client.set("anything", "at all")
    warm(ringing(partnership, valkey.broker_url), start_worker(valkey.url))


def test_a_redis_that_is_emptied_dies_or_freezes_meanwhile_loses_nothing(
    partnership: Partnership, start_worker: StartWorker, start_valkey: StartValkey
) -> None:
    """While it is flushed, killed, started again and frozen, every post becomes its alert, once."""
    valkey = start_valkey()
    worker = start_worker(valkey.url)
    warm(ringing(partnership, valkey.broker_url), worker)
    histories = []
    for turn in range(8):
        histories.append(History(partnership))
        contradict(histories[-1])
        match turn:
            case 1 | 2:
                with redis.Redis.from_url(valkey.url) as client:
                    client.flushall()
            case 3:
                valkey.kill()
            case 5:
                valkey.start()
            case 6:
                valkey.freeze()
    assert wait_until(lambda: all(map(alerted, histories)), SOON), worker.log
    valkey.thaw()
    for history in histories:
        assert [kind for kind, _ in history.said() if kind == "alert_raised"] == ["alert_raised"]


def test_postgresql_goes_away_and_comes_back(
    partnership: Partnership, start_worker: StartWorker, superuser_url: str
) -> None:
    """A worker outlives an outage of the database, says so, and detects again when it is over."""
    worker = start_worker(NOWHERE)
    warm(partnership, worker)
    name = urlsplit(superuser_url).path.strip("/")
    with psycopg.connect(superuser_url.replace(f"/{name}?", "/postgres?"), autocommit=True) as connection:
        partnership.close()
        connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false".encode())
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
        assert wait_until(lambda: "cannot look for what is due" in worker.log, SOON), worker.log
        time.sleep(1)
        assert worker.process.poll() is None
        connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true".encode())
    warm(partnership, worker)
    assert worker.log.count("cannot look for what is due") == 1
    assert "again" in worker.log


def test_killed_workers_leave_nothing_half_and_double_nothing(
    partnership: Partnership, start_worker: StartWorker
) -> None:
    """Workers killed in the middle of their work are made up for by the next: each alert is there, and once."""
    histories = [History(partnership) for _ in range(12)]
    for turn in range(worker_kills()):
        for history in histories:
            month, day = 10 - turn // 14, 2 * (turn % 14) + 1
            history.post(told("csc", "absent", observed=f"2026-{month:02}-{day:02}"))
            history.post(told("hv", "stays_overnight", observed=f"2026-{month:02}-{day + 1:02}"))
        worker = start_worker(NOWHERE, poll_seconds=0.1)
        assert wait_until(lambda: detected(partnership) > 0, SOON, 0.001), worker.log
        worker.kill()
    worker = start_worker(NOWHERE)
    assert wait_until(lambda: detected(partnership) == len(histories), SOON), worker.log
    for history in histories:
        raised = [finding for kind, finding in history.said() if kind == "alert_raised"]
        assert len(raised) == len(set(raised)) == 1
        with partnership.acting("ledger_worker") as connection:
            query = text("SELECT count(*), max(number) FROM ledger.entries WHERE record_id = :record")
            count, last = connection.execute(query, {"record": history.record_id}).one()
        assert count == last


def test_nothing_personal_is_in_redis_or_in_logs(
    partnership: Partnership, start_worker: StartWorker, start_valkey: StartValkey
) -> None:
    """What agencies send reaches neither the broker nor a log: one message waits, and names its task only."""
    valkey = start_valkey()
    ringing(partnership, valkey.broker_url)
    history = History(partnership)
    with redis.Redis.from_url(valkey.url) as client:
        contradict(history)
        assert wait_until(lambda: client.llen(QUEUE) == 1, SOON)
        contradict(History(partnership))
        (message,) = client.lrange(QUEUE, 0, -1)
        kept = b"".join(key + (client.dump(key) or b"") for key in client.scan_iter())
        worker = start_worker(valkey.url)
        assert wait_until(lambda: alerted(history), SOON), worker.log
        kept += b"".join(key + (client.dump(key) or b"") for key in client.scan_iter())
    assert json.loads(base64.b64decode(json.loads(message)["body"]))[:2] == [[], {}]
    for secret in (CANARY, CANARY.split(maxsplit=1)[0], history.record_id, "presence", "stays_overnight"):
        assert secret.encode() not in kept
        assert secret not in worker.log


def test_a_message_that_is_not_json_is_refused(
    partnership: Partnership, start_worker: StartWorker, start_valkey: StartValkey
) -> None:
    """A pickled message runs nothing, and the worker goes on."""
    valkey = start_valkey()
    worker = start_worker(valkey.url)
    assert wait_until(lambda: worker.is_listening_to(valkey.url), SOON), worker.log
    properties = {
        "correlation_id": "x", "delivery_mode": 2, "delivery_tag": "x", "body_encoding": "base64",
        "delivery_info": {"exchange": "", "routing_key": QUEUE},
    }  # fmt: skip
    message = {
        "body": "gASVIAAAAAAAAACMBXBvc2l4lIwGc3lzdGVtlJOUjAR0cnVllIWUUpQu", "content-encoding": "binary",
        "content-type": "application/x-python-serialize", "properties": properties,
        "headers": {"lang": "py", "task": "workers.tasks.detect_due", "id": "x"},
    }  # fmt: skip
    with redis.Redis.from_url(valkey.url) as client:
        client.lpush(QUEUE, json.dumps(message))
        assert wait_until(lambda: client.llen(QUEUE) == 0, SOON)
    warm(ringing(partnership, valkey.broker_url), worker)
    assert worker.process.poll() is None


def test_a_worker_is_small(partnership: Partnership, start_worker: StartWorker, start_valkey: StartValkey) -> None:
    """After it has worked it is resident in at most 150 MB."""
    valkey = start_valkey()
    worker = start_worker(valkey.url)
    warm(ringing(partnership, valkey.broker_url), worker)
    assert worker.resident <= 150 * MEGABYTE


def test_a_superuser_does_not_work(start_worker: StartWorker, superuser_url: str) -> None:
    """A worker that no policy would hold ends with a line that says what to do."""
    worker = start_worker(NOWHERE, url=superuser_url)
    assert worker.process.wait(SOON) != 0
    assert "superuser" in worker.log
