"""Concerns that stay open until they are answered, and answers to them."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any, Final

from ledger.api import limits
from ledger.api.pointers import Refusal
from ledger.api.schemas import names
from ledger.api.schemas.bodies import RuleRefusal
from ledger.api.schemas.fields import Items, Object, OneOf, Text
from ledger.api.schemas.observations import SentSchema
from ledger.api.schemas.seen_by import SharingSchema
from ledger.api.schemas.shares import entries_named
from ledger.domain.body_assessing import CONCERN_ANSWERS, CONCERN_KNOWN_BY

_NEEDS_HOW: Final = Refusal(
    "Say how it is known: by being told, by seeing, by an examination, by a check.", "needs_how"
)


class ConcernSchema(SentSchema):
    """A concern that somebody is to answer. It stays open until it is answered, or your agency takes it back."""

    what = Text("What the concern is.", most=limits.REASON_CHARS_MAX, required=True)
    topic = names.word("What it is about, a topic of the rule pack, which says what answers it; left out: anything.")
    entries = entries_named("The entries that it rests on.")
    sharing = Object(SharingSchema, "Who may see it.")


class ConcernAnswerSchema(SentSchema):
    """An answer to a concern. What goes less deep than its topic takes is kept, and leaves it open."""

    of = names.entry("The entry that raised the concern.")
    answer = OneOf(
        CONCERN_ANSWERS,
        "answered: what was to be found out was. in_part and cannot_say leave it open. withdrawn: by the agency that "
        "raised it alone.",
        required=True,
    )
    how = Items(
        OneOf(CONCERN_KNOWN_BY, "One way."),
        "How you know: the depth of the contact, a measurement, being in the home, a check with whoever owns the fact.",
        most=len(CONCERN_KNOWN_BY),
        least=1,
        unique=True,
    )
    reason = names.reason(required=True)
    entries = entries_named("The entries that answer it.")
    sharing = Object(SharingSchema, "Who may see it.")

    def rules(self, body: Mapping[str, Any], sent: AbstractSet[str]) -> Iterator[RuleRefusal]:
        if body.get("answer") == "answered" and "how" not in sent:
            yield ("how",), _NEEDS_HOW
