"""Post the rows of files that somebody confirmed: each an ordinary observation of that person, in small batches.

A row's event id follows from what it says, so whoever is killed between posting and noting it posts it again to no
effect. Which files wait a worker sees as itself; what their rows say it reads, and posts, as the person alone whose
they are, by the rights that they have now.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

import structlog
from sqlalchemy import Connection, Engine

from ledger.domain.role import Right
from ledger.services.context import Context
from ledger.services.import_rows import opened
from ledger.services.observe import submission_of
from ledger.services.record import record
from ledger.services.refusal import EVENT_ID_REUSED, Refusal, RefusedError
from ledger.services.seal import SealBrokenError, Sealer
from ledger.services.sign_in import caller_of
from ledger.services.submission import Outcome
from ledger.store import imports, people
from ledger.store.append import Caller
from ledger.store.database import SYSTEM, transaction
from ledger.store.imports import Waiting
from ledger.store.party import act_for

#: Rows of one transaction: few, so that nobody else's post waits long for the heads that it locks.
BATCH: Final = 25
_UNOPENED: Final = "What this row said can no longer be opened: bring the file again."
_NOBODY: Final = "Whoever brought it is no longer there."

_log = structlog.get_logger("ledger.import_post")


def post_waiting(context: Context, workers: Engine, sealer: Sealer, stop: Callable[[], bool] = lambda: False) -> int:
    """Post what waits, a batch of each file by turns; how many rows that was.

    `context` serves as the web does; `workers` finds which files there are. Raises what a database that is away
    raises, and ContendedError where others hold a record: what was posted by then stays so.
    """
    posted = 0
    while not stop():
        with transaction(workers, party=SYSTEM) as connection:
            found = imports.waiting(connection)
        if not found:
            break
        failed = None
        for one in found:
            if stop():
                break
            try:
                posted += _batch(context, sealer, one)
            except Exception as error:  # noqa: BLE001 - whatever is wrong with one file, the others are posted
                failed = error
        if failed is not None:
            raise failed
    return posted


def forget(workers: Engine, context: Context) -> None:
    """Let go of files that were never confirmed, and of what is long over."""
    with transaction(workers, party=SYSTEM) as connection:
        imports.forget(connection, context.real_now())


def _batch(context: Context, sealer: Sealer, one: Waiting) -> int:
    with _as(context, one) as connection:
        person = people.person(connection, one.person_id)
        if person is None:
            imports.end(connection, one.import_id, "stopped", context.real_now(), _NOBODY)
            return 0
        rows = imports.to_post(connection, one.import_id, BATCH)
        if not rows:
            imports.end(connection, one.import_id, "done", context.real_now())
            return 0
    caller = caller_of(person)
    became: list[tuple[int, str, str | None]] = []
    bodies: list[tuple[int, dict[str, Any]]] = []
    for number, sealed in rows:
        try:
            bodies.append((number, opened(sealer, one.import_id, number, sealed)["body"]))
        except SealBrokenError:
            became.append((number, "refused", _UNOPENED))
    try:
        outcomes = _record(context, caller, [body for _, body in bodies])
    except RefusedError as error:
        _log.info("an import was stopped", error=error.refusal.code)
        with _as(context, one) as connection:
            imports.end(connection, one.import_id, "stopped", context.real_now(), error.refusal.detail)
        return 0
    became += [(number, *_became(outcome)) for (number, _), outcome in zip(bodies, outcomes, strict=True)]
    # Killed here, the next look posts the same rows again and finds each of them stored.
    with _as(context, one) as connection:
        imports.became(connection, one.import_id, became)
    return len(rows)


def _record(context: Context, caller: Caller, bodies: Sequence[dict[str, Any]]) -> list[Outcome]:
    return record(context, caller, [submission_of(body, caller) for body in bodies], Right.OBSERVE) if bodies else []


def _became(outcome: Outcome) -> tuple[str, str | None]:
    if not isinstance(outcome, Refusal):
        return ("posted" if outcome.is_new else "already"), None
    if outcome.code == EVENT_ID_REUSED.code:
        return "already", None  # a colleague brought the same row
    return "refused", outcome.detail


@contextmanager
def _as(context: Context, one: Waiting) -> Iterator[Connection]:
    """A transaction that acts for whoever brought the file."""
    with transaction(context.engine, party=None) as connection:
        act_for(connection, one.agency, one.person_id)
        yield connection
