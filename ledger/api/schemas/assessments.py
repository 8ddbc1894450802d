"""Assessments: that one is opened, who is asked, what is answered, that it is signed by a second person; supervision.

Invariants: whom an assessment asks must be able to read it; a refusal says why.
"""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any, ClassVar, Final

from ledger.api import limits
from ledger.api.pointers import Refusal
from ledger.api.schemas import names
from ledger.api.schemas.bodies import RuleRefusal
from ledger.api.schemas.fields import Items, Object, OneOf, Text
from ledger.api.schemas.observations import SentSchema
from ledger.api.schemas.seen_by import SharingSchema
from ledger.api.schemas.shares import entries_named
from ledger.api.schemas.times import Observed
from ledger.domain.body_assessing import ASSESSMENT_ANSWERS

#: How many agencies one assessment asks at once.
ASKED_MAX: Final = 50

_NEEDS_REASON: Final = Refusal("A refusal needs a reason.", "needs_reason")
_ENTRIES_UNUSED: Final = Refusal("Entries go with the answer replied.", "entries_unused")
_ASKED_MUST_SEE: Final = Refusal(
    "Whom you ask must be able to read it: share it, or restrict it to agencies that include them.", "asked_must_see"
)


class AssessmentSchema(SentSchema):
    """That an assessment is opened, which agencies are asked for what they hold, and by when it is to be signed."""

    kind = names.word("What sort of assessment it is, in your own word: child_and_family, pre_birth.", required=True)
    asks = Items(
        names.agency(), "The agencies that are asked for what they hold.", most=ASKED_MAX, least=1, unique=True
    )
    due = Observed(
        "By when it is to be signed; where this is left out, as long after the referral as the rule pack says."
    )
    reason = names.reason()
    sharing = Object(SharingSchema, "Who may see it; the agencies asked must be able to.")

    def rules(self, body: Mapping[str, Any], sent: AbstractSet[str]) -> Iterator[RuleRefusal]:
        del sent  # what matters is what it says
        sharing = body.get("sharing", {})
        marking, to = sharing.get("marking"), sharing.get("to", ())
        asks = set(body.get("asks", ()))
        if asks and (marking == "pointer" or (marking == "restricted" and not asks <= set(to))):
            yield ("sharing", "to"), _ASKED_MUST_SEE


class AssessmentAskedSchema(SentSchema):
    """That one more agency is asked for what it holds, for an assessment that is under way."""

    of = names.entry("The entry that opened the assessment.")
    agency = names.agency("The agency that is asked.", required=True)


class AssessmentReplySchema(SentSchema):
    """What an agency answers that was asked for an assessment; the newest answer counts."""

    of = names.entry("The entry that asked your agency: the assessment, or the later asking.")
    answer = OneOf(
        ASSESSMENT_ANSWERS,
        "replied: in entries, or in words elsewhere. nothing_held: your records were searched. refused: and why.",
        required=True,
    )
    entries = entries_named("Your entries that answer it.")
    reason = names.reason()
    sharing = Object(SharingSchema, "Who may see it.")

    def rules(self, body: Mapping[str, Any], sent: AbstractSet[str]) -> Iterator[RuleRefusal]:
        answer = body.get("answer")
        if answer == "refused" and "reason" not in sent:
            yield ("reason",), _NEEDS_REASON
        if answer in {"refused", "nothing_held"} and "entries" in sent:
            yield ("entries",), _ENTRIES_UNUSED


class AssessmentSignedSchema(SentSchema):
    """That a second person signs an assessment: never who wrote it, and only once its history was opened."""

    of = names.entry("The entry that opened the assessment.")
    judgement = names.entry("The entry that says what the assessment came to.", required=False)
    second = names.professional("Who of your agency signs, where that is not whoever sends this.")
    reason = names.reason()


class SupervisionSchema(SentSchema):
    """That the work with a child was talked over in supervision."""

    class Meta(SentSchema.Meta):
        include: ClassVar = {"with": names.professional("With whom.", required=True)}

    about = Text("What it was about.", most=limits.REASON_CHARS_MAX)
    notes = Text("What was said, and what is to be done.")
    sharing = Object(SharingSchema, "Who may see it.")
