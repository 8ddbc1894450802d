"""A family summary, version by version, and what other agencies say to one."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any, Final

from ledger.api import limits
from ledger.api.pointers import Refusal
from ledger.api.schemas import names
from ledger.api.schemas.bodies import RuleRefusal
from ledger.api.schemas.fields import Items, OneOf, Text
from ledger.api.schemas.observations import SentSchema

#: How many entries one version may name.
ENTRIES_MAX: Final = 200
ANSWERS: Final = ("confirmed", "disputed")
_SAY_WHAT: Final = Refusal("Say what you dispute in it.", "says_nothing")


class FamilySummarySchema(SentSchema):
    """Who the family is and what is known of it, in words: each one posted is a new version, and none is ever lost."""

    text = Text("The summary, whole.", most=limits.NARRATIVE_CHARS_MAX, required=True)
    entries = Items(
        names.entry("An entry.", required=False), "What it rests on.", most=ENTRIES_MAX, least=1, unique=True
    )


class FamilySummaryAnswerSchema(SentSchema):
    """Whether your agency confirms another’s version of the summary, or disputes it."""

    of = names.entry("The version: the entry in which it was posted.")
    answer = OneOf(ANSWERS, "What your agency says to it.", required=True)
    says = Text("What you dispute; or what you add.", most=limits.NARRATIVE_CHARS_MAX)

    def rules(self, body: Mapping[str, Any], sent: AbstractSet[str]) -> Iterator[RuleRefusal]:
        del sent  # what matters is what it says
        if body.get("answer") == "disputed" and "says" not in body:
            yield ("says",), _SAY_WHAT
