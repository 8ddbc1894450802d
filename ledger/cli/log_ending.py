"""The end of a part's log, for the person at the terminal, when the part cannot be kept running."""

import json
from pathlib import Path
from typing import Any

LINES = 5
WIDTH = 300


def ending_of(log: Path) -> list[str]:
    """The last lines that say something, each shortened to what explains it."""
    text = log.read_text(errors="replace") if log.exists() else ""
    return [told(line)[:WIDTH] for line in text.splitlines() if line.strip()][-LINES:]


def told(line: str) -> str:
    """A line of a log for a person: of an exception its kind, its subject and the place where it was raised."""
    try:
        said: dict[str, Any] = json.loads(line)
        where = [f"at {frame}" for frame in (said.get("frames") or [])[-1:]]
        parts = [said.get("event"), said.get("exception"), said.get("reason"), *where]
    except (ValueError, AttributeError):
        return line
    return ", ".join(str(part) for part in parts if part)


def shown(path: Path) -> str:
    """A path as a person in this folder would write it."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
