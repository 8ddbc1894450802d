"""Hold the ledger to its proofs now, for an auditor: one record, or the log; the first entry that fails is named.

It runs as the role of auditors in a snapshot that cannot write, by the code of the ledger's own look through itself. It
is the operator's program all the same: who trusts nobody takes a copy away and checks that (`ledger verify`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, text

from ledger.domain.entry import leaf_hash
from ledger.domain.log.checkpoint import parse_checkpoint
from ledger.domain.log.merkle import inclusion_proof, verify_inclusion
from ledger.domain.log.note import parse_note
from ledger.domain.role import Right
from ledger.services.audit_entries import NOT_PLACED, fault_of_entry, fault_of_head, quietly
from ledger.services.context import Context
from ledger.services.note_access import note_access
from ledger.services.reach import check_reach
from ledger.services.reading import reading
from ledger.services.refusal import RefusedError
from ledger.services.see import NotKnownError
from ledger.services.see_witnesses import see_witnesses
from ledger.services.self_audit import Scope, look_through
from ledger.store import auditing
from ledger.store.append import Caller
from ledger.store.exports import snapshot
from ledger.store.log import LOGS, Log, closures, published, reader, waiting
from ledger.store.party import AUDITOR
from ledger.store.timeline import heads_of
from ledger.store.witnesses import server_now

#: What the access record says of a record that was held to its proofs: of its entries' words nothing is shown.
LOOK: Final = "proofs"
#: On a page so many leaves of both logs are looked through; more is for the command line.
LEAVES_MAX: Final = 100_000
#: So many of the ledger's last looks through itself are told.
HISTORY: Final = 30


@dataclass(frozen=True, slots=True)
class Failing:
    """The first thing that does not hold: of which log or record, at which index or number, and why."""

    why: str
    log: str = "entries"
    index: int | None = None
    record: str | None = None
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """What was looked through and what came of it. `waiting`: entries that are on their way into the log still."""

    entries: int
    reads: int
    size: int | None
    root: str | None
    waiting: int
    problems: int
    first: Failing | None

    @property
    def holds(self) -> bool:
        """Whether all of it holds."""
        return self.first is None


def read_proofs(context: Context, who: Caller, *, purpose: str) -> dict[str, Any]:
    """How the logs stand: size, root and signature of the checkpoint that is shown, witnesses, closures, self-audits.

    Raises RefusedError.
    """
    with reading(context, who, Right.OVERSEE, purpose=purpose) as (connection, _):
        report = see_witnesses(connection, context.log_policy, server_now(connection))
        return {
            "logs": {log: _log(connection, context, log) for log in LOGS},
            "witnesses": None
            if report is None
            else {
                **report.to_json(),
                "states": [{"name": one.name, "failure": one.failure} for one in report.states],
            },
            "closures": closures(connection),
            "audits": auditing.audits(connection, HISTORY),
            "leaves": sum(auditing.end_of(connection, log) for log in LOGS),
        }


def _log(connection: Connection, context: Context, log: Log) -> dict[str, Any]:
    shown, left = published(connection, log, context.log_policy), waiting(connection, log)
    told: dict[str, Any] = {"waiting": left.count, "lag_s": left.seconds, "checkpoint": None}
    if shown is not None:
        note = parse_note(shown.note_with_cosignatures)
        told["checkpoint"] = {
            "origin": parse_checkpoint(note.text).origin,
            "size": shown.size,
            "root": shown.root.hex(),
            "signed_at": shown.signed_at,
            "signers": [one.name for one in note.signatures],
            "met": shown.met,
        }
    return told


def check_log(context: Context, who: Caller, scope: Scope, *, purpose: str) -> Checked:
    """Look through both logs: the last leaves of each, or all while there are not too many. Raises RefusedError."""
    with _snapshot(context, who, purpose) as connection:
        leaves = sum(auditing.end_of(connection, log) for log in LOGS)
        if scope == "all" and leaves > LEAVES_MAX:
            raise RefusedError("too_much_here", f"beyond {LEAVES_MAX:,} leaves at the command line: ledger audit --all")
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        found = look_through(connection, scope)
    first = found.first
    return Checked(
        found.entries,
        found.reads,
        found.to_index,
        None if found.root is None else found.root.hex(),
        sum(found.waiting.values()),
        len(found.problems),
        None if first is None else Failing(first.why, first.log, first.index, first.record, first.number),
    )


def check_record(context: Context, who: Caller, record_id: UUID, *, purpose: str) -> Checked:
    """Hold one record to its proofs: its chain, what its entries commit to, its head, and its place in the log.

    That an auditor did is recorded as a look at the record. Raises RefusedError.
    """
    with reading(context, who, Right.READ, purpose=purpose) as (connection, reader_):
        check_reach(connection, reader_, record_id, Right.READ)
        head = heads_of(connection, [record_id]).get(record_id)
        if head is None or head[1] == 0:
            raise NotKnownError(record_id)
        note_access(connection, reader_, {record_id: head[1]}, LOOK, context.chance)
    with _snapshot(context, who, purpose) as connection:
        return _held(connection, context, record_id)


def _held(connection: Connection, context: Context, record_id: UUID) -> Checked:
    shown = published(connection, "entries", context.log_policy)
    read = None if shown is None else reader(connection, "entries", shown.size)
    problems, entries, left = list[Failing](), 0, 0
    for row in auditing.entries_of(connection, record_id):
        expected, entries = entries + 1, row.number
        why = quietly(fault_of_entry, row) if row.number == expected else f"entry {expected} is missing"
        if why is None and row.place is None:
            left += row.waits
            why = None if row.waits else NOT_PLACED
        elif why is None and shown is not None and read is not None and row.place < shown.size:
            why = _fault_of_path(read, row, shown.size, shown.root)
        elif why is None:
            left += 1  # it has its place, and no checkpoint that is shown covers it yet
        if why is not None:
            problems.append(Failing(why, index=row.place, record=row.pseudonym, number=row.number))
    for row in auditing.heads_of(connection, [record_id]):
        why = quietly(fault_of_head, row)
        if why is not None:
            problems.append(Failing(why, record=row.pseudonym, number=row.head_seq))
    size, root = (None, None) if shown is None else (shown.size, shown.root.hex())
    return Checked(entries, 0, size, root, left, len(problems), next(iter(problems), None))


def _fault_of_path(read: Any, row: Any, size: int, root: bytes) -> str | None:
    try:
        path = inclusion_proof(row.place, size, read)
    except LookupError as error:
        return str(error)
    held = verify_inclusion(row.place, size, leaf_hash(row.envelope), path, root)
    return None if held else "the log has something else at its place"


@contextmanager
def _snapshot(context: Context, who: Caller, purpose: str) -> Iterator[Connection]:
    """An unchanging view as the auditors' role, once it is sure that whoever looks is one."""
    with reading(context, who, Right.OVERSEE, purpose=purpose):
        pass
    assert context.auditor is not None, "`reading` refuses where there is none"
    with snapshot(context.auditor, AUDITOR, who.person_id) as connection:
        yield connection
