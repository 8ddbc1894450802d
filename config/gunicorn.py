"""How gunicorn runs the web application: few processes, several threads each, nothing on disk, no access log."""

from pathlib import Path
from typing import Any

from gunicorn.glogging import Logger

from config.settings import Settings

_SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 — only a heartbeat's timestamp is kept there


class PlainLogger(Logger):  # type: ignore[misc] # gunicorn has no types
    """Leaves gunicorn's own lines to the process's logging; requests are logged by the application, if at all."""

    def setup(self, cfg: object) -> None:
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True


def options(settings: Settings, descriptor: int | None = None) -> dict[str, Any]:
    """Gunicorn's settings; with a descriptor, serve the socket that is bound to it already."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return {
        "bind": f"fd://{descriptor}" if descriptor is not None else f"{host}:{settings.port}",
        "workers": settings.web_workers,
        "threads": settings.web_threads,
        "worker_class": "gthread",
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
