"""Fields that name something: an event, an agency, a person, a thing, an entry, a child's NHS number.

Invariants: `child`, `mother` and `father` name the same person for every agency of a record; any other name of a person
is the sending agency's own until it is linked, so a slash, which names another agency's, is taken only where people or
things are linked.
"""

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from stdnum.exceptions import ValidationError as NumberError
from stdnum.gb import nhs

from ledger.api import limits
from ledger.api.pointers import Refusal
from ledger.api.schemas.fields import CheckedField, EitherOf, Fields, Pattern, Text, documented

_REFERENCE = Refusal(
    "This must be one of your own references: 1 to 64 letters, digits, dots, underscores, colons or hyphens.",
    "reference",
)
_GESTATION = re.compile(r"[0-9]{2}(?:\+[0-6])?")
_AGENCY = Refusal("This must be an agency's id: lower-case letters, digits, hyphens or underscores.", "agency")


def event_id() -> Pattern:
    refusal = Refusal(
        "This must be your own id for what you send: 1 to 64 letters, digits, dots, underscores, colons or hyphens.",
        "event_id",
    )
    return Pattern(limits.EVENT_ID_PATTERN, refusal, "Your id for this, used once for ever.", required=True)


def agency(description: str = "An agency's id.", *, required: bool = False) -> Pattern:
    return Pattern(limits.AGENCY_PATTERN, _AGENCY, description, required=required)


def person(description: str = "A person.", *, required: bool = False) -> Pattern:
    words = f"{description} `child`, `mother`, `father`, or your own reference."
    return Pattern(limits.REFERENCE_PATTERN, _REFERENCE, words, required=required)


def people(description: str, *, most: int = limits.PEOPLE_MAX, least: int = 0, required: bool = False) -> "People":
    return People(description, most=most, least=least, required=required)


def reference(description: str, *, required: bool = False) -> Pattern:
    return Pattern(limits.REFERENCE_PATTERN, _REFERENCE, description, required=required)


def thing(description: str, *, required: bool = False) -> Pattern:
    return Pattern(limits.REFERENCE_PATTERN, _REFERENCE, f"{description} Your own key for it.", required=required)


def reason(*, required: bool = False) -> Text:
    return Text("Why.", most=limits.REASON_CHARS_MAX, required=required)


def linked(description: str, *, required: bool = False) -> Pattern:
    """A person or thing of one's own, or another agency's as agency/reference."""
    refusal = Refusal("This must be your own reference, or another agency's written as agency/reference.", "reference")
    return Pattern(rf"(?:{limits.AGENCY_PATTERN}/)?{limits.REFERENCE_PATTERN}", refusal, description, required=required)


def entry(description: str, *, required: bool = True) -> Pattern:
    refusal = Refusal(
        "This must be an entry's id: the record's 26 characters, a dot and the entry's number.", "entry_id"
    )
    return Pattern(limits.ENTRY_ID_PATTERN, refusal, description, required=required)


def word(description: str, *, required: bool = False) -> Pattern:
    refusal = Refusal("This must be one word: lower-case letters, digits and underscores, a letter first.", "word")
    return Pattern(limits.WORD_PATTERN, refusal, description, required=required)


def item() -> Text:
    """Which one, of what is many at once."""
    return Text(
        "Which one, of what there may be many of at once: a plan, order, condition, name.", most=limits.NAME_CHARS_MAX
    )


def informant() -> EitherOf:
    refusal = Refusal("This must be a person, `anonymous`, or an object with agency and role.", "informant")
    kinds = [person("Who said it."), _office()]
    return EitherOf(kinds, refusal, "Who said it: a person, `anonymous`, or another agency's office.")


def party(description: str) -> EitherOf:
    refusal = Refusal("This must be a person, an agency, or an object with agency, person and role.", "party")
    name, role = Text(most=limits.NAME_CHARS_MAX), Text(most=limits.ROLE_CHARS_MAX)
    return EitherOf(
        [person("Who."), Fields({"agency": agency(required=True), "person": name, "role": role})], refusal, description
    )


