"""What was before: a child's history for whoever assesses. That it was opened is recorded, and lets somebody sign."""

from typing import Any, Final
from uuid import UUID

from flask import Blueprint, request

from ledger.services.read_history import read_history
from ledger.web.assessing import HERE
from ledger.web.child_frame import render_child
from ledger.web.known_on import known_on_asked
from ledger.web.sent import answered, number_sent
from ledger.web.sessions import acting, reader_of
from ledger.web.words import context

#: The parts of the history, by the name that the address has for each, and what each is called.
PARTS: Final = {
    "episodes": "Earlier episodes, and what came of them",
    "tried": "What was tried",
    "injuries": "Injuries, and what was said of them",
    "findings": "Findings, open and closed",
}
#: How many of each part are shown at once.
SHOWN: Final = 20


def register(blueprint: Blueprint) -> None:
    """Add the route."""
    blueprint.get("/children/<uuid:record_id>/history-pack", endpoint="child_history")(show_history)


def show_history(record_id: UUID) -> tuple[str, int]:
    """The history as known at the end of a day or now, the newest first; of a long part one page at a time."""
    given, known_on = context(), known_on_asked()
    with acting() as (connection, person):
        told = read_history(
            connection, reader_of(person), record_id, known_on.point, pack=given.pack, chance=given.chance
        )
        html = render_child(
            "history.html",
            connection,
            person,
            record_id,
            HERE,
            **answered(told),
            parts=[_part(name, told[name]) for name in PARTS if _is_wanted(name)],
            whole=_wanted() is None,
            known_on=known_on,
            errors=known_on.errors,
        )
    return html, 400 if known_on.errors else 200


def _part(name: str, told: list[dict[str, Any]]) -> dict[str, Any]:
    """One part of it: those that are shown, how many there are, and where the next page begins."""
    start = (number_sent("start") or 0) if _wanted() == name else 0
    end = start + SHOWN
    return {
        "name": name,
        "words": PARTS[name],
        "count": len(told),
        "start": start,
        "shown": told[start:end],
        "next": end if end < len(told) else None,
    }


def _wanted() -> str | None:
    """The one part that is asked for; None: all."""
    part = request.args.get("part", "")
    return part if part in PARTS else None


def _is_wanted(name: str) -> bool:
    return _wanted() in {None, name}
