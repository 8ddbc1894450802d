"""Findings as they stand now, by id."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from ledger.store.tables import findings

#: Each a list of statements, a statement being [entry number, claim index].
Sides = list[list[list[int]]]


@dataclass(frozen=True, slots=True)
class StoredFinding:
    """What detection stored: references only, no words and no values."""

    finding_id: str
    record_id: UUID
    kind: str
    rule: str
    pack_version: str
    sides: Sides
    evidence: list[list[int]]
    certain: bool
    change_since: date | None
    raised_at: datetime
    opened_number: int
    closed_number: int | None = None
    is_stale: bool = False
    #: What else there is to say of its basis, as `ledger.domain.finding.marks_of` writes it.
    marks: Mapping[str, Any] = field(default_factory=dict)
    outcome: str | None = None
    #: What no two open findings of a record share.
    key: str = ""
    #: How it stood before each entry by which it moved on, by that entry's number; where it is worked out from entries.
    before: Mapping[int, StoredFinding] = field(default_factory=dict)

    @property
    def keys(self) -> tuple[str, ...]:
        """Its key, and those that it had before links gave it another, the newest first."""
        return tuple(dict.fromkeys((self.key, *(self.before[number].key for number in sorted(self.before)[::-1]))))

    def at(self, number: int) -> StoredFinding:
        """As it stood once this entry was recorded."""
        later = [moved for moved in sorted(self.before) if moved > number]
        return self.before[later[0]] if later else self


def by_id(connection: Connection, finding_ids: Collection[str]) -> dict[str, StoredFinding]:
    """Those of these findings that the acting party may read."""
    query = select(
        findings.c.finding_id,
        findings.c.record_id,
        findings.c.kind,
        findings.c.rule,
        findings.c.pack_version,
        findings.c.sides,
        findings.c.evidence,
        findings.c.certain,
        findings.c.change_since,
        findings.c.raised_at,
        findings.c.opened_number,
        findings.c.closed_number,
        findings.c.is_stale,
        findings.c.marks,
        findings.c.outcome,
        findings.c.question,
    ).where(findings.c.finding_id.in_(finding_ids))
    return {row.finding_id: StoredFinding(*row) for row in connection.execute(query)}
