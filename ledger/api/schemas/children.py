"""Registering a child, changing the child's own details, and an agency's involvement.

Invariants: a child has a date of birth or an expected one, never both; an NHS number is checked before anything else is
done with it.
"""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from ledger.api import limits
from ledger.api.pointers import Refusal
from ledger.api.schemas import names
from ledger.api.schemas.bodies import BodySchema, RuleRefusal
from ledger.api.schemas.fields import EitherOf, Fields, Text
from ledger.api.schemas.observations import SentSchema
from ledger.api.schemas.times import VagueDate

_BORN_OR_EXPECTED = Refusal(
    "Send either born, or expected for a child not born yet; one of the two.", "born_or_expected"
)
_NO_DETAIL = Refusal(
    "Send at least one detail: born, expected, gestation_weeks, name, nhs_number or mother.", "says_nothing"
)


class ChildDetailsSchema(BodySchema):
    """The child's own details."""

    born = VagueDate("When the child was born.")
    expected = VagueDate("When the child is expected, while unborn.")
    gestation_weeks = names.GestationWeeks("Weeks of gestation at birth.")
    name = Text("The child's name as you hold it.", most=limits.NAME_CHARS_MAX)
    nhs_number = names.NhsNumber("The child's NHS number.")
    mother = EitherOf(
        [
            Text("Her name.", most=limits.NAME_CHARS_MAX),
            Fields(
                {
                    "ref": names.reference("Your own reference for her."),
                    "name": Text("Her name.", most=limits.NAME_CHARS_MAX),
                    "born": VagueDate("When she was born."),
                    "nhs_number": names.NhsNumber("Her NHS number."),
                }
            ),
        ],
        Refusal("This must be her name, or an object with any of ref, name, born and nhs_number.", "mother"),
        "The child's mother, to recognise a child who is already registered.",
    )


class ChildSchema(SentSchema, ChildDetailsSchema):
    """A child to register: born, or expected."""

    reference = names.reference("Your own reference for the child, by which you may name it from now on.")

    def rules(self, _body: Mapping[str, Any], sent: AbstractSet[str]) -> Iterator[RuleRefusal]:
        if ("born" in sent) == ("expected" in sent):
            yield ("expected" if "born" in sent else "born",), _BORN_OR_EXPECTED


class DetailsSchema(SentSchema, ChildDetailsSchema):
    """A change to the child's own details: only what is sent changes."""

    def rules(self, _body: Mapping[str, Any], sent: AbstractSet[str]) -> Iterator[RuleRefusal]:
        if not sent - {"event_id", "author"}:
            yield (), _NO_DETAIL
        if "born" in sent and "expected" in sent:
            yield ("expected",), _BORN_OR_EXPECTED


class InvolvementSchema(SentSchema):
    """The sending agency's part in a record."""

    role = Text("Your agency's part, for example health visiting.", most=limits.ROLE_CHARS_MAX, required=True)
    reason = names.reason(required=True)
    lawful_basis = Text("The lawful basis for it.", most=limits.NAME_CHARS_MAX, required=True)
    until = VagueDate("The last day of it, where one is known.")
