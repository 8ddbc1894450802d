"""What templates may call: dates in London time, and what stands on every page."""

import re
from datetime import datetime
from typing import Any

from flask import Blueprint, current_app, g
from sqlalchemy.exc import SQLAlchemyError

from ledger.domain.civil_day import civil_date
from ledger.services.context import Context
from ledger.services.word_awaited import word_due
from ledger.services.word_dates import word_day, word_moment, word_observed
from ledger.services.word_text import capital, plain
from ledger.store.database import transaction
from ledger.store.people import LedgerState, ledger_kind

#: A number, or a short code, at the beginning of a contact.
_TELEPHONE = re.compile(r"(?:\+?[0-9][0-9 ]{8,16}[0-9]|[0-9]{3})(?![0-9])")


def register(blueprint: Blueprint) -> None:
    """Add the filters and the values of every page."""
    blueprint.app_template_filter("moment")(lambda text: word_moment(datetime.fromisoformat(text)))
    blueprint.app_template_filter("day")(lambda text: word_day(civil_date(datetime.fromisoformat(text))))
    blueprint.app_template_filter("due")(lambda text: word_due(datetime.fromisoformat(text)))
    blueprint.app_template_filter("observed")(word_observed)
    blueprint.app_template_filter("civil_day")(word_day)
    blueprint.app_template_filter("plain")(plain)
    blueprint.app_template_filter("sentence")(capital)
    blueprint.app_template_filter("telephone")(_telephone)
    blueprint.app_context_processor(_on_every_page)


def context() -> Context:
    """What the application was made with."""
    found: Context = current_app.extensions["ledger"]
    return found


def _telephone(contact: str) -> str | None:
    """The number to dial, as it is written, where a contact begins with one."""
    number = _TELEPHONE.match(contact)
    return number.group() if number else None


def _on_every_page() -> dict[str, Any]:
    return {"person": g.get("person"), "has_page": _has_page, "ledger_kind": _ledger_kind}


def _has_page(endpoint: str) -> bool:
    """Whether there is such a page, so that none leads to one that there is not."""
    return endpoint in current_app.view_functions


def _ledger_kind() -> LedgerState | None:
    """Whether this is a demonstration ledger; an error page must not fail for want of the answer."""
    if "ledger_kind" not in g:
        try:
            with transaction(context().engine, party=None) as connection:
                g.ledger_kind = ledger_kind(connection)
        except SQLAlchemyError:
            g.ledger_kind = None
    found: LedgerState | None = g.ledger_kind
    return found
