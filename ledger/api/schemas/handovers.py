"""What passes from one agency to another: referrals, hand-overs, replies to them, and who leads."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from ledger.api import limits
from ledger.api.pointers import Refusal
from ledger.api.schemas import names
from ledger.api.schemas.bodies import RuleRefusal
from ledger.api.schemas.decisions import OwnerSchema
from ledger.api.schemas.fields import Object, OneOf, Text
from ledger.api.schemas.observations import SentSchema
from ledger.api.schemas.times import Observed

HANDED_OVER = ("lead", "work")
ANSWERS = ("acknowledged", "accepted", "declined")

_NEEDS_REASON = Refusal("Declining needs a reason.", "needs_reason")


class ReferralSchema(SentSchema):
    """A request that another agency take something on."""

    to = names.agency("The agency referred to.", required=True)
    reason = names.reason(required=True)


class HandoverSchema(SentSchema):
    """The lead, or a piece of work, offered to someone else. It is recorded; accepting it moves nothing yet."""

    of = OneOf(HANDED_OVER, "What is handed over.", required=True)
    to = Object(OwnerSchema, "To whom.", required=True)
    due = Observed("By when it is to be accepted.")


class ReplySchema(SentSchema):
    """An answer to a referral or a hand-over."""

    of = names.entry("The entry answered.")
    answer = OneOf(ANSWERS, "The answer.", required=True)
    reason = names.reason()

    def rules(self, body: Mapping[str, Any], sent: AbstractSet[str]) -> Iterator[RuleRefusal]:
        if body.get("answer") == "declined" and "reason" not in sent:
            yield ("reason",), _NEEDS_REASON


class LeadSchema(SentSchema):
    """The one professional accountable for the record from now on."""

    agency = names.agency("The lead's agency.", required=True)
    person = Text("The lead's name or reference.", most=limits.NAME_CHARS_MAX, required=True)
    role = Text("The lead's office.", most=limits.ROLE_CHARS_MAX)
    deputy = names.professional("Who stands in when the lead does not answer.")
