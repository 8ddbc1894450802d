"""What operators do to what failed: have messages and records tried again, and forget what was sent long ago.

As the command line does it, under the workers' login, in a process that was given one. All of it is counts: of which
child or whose address is not told.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final, Literal

import structlog
from sqlalchemy.exc import OperationalError

from ledger.domain.entry import written_time
from ledger.domain.role import Right
from ledger.services.authenticate import authenticate
from ledger.services.context import Context
from ledger.services.refusal import Refusal, RefusedError
from ledger.store import ended_deliveries, setbacks
from ledger.store.append import Caller, Driver
from ledger.store.database import driver_of

#: What may be done.
Act = Literal["retry_messages", "forget_messages", "retry_parked"]
ACTS: Final[tuple[Act, ...]] = ("retry_messages", "forget_messages", "retry_parked")
#: How long ago something was sent or given up that is forgotten on a page.
FORGETS: Final = timedelta(days=90)
NOT_TENDED_HERE: Final = Refusal(
    "not_tended_here",
    "This process was started without the workers' database login, so nothing is tried again or forgotten through it. "
    "At the command line it is: ledger deliveries, ledger detect.",
)

_log = structlog.get_logger("ledger.tend")


def read_failed(context: Context, who: Caller) -> dict[str, Any] | None:
    """What was given up, by channel and fault; what would be forgotten; and which records are parked, since when.

    None where this process may not look. Raises RefusedError.
    """
    try:
        with _tending(context, who) as driver:
            dead = ended_deliveries.dead(driver)
            old = ended_deliveries.count_old(driver, FORGETS)
            parked = setbacks.parked(driver)
    except RefusedError as error:
        if error.refusal.code != NOT_TENDED_HERE.code:
            raise
        return None
    return {
        "dead": [{"channel": channel, "fault": fault, "count": count} for channel, fault, count in dead],
        "dead_count": sum(count for _, _, count in dead),
        "old_count": old,
        "parked": [{"since": written_time(since), "tries": tries} for _, since, tries in parked],
    }


def tend(context: Context, who: Caller, act: Act) -> int:
    """Do it: how many messages or records it was. Raises RefusedError."""
    with _tending(context, who) as driver:
        if act == "retry_messages":
            count = ended_deliveries.retry(driver)
        elif act == "forget_messages":
            count = ended_deliveries.forget(driver, FORGETS)
        else:
            count = len(setbacks.retry(driver, None))
    _log.info("an operator tended the machinery", act=act, count=count, by=str(who.person_id))
    return count


@contextmanager
def _tending(context: Context, who: Caller) -> Iterator[Driver]:
    with context.engine.begin() as connection:
        authenticate(connection, who, Right.OPERATE)
    if context.worker is None:
        raise RefusedError(NOT_TENDED_HERE.code, NOT_TENDED_HERE.detail)
    try:
        opened = context.worker.connect()
    except OperationalError:
        raise RefusedError(NOT_TENDED_HERE.code, NOT_TENDED_HERE.detail) from None
    opened.close()
    with driver_of(context.worker) as driver:
        yield driver
