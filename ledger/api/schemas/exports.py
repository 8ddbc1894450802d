"""What is asked for with a copy of a record: why, and as known when."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any, ClassVar

from ledger.api.pointers import Refusal
from ledger.api.schemas.bodies import BodySchema, RuleRefusal
from ledger.api.schemas.fields import CheckedField
from ledger.api.schemas.glass import Reason
from ledger.api.schemas.times import Observed

#: As long as an access record's purpose may be.
REASON_CHARS_MAX = 200
NUMBER_MAX = 10**15 - 1

_ONE_POINT = Refusal("Name the point in one way: known_at or as_of.", "two_points")


class EntryNumber(CheckedField):
    """The number of an entry."""

    documentation: ClassVar[Mapping[str, Any]] = {"type": "integer", "minimum": 1, "maximum": NUMBER_MAX}

    def refusal(self, value: object) -> Refusal | None:
        if type(value) is int and 1 <= value <= NUMBER_MAX:
            return None
        return Refusal(f"This must be a whole number from 1 to {NUMBER_MAX}.", "number")


class ExportSchema(BodySchema):
    """A copy of a record as known at one point; where none is named, as known now."""

    reason = Reason("Why it is taken. It stands with who looked at the child.", most=REASON_CHARS_MAX, required=True)
    known_at = Observed("As known at this moment, or at the end of this day.")
    as_of = EntryNumber("As known at this number of the record.")

    def rules(self, body: Mapping[str, Any], sent: AbstractSet[str]) -> Iterator[RuleRefusal]:  # noqa: ARG002
        if {"known_at", "as_of"} <= sent:
            yield ("as_of",), _ONE_POINT