def professional(description: str, *, required: bool = False) -> EitherOf:
    """A named worker: a name or reference, with the agency where it is not the sender's own."""
    refusal = Refusal(
        "This must be a person's name or reference, or an object with agency, person and role.", "professional"
    )
    named = Text("A name or reference.", most=limits.NAME_CHARS_MAX)
    name, role = Text(most=limits.NAME_CHARS_MAX), Text(most=limits.ROLE_CHARS_MAX)
    at_agency = Fields({"agency": agency(required=True), "person": name, "role": role})
    return EitherOf([named, at_agency], refusal, description, required=required)


def _office() -> Fields:
    return Fields({"agency": agency(required=True), "role": Text(most=limits.ROLE_CHARS_MAX, required=True)})


class People(CheckedField):
    """One person, or a list of people with nobody twice."""

    def __init__(self, description: str, *, most: int, least: int, required: bool = False) -> None:
        one = person()
        shape = {"type": "array", "items": documented(one), "minItems": least, "maxItems": most, "uniqueItems": True}
        words = f"{description} One person or a list: `child`, `mother`, `father`, or your own references."
        super().__init__(words, required=required, documentation={"anyOf": [documented(one), shape]})
        self._check, self._least, self._most = one.refusal, least, most
        self._refusal = Refusal(
            f"This must be a person or a list of {least} to {most} people, nobody twice, each `child`, `mother`, "
            "`father` or one of your own references.",
            "people",
        )

    def refusal(self, value: object) -> Refusal | None:
        names = value if type(value) is list else [value]
        if not self._least <= len(names) <= self._most:
            return self._refusal
        for name in names:
            if self._check(name) is not None:
                return self._refusal
        return None if len(names) == len(set(names)) else self._refusal


class NhsNumber(CheckedField):
    """An NHS number whose check digit is right; spaces and hyphens between its digits are taken."""

    documentation: ClassVar[Mapping[str, Any]] = {
        "type": "string",
        "minLength": 10,
        "maxLength": 14,
        "examples": ["999 000 0018"],
    }

    def refusal(self, value: object) -> Refusal | None:
        if type(value) is str and len(value) <= 14 and value.isascii():
            try:
                nhs.validate(value)
            except NumberError:
                pass
            else:
                return None
        return Refusal(
            "This is not an NHS number: send its ten digits, the last being the right check digit.", "nhs_number"
        )


class Position(CheckedField):
    """A place in a list, counted from 0."""

    def __init__(self, description: str, *, most: int, required: bool = False) -> None:
        self._most = most
        shape = {"type": "integer", "minimum": 0, "maximum": most}
        super().__init__(description, required=required, documentation=shape)

    def refusal(self, value: object) -> Refusal | None:
        if type(value) is int and 0 <= value <= self._most:
            return None
        return Refusal(f"This must be a whole number from 0 to {self._most}.", "position")


class GestationWeeks(CheckedField):
    """Weeks of gestation, perhaps with days: 38, or 38+4 as text."""

    documentation: ClassVar[Mapping[str, Any]] = {
        "oneOf": [
            {"type": "integer", "minimum": limits.GESTATION_WEEKS_MIN, "maximum": limits.GESTATION_WEEKS_MAX},
            {"type": "string", "pattern": r"^[0-9]{2}(\+[0-6])?$"},
        ]
    }

    def refusal(self, value: object) -> Refusal | None:
        weeks = value
        if type(value) is str and _GESTATION.fullmatch(value):
            weeks = int(value[:2])
        if type(weeks) is int and limits.GESTATION_WEEKS_MIN <= weeks <= limits.GESTATION_WEEKS_MAX:
            return None
        return Refusal(
            f"This must be whole weeks from {limits.GESTATION_WEEKS_MIN} to {limits.GESTATION_WEEKS_MAX}, "
            "or weeks and days as 38+4.",
            "gestation",
        )
