"""Tell: put what entries say into the feeds of those whom it concerns, and plan what leaves by other channels.

What is to be told is a row, written with the entry; a worker takes it, and tells, in one transaction. So nothing is
lost with a worker, and nothing is told twice into one feed: an item's name follows from its entry. Each module that
knows of a kind of entry says whom it is told to; nothing of what an entry says goes into a feed.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from sqlalchemy import Engine

from ledger.domain.feed import TELLS, Item
from ledger.services.detect import driver_of
from ledger.services.plan_deliveries import Plan
from ledger.services.tell_alerts import ALERTS
from ledger.services.tell_notices import NOTICES
from ledger.services.told import Told
from ledger.store.append import Driver
from ledger.store.database import SYSTEM
from ledger.store.party import ACT
from ledger.store.telling import Waiting, end_waiting, put_items, take_waiting
from ledger.store.trip import ask

#: Whom one entry is told to.
Teller = Callable[[Driver, Told], Iterable[Item]]

#: By kind of entry; together they know every kind of TELLS.
TELLERS: Final[Mapping[str, Teller]] = {**ALERTS, **NOTICES}

#: How many entries one transaction tells.
AT_ONCE = 100


def fan_out(engine: Engine, plan: Plan, *, stop: Callable[[], bool] = lambda: False) -> int:
    """Tell all that waits and that nobody else is telling; how many entries that were.

    Raises what a database that is away raises.
    """
    told = 0
    with driver_of(engine) as driver:
        while not stop():
            count = _tell(driver, plan)
            told += count
            if count < AT_ONCE:
                break
    return told


def put(driver: Driver, items: Sequence[Item], plan: Plan) -> list[Item]:
    """Put items into feeds and plan their deliveries, in the open transaction; those that were new."""
    new = put_items(driver, items)
    if new:
        for statement in plan(driver, new):
            ask(driver, *statement)
    return new


def _tell(driver: Driver, plan: Plan) -> int:
    try:
        ask(driver, ACT, (SYSTEM, ""))
        waiting = take_waiting(driver, AT_ONCE)
        items = [item for one in waiting for item in _items(driver, one)]
        put(driver, items, plan)
        end_waiting(driver, [one.id for one in waiting])
        driver.commit()
    except BaseException:
        if not driver.closed:
            driver.rollback()
        raise
    return len(waiting)


def _items(driver: Driver, one: Waiting) -> Iterable[Item]:
    if one.kind is None or one.body is None or one.kind not in TELLS:
        return ()
    place = (one.record_id, one.pseudonym, one.number, one.recorded_at)
    return TELLERS[one.kind](driver, Told(*place, agency=one.agency, kind=one.kind, body=one.body))
