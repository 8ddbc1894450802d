"""Carry out approved orders to erase: content and salt go, and what repeats them; the entry says so and stands.

Done by the workers, as two roles: the one that erases can read nothing of what it takes away, and takes nothing that no
approved order names; the other then settles what several entries had part in, and writes that it is done. A crash
between leaves an order that is to do: it is done again, to nothing, and said once.
"""

from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy import Engine

from ledger.domain.entry import Chance, entry_id
from ledger.services.detect import Packs
from ledger.services.refusal import Refusal, RefusedError
from ledger.services.settle_erasure import settle_erasure
from ledger.services.write_own import Own, write_together
from ledger.store.database import SYSTEM, transaction
from ledger.store.retention import Order, erase_contents, orders_to_do

ERASURE = "erasure"
_DONE = Refusal("order_answered", "Another worker has carried it out.")
_log = structlog.get_logger("ledger.erase")


@dataclass(frozen=True, slots=True)
class Engines:
    """The worker's own, and that of the role that erases; and the rule packs, by which what is left is looked at."""

    worker: Engine
    erasure: Engine
    packs: Packs


def erase_due(engines: Engines, chance: Chance) -> int:
    """Carry out what is to do; how many orders were. One that fails is named in the log and tried again."""
    with transaction(engines.worker, party=SYSTEM) as connection:
        found = orders_to_do(connection)
    done = 0
    for order in found:
        try:
            done += _carry_out(engines, order, chance)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one, the others are carried out
            _log.error("an order to erase was not carried out", record=str(order.record_id), exc_info=error)
    return done


def _carry_out(engines: Engines, order: Order, chance: Chance) -> bool:
    with transaction(engines.erasure, party=ERASURE) as connection:
        gone = erase_contents(connection, order)
    settle_erasure(engines.worker, order.record_id, engines.packs)
    body: dict[str, Any] = {
        "order": entry_id(order.pseudonym, order.number),
        "approval": entry_id(order.pseudonym, order.answered_number or 0),
        "ground": order.ground,
        "whole": order.is_whole,
        "entries": [entry_id(order.pseudonym, number) for number in order.numbers],
    }
    still_to_do = (
        "SELECT 1 FROM ledger.erasure_orders WHERE record_id = %s AND number = %s AND erased_number IS NULL",
        (order.record_id, order.number),
    )
    said = Own("erased", body)
    try:
        write_together(engines.worker, order.record_id, [said], chance, only_if=(still_to_do, _DONE))
    except RefusedError:
        return False
    _log.info("an order to erase was carried out", record=str(order.record_id), count=gone)
    return True
