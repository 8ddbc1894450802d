"""Entries that the ledger writes itself, in a partnership's record: who takes part, and under what rules."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Engine

from ledger.domain.entry import Chance, commitment_of, content_bytes
from ledger.store.append import Draft, Driver, Statement, Stored, append_with, lock, place, write
from ledger.store.database import SYSTEM


def own_draft(record_id: UUID, kind: str, event_id: str, body: Mapping[str, Any], chance: Chance) -> Draft:
    """A draft by the ledger itself. Detection does not read these: it would feed on what it found."""
    content, salt = content_bytes(kind, SYSTEM, event_id, body), chance(32)
    return Draft(record_id, SYSTEM, event_id, kind, content, salt, commitment_of(salt, content), is_due=False)


def new_event(kind: str, chance: Chance) -> str:
    """An event id of the ledger's own for something that happens once."""
    return f"{kind}.{chance(12).hex()}"


def write_own(
    engine: Engine,
    record_id: UUID,
    kind: str,
    body: Mapping[str, Any],
    chance: Chance,
    statements: Sequence[Statement] = (),
) -> Stored:
    """Append one entry by the ledger to a record, with the projections it makes, and commit."""
    draft = own_draft(record_id, kind, new_event(kind, chance), body, chance)

    def act(driver: Driver) -> Stored:
        locked = lock(driver, SYSTEM, records=[record_id])
        stored = place(locked.heads[record_id], draft, locked.clock)
        write(driver, locked.heads, [(draft, stored)], statements=statements)
        return stored

    return append_with(engine, act)
