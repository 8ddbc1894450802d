"""Make the digest of a working day: for each person for whom there is something, once, whoever tries.

The day is begun by a row of the partnership's, in the transaction that puts the digest into feeds and plans its mails:
two workers that try at once make it once. What interrupts nobody is told in it: questions to ask, and which clocks run
out.
"""

from collections.abc import Callable
from datetime import date, datetime

from sqlalchemy import Engine

from ledger.domain.digest import digest_day
from ledger.domain.feed import DIGEST, Item
from ledger.domain.hours import Hours
from ledger.domain.pack import Pack
from ledger.services.fan_out import put
from ledger.services.plan_deliveries import Plan
from ledger.store.append import Driver
from ledger.store.database import SYSTEM, driver_of
from ledger.store.digests import Without, begin_day, count, keep, without_digest
from ledger.store.party import ACT
from ledger.store.trip import ask


def make_digests(engine: Engine, packs: Callable[[str], Pack], plan: Plan) -> int:
    """Make what is due now; how many digests that were. Raises what a database that is away raises."""
    made = 0
    with driver_of(engine) as driver:
        ask(driver, ACT, (SYSTEM, ""))
        waiting = without_digest(driver)
        driver.rollback()
        for one in waiting:
            day = digest_day(one.now, packs(one.pack).alerts.digest, one.hours)
            if day is not None:
                made += _make(driver, one, day, plan)
    return made


def _make(driver: Driver, of: Without, day: date, plan: Plan) -> int:
    try:
        ask(driver, ACT, (SYSTEM, ""))
        if not begin_day(driver, of.partnership, day):
            driver.rollback()
            return 0
        counted = count(driver, of.partnership, clocks_until(of.now, of.hours))
        keep(driver, day, counted)
        items = [Item(one.party, one.agency, DIGEST, item_id(day), of.now) for one in counted]
        put(driver, items, plan)
        driver.commit()
    except BaseException:
        if not driver.closed:
            driver.rollback()
        raise
    return len(counted)


def clocks_until(now: datetime, hours: Hours) -> datetime:
    """Up to when a clock runs out soon: the end of the next working day's hours."""
    return hours.end(hours.end(now))


def item_id(day: date) -> str:
    """The name of a day's digest in anybody's feed."""
    return f"digest.{day.isoformat()}"


def day_of(item: str) -> date:
    """The day of a digest."""
    return date.fromisoformat(item.removeprefix("digest."))
