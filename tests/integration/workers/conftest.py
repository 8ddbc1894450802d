from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from tests.integration.workers.running import RunningValkey, RunningWorker

StartWorker = Callable[..., RunningWorker]
StartValkey = Callable[..., RunningValkey]


@pytest.fixture
def start_worker(database_url: str, tmp_path: Path) -> Iterator[StartWorker]:
    """Starts worker processes on this test's database; they end with the test."""
    started: list[RunningWorker] = []

    def start(
        redis_url: str | None = None,
        *,
        url: str = database_url,
        poll_seconds: float = 0.2,
        env: Mapping[str, str] | None = None,
    ) -> RunningWorker:
        started.append(RunningWorker(tmp_path, url, redis_url, poll_seconds=poll_seconds, env=env))
        return started[-1]

    yield start
    for worker in started:
        worker.stop()


@pytest.fixture
def start_valkey() -> Iterator[StartValkey]:
    """Starts Valkey servers of the test's own; they end with the test."""
    started: list[RunningValkey] = []

    def start(*options: str) -> RunningValkey:
        started.append(RunningValkey(*options))
        return started[-1]

    yield start
    for valkey in started:
        valkey.close()
