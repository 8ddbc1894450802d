"""Breaking the glass on a child's record, and reviewing that somebody did."""

from collections.abc import Mapping
from typing import Any, ClassVar

from ledger.api import limits
from ledger.api.pointers import Refusal
from ledger.api.schemas import names
from ledger.api.schemas.fields import CheckedField, Object, OneOf
from ledger.api.schemas.observations import ChildNameSchema, SentSchema
from ledger.domain.glass import HOURS, HOURS_MAX, LETTERS_LEAST, VERDICTS, says_why


class Hours(CheckedField):
    """Whole hours, from one to as many as a breaking may last."""

    documentation: ClassVar[Mapping[str, Any]] = {
        "type": "integer",
        "minimum": 1,
        "maximum": HOURS_MAX,
        "default": HOURS,
    }

    def refusal(self, value: object) -> Refusal | None:
        if type(value) is int and 1 <= value <= HOURS_MAX:
            return None
        return Refusal(f"This must be whole hours, from 1 to {HOURS_MAX}.", "hours")


class Reason(CheckedField):
    """A reason that says something."""

    def __init__(self, description: str = "", *, most: int = limits.REASON_CHARS_MAX, required: bool = False) -> None:
        shape = {"type": "string", "minLength": LETTERS_LEAST, "maxLength": most}
        super().__init__(description, required=required, documentation=shape)
        self._most = most

    def refusal(self, value: object) -> Refusal | None:
        if type(value) is str and len(value) <= self._most and says_why(value):
            return None
        return Refusal(
            f"Say why in words that somebody else can review: two words or more, at least {LETTERS_LEAST} letters and "
            f"at most {self._most} characters.",
            "reason",
        )


class GlassSchema(SentSchema):
    """To see a child's record for some hours though your agency has no part in it. Told to whoever leads, at once."""

    reason = Reason("Why you must see it now.", required=True)
    hours = Hours("For how many hours.")


class NamedGlassSchema(GlassSchema):
    """The same, of a child whom the body names."""

    child = Object(ChildNameSchema, "Which child.", required=True)


class GlassReviewSchema(SentSchema):
    """What a review of a breaking of the glass came to. Never by who broke it."""

    of = names.entry("The breaking: its entry's id.")
    verdict = OneOf(VERDICTS, "What it came to.", required=True)
    reason = Reason("Why.", required=True)
