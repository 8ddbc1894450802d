"""How gunicorn runs the web application: few processes, several threads each, nothing on disk, no access log.

What is sent never stands in a log or in an answer, not even when it is no request at all: gunicorn's own way is to
repeat it in both, and an address can hold a sign-in link.
"""

from pathlib import Path
from typing import Any

from gunicorn.glogging import Logger
from gunicorn.workers.gthread import ThreadWorker

from config.settings import Settings

_SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 — only a heartbeat's timestamp is kept there


class PlainLogger(Logger):  # type: ignore[misc] # gunicorn has no types
    """Leaves gunicorn's own lines to the process's logging; requests are logged by the application, if at all."""

    def setup(self, cfg: object) -> None:
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True


class QuietWorker(ThreadWorker):  # type: ignore[misc] # gunicorn has no types
    """Threads, as gunicorn has them; of a request that it cannot read or hand on nothing is repeated."""

    def handle_error(self, req: object, client: object, addr: object, exc: Exception) -> None:  # noqa: ARG002
        """Refuse as gunicorn does, by the kind of failure alone: no words, no address of the page or of the caller."""
        super().handle_error(None, client, None, unsaid(exc))


def unsaid(error: Exception) -> Exception:
    """An exception of the same kind with nothing in it."""
    kind = type(error)
    quiet = type(kind.__name__, (kind,), {"__str__": lambda _self: "what was sent is not repeated"})
    made: Exception = Exception.__new__(quiet)
    return made


def options(settings: Settings, descriptor: int | None = None) -> dict[str, Any]:
    """Gunicorn's settings; with a descriptor, serve the socket that is bound to it already."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return {
        "bind": f"fd://{descriptor}" if descriptor is not None else f"{host}:{settings.port}",
        "workers": settings.web_workers,
        "threads": settings.web_threads,
        "worker_class": QuietWorker,
        "worker_connections": 256,
        "backlog": 2048,
        "keepalive": 15,
        "timeout": 30,
        "graceful_timeout": 5,
        "control_socket_disable": True,
        "accesslog": None,
        "logger_class": PlainLogger,
        "proc_name": "ledger-web",
        "worker_tmp_dir": str(_SHARED_MEMORY) if _SHARED_MEMORY.is_dir() else None,
    }
