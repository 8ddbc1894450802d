"""The page on rules: how each fares in counts, and which alert nobody.

For whoever leads, manages, oversees or operates. Operators put one into shadow here, and bring it live.
"""

from typing import Any, Final

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ledger.domain.glass import says_why
from ledger.domain.role import Reach, Right, reach_of
from ledger.domain.shadow import WHY
from ledger.services.read_rules import read_rules
from ledger.services.refusal import NOT_KNOWN, RefusedError
from ledger.services.set_rule import Change, set_rule
from ledger.services.word_text import plain
from ledger.web.sessions import acting, check_form
from ledger.web.words import context

_MINUTE, _HOUR, _DAY = 60, 3600, 86400
#: The tables of the page; what is live and has found nothing is a list below them.
_SECTIONS: Final = ("In shadow", "Alerting")
_REASON_CHARS_MAX: Final = 500
_NOT_WHY: Final = f"Say why, in two words or more and at most {_REASON_CHARS_MAX} characters"


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get("/rules", endpoint="rules")(show_rules)
    blueprint.get("/rules/<rule>/state", endpoint="ask_rule")(ask_rule)
    blueprint.post("/rules/<rule>/state", endpoint="set_rule")(press_rule)


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


def ask_rule(rule: str) -> str:
    """What changing it would do, in numbers, before the button."""
    return _confirm(rule, "", {})


def press_rule(rule: str) -> Response | tuple[str, int]:
    """Put it into shadow, or bring it live with as many findings as the page said."""
    with acting() as (_, person):
        check_form(person)
    reason, is_live = request.form.get("reason", "").strip(), request.form.get("to") == "live"
    if not says_why(reason) or len(reason) > _REASON_CHARS_MAX:
        return _confirm(rule, reason, {"reason": _NOT_WHY}), 400
    findings = request.form.get("findings", type=int) if is_live else None
    try:
        set_rule(context(), person.caller, Change(rule, is_live, reason, findings))
    except RefusedError as error:
        if error.refusal.code == NOT_KNOWN.code:
            raise
        return _confirm(rule, reason, {"form": error.refusal.detail}), 409
    return redirect(url_for("web.rules", _anchor=rule), 303)


def _confirm(rule: str, reason: str, errors: dict[str, str]) -> str:
    given = context()
    with acting() as (connection, person):
        told = read_rules(connection, person.caller.partnership, given.pack)
    found = next((one for one in told["rules"] if one["rule"] == rule), None)
    if found is None:
        raise RefusedError(NOT_KNOWN.code, NOT_KNOWN.detail)
    return render_template("set_rule.html", rule=_shown(found), reason=reason, errors=errors)


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
