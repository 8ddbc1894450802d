"""The operators' page: what is wrong with the machinery, which processes live, and what waits."""

from typing import Final

from flask import Blueprint, render_template

from ledger.services.administer import read_operation
from ledger.store.migrate import newest_revision
from ledger.web.sessions import acting
from ledger.web.words import context

#: What each channel is called in a heading of a row.
_CHANNELS: Final = {"mail": "Mail", "notify": "Mail by GOV.UK Notify", "webhook": "Webhooks"}


def register(blueprint: Blueprint) -> None:
    """Add the route."""
    blueprint.get("/operation", endpoint="operation")(show_operation)


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
    )
