"""Tell: put what entries say into the feeds of those whom it concerns, and plan what leaves by other channels.

What is to be told is a row, written with the entry; a worker takes it, and tells, in one transaction. So nothing is
lost with a worker, and nothing is told twice into one feed: an item's name follows from its entry. Each module that
knows of a kind of entry says whom it is told to; nothing of what an entry says goes into a feed.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import psycopg
import structlog
from sqlalchemy import Engine

from ledger.domain.feed import TELLS, Item
from ledger.domain.marking import WHOLE
from ledger.services.may_know import may_know
from ledger.services.plan_deliveries import Plan
from ledger.services.tell_agencies import AGENCIES
from ledger.services.tell_alerts import ALERTS
from ledger.services.tell_decisions import DECIDING, tell_basis
from ledger.services.tell_disagreements import DISAGREEING
from ledger.services.tell_gaps import Packs, tell_finding
from ledger.services.tell_machinery import MACHINERY
from ledger.services.tell_notices import NOTICES, Knows, tell_notice
from ledger.services.tell_offers import OFFERS
from ledger.services.tell_people import PEOPLE
from ledger.services.tell_rules import RULES
from ledger.services.tell_summaries import SUMMING_UP
from ledger.services.tell_webhooks import WEBHOOKS
from ledger.services.told import Told
from ledger.store.append import Driver
from ledger.store.database import SYSTEM, driver_of
from ledger.store.party import ACT
from ledger.store.telling import Waiting, end_waiting, put_items, set_back, take_waiting
from ledger.store.trip import ask

#: Whom one entry is told to.
Teller = Callable[[Driver, Told], Iterable[Item]]

#: What findings tell an agency of: whom of a prompt, takes the rule pack.
_FINDINGS: Final = ("finding_raised", "finding_joined")
#: By kind of entry; together they know every kind of TELLS.
TELLERS: Final[Mapping[str, Teller]] = {
    **ALERTS,
    **NOTICES,
    **MACHINERY,
    **WEBHOOKS,
    **RULES,
    **OFFERS,
    **PEOPLE,
    **AGENCIES,
    **DECIDING,
    **dict.fromkeys(_FINDINGS, partial(tell_finding, packs=None)),
    "notice": partial(tell_notice, knows=lambda *_: False),
}

#: What is told to many, and may have been held back from one of them before it is told.
_HELD_BACK_SINCE: Final = DECIDING.keys() | DISAGREEING.keys() | SUMMING_UP.keys()

_log = structlog.get_logger("ledger.fan_out")

#: How many entries one transaction tells.
AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class _Means:
    """What tellers take beside the entry: rule packs, and what an agency may know of."""

    packs: Packs | None
    knows: Knows


def fan_out(engine: Engine, plan: Plan, *, packs: Packs | None = None, stop: Callable[[], bool] = lambda: False) -> int:
    """Tell all that waits and that nobody else is telling; how many entries that were.

    Without `packs` no agency is told of prompts: only the rule pack says who could ask.
    Raises what a database that is away raises.
    """
    told, means = 0, _Means(packs, partial(may_know, engine))
    with driver_of(engine) as driver:
        while not stop():
            count = _tell(driver, plan, means)
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


def _tell(driver: Driver, plan: Plan, means: _Means, limit: int = AT_ONCE) -> int:
    """One transaction; where something in it cannot be told, each is told by itself and that one is set back."""
    taken: list[Waiting] = []
    try:
        return _tell_together(driver, plan, means, limit, taken)
    except psycopg.OperationalError:
        raise
    except Exception as error:
        if driver.closed or not taken:
            raise
        if limit == 1:
            return _set_back(driver, taken[0], error)
    return sum(_tell(driver, plan, means, 1) for _ in range(limit))


def _tell_together(driver: Driver, plan: Plan, means: _Means, limit: int, taken: list[Waiting]) -> int:
    """`taken` gets what this transaction took: whoever hears it fail knows which it was."""
    try:
        ask(driver, ACT, (SYSTEM, ""))
        taken += take_waiting(driver, limit)
        items = [item for one in taken for item in _items(driver, one, means)]
        put(driver, items, plan)
        end_waiting(driver, [one.id for one in taken])
        driver.commit()
    except BaseException:
        if not driver.closed:
            driver.rollback()
        raise
    return len(taken)


def _set_back(driver: Driver, one: Waiting, error: Exception) -> int:
    """Leave what could not be told alone for a while. What waits too long is shown as late."""
    _log.error("an entry could not be told", record=str(one.record_id), number=one.number, exc_info=error)
    ask(driver, ACT, (SYSTEM, ""))
    set_back(driver, one.id)
    driver.commit()
    return 0


def _items(driver: Driver, one: Waiting, means: _Means) -> Iterable[Item]:
    if one.kind is None or one.body is None or one.kind not in TELLS:
        return ()
    place = (one.record_id, one.pseudonym, one.number, one.recorded_at)
    told = Told(*place, agency=one.agency, kind=one.kind, body=one.body)
    if one.kind == "notice":
        return tell_notice(driver, told, knows=means.knows)
    if one.kind in _FINDINGS:
        of_decisions = tell_basis(driver, told, knows=means.knows)
        return [*tell_finding(driver, told, packs=means.packs), *of_decisions]
    items = TELLERS[one.kind](driver, told)
    if one.kind in _HELD_BACK_SINCE:  # it, or what it is about, may have been held back from one to whom it is told
        return [item for item in items if means.knows(item.agency, one.record_id, [(one.number, WHOLE)])]
    return items
