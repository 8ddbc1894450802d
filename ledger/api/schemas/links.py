"""Saying that references mean one person or one thing, and taking that back."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from ledger.api import limits
from ledger.api.pointers import Refusal
from ledger.api.schemas import names
from ledger.api.schemas.bodies import RuleRefusal
from ledger.api.schemas.fields import Items
from ledger.api.schemas.observations import SentSchema

_PEOPLE_OR_THINGS = Refusal("Send either people or things; one of the two.", "people_or_things")


class LinkSchema(SentSchema):
    """Two or more references to one person, or keys of one thing."""

    people = Items(names.linked("A person."), "References to one person.", least=2, most=limits.LINKED_MAX, unique=True)
    things = Items(names.linked("A thing."), "Keys of one thing.", least=2, most=limits.LINKED_MAX, unique=True)
    reason = names.reason(required=True)

    def rules(self, _body: Mapping[str, Any], sent: AbstractSet[str]) -> Iterator[RuleRefusal]:
        if ("people" in sent) == ("things" in sent):
            yield ("things" if "people" in sent else "people",), _PEOPLE_OR_THINGS


class UnlinkSchema(LinkSchema):
    """References that were linked and are not the same after all."""
