"""How the machinery stands, for operators and whoever watches the machine: in counts and names of machines alone."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Engine

from ledger.domain.entry import written_time
from ledger.domain.feed import FEED_TYPES
from ledger.services.word_trouble import word_part, word_remedy, word_trouble
from ledger.store import machinery
from ledger.store.database import transaction
from ledger.store.party import LIVE

#: Troubles of which anybody may be told which of several it is: a part or a channel, and no machine.
_OPEN: Final = frozenset({"part_silent", "delivery_late", "dead_letters"})


def read_troubles(connection: Connection) -> list[dict[str, Any]]:
    """What is wrong now, in codes, for anybody."""
    return [
        {
            "trouble": row.name,
            "of": row.subject if row.name in _OPEN else None,
            "since": written_time(row.began_at),
        }
        for row in machinery.troubles(connection)
        if row.ended_at is None
    ]


def late_since(connection: Connection) -> datetime | None:
    """Since when detection is late, by the real clock; None where it is not."""
    return machinery.since(connection, "detection_late")


def read_machinery(engine: Engine) -> dict[str, Any]:
    """What is wrong and lately was, which processes live, and what waits. `engine` is that of a process that serves."""
    with transaction(engine, party=LIVE) as connection:
        troubles = machinery.troubles(connection)
        processes = machinery.processes(connection)
        waiting = machinery.waiting(connection)
        sending = machinery.sending(connection)
        told = machinery.told(connection)
    return {
        "troubles": [
            {
                "trouble": row.name,
                "words": word_trouble(row.name, row.subject),
                "remedy": word_remedy(row.name),
                "began_at": written_time(row.began_at),
                "ended_at": None if row.ended_at is None else written_time(row.ended_at),
            }
            for row in troubles
        ],
        "processes": [
            {
                "part": row.part,
                "called": word_part(row.part),
                "host": row.host,
                "pid": row.pid,
                "release": row.release,
                "began_at": written_time(row.began_at),
                "heard_s": round(max(row.heard_s, 0.0), 1),
                "ended": row.left_at is not None,
            }
            for row in processes
        ],
        "detection": {"lag_s": round(waiting.detection_s or 0.0, 1), "parked": waiting.parked},
        "telling": {"untold": waiting.untold, "lag_s": round(waiting.telling_s or 0.0, 1)},
        "sending": [
            {"channel": row.channel, "waiting": row.waiting, "lag_s": round(row.lag_s or 0.0, 1), "dead": row.dead}
            for row in sending
        ],
        "told": [
            {"type": row.type, "words": FEED_TYPES[row.type].meaning, "at": written_time(row.put_at)} for row in told
        ],
    }
