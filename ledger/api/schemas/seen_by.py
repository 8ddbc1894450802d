"""Who may see something: the markings of an entry, a claim or a person, and their lawful basis."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from ledger.api import limits
from ledger.api.pointers import Refusal
from ledger.api.schemas import names
from ledger.api.schemas.bodies import BodySchema, RuleRefusal
from ledger.api.schemas.fields import Items, OneOf, Text
from ledger.domain.marking import MARKINGS

_NEEDS_TO = Refusal("With marking restricted, name the agencies in to; an empty list means nobody.", "needs_to")
_TO_WHEN_SHARED = Refusal("With marking shared there is no to: mark it restricted to name agencies.", "to_when_shared")


class SharingSchema(BodySchema):
    """Who may see it, and on what lawful basis it is shared or not shared."""

    lawful_basis = Text("The lawful basis for sharing, or for not sharing.", most=limits.NAME_CHARS_MAX, required=True)
    marking = OneOf(
        MARKINGS,
        "shared: with every agency involved. restricted: with those named in to; whoever leads is told whom to ring. "
        "pointer: every agency involved is told whom to ring, and no more.",
        required=True,
    )
    to = Items(
        names.agency(),
        "The agencies that see what is restricted, besides your own; an empty list means nobody.",
        most=limits.AGENCIES_MAX,
        unique=True,
    )
    not_to = names.people("People whom it must never reach: no letter, export or answer to them has it.")

    def rules(self, body: Mapping[str, Any], sent: AbstractSet[str]) -> Iterator[RuleRefusal]:
        marking = body.get("marking")
        if marking == "restricted" and "to" not in sent:
            yield ("to",), _NEEDS_TO
        elif marking == "shared" and "to" in sent:
            yield ("to",), _TO_WHEN_SHARED
