import importlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from config.settings import Settings
from ledger.services.ring import QUEUE, TASK


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """The application as a worker makes it, on settings that reach nothing."""
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    module = importlib.import_module("workers.app")
    settings = Settings.from_env(
        {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none", "REDIS_URL": "unix:///nowhere.sock?db=3"}
    )
    made = module.make_app(settings)
    made.loader.import_default_modules()
    made.with_none = module.make_app(replace(settings, redis_url=None))
    return made


def test_it_takes_json_and_nothing_else(app: Any) -> None:
    """A message that could carry code is refused, and no result is written back."""
    assert app.conf.accept_content == ["json"]
    assert app.conf.task_serializer == "json"
    assert app.conf.task_ignore_result
    assert app.conf.result_backend is None


def test_what_others_send_by_name_is_there(app: Any) -> None:
    """The doorbell and beat name the one task that there is, on the queue that is listened to."""
    own = {name for name in importlib.import_module("workers.tasks").app.tasks if not name.startswith("celery.")}
    assert own == {TASK}
    assert app.conf.task_default_queue == QUEUE
    for entry in app.conf.beat_schedule.values():
        assert (entry["task"], entry["options"]["queue"]) == (TASK, QUEUE)
        assert not entry.get("args")
        assert not entry.get("kwargs")


def test_a_broker_that_does_not_answer_is_away_soon(app: Any) -> None:
    """No call to Redis waits longer than seconds, and connecting is tried for ever."""
    assert app.conf.broker_url == "redis+socket:///nowhere.sock?virtual_host=3"
    assert app.conf.broker_transport_options["socket_timeout"] <= 5
    assert app.conf.broker_connection_max_retries is None
    assert app.conf.broker_connection_retry_on_startup


def test_without_redis_there_is_a_broker_that_nobody_reaches(app: Any) -> None:
    """A worker that is given no Redis runs all the same."""
    assert app.with_none.conf.broker_url == "memory://"
