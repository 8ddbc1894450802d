"""What a step of the fold is given: an entry, or a moment that an earlier step asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ledger.domain.claim import Claim, claims_of_entry


@dataclass(frozen=True, slots=True)
class EntryStep:
    """One entry. ``target`` is the number of the entry that a correction corrects or a void voids."""

    number: int
    at: datetime
    kind: str
    agency: str
    body: Mapping[str, Any]
    target: int | None = None


@dataclass(frozen=True, slots=True)
class DueStep:
    """A moment that an earlier step asked for."""

    at: datetime
    cause: str
    number: int
    index: int


Event = EntryStep | DueStep


def claims_in(event: EntryStep) -> list[Claim]:
    """The claims that an entry makes."""
    return claims_of_entry(event.kind, event.body, agency=event.agency, number=event.number, recorded_at=event.at)
