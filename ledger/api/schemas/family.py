"""The family's side: disputes of entries, requests that they be put right and what came of them, and disclosures.

Invariants: nothing here changes an entry; each is an entry of its own, seen no further than the one that it is about.
"""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any, ClassVar

from ledger.api import limits
from ledger.api.pointers import Refusal
from ledger.api.schemas import names
from ledger.api.schemas.bodies import RuleRefusal
from ledger.api.schemas.fields import Items, OneOf, Text
from ledger.api.schemas.observations import SentSchema
from ledger.api.schemas.times import Observed
from ledger.domain.body_part import RECTIFICATION_OUTCOMES

READ_MAX = 500
NOTICE_DECISIONS = ("given", "withheld")

_NEEDS_CORRECTION = Refusal("With outcome corrected, name the correction.", "needs_correction")
_CORRECTION_UNUSED = Refusal("A correction goes with outcome corrected.", "correction_unused")
_NEEDS_REASON = Refusal("Withholding the notice needs a reason.", "needs_reason")
_NEEDS_WHOM = Refusal("Say to whom the notice is given.", "needs_whom")


class DisputeSchema(SentSchema):
    """What somebody says against an entry: it travels with that entry, and changes nothing in it."""

    of = names.entry("The entry disputed.")
    by = names.person("Who disputes it:", required=True)
    says = Text("What they say, in their own words.", most=limits.NARRATIVE_CHARS_MAX, required=True)
    on = Observed("When they said so.", required=True)


class RectificationSchema(SentSchema):
    """That somebody asks for an entry to be put right: whoever wrote it has a month to answer."""

    of = names.entry("The entry that is to be put right.")
    asked_by = names.person("Who asks:", required=True)
    says = Text("What they say is wrong, in their own words.", most=limits.NARRATIVE_CHARS_MAX, required=True)
    on = Observed("When they asked.", required=True)


class RectificationOutcomeSchema(SentSchema):
    """What came of such a request, decided by two people of the agency whose entry it is."""

    of = names.entry("The request.")
    outcome = OneOf(RECTIFICATION_OUTCOMES, "What came of it.", required=True)
    reason = names.reason(required=True)
    correction = names.entry("With outcome corrected: the correction.", required=False)
    second = names.reference("Your agency's reference for the second person who decided it.", required=True)

    def rules(self, body: Mapping[str, Any], sent: AbstractSet[str]) -> Iterator[RuleRefusal]:
        if body.get("outcome") == "corrected" and "correction" not in sent:
            yield ("correction",), _NEEDS_CORRECTION
        elif "correction" in sent and body.get("outcome") not in {None, "corrected"}:
            yield ("correction",), _CORRECTION_UNUSED


class SubjectAccessSchema(SentSchema):
    """A request to be given what is held: who gets it, and whose information it is."""

    class Meta(SentSchema.Meta):
        include: ClassVar = {"for": names.people("Who gets it.", least=1, required=True)}

    on_behalf_of = names.people("Whose information is asked for; their own, where this is left out.", least=1)
    read = Items(
        names.entry("An entry.", required=False),
        "Entries of your agency of which you have read every word, and found nothing there that is somebody else's.",
        most=READ_MAX,
        unique=True,
    )
    relationship = Text("What whoever gets it is to the child.", most=limits.ROLE_CHARS_MAX, required=True)
    reason = Text(
        "By what right they ask, and how you made sure who they are.", most=limits.REASON_CHARS_MAX, required=True
    )


class FamilyNoticeSchema(SentSchema):
    """The notice to the family, given or withheld."""

    class Meta(SentSchema.Meta):
        include: ClassVar = {"for": names.people("Who gets it.", least=1)}

    decision = OneOf(NOTICE_DECISIONS, "Whether it is given.", required=True)
    reason = names.reason()

    def rules(self, body: Mapping[str, Any], sent: AbstractSet[str]) -> Iterator[RuleRefusal]:
        if body.get("decision") == "withheld" and "reason" not in sent:
            yield ("reason",), _NEEDS_REASON
        if body.get("decision") == "given" and "for" not in sent:
            yield ("for",), _NEEDS_WHOM
