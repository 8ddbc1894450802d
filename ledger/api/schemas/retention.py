"""For how long a record is kept, what holds it, and orders to erase: bodies of records officers who are signed in.

Invariants: an order and its answer say what is to go in the same terms; neither says anything of what stands there.
"""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any, ClassVar

from ledger.api import limits
from ledger.api.pointers import Refusal
from ledger.api.schemas import names
from ledger.api.schemas.bodies import RuleRefusal
from ledger.api.schemas.fields import CheckedField, Items, OneOf, Text
from ledger.api.schemas.observations import SentSchema
from ledger.api.schemas.times import Observed
from ledger.domain.retention import CLASSES, GROUNDS

ANSWERS = ("approve", "refuse")

_ONE_OF = Refusal("Name the entries, or say that it is the whole record: one of the two.", "entries_or_whole")
_UNUSED = Refusal("Refusing takes the order's id alone: leave out what was to go.", "unused")


class RetentionSchema(SentSchema):
    """For how long a record is kept at the least, and so when it comes up for review."""

    class Meta(SentSchema.Meta):
        include: ClassVar = {"class": OneOf(tuple(CLASSES), "Which class of records it is of.", required=True)}

    counted_from = Observed("The day from which the class counts: docs/guides/records-officers.md.", required=True)
    review_on = Observed("The day of the review, where that is later than the class asks for.")
    reason = names.reason(required=True)


class HoldSchema(SentSchema):
    """A hold: nothing of the record is erased until it is lifted."""

    asked_by = Text(
        "Who asks for it: a coroner, a court, an inquiry, a review.", most=limits.NAME_CHARS_MAX, required=True
    )
    review_on = Observed("The day on which to ask whether it must still stand.")
    reason = names.reason(required=True)


class HoldLiftingSchema(SentSchema):
    """A hold that stands no more."""

    of = names.entry("The hold.")
    reason = names.reason(required=True)


def _entries() -> Items:
    return Items(
        names.entry("An entry.", required=False),
        "The entries whose content is to go.",
        most=limits.ERASED_MAX,
        least=1,
        unique=True,
    )


def _whole() -> CheckedField:
    return OneOf(("yes",), "yes: all that the record holds before the order is to go.")


class ErasureOrderSchema(SentSchema):
    """An order that content be erased: a second records officer approves it before anything goes."""

    entries = _entries()
    whole = _whole()
    ground = OneOf(tuple(GROUNDS), "On what ground.", required=True)
    order = Text(
        "The number or name of the court's order, or of your own file.", most=limits.NAME_CHARS_MAX, required=True
    )
    reason = Text("Why. It is kept: say nothing here of what is to go.", most=limits.REASON_CHARS_MAX, required=True)

    def rules(self, body: Mapping[str, Any], sent: AbstractSet[str]) -> Iterator[RuleRefusal]:  # noqa: ARG002
        yield from _one_of_two(sent)


class ErasureAnswerSchema(SentSchema):
    """The second person's answer to an order: approving says once more just what is to go."""

    of = names.entry("The order.")
    answer = OneOf(ANSWERS, "Whether it is approved.", required=True)
    entries = _entries()
    whole = _whole()
    reason = Text("Why. It is kept: say nothing here of what is to go.", most=limits.REASON_CHARS_MAX, required=True)

    def rules(self, body: Mapping[str, Any], sent: AbstractSet[str]) -> Iterator[RuleRefusal]:
        if body.get("answer") == "approve":
            yield from _one_of_two(sent)
        elif body.get("answer") == "refuse":
            for name in sorted({"entries", "whole"} & sent):
                yield (name,), _UNUSED


def _one_of_two(sent: AbstractSet[str]) -> Iterator[RuleRefusal]:
    if ("entries" in sent) == ("whole" in sent):
        yield ("entries",), _ONE_OF
