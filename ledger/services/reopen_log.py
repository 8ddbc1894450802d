"""Taking entries again once the database holds what was signed; said in each partnership's record, in one commit."""

from typing import Any, Final

from sqlalchemy import Engine, select

from ledger.domain.entry import Chance, written_time
from ledger.services.write_own import new_event, own_draft
from ledger.store.append import Driver, append_with, lock, place, write
from ledger.store.database import SYSTEM, transaction
from ledger.store.tables import partnerships

KIND: Final = "reopened"
# First, so that the clock is told again: it is what refuses whoever would write.
_LIFT: Final = """
    UPDATE ledger.closures SET opened_at = clock_timestamp() WHERE opened_at IS NULL
    RETURNING closed_at, why, log, from_index, to_index"""


def reopen(engine: Engine, chance: Chance) -> int:
    """Lift every closure that stands, and say so; how many there were. Runs as the role that administers.

    Whether the database holds again is to be found out before.
    """
    with transaction(engine, party=SYSTEM) as connection:
        records = list(connection.scalars(select(partnerships.c.record_id).order_by(partnerships.c.partnership_id)))

    def act(driver: Driver) -> int:
        locked = lock(driver, SYSTEM, records=records, reads=[(_LIFT, ())])
        lifted: list[dict[str, Any]] = [
            {"closed_at": written_time(closed_at), "why": why, "log": log, "from_index": first, "to_index": last}
            for closed_at, why, log, first, last in locked.answers[0]
        ]
        drafts = [own_draft(one, KIND, new_event(KIND, chance), {"closures": lifted}, chance) for one in records]
        if not lifted:
            drafts = []
        write(driver, locked.heads, [(one, place(locked.heads[one.record_id], one, locked.clock)) for one in drafts])
        return len(lifted)

    return append_with(engine, act)
