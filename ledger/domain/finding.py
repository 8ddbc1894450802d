"""What detection found, by reference: never words, never values.

A finding names the statements that it sets against each other (its sides) and those that bear on it (its evidence) by
entry and claim. Text, states, severity and rule's reasons are rendered from it for each reader. Its id follows from the
record, what it is about and the step that opened it, so a crash or a second worker cannot make two.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from ledger.domain.claim import Ref
from ledger.domain.question import Question, digest_of
from ledger.domain.vocabulary import Attribute

Kind = Literal["contradiction", "same_informant", "gap"]
Severity = Literal["high", "medium", "low"]
Tier = Literal["queue", "prompt"]
Sides = tuple[tuple[Ref, ...], ...]

ENTRIES_MAX = 8
EVIDENCE_MAX = 24


@dataclass(frozen=True, slots=True)
class Basis:
    """What a finding rests on at one step.

    ``change_since``: it may be a change since this day, on which what is only carried was last said. ``is_stale``: a
    side was already stale when the other was said.
    """

    kind: Kind
    sides: Sides
    evidence: tuple[Ref, ...] = ()
    certain: bool = True
    change_since: date | None = None
    is_stale: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """One open finding. ``key`` is what no two open findings of a record share; ``step`` names what opened it."""

    id: str
    key: str
    question: Question
    rule: str
    pack_version: str
    basis: Basis
    raised_at: datetime
    step: str

    @property
    def kind(self) -> Kind:
        return self.basis.kind

    @property
    def sides(self) -> Sides:
        return self.basis.sides

    @property
    def evidence(self) -> tuple[Ref, ...]:
        return self.basis.evidence

    @property
    def certain(self) -> bool:
        return self.basis.certain

    @property
    def change_since(self) -> date | None:
        return self.basis.change_since

    @property
    def tier(self) -> Tier:
        """How it reaches people: what only needs asking is a prompt, never an alert."""
        return "prompt" if self.kind == "gap" else "queue"

    @property
    def topic(self) -> str | None:
        """Of a gap, the attribute that is not known."""
        return self.question.attribute if self.kind == "gap" else None

    def as_mapping(self) -> dict[str, Any]:
        """The finding as JSON."""
        return {
            "id": self.id,
            "key": self.key,
            "question": self.question.as_mapping(),
            "rule": self.rule,
            "pack_version": self.pack_version,
            "raised_at": self.raised_at.isoformat(),
            "step": self.step,
            **basis_as_mapping(self.basis),
        }

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> Finding:
        """The finding that `as_mapping` wrote."""
        return cls(
            id=mapping["id"],
            key=mapping["key"],
            question=Question.from_mapping(mapping["question"]),
            rule=mapping["rule"],
            pack_version=mapping["pack_version"],
            basis=basis_from_mapping(mapping),
            raised_at=datetime.fromisoformat(mapping["raised_at"]),
            step=mapping["step"],
        )


def basis_as_mapping(basis: Basis) -> dict[str, Any]:
    """What a finding rests on, as JSON."""
    return {
        "kind": basis.kind,
        "sides": [[_as_list(ref) for ref in side] for side in basis.sides],
        "evidence": [_as_list(ref) for ref in basis.evidence],
        "certain": basis.certain,
        "change_since": basis.change_since.isoformat() if basis.change_since else None,
        "is_stale": basis.is_stale,
    }


def basis_from_mapping(mapping: Mapping[str, Any]) -> Basis:
    """What `basis_as_mapping` wrote."""
    change_since = mapping["change_since"]
    return Basis(
        kind=mapping["kind"],
        sides=tuple(tuple(Ref(*ref) for ref in side) for side in mapping["sides"]),
        evidence=tuple(Ref(*ref) for ref in mapping["evidence"]),
        certain=mapping["certain"],
        change_since=date.fromisoformat(change_since) if change_since else None,
        is_stale=mapping["is_stale"],
    )


def _as_list(ref: Ref) -> list[int]:
    return [ref.number, ref.index]


def finding_id(record: str, key: str, step: str) -> str:
    """The name of the finding that ``step`` opens on ``key`` in ``record``."""
    return digest_of({"record": record, "question": key, "step": step})


def severity(finding: Finding, attribute: Attribute) -> Severity:
    """How much a finding weighs: rendered, never stored.

    A critical attribute is high, any other medium. What overlaps only for some readings of the dates, and what one
    side had said so long ago that it was stale, is each one tier lower. Two accounts of one person are one tier
    higher: they cannot be put down to two people who knew different things. What only needs asking is one lower.
    """
    tier = 3 if attribute.critical else 2
    tier -= not finding.certain
    tier -= finding.basis.is_stale
    tier -= finding.kind == "gap"
    tier += finding.kind == "same_informant"
    return ("low", "medium", "high")[min(max(tier, 1), 3) - 1]
