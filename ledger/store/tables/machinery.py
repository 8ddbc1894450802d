"""The machinery: which processes live, what is wrong, how late detection is, and which records it fails on. Operation.

Every moment is by the real clock: a demonstration's clock stands still, and machines do not.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Identity,
    Index,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)

from ledger.store.tables.columns import metadata, moment, real_moment, words

setbacks = Table(
    "setbacks",
    metadata,
    Column("record_id", Uuid, nullable=False),
    # Which program failed on it, and which pack was the newest: another of either tries again.
    words("release"),
    Column("pack", BigInteger, nullable=False),
    Column("tries", SmallInteger, nullable=False),
    # Until when it is left alone; of one that is parked, until when its lead need not be told again.
    moment("rests_until"),
    moment("parked_at", nullable=True),
    # When its lead was told that it is parked.
    moment("told_at", nullable=True),
    PrimaryKeyConstraint("record_id", "release"),
)

heartbeats = Table(
    "heartbeats",
    metadata,
    words("part"),
    # The machine's name and the process's number there.
    words("host"),
    Column("pid", BigInteger, nullable=False),
    words("release"),
    real_moment("began_at"),
    real_moment("heard_at"),
    # It was ended in good order then.
    moment("left_at", nullable=True),
    PrimaryKeyConstraint("part", "host", "pid"),
)

lags = Table(
    "lags",
    metadata,
    Column("record_id", Uuid, primary_key=True),
    # What was due when it was first seen to be: it is late until that has been done, whatever came after.
    Column("due_seq", BigInteger, nullable=False),
    moment("next_due_at", nullable=True),
    real_moment("since"),
)

troubles = Table(
    "troubles",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    words("name"),
    # Which of several: a channel, a process; '' where there is only one.
    Column("subject", Text, nullable=False, server_default=text("''")),
    real_moment("began_at"),
    moment("ended_at", nullable=True),
    # Whether operators were written to when it began and when it ended; and until when that is not tried again.
    Column("began_mailed", Boolean, nullable=False, server_default=text("false")),
    Column("ended_mailed", Boolean, nullable=False, server_default=text("false")),
    real_moment("mail_after"),
    Index("uq_troubles_name_subject", "name", "subject", unique=True, postgresql_where=text("ended_at IS NULL")),
)
