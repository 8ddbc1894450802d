"""Changing who may see something that was recorded before."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from ledger.api import limits
from ledger.api.pointers import Refusal
from ledger.api.schemas import names
from ledger.api.schemas.bodies import RuleRefusal
from ledger.api.schemas.fields import Object
from ledger.api.schemas.observations import SentSchema
from ledger.api.schemas.seen_by import SharingSchema

_ONE_TARGET = Refusal("Say what is marked in one way: of, for an entry, or person.", "one_target")
_CLAIM_OF_ENTRY = Refusal("A claim stands in an entry: name that in of.", "claim_of_entry")


class MarkingSchema(SentSchema):
    """Who may see an entry of yours, a claim in it or what you say of a person, from now on and of what went before."""

    of = names.entry("The entry that is marked: one of your own.", required=False)
    claim = names.Position("Only the claim at this place of it.", most=limits.CLAIMS_MAX - 1)
    person = names.person("Or the person: all that your agency says of them.")
    sharing = Object(SharingSchema, "Who may see it now.", required=True)
    reason = names.reason(required=True)

    def rules(self, body: Mapping[str, Any], sent: AbstractSet[str]) -> Iterator[RuleRefusal]:  # noqa: ARG002
        if ("of" in sent) == ("person" in sent):
            yield ("of",), _ONE_TARGET
        elif "claim" in sent and "of" not in sent:
            yield ("claim",), _CLAIM_OF_ENTRY
