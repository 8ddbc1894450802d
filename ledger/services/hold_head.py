"""Holding a database against the head that was signed last: whether it still has all of it, and what if not.

Tiles and checkpoints are public, so every role that serves can do this, with the sealer's store or a copy of its head.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError, ProgrammingError

from ledger.domain.entry import written_time
from ledger.domain.log.merkle import root_of
from ledger.services.kept_head import Head, read_head, signed_between
from ledger.services.sign_log import origin_of_log
from ledger.store.log import LOGS, Log, close, reader, tree_size
from ledger.store.sealing import largest, origin_of, take_the_lock

#: Why the ledger is closed: the database lacks what was signed, or holds something else in its place.
OLDER: Final = "older_than_signed"
DIFFERS: Final = "differs_from_signed"


class HeadNotHeldError(Exception):
    """The database does not hold what was signed: from which index, up to and not with which, where that is known."""

    def __init__(self, log: Log, why: str, from_index: int | None = None, to_index: int | None = None) -> None:
        super().__init__(f"{log}: {why}")
        self.log: Log = log
        self.why = why
        self.from_index = from_index
        self.to_index = to_index


class NotAdoptedError(Exception):
    """The sealer's store is not the one of this log; `ledger log adopt` looks through everything and makes it so.

    Or it cannot: the database holds less than is known to have been signed.
    """


def check_head(connection: Connection, log: Log, head: Head | None, log_origin: str, *, is_last: bool = True) -> None:
    """Hold a log to a head. Raises HeadNotHeldError where the database does not begin with what it covers;
    NotAdoptedError where the head is none of this log's or, with `is_last`, not the last that was signed.
    """
    last = largest(connection, log)
    if head is None:
        if last is not None:
            raise NotAdoptedError("checkpoints were signed, and the store of the sealer holds none")
        return
    if head.origin != log_origin:
        raise NotAdoptedError("the store of the sealer is another log's")
    size = tree_size(connection, log)
    if size < head.size:
        raise HeadNotHeldError(log, OLDER, size, head.size)
    try:
        is_same = root_of(head.size, reader(connection, log, size)) == head.root
    except LookupError:
        is_same = False
    if not is_same or (last is not None and last.size == head.size and last.root != head.root):
        raise HeadNotHeldError(log, DIFFERS)
    if is_last and last is not None and last.size > head.size:
        raise NotAdoptedError("the store of the sealer is older than the last checkpoint")


def close_ledger(engine: Engine, fault: HeadNotHeldError) -> None:
    """Have every append refused from now on."""
    with engine.begin() as connection:
        close(connection, fault.why, fault.log, fault.from_index, fault.to_index)


def told(fault: HeadNotHeldError, folder: Path) -> str:
    """What the operator is told: what is missing or wrong, when it was signed, and what to do."""
    log = "entries" if fault.log == "entries" else "recorded reads"
    if fault.why != OLDER or fault.from_index is None or fault.to_index is None:
        return (
            f"The database does not hold what the log of {log} was signed over: something else stands in its place. "
            "Nothing is signed and no entry is taken. Restore the newest backup, then: ledger log reopen."
        )
    after, before = signed_between(folder, fault.log, fault.from_index, fault.to_index)
    missing = fault.to_index - fault.from_index
    which = f"indexes {fault.from_index} to {fault.to_index - 1}" if missing > 1 else f"index {fault.from_index}"
    return (
        f"The database is older than the log of {log} that was signed. Missing: {which} ({missing} of "
        f"{fault.to_index}), signed {_between(after, before)}. Nothing is signed and no entry is taken. Restore a "
        "newer backup, or recover to a later point in time, then: ledger log reopen."
    )


def hold_to_store(engine: Engine, folder: Path) -> str | None:
    """Check the database against a store that lies at hand, and close the ledger where it does not hold: what is told.

    None where it holds, where there is no store here, or where the database has no log yet or does not answer.
    Raises StoreBrokenError.
    """
    heads: Sequence[tuple[Log, Head | None]] = [(log, read_head(folder, log)) for log in LOGS]
    if all(head is None for _, head in heads):
        return None
    try:
        with engine.connect() as connection:
            origin = origin_of(connection)
            for log, head in heads:
                if head is not None:
                    # A database that was never opened has nothing of it at all.
                    check_head(connection, log, head, origin_of_log(origin, log) if origin else head.origin)
    except HeadNotHeldError as fault:
        close_ledger(engine, fault)
        return told(fault, folder)
    except (NotAdoptedError, OperationalError, ProgrammingError):
        return None  # the sealer says so; whoever serves waits for neither
    return None


def lacks_store(engine: Engine, folder: Path) -> str | None:
    """Why the sealer would sign nothing with the store at hand, which the log as the database has it was not signed
    with: what is told. None where it would go on, or where another sealer is at work, which has a store of its own.

    Whoever serves all the same may give the numbers of entries that are lost, and were acknowledged, to others.
    Raises StoreBrokenError, HeadNotHeldError.
    """
    try:
        with engine.connect() as connection:
            connection.detach()  # the lock goes with it
            with connection.begin():
                origin = origin_of(connection)
                if origin is not None and take_the_lock(connection):
                    for log in LOGS:
                        check_head(connection, log, read_head(folder, log), origin_of_log(origin, log))
    except NotAdoptedError as error:
        return str(error)
    return None


def _between(after: datetime | None, before: datetime | None) -> str:
    since = f"after {written_time(after)}" if after else "at some time"
    return f"{since} and by {written_time(before)}" if before else since
