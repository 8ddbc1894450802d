"""The page on rules: how each fares in counts, and which alert nobody.

For whoever leads, manages, oversees or operates. Operators are told here how to put one into shadow and bring it live;
they do it by the interface or at the command line.
"""

from typing import Any, Final

from flask import Blueprint, render_template

from ledger.domain.role import Reach, Right, reach_of
from ledger.domain.shadow import WHY
from ledger.services.read_rules import read_rules
from ledger.services.word_text import plain
from ledger.web.sessions import acting
from ledger.web.words import context

_MINUTE, _HOUR, _DAY = 60, 3600, 86400
#: The tables of the page; what is live and has found nothing is a list below them.
_SECTIONS: Final = ("In shadow", "Alerting")


def register(blueprint: Blueprint) -> None:
    """Add the route."""
    blueprint.get("/rules", endpoint="rules")(show_rules)


def show_rules() -> str:
    """Every rule: those in shadow first, then those that found most."""
    given = context()
    with acting() as (connection, person):
        told = read_rules(connection, person.caller.partnership, given.pack)
    rules = sorted((_shown(rule) for rule in told["rules"]), key=lambda rule: (-rule["raised"], rule["title"]))
    return render_template(
        "rules.html",
        sections=[(title, [rule for rule in rules if rule["section"] == title]) for title in _SECTIONS],
        silent=[rule for rule in rules if rule["section"] is None],
        floor={**told["floor"], "precision": _percent(told["floor"]["precision"])},
        counted_at=told["counted_at"],
        may_set=reach_of(person.roles, Right.OPERATE) is not Reach.NONE,
    )


def _shown(rule: dict[str, Any]) -> dict[str, Any]:
    in_shadow, found = rule["state"] == "shadow", rule["raised"] or rule["alerted"] or rule["waiting"]
    return {
        **rule,
        "title": plain(rule["rule"]),
        "section": _SECTIONS[0] if in_shadow else _SECTIONS[1] if found else None,
        "why": WHY.get(rule["why"]),
        "precision": _percent(rule["precision"]),
        "override_rate": _percent(rule["override_rate"]),
        "median": _length(rule["median_s"]),
    }


def _percent(share: str | None) -> str:
    return "–" if share is None else f"{round(float(share) * 100)}%"


def _length(seconds: int | None) -> str:
    """So long, to a minute, an hour or a day: whichever is said of it."""
    if seconds is None:
        return "–"
    if seconds < _HOUR:
        return f"{max(round(seconds / _MINUTE), 1)} min"
    return f"{round(seconds / _HOUR)} h" if seconds < 2 * _DAY else f"{round(seconds / _DAY)} days"
