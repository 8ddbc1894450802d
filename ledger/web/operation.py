"""The operators' page: what is wrong with the machinery, which processes live, what waits, and what was given up."""

from typing import Final

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ledger.services.administer import read_operation
from ledger.services.refusal import NOT_KNOWN, RefusedError
from ledger.services.tend import ACTS, FORGETS, Act, read_failed, tend
from ledger.store.migrate import newest_revision
from ledger.web.sessions import acting, check_form
from ledger.web.words import context

#: What each channel is called in a heading of a row.
_CHANNELS: Final = {"mail": "Mail", "notify": "Mail by GOV.UK Notify", "webhook": "Webhooks"}


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.get("/operation", endpoint="operation")(show_operation)
    blueprint.get("/operation/acts/<act>", endpoint="ask_tend")(ask_tend)
    blueprint.post("/operation/acts/<act>", endpoint="tend")(press_tend)


def show_operation() -> str:
    """What is wrong first, then how everything stands; in counts, and names of machines alone."""
    given = context()
    with acting() as (_, person):
        pass
    found = read_operation(given, person.caller, newest_revision())
    troubles = found["machinery"]["troubles"]
    return render_template(
        "operation.html",
        standing=[one for one in troubles if one["ended_at"] is None],
        ended=[one for one in troubles if one["ended_at"] is not None],
        machinery=found["machinery"],
        found=found,
        channels=_CHANNELS,
        audit=next(iter(found["self_audits"]), None),
        failed=read_failed(given, person.caller),
        said=request.args.get("said") if request.args.get("said") in ACTS else None,
        count=_count(),
    )


def _count() -> int:
    return request.args.get("count", 0, type=int)


def ask_tend(act: str) -> str:
    """What it does, in numbers, before the button."""
    return _confirm(_act(act), {})


def press_tend(act: str) -> Response | tuple[str, int]:
    """Do it, and say how much it was."""
    named = _act(act)
    with acting() as (_, person):
        check_form(person)
    try:
        count = tend(context(), person.caller, named)
    except RefusedError as error:
        return _confirm(named, {"form": error.refusal.detail}), 409
    return redirect(url_for("web.operation", said=named, count=count), 303)


def _confirm(act: Act, errors: dict[str, str]) -> str:
    with acting() as (_, person):
        pass
    failed = read_failed(context(), person.caller)
    return render_template("tend.html", act=act, failed=failed, days=FORGETS.days, errors=errors)


def _act(named: str) -> Act:
    found = next((one for one in ACTS if one == named), None)
    if found is None:
        raise RefusedError(NOT_KNOWN.code, NOT_KNOWN.detail)
    return found
