"""The grading of police intelligence, where a sender has one: asked of nobody."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any, ClassVar, Final

from ledger.api import limits
from ledger.api.pointers import Refusal
from ledger.api.schemas.bodies import BodySchema, RuleRefusal
from ledger.api.schemas.fields import CheckedField, OneOf, Text
from ledger.domain.grading import CONDITIONS, HANDLING, INTELLIGENCE, SOURCES
from ledger.domain.marking import SHARED

NEEDS_MARKING: Final = Refusal(
    "With handling C, mark it: send sharing with marking restricted or pointer, here or for the whole observation.",
    "needs_marking",
)
_NEEDS_CONDITIONS = Refusal("With handling C, say the conditions.", "needs_conditions")
_SOURCE = Refusal("This must be 1, 2 or 3.", "not_in_list")


class SourceGrade(CheckedField):
    """How good the source is."""

    documentation: ClassVar[Mapping[str, Any]] = {"type": "integer", "enum": list(SOURCES)}

    def refusal(self, value: object) -> Refusal | None:
        return None if type(value) is int and value in SOURCES else _SOURCE


class GradingSchema(BodySchema):
    """A grading of intelligence as the police make it (3x5x2)."""

    source = SourceGrade("1 reliable, 2 untested, 3 not reliable.", required=True)
    intelligence = OneOf(
        tuple(INTELLIGENCE),
        "A known directly to the source, B indirectly and corroborated, C indirectly, D not known, "
        "E suspected to be false.",
        required=True,
    )
    handling = OneOf(
        tuple(HANDLING),
        "P may lawfully be shared, C under conditions: say them, and mark what may not go to all involved.",
        required=True,
    )
    conditions = Text("The conditions under which it may be passed on.", most=limits.REASON_CHARS_MAX)

    def rules(self, body: Mapping[str, Any], sent: AbstractSet[str]) -> Iterator[RuleRefusal]:
        if body.get("handling") == CONDITIONS and "conditions" not in sent:
            yield ("conditions",), _NEEDS_CONDITIONS


def unmarked_gradings(body: Mapping[str, Any]) -> Iterator[RuleRefusal]:
    """Where an observation, or a claim of it, may go on under conditions alone and is marked for all involved."""
    is_marked = _is_marked(body)
    if _has_conditions(body) and not is_marked:
        yield ("sharing",), NEEDS_MARKING
    for place, claim in enumerate(body.get("claims") or ()):
        if isinstance(claim, Mapping) and _has_conditions(claim) and not (is_marked or _is_marked(claim)):
            yield ("claims", place, "sharing"), NEEDS_MARKING


def _has_conditions(part: Mapping[str, Any]) -> bool:
    grading = part.get("grading")
    return isinstance(grading, Mapping) and grading.get("handling") == CONDITIONS


def _is_marked(part: Mapping[str, Any]) -> bool:
    sharing = part.get("sharing")
    return isinstance(sharing, Mapping) and sharing.get("marking", SHARED) != SHARED
