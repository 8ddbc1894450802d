"""The one clock of a ledger: the database server's, or the moved one of a demonstration ledger.

Recorded times, ages and due moments all come through here, whichever process asks. Sign-in, key expiry, leases and
time-outs use the real clock, which moving this one never touches.
"""

from datetime import datetime

from sqlalchemy import Connection, text

#: The clock as an expression, for statements that must not take a trip of their own to ask.
SQL = "ledger.clock_now()"


def now(connection: Connection) -> datetime:
    """The ledger's time, aware and in UTC."""
    moment: datetime | None = connection.scalar(text(f"SELECT {SQL}"))
    assert moment is not None, "clock_now() always answers"
    return moment


def move(connection: Connection, moment: datetime) -> None:
    """Move a demonstration ledger's clock forward; the database refuses any other ledger and any step back."""
    connection.execute(text("UPDATE ledger.ledger_state SET clock_at = :moment"), {"moment": moment})
