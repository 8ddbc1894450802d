"""What people do about an alert: taking it on, acting on it, putting it off, and saying what its finding came to."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from ledger.api.pointers import Refusal
from ledger.api.schemas import names
from ledger.api.schemas.bodies import RuleRefusal
from ledger.api.schemas.decisions import OwnerSchema
from ledger.api.schemas.fields import Object, OneOf, Text
from ledger.api.schemas.observations import SentSchema
from ledger.api.schemas.times import Observed
from ledger.domain.alert import ACTIONS, NO_ACTION
from ledger.domain.outcome import OUTCOMES

_NEEDS_REASON = Refusal("That nothing is to be done needs a reason.", "needs_reason")


class AcknowledgementSchema(SentSchema):
    """That the accountable person has taken an alert on."""

    note = Text("What you know or intend.")


class OutcomeSchema(SentSchema):
    """What a finding came to, as the accountable person concludes."""

    outcome = OneOf(OUTCOMES, "What it came to.", required=True)
    reason = names.reason(required=True)


class AlertActionSchema(SentSchema):
    """What was done about an alert. It stops the clock."""

    action = OneOf(ACTIONS, "What was done.", required=True)
    whom = names.party("With whom: whom you rang, visited, asked.")
    note = Text("What came of it.")
    reason = names.reason()

    def rules(self, body: Mapping[str, Any], sent: AbstractSet[str]) -> Iterator[RuleRefusal]:
        if body.get("action") == NO_ACTION and "reason" not in sent:
            yield ("reason",), _NEEDS_REASON


class AlertSnoozeSchema(SentSchema):
    """That an alert is put off: why, until when, and whose that is. It comes back by itself."""

    reason = names.reason(required=True)
    until = Observed("When it comes back: a time with its zone, or a day, which is its beginning.", required=True)
    owner = Object(OwnerSchema, "Who sees to it that it is taken up then.", required=True)
