"""The Celery application of `ledger worker` and `ledger beat`.

The broker carries hints without content and never a result: what is due is a row in PostgreSQL. JSON alone is read
from it. Logs go where the process that started this sends them.
"""

import importlib
import os
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from celery import Celery
from celery.signals import beat_init, setup_logging, worker_init, worker_shutting_down

from config import log
from config.settings import Settings
from ledger.services.begin_watch import watch_of
from ledger.services.ring import QUEUE, TRANSPORT_OPTIONS, bell_for
from workers.schedule import SCHEDULE

#: A worker without Redis has a broker that nobody else can reach, and works by its poll thread alone.
_NO_BROKER = "memory://"


def make_app(settings: Settings) -> Celery:
    """A Celery application on these settings; its tasks are registered when it is finalised."""
    app = Celery("ledger", broker=settings.broker_url or _NO_BROKER, include=["workers.tasks"])
    app.conf.update(
        accept_content=["json"],
        task_serializer="json",
        result_accept_content=["json"],
        task_ignore_result=True,
        task_store_errors_even_if_ignored=False,
        task_default_queue=QUEUE,
        task_create_missing_queues=False,
        task_acks_late=True,
        # What a killed worker left behind is in PostgreSQL and found by the next look: no message need come back.
        task_reject_on_worker_lost=False,
        worker_prefetch_multiplier=1,
        worker_pool="threads",
        worker_concurrency=settings.worker_threads,
        worker_send_task_events=False,
        worker_enable_remote_control=False,
        worker_hijack_root_logger=False,
        worker_cancel_long_running_tasks_on_connection_loss=False,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_connection_timeout=2,
        broker_heartbeat=0,
        broker_pool_limit=2,
        broker_transport_options=dict(TRANSPORT_OPTIONS) if settings.broker_url else {},
        timezone="UTC",
        enable_utc=True,
        beat_schedule=SCHEDULE,
        beat_max_loop_interval=5,
    )
    return app


settings = Settings.from_env(os.environ)
app = make_app(settings)
#: Has some worker look soon.
bell = bell_for(settings.broker_url)
watches = {
    part: watch_of(part, settings, settings.worker_database_url, "ledger_worker", lambda: datetime.now(UTC))
    for part in ("worker", "beat")
}


def _duties() -> Iterable[Any]:
    """Loaded by a worker alone: beat is the same application, and would carry tens of megabytes for nothing."""
    duties: Iterable[Any] = importlib.import_module("workers.duties").DUTIES
    return duties


@setup_logging.connect(weak=False)  # type: ignore[untyped-decorator]
def _keep_our_logs(**_: Any) -> None:
    """Celery sets up no logging of its own: its lines would repeat exceptions' texts."""
    log.configure()


@worker_init.connect(weak=False)  # type: ignore[untyped-decorator]
def _begin(**_: Any) -> None:
    """Before the broker is asked for anything: a worker whose broker is away waits for it, and must work meanwhile."""
    for duty in _duties():
        duty.begin()
    watches["worker"].begin()


@beat_init.connect(weak=False)  # type: ignore[untyped-decorator]
def _begin_beat(**_: Any) -> None:
    watches["beat"].begin()


@worker_shutting_down.connect(weak=False)  # type: ignore[untyped-decorator]
def _end(**_: Any) -> None:
    for duty in _duties():
        duty.end()
    watches["worker"].end()
