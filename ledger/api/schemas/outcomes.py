"""Taking an alert on, and saying what its finding came to."""

from ledger.api.schemas import names
from ledger.api.schemas.fields import OneOf, Text
from ledger.api.schemas.observations import SentSchema
from ledger.domain.outcome import OUTCOMES


class AcknowledgementSchema(SentSchema):
    """That the accountable person has taken an alert on."""

    note = Text("What you know or intend.")


class OutcomeSchema(SentSchema):
    """What a finding came to, as the accountable person concludes."""

    outcome = OneOf(OUTCOMES, "What it came to.", required=True)
    reason = names.reason(required=True)
