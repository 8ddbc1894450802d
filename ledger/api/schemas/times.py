"""Fields that say when: the time of observing, the time for which something was so, and dates.

Invariants: no time of day without a zone; a reason comes from the reader of dates and repeats nothing of what was sent.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from ledger.api import limits
from ledger.api.pointers import Refusal, sentence
from ledger.api.schemas.fields import CheckedField
from ledger.domain.edtf import EdtfError, observed_bounds, parse

_NOT_TEXT = Refusal("This must be text: a day as 2024-03-09, or a time with its zone as 2024-03-09T14:30Z.", "time")


class Observed(CheckedField):
    """A day, or a time of day with its zone."""

    documentation: ClassVar[Mapping[str, Any]] = {
        "type": "string",
        "maxLength": limits.TIME_CHARS_MAX,
        "examples": ["2024-03-09", "2024-03-09T14:30:00Z"],
    }

    def refusal(self, value: object) -> Refusal | None:
        if type(value) is not str or len(value) > limits.TIME_CHARS_MAX:
            return _NOT_TEXT
        try:
            observed_bounds(value)
        except EdtfError as error:
            return Refusal(sentence(error.reason), "time")
        return None


class Valid(CheckedField):
    """The time for which a claim says something was so, as precisely as it is known."""

    documentation: ClassVar[Mapping[str, Any]] = {
        "type": "string",
        "maxLength": limits.TIME_CHARS_MAX,
        "examples": ["2024-03-09", "2024-03", "2023-11/2024-02", "2024-03-09/.."],
    }

    def refusal(self, value: object) -> Refusal | None:
        if type(value) is not str or len(value) > limits.TIME_CHARS_MAX:
            return _NOT_TEXT
        try:
            parse(value)
        except EdtfError as error:
            return Refusal(sentence(error.reason), "valid_time")
        return None


class VagueDate(CheckedField):
    """One date as well as it is known: a day, a month or a year, perhaps approximate."""

    documentation: ClassVar[Mapping[str, Any]] = {
        "type": "string",
        "maxLength": limits.TIME_CHARS_MAX,
        "examples": ["2022-09-01", "2022-09", "1991~"],
    }

    def refusal(self, value: object) -> Refusal | None:
        if type(value) is not str or len(value) > limits.TIME_CHARS_MAX or "/" in value or "T" in value.upper():
            return Refusal("This must be one date: a day as 2022-09-01, a month as 2022-09 or a year as 2022.", "date")
        try:
            parse(value)
        except EdtfError as error:
            return Refusal(sentence(error.reason), "date")
        return None
