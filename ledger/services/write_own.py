"""Entries in a partnership's record: who takes part, under what rules, and who may do what.

Most are the ledger's own, made at the command line; what an administrator takes away on the web is their agency's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Engine

from ledger.domain.entry import Chance, commitment_of, content_bytes
from ledger.services.project import project
from ledger.services.refusal import Refusal, RefusedError
from ledger.services.told import Told
from ledger.store.append import Caller, Draft, Driver, Statement, Stored, append_with, lock, place, write
from ledger.store.database import SYSTEM

#: What must still be found under the lock, and what is said where it is not.
Condition = tuple[Statement, Refusal]


@dataclass(frozen=True, slots=True)
class Own:
    """One entry to write. Its projections follow from it; `besides` is done with it, of what no entry tells."""

    kind: str
    body: Mapping[str, Any]
    besides: Sequence[Statement] = ()


def own_draft(
    record_id: UUID, kind: str, event_id: str, body: Mapping[str, Any], chance: Chance, *, agency: str = SYSTEM
) -> Draft:
    """A draft by the ledger itself. Detection does not read these: it would feed on what it found."""
    content, salt = content_bytes(kind, agency, event_id, body), chance(32)
    return Draft(record_id, agency, event_id, kind, content, salt, commitment_of(salt, content), is_due=False)


def said_by(person: UUID | None) -> dict[str, str]:
    """What an entry of the ledger's own says of who asked for it on a page; nothing of the command line."""
    return {} if person is None else {"by": str(person)}


def new_event(kind: str, chance: Chance) -> str:
    """An event id of the ledger's own for something that happens once."""
    return f"{kind}.{chance(12).hex()}"


def write_own(
    engine: Engine,
    record_id: UUID,
    kind: str,
    body: Mapping[str, Any],
    chance: Chance,
    besides: Sequence[Statement] = (),
    *,
    only_if: Condition | None = None,
) -> Stored:
    """Append one entry by the ledger to a record, with its projections and what is done besides, and commit."""
    return write_together(engine, record_id, [Own(kind, body, besides)], chance, only_if=only_if)[0]


def write_together(
    engine: Engine,
    record_id: UUID,
    owns: Sequence[Own],
    chance: Chance,
    *,
    who: Caller | None = None,
    only_if: Condition | None = None,
) -> list[Stored]:
    """Append entries to one record, all of them or none, and commit: by the ledger, or by `who`, checked already.

    `only_if` is asked once the record is locked: where it finds no row, its refusal is raised and nothing is written.
    """
    agency = SYSTEM if who is None else who.agency
    drafts = [
        own_draft(record_id, own.kind, new_event(own.kind, chance), own.body, chance, agency=agency) for own in owns
    ]

    def act(driver: Driver) -> list[Stored]:
        locked = lock(driver, who or SYSTEM, records=[record_id], reads=[only_if[0]] if only_if else [])
        if only_if and not locked.answers[0]:
            raise RefusedError(only_if[1].code, only_if[1].detail, only_if[1].pointer)
        placed = [(draft, place(locked.heads[record_id], draft, locked.clock)) for draft in drafts]
        statements = [
            made
            for own, (_, stored) in zip(owns, placed, strict=True)
            for made in (*project(Told.of(stored, agency, own.kind, own.body)), *own.besides)
        ]
        write(driver, locked.heads, placed, statements=statements)
        return [stored for _, stored in placed]

    return append_with(engine, act)
