"""The tasks, by the names that others send; each calls one service."""

import importlib
from typing import Any

from celery import Task

from ledger.services.ring import TASK
from workers.app import app, bell


class Hint(Task):  # type: ignore[misc]
    """A task whose message says nothing but its name: while one waits, another is not left, by beat either."""

    abstract = True

    def apply_async(self, *_args: Any, **_options: Any) -> None:
        """Ring the bell, which neither waits nor fails."""
        bell.ring()


@app.task(name=TASK, base=Hint, ignore_result=True)  # type: ignore[untyped-decorator]
def detect_due() -> None:
    """Detect in every record in which something is due."""
    importlib.import_module("workers.duties").detecting.answer()  # beat has the task's name alone
