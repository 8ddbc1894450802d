"""Logs: one JSON object a line on standard error, with identifiers and never with content.

A field is written only if it is named here: a new one is added on purpose, by someone who asks what it may hold. Of an
exception the type and the places in the code are written, never its text, which may repeat what was sent or stored.
"""

import logging
import re
import sys
import threading
import traceback
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any

import structlog

#: What a line may say. Ids, numbers, counts, durations, names of code; nothing that anyone wrote about anyone.
ALLOWED = frozenset({
    "event", "level", "logger", "timestamp", "pid", "exception", "frames",
    "request", "method", "route", "status", "code", "seconds", "count",
    "agency", "partnership", "record", "number", "event_id", "entry", "finding", "alert", "rule", "pack", "key",
    "task", "attempt", "lag", "due", "revision", "part", "reason", "port", "errors", "incident", "error", "places",
    "witness", "log",
})  # fmt: skip

#: These tell of every message that they pass on.
CHATTY = ("celery", "kombu", "amqp", "alembic", "httpx", "httpcore")

#: What a secret looks like in words that a library wrote: the password in an address, a key, token, link or session
#: (256 bits in base64), what signs a webhook, and whatever is named as one.
_SECRET = re.compile(
    r"""(?<=://)[^/\s@]*:[^/\s@]+(?=@)|[A-Za-z0-9_-]{43,}|wh(?:sec|sk)_[A-Za-z0-9+/=]+
    |(?i:(?<=password)|(?<=secret)|(?<=token)|(?<=cookie)|(?<=authorization))["']?\s*[=:]\s*["']?(?:Bearer\s+|Basic\s+)?[^\s"',;]+""",
    re.VERBOSE,
)

_Event = MutableMapping[str, Any]


def configure(level: int = logging.INFO) -> None:
    """Send this process's logs, its libraries' included, to standard error as JSON."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        describe_exception,
        only_allowed,
        hide_secrets,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    sys.excepthook = lambda kind, error, trace: _say_uncaught((kind, error, trace))
    threading.excepthook = lambda args: _say_uncaught((args.exc_type, args.exc_value, args.exc_traceback))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)


def _say_uncaught(error: object) -> None:
    """An exception that nobody caught ends a process or a thread; its text stays unsaid here too."""
    structlog.stdlib.get_logger("ledger").critical("uncaught exception", exc_info=error)


def describe_exception(_logger: object, _method: str, event: _Event) -> _Event:
    """Put an exception's type and places where its text and values would have been."""
    given = event.pop("exc_info", None)
    if given is True:
        given = sys.exc_info()
    if isinstance(given, tuple):
        given = given[1]
    if isinstance(given, BaseException):
        event["exception"] = f"{type(given).__module__}.{type(given).__qualname__}"
        event["frames"] = _frames(given.__traceback__)
        if isinstance(given, ImportError) and given.name:
            event["reason"] = given.name  # the name of a module is code, not content
    record = event.get("_record")
    if isinstance(record, logging.LogRecord):
        record.exc_info, record.exc_text = None, None
    return event


def _frames(trace: TracebackType | None) -> list[str]:
    frames = [frame for frame in traceback.extract_tb(trace) if not frame.filename.startswith("<frozen")]
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-12:]]


def hide_secrets(_logger: object, _method: str, event: _Event) -> _Event:
    """Put a word in the place of whatever looks like a secret in what a line says."""
    for name in ("event", "reason", "error"):
        if isinstance(event.get(name), str):
            event[name] = _SECRET.sub("[hidden]", event[name])
    return event


def only_allowed(_logger: object, _method: str, event: _Event) -> _Event:
    """Drop every field that is not allowed, without a trace of its value."""
    for name in [name for name in event if name not in ALLOWED and not name.startswith("_")]:
        del event[name]
    return event
