"""What came of checking an export."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from ledger.domain.verify.fault import Fault

#: Exit codes: whole and vouched for from outside; broken; unreadable; whole, but nobody outside vouches for it.
VOUCHED, BROKEN, UNREADABLE, UNVOUCHED = 0, 1, 2, 3
_RESULTS = {VOUCHED: "vouched", BROKEN: "broken", UNVOUCHED: "unvouched"}


@dataclass
class Report:
    """Everything there is to say, in the order in which it was found; sentences are for a person."""

    kind: str
    log: str
    origin: str
    recipient: str
    made_at: str
    size: int
    record: str | None = None
    up_to: int | None = None
    entries: int = 0
    records: int = 0
    faults: list[Fault] = field(default_factory=list)
    #: Who stands outside the operator and vouches, each in a sentence.
    vouched: list[str] = field(default_factory=list)
    brackets: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    #: What must be read together with the verdict: how far this export goes, where something brought goes further.
    warnings: list[str] = field(default_factory=list)
    #: Whether a receipt key that was given signed `export.json`, and so every file; else only the log was checked.
    signed: bool = False
    #: What the export says of keys and witnesses, which is shown and was not believed.
    claims: list[str] = field(default_factory=list)
    #: Of a record: how many entries are shown whole, in part, withheld, erased.
    shown: Mapping[str, int] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def exit_code(self) -> int:
        if self.faults:
            return BROKEN
        return VOUCHED if self.vouched else UNVOUCHED

    def as_json(self) -> dict[str, Any]:
        """The report for a program; `first` is the first fault in the order of the log, or null."""
        members = asdict(self) | {"faults": [fault.as_json() for fault in self.faults]}
        first = self.faults[0].as_json() if self.faults else None
        return {"result": _RESULTS[self.exit_code], "exit": self.exit_code, "first": first, **members}
