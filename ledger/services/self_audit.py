"""The ledger looks through itself: the last entries each minute, everything each day, and what it finds is an entry.

It is no proof to anybody else: whoever changes the program changes this too. It finds what a fault, a restore or a hand
in the database did, within a minute, and then nothing more is signed or taken until the operator has put it right.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

import structlog
from sqlalchemy import Connection, Engine, text

from ledger.domain.entry import Chance
from ledger.domain.log.note import Verifier, parse_vkey
from ledger.services.audit_entries import (
    NO_HEAD,
    NOT_PLACED,
    Problem,
    fault_of_entry,
    fault_of_head,
    fault_of_read,
    leaf_of_entry,
    leaf_of_read,
    quietly,
    walk,
)
from ledger.services.audit_tree import Tree
from ledger.services.sign_log import origin_of_log
from ledger.services.write_own import Own, write_together
from ledger.store import auditing
from ledger.store.append import ClosedError, ContendedError, Statement
from ledger.store.log import LOGS, Log
from ledger.store.sealing import origin_of

Scope = Literal["lately", "all"]
#: How often each is done, by the real clock, and under which name workers take it.
EVERY_S: Final[dict[Scope, float]] = {"lately": 60.0, "all": 86_400.0}
DUTY: Final[dict[Scope, str]] = {"lately": "audit_lately", "all": "audit_all"}
#: So many of the last leaves of each log are looked through each minute.
LATELY: Final = 10_000
KIND: Final = "self_audit"
#: Why the ledger is closed.
BROKEN: Final = "self_audit_failed"
#: So many problems are named; the first ones say where to look.
_MOST: Final = 100
_ANNOUNCED_MOST: Final = 200
_CLOSE: Final = """
    INSERT INTO ledger.closures (why, log, from_index, to_index) SELECT %s::text, %s::text, %s::bigint, %s::bigint
    WHERE NOT EXISTS (SELECT FROM ledger.closures c WHERE c.opened_at IS NULL AND c.why = %s AND c.log = %s)"""

_log = structlog.get_logger("ledger.self_audit")


@dataclass(slots=True)
class Audit:
    """What one audit looked at and found. Indexes are of the log of entries, up to and not with the last."""

    scope: Scope
    from_index: int = 0
    to_index: int = 0
    entries: int = 0
    reads: int = 0
    root: bytes | None = None
    problems: list[Problem] = field(default_factory=list)
    #: How many have waited for more than a minute to be sealed, by log: no fault of theirs.
    waiting: dict[str, int] = field(default_factory=dict)

    @property
    def first(self) -> Problem | None:
        """The first bad index, or the first problem where none has one."""
        placed = [one for one in self.problems if one.index is not None]
        return min(placed, key=lambda one: (one.log != "entries", one.index), default=next(iter(self.problems), None))

    def body(self) -> dict[str, Any]:
        """What the entry says."""
        return {
            "scope": self.scope,
            "from_index": self.from_index,
            "to_index": self.to_index,
            "entries": self.entries,
            "reads": self.reads,
            "problems": [one.as_mapping() for one in self.problems],
            "root": None if self.root is None else self.root.hex(),
        }

    def note(self, problem: Problem | None) -> None:
        """Take up a problem, while there are few."""
        if problem is not None and len(self.problems) < _MOST:
            self.problems.append(problem)


def audit(engine: Engine, scope: Scope, *, progress: Callable[[int, int], None] = lambda _done, _of: None) -> Audit:
    """Look through the ledger as it stands, in one read-only snapshot. `engine` acts as the worker.

    `progress` is told how many leaves of how many are through.
    """
    with engine.connect() as plain:
        connection = plain.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with connection.begin():
            connection.execute(text("SET LOCAL statement_timeout = 0"))
            connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
            return look_through(connection, scope, progress)


def audit_when_due(engine: Engine, scope: Scope, chance: Chance, now: Callable[[], datetime]) -> Audit | None:
    """Do it if it is due and nobody else does; keep what was found, say it, and close the ledger if it does not hold.

    None where there was nothing to do. `now` is the real clock.
    """
    with engine.connect() as duty, duty.begin():
        if not auditing.take_duty(duty, DUTY[scope], EVERY_S[scope]) or origin_of(duty) is None:
            return None
        before = auditing.last_audit(duty)
        began_at = now()
        found = audit(engine, scope)
        is_said = _tell(engine, found, before, chance)
        auditing.keep_audit(
            duty,
            scope=scope,
            began_at=began_at,
            ended_at=now(),
            entries=found.entries,
            reads=found.reads,
            from_index=found.from_index,
            to_index=found.to_index,
            root=found.root,
            problems=json.dumps([one.as_mapping() for one in found.problems]),
            is_said=is_said,
        )
        auditing.end_duty(duty, DUTY[scope])
    return found


def _tell(engine: Engine, found: Audit, before: auditing.LastAudit | None, chance: Chance) -> bool:
    """Write it into the records of the partnerships that had entries since the last audit; and, of the daily one, of a
    failure and of a recovery, into all: whether it was written. A failure closes the ledger in the same transaction.
    """
    with engine.connect() as connection:
        # What is still as wrong as it was is not said each minute again; that it holds again is said.
        is_news = [one.as_mapping() for one in found.problems] != (list(before.problems) if before else [])
        since = before.to_index if before else 0
        everybody = found.scope == "all" or is_news
        records = auditing.partnership_records(connection, None if everybody else (since, found.to_index))
    closing, is_said = _closing(found), False
    if found.problems:
        first = found.first
        _log.error("the ledger does not hold", log=first.log if first else None, index=first.index if first else None,
                   count=len(found.problems))  # fmt: skip
    for record_id in records:
        try:
            write_together(engine, record_id, [Own(KIND, found.body(), closing)], chance)
            closing, is_said = [], True
        except ClosedError:
            break  # closed already: what was found is kept beside
        except ContendedError:
            _log.warning("an audit could not be said in a partnership's record", record=str(record_id))
        except Exception as error:  # noqa: BLE001 - a record that is broken must not keep the ledger open
            _log.error("an audit could not be said in a partnership's record", exc_info=error)
    if closing:
        with engine.begin() as connection:
            for statement, parameters in closing:
                connection.exec_driver_sql(statement, tuple(parameters))
    return is_said


def _closing(found: Audit) -> list[Statement]:
    first = found.first
    if first is None:
        return []
    last = None if first.index is None else first.index + 1
    return [(_CLOSE, (BROKEN, first.log, first.index, last, BROKEN, first.log))]


def look_through(
    connection: Connection, scope: Scope, progress: Callable[[int, int], None] = lambda _done, _of: None
) -> Audit:
    """The same within a transaction of the caller: what it sees is looked at."""
    found = Audit(scope)
    origin = origin_of(connection) or ""
    ends = {log: auditing.end_of(connection, log) for log in LOGS}
    starts = {log: 0 if scope == "all" else max(0, ends[log] - LATELY) for log in LOGS}
    total = sum(ends.values()) - sum(starts.values())
    records: set[UUID] = set()
    done = 0
    for log in LOGS:
        tree = Tree(connection, log, origin_of_log(origin, log), _keys(connection, log), starts[log])
        end = max(ends[log], tree.size)
        for index, row, problem in _leaves(connection, log, starts[log], end):
            found.note(problem)
            leaf = None if row is None else (leaf_of_entry(row) if log == "entries" else leaf_of_read(row))
            held = tree.take(index, leaf)
            if problem is None:
                found.note(held)
            if row is not None and log == "entries":
                records.add(row.record_id)
            done += 1
            if done % auditing.PAGE == 0:
                progress(done, total)
        for one in tree.problems():
            found.note(one)
        if log == "entries":
            found.from_index, found.to_index, found.root = starts[log], end, tree.root()
            found.entries = end - starts[log]
        else:
            found.reads = end - starts[log]
    for row in auditing.waiting_entries(connection, LATELY):
        records.add(row.record_id)
        found.entries += 1
        found.note(_of_waiting(row))
    _look_at_rows(connection, found, None if scope == "all" else sorted(records))
    found.waiting = dict(auditing.stuck(connection))
    progress(total, total)
    return found


def _leaves(connection: Connection, log: Log, start: int, end: int) -> Iterator[tuple[int, Any, Problem | None]]:
    if log == "entries":
        return walk(auditing.placed_entries(connection, start, end), fault_of_entry, log, start, end)
    return walk(auditing.placed_reads(connection, start, end), fault_of_read, log, start, end)


def _of_waiting(row: Any) -> Problem | None:
    fault = quietly(fault_of_entry, row)
    named = row.pseudonym or str(row.record_id)
    return None if fault is None else Problem("entries", fault, record=named, number=row.number)


def _look_at_rows(connection: Connection, found: Audit, records: Sequence[UUID] | None) -> None:
    """Heads, and what is in the ledger and in no log."""
    for row in auditing.heads_of(connection, records):
        fault = quietly(fault_of_head, row)
        if fault is None and records is None and row.stand != row.head_seq:
            fault = "its numbers have a gap"
        if fault is not None:
            found.note(Problem("entries", fault, record=row.pseudonym, number=row.head_seq))
    for row in auditing.unplaced_entries(connection, records, _MOST):
        found.note(Problem("entries", NOT_PLACED, record=row.pseudonym or str(row.record_id), number=row.number))
    for access_id in auditing.unplaced_reads(connection, lately=records is not None, most=_MOST):
        found.note(Problem("access", NOT_PLACED, record=str(access_id)))
    for table in auditing.of_no_log(connection):
        found.note(Problem("entries", f"{table} holds something of a log that there is not"))
    for row in auditing.lost(connection, _MOST):
        found.note(
            Problem(row.log, "it waits for the log and is not in the ledger", record=row.name, number=row.number)
        )
    if records is None:
        for record_id, number in auditing.headless(connection, _MOST):
            found.note(Problem("entries", NO_HEAD, record=str(record_id), number=number))


def _keys(connection: Connection, log: Log) -> list[Verifier]:
    """The keys that were announced for a log, in any partnership's record."""
    refs = auditing.partnership_refs(connection)
    names = [f"log_announced.{ref}.{number}" for ref in refs for number in range(1, _ANNOUNCED_MOST + 1)]
    member = "log" if log == "entries" else "access"
    found: dict[str, Verifier] = {}
    for content in auditing.announced(connection, names):
        with suppress(ValueError, KeyError, TypeError):  # what is wrong with an entry is found where it stands
            vkey = str(json.loads(content)["body"][member])
            found[vkey] = parse_vkey(vkey)
    return list(found.values())
