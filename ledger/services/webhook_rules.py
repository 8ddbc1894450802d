"""Whether this installation keeps webhooks, and how: what the settings say, handed to the services as values."""

from dataclasses import dataclass

from ledger.services.refusal import Refusal
from ledger.services.seal import Sealer

WEBHOOKS_NOT_HERE = Refusal(
    "webhooks_not_here",
    "This process keeps no webhooks, for it has no key to seal their secrets with. Ask its operator, who sets "
    "LEDGER_SECRET_KEY.",
)


@dataclass(frozen=True, slots=True)
class WebhookRules:
    """Without what seals their secrets none can be kept."""

    sealer: Sealer | None = None
    #: Whether 127.0.0.1 may be named; of no effect where the ledger is no demonstration.
    loopback: bool = False


#: Where nothing is set.
NO_WEBHOOKS = WebhookRules()
