"""What detection found, by reference: never words, never values.

A finding names the statements that it sets against each other (its sides) and those that bear on it (its evidence) by
entry and claim. Text, states, severity and rule's reasons are rendered from it for each reader. Its id follows from the
record, what it is about and the step that opened it, so a crash or a second worker cannot make two.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal

from ledger.domain.claim import Ref
from ledger.domain.question import Question, digest_of

Kind = Literal[
    "contradiction",
    "same_informant",
    "overtaken",
    "identity",
    "explanation",
    "concern",
    "passing_on",
    "uncorroborated",
    "gap",
    "expectation",
    "pattern",
    "decision_basis",
]
Tier = Literal["interrupt", "queue", "prompt"]
#: From what is only asked to what interrupts.
TIERS: Final[tuple[Tier, ...]] = ("prompt", "queue", "interrupt")
Sides = tuple[tuple[Ref, ...], ...]

_USUAL = (
    ("by", ""),
    ("is_strain", False),
    ("is_pending", False),
    ("is_dated_change", False),
    ("is_told_twice", False),
    ("tier", "queue"),
    ("topic", ""),
    ("owed_by", ""),
    ("is_lapsed", False),
    ("is_met", False),
    ("state", ""),
    ("refusals", 0),
)
ENTRIES_MAX = 8
EVIDENCE_MAX = 24


@dataclass(frozen=True, slots=True)
class Basis:
    """What a finding rests on at one step.

    ``change_since``: it may be a change since this day, on which what is only carried was last said. ``is_stale``: a
    side was already stale when the other was said. ``by``: the pack's constraint that sets the sides against each
    other, where it is not the question itself. ``is_strain``: they pull apart, and may both be so. ``is_pending``: a
    decision relies on what is in question. ``is_dated_change``: the newer word tells, with its date, of a change since
    the older was last said. ``is_told_twice``: beside what is shown, one person gave two accounts. ``answered``: a
    court's or expert's finding among the sides, which answers the question and settles nothing. ``tier``: what only
    needs asking is a prompt, never an alert.

    Of what must follow: ``topic``, the body or step awaited; ``due``, by when; ``owed_by``, the agency from which it
    must come, where that is known; ``is_lapsed``, it did not come in time or it is said that it will not come;
    ``is_met``, all of it came and people have still to say that it is over; ``signed``, who of them has.

    Of what is not known (`ledger.domain.gap`): ``state``, in what way; ``refusals``, how often somebody would not say;
    ``tried``, of each agency that tried to find out, from when on it is asked again. Its ``due`` and ``owed_by`` are
    of the enquiry that it has become.
    """

    kind: Kind
    sides: Sides
    evidence: tuple[Ref, ...] = ()
    certain: bool = True
    change_since: date | None = None
    is_stale: bool = False
    by: str = ""
    is_strain: bool = False
    is_pending: bool = False
    is_dated_change: bool = False
    is_told_twice: bool = False
    answered: Ref | None = None
    tier: Tier = "queue"
    topic: str = ""
    due: datetime | None = None
    owed_by: str = ""
    is_lapsed: bool = False
    is_met: bool = False
    signed: tuple[str, ...] = ()
    state: str = ""
    refusals: int = 0
    tried: tuple[tuple[str, datetime], ...] = ()


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
        return self.basis.tier

    @property
    def topic(self) -> str | None:
        """Of a gap, the attribute that is not known; of an expectation, the body or step awaited."""
        if self.basis.topic:
            return self.basis.topic
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
        "marks": marks_of(basis),
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
        **read_marks(mapping["marks"]),
    )


def marks_of(basis: Basis) -> dict[str, Any]:
    """What else there is to say of a basis, as JSON: only what is not as it mostly is."""
    marks: dict[str, Any] = {name: getattr(basis, name) for name, usual in _USUAL if getattr(basis, name) != usual}
    if basis.answered is not None:
        marks["answered"] = _as_list(basis.answered)
    if basis.due is not None:
        marks["due"] = basis.due.isoformat()
    if basis.signed:
        marks["signed"] = [*basis.signed]
    if basis.tried:
        marks["tried"] = {agency: moment.isoformat() for agency, moment in basis.tried}
    return marks


def read_marks(marks: Mapping[str, Any]) -> dict[str, Any]:
    """What `marks_of` wrote, as arguments of a basis."""
    read = dict(marks)
    if "answered" in read:
        read["answered"] = Ref(*read["answered"])
    if "due" in read:
        read["due"] = datetime.fromisoformat(read["due"])
    if "signed" in read:
        read["signed"] = tuple(read["signed"])
    if "tried" in read:
        read["tried"] = tuple((agency, datetime.fromisoformat(at)) for agency, at in sorted(read["tried"].items()))
    return read


def _as_list(ref: Ref) -> list[int]:
    return [ref.number, ref.index]


def finding_id(record: str, key: str, step: str) -> str:
    """The name of the finding that ``step`` opens on ``key`` in ``record``."""
    return digest_of({"record": record, "question": key, "step": step})
