"""What a records officer has before them: records that come up for review, holds that stand, orders to erase.

Pseudonyms, days and counts; nothing that stands in a record, so reading it opens none.
"""

from datetime import date
from typing import Any

from sqlalchemy import Connection

from ledger.domain.civil_day import civil_date
from ledger.domain.entry import entry_id
from ledger.domain.retention import CLASSES, GROUNDS
from ledger.store.clock import now
from ledger.store.retention import Order, kept_of, orders_of, standing_holds


def read_retention(connection: Connection, *, until: date | None = None, everything: bool = False) -> dict[str, Any]:
    """Of the records that the acting party is involved with. `until`: reviews due by this day; left out, by today.

    `everything`: orders that were carried out or refused as well.
    """
    by = until or civil_date(now(connection))
    return {
        "reviews_until": by.isoformat(),
        "reviews": [
            {
                "child": str(kept.record_id),
                "record": kept.pseudonym,
                "class": kept.name,
                "what": CLASSES[kept.name].what if kept.name in CLASSES else kept.name,
                "review_on": kept.review_on.isoformat(),
                "held": kept.is_held,
            }
            for kept in kept_of(connection, until=by)
        ],
        "holds": [
            {
                "id": entry_id(pseudonym, number),
                "child": str(record),
                "review_on": review.isoformat() if review is not None else None,
            }
            for record, pseudonym, number, review in standing_holds(connection)
        ],
        "orders": [_order(order) for order in orders_of(connection, is_open=not everything)],
    }


def _order(order: Order) -> dict[str, Any]:
    return {
        "id": entry_id(order.pseudonym, order.number),
        "child": str(order.record_id),
        "by": order.agency,
        "ground": order.ground,
        "means": GROUNDS.get(order.ground, order.ground),
        "whole": order.is_whole,
        "entries": [entry_id(order.pseudonym, number) for number in order.numbers],
        "state": _state(order),
        "erased": entry_id(order.pseudonym, order.erased_number) if order.erased_number is not None else None,
    }


def _state(order: Order) -> str:
    if order.erased_number is not None:
        return "erased"
    if order.answer == "refuse":
        return "refused"
    if order.is_held:
        return "held"
    return "awaits a second person" if order.answer is None else "being carried out"
