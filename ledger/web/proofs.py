"""The auditors' page on proofs: how the logs stand, whether the ledger holds now, and what it said of itself before."""

from typing import Any, Final

from flask import Blueprint, render_template, request

from ledger.domain.entry import written_time
from ledger.services.check_proofs import LEAVES_MAX, Checked, check_log, read_proofs
from ledger.services.refusal import RefusedError
from ledger.services.sign_in import SignedIn
from ledger.web.sessions import acting, check_form
from ledger.web.words import context

#: Why an auditor looks here, where they have not said it: nothing about anybody is shown.
_PURPOSE: Final = "proofs, on the auditors' page"
_TOO_MUCH: Final = (
    f"The ledger has more than {LEAVES_MAX:,} leaves, which is too much for a page. "
    "Look through the last ones here, or through all at the command line: ledger audit --all"
)


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get("/audit/proofs", endpoint="proofs")(show_proofs)
    blueprint.post("/audit/proofs", endpoint="check_proofs")(press_check)


def show_proofs() -> str:
    """How the logs stand."""
    with acting() as (_, person):
        pass
    return _page(person, None, {})


def press_check() -> str | tuple[str, int]:
    """Look through the logs now; green, or the first entry that fails."""
    with acting() as (_, person):
        check_form(person)
    scope: Any = "all" if request.form.get("scope") == "all" else "lately"
    try:
        checked = check_log(context(), person.caller, scope, purpose=person.purpose or _PURPOSE)
    except RefusedError as error:
        if error.refusal.code != "too_much_here":
            raise
        return _page(person, None, {"scope": _TOO_MUCH}), 400
    return _page(person, checked, {})


def _page(person: SignedIn, checked: Checked | None, errors: dict[str, str]) -> str:
    found = read_proofs(context(), person.caller, purpose=person.purpose or _PURPOSE)
    return render_template(
        "proofs.html",
        found=found,
        checked=checked,
        errors=errors,
        is_large=found["leaves"] > LEAVES_MAX,
        closures=[
            {"why": one.why, "log": one.log, "at": written_time(one.closed_at), "from": one.from_index}
            for one in found["closures"]
        ],
        audits=[_audit(row) for row in found["audits"]],
    )


def _audit(row: Any) -> dict[str, Any]:
    """One of the ledger's looks through itself, with the first thing that it found wrong."""
    placed = [one for one in row.problems if "index" in one]
    first = min(placed, key=lambda one: (one["log"] != "entries", one["index"]), default=next(iter(row.problems), None))
    return {
        "scope": row.scope,
        "ended_at": written_time(row.ended_at),
        "entries": row.entries,
        "reads": row.reads,
        "to": row.to_index,
        "root": None if row.root is None else row.root.hex(),
        "problems": len(row.problems),
        "first": first,
    }
