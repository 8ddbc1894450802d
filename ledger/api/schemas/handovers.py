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

HANDED_OVER = ("lead", "work", "record")
ANSWERS = ("acknowledged", "accepted", "declined")

_NOT_TAKING = frozenset({"acknowledged", "declined"})
_NAMES_NOBODY = Refusal("Only who accepts says who leads from then on: leave this out.", "names_nobody")
_NEEDS_DUE = Refusal("A record is offered up to a day: say which.", "needs_due")
_OF_WORK = Refusal("Only a piece of work names an entry: leave this out.", "of_work")
_NEEDS_REASON = Refusal("Declining needs a reason.", "needs_reason")


class ReferralSchema(SentSchema):
    """A request that another agency take something on."""

    to = names.agency("The agency referred to.", required=True)
    reason = names.reason(required=True)


class HandoverSchema(SentSchema):
    """The lead, a piece of work or the whole record, offered to someone. Until they accept, whoever had it has it."""

    of = OneOf(
        HANDED_OVER,
        "What is handed over. record: the lead and all that your agency still has to do, to one of your partnership "
        "or of another one, to which the record then belongs.",
        required=True,
    )
    to = Object(OwnerSchema, "To whom.", required=True)
    due = Observed("By when it is to be accepted; a record is offered up to a day.")
    what = Text("What is to be taken on, in words.")
    entry = names.entry("Of a piece of work: the referral or the action that it is.", required=False)
    reason = names.reason()

    def rules(self, body: Mapping[str, Any], sent: AbstractSet[str]) -> Iterator[RuleRefusal]:
        if body.get("of") == "record" and "due" not in sent:
            yield ("due",), _NEEDS_DUE
        if "entry" in sent and body.get("of") not in {None, "work"}:
            yield ("entry",), _OF_WORK


class ReplySchema(SentSchema):
    """An answer to a referral or a hand-over. Accepting a hand-over of the lead makes the new lead at once."""

    of = names.entry("The entry answered.")
    answer = OneOf(ANSWERS, "The answer.", required=True)
    reason = names.reason()
    person = Text(
        "Who leads from now on, by your reference, where the lead was offered to nobody by name.",
        most=limits.NAME_CHARS_MAX,
    )
    role = Text("The new lead's office.", most=limits.ROLE_CHARS_MAX)
    deputy = names.professional("Who stands in for the new lead.")

    def rules(self, body: Mapping[str, Any], sent: AbstractSet[str]) -> Iterator[RuleRefusal]:
        if body.get("answer") == "declined" and "reason" not in sent:
            yield ("reason",), _NEEDS_REASON
        if body.get("answer") in _NOT_TAKING:
            for name in ("person", "role", "deputy"):
                if name in sent:
                    yield (name,), _NAMES_NOBODY


class LeadSchema(SentSchema):
    """The one professional accountable for the record from now on."""

    agency = names.agency("The lead's agency.", required=True)
    person = Text("The lead's name or reference.", most=limits.NAME_CHARS_MAX, required=True)
    role = Text("The lead's office.", most=limits.ROLE_CHARS_MAX)
    deputy = names.professional("Who stands in when the lead does not answer.")
